import type { DType } from "../../../tensor/dtype.ts";
import type { Message } from "../../../tensor/message.ts";
import type { Expr, FunctionNode, Parameter, Stmt } from "../syntax/ast.ts";
import type { Polynomial, Ratio } from "./dims.ts";
import type { Machine } from "./machine.ts";
import type { Library, TensorValue } from "./tensorValue.ts";

/** What a Python expression can evaluate to here. `unknown` is honest ignorance with its reason. */
export type Value =
  | NoneValue
  | BoolValue
  | IntValue
  | SymbolValue
  | FloatValue
  | ComplexValue
  | StringValue
  | BytesValue
  | EllipsisValue
  | UnknownValue
  | TensorValue
  | ListValue
  | TupleValue
  | DictValue
  | SetValue
  | RangeValue
  | SliceValue
  | IteratorValue
  | FunctionValue
  | BoundValue
  | BuiltinValue
  | ClassValue
  | InstanceValue
  | LibraryValue
  | DTypeValue
  | DeviceValue
  | RandomValue
  | ModuleValue
  | PropertyValue
  | SuperValue;

export interface NoneValue {
  readonly kind: "none";
}
export interface BoolValue {
  readonly kind: "bool";
  readonly value: boolean;
}
export interface IntValue {
  readonly kind: "int";
  readonly value: number | bigint;
}
/** An integer that is an expression over named sizes. */
export interface SymbolValue {
  readonly kind: "symbol";
  readonly size: Polynomial;
  readonly default?: number;
}
export interface FloatValue {
  readonly kind: "float";
  readonly value: number;
}
export interface ComplexValue {
  readonly kind: "complex";
}
export interface StringValue {
  readonly kind: "string";
  readonly value: string;
}
export interface BytesValue {
  readonly kind: "bytes";
  readonly value: string;
}
export interface EllipsisValue {
  readonly kind: "ellipsis";
}
export interface UnknownValue {
  readonly kind: "unknown";
  readonly why: Message;
  /** What it surely is, where that much is known. `other`: surely no tensor and no number. */
  readonly type?: "int" | "float" | "bool" | "string" | "other" | undefined;
  /** One of these, which can be called; or it is None. */
  readonly either?: readonly [Value, Value] | undefined;
  /** A float that is a quotient of sizes. */
  readonly ratio?: Ratio | undefined;
}
export interface ListValue {
  readonly kind: "list";
  items: Value[];
  /** More elements like the ones there may follow, or they may be fewer. */
  open: boolean;
  /** Made from a set: what stands where is not known. */
  shuffled?: boolean | undefined;
  /** The literal it was written as, while nothing has changed it. */
  literal: Expr | null;
  /** A deque that keeps no more than so many. */
  readonly most?: number | undefined;
}
export interface TupleValue {
  readonly kind: "tuple";
  readonly items: readonly Value[];
  /** A namedtuple or a library's result with named parts. */
  readonly names?: readonly string[] | undefined;
  readonly typeName?: string | undefined;
  readonly literal?: Expr | undefined;
  readonly open?: boolean | undefined;
  /** Part of an open sequence: what stands where is not known. */
  readonly shuffled?: boolean | undefined;
  /** `(a, *x.shape, b)` with x of unknown rank: what stands before and after its sizes. */
  readonly around?:
    | { readonly before: readonly Value[]; readonly sizesOf: TensorValue; readonly after: readonly Value[] }
    | undefined;
  /** torch.Size of a tensor whose rank is not known yet: unpacking it tells the rank. */
  readonly sizesOf?: TensorValue | undefined;
}
export interface DictValue {
  readonly kind: "dict";
  entries: Map<string, { readonly key: Value; readonly value: Value }>;
  /** Keys or values that are not known may be among them. */
  open: boolean;
  readonly factory?: Value | undefined;
  /** A configuration that nobody gives: whatever it is asked for is there. */
  readonly symbolic?: boolean;
}
export interface SetValue {
  readonly kind: "set";
  entries: Map<string, Value>;
  open: boolean;
}
export interface RangeValue {
  readonly kind: "range";
  readonly start: Value;
  readonly stop: Value;
  readonly step: Value;
}
export interface SliceValue {
  readonly kind: "slice";
  readonly lower: Value;
  readonly upper: Value;
  readonly step: Value;
}
/** A lazy sequence. `next` gives undefined at the end. */
export interface IteratorValue {
  readonly kind: "iterator";
  next(): Value | undefined;
  /** It may yield more or fewer than it does here. */
  readonly open: boolean;
}
export interface FunctionValue {
  readonly kind: "function";
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly defaults: ReadonlyMap<string, Value>;
  readonly body: readonly Stmt[] | Expr;
  readonly node: FunctionNode | null;
  readonly scope: Scope;
  /** The class whose body defined it: what `super()` starts from. */
  owner: ClassValue | null;
  readonly generator: boolean;
  readonly attributes: Map<string, Value>;
}
export interface BoundValue {
  readonly kind: "bound";
  readonly self: Value;
  readonly callee: Value;
}
export interface BuiltinValue {
  readonly kind: "builtin";
  readonly name: string;
  readonly call: (args: Args, machine: Machine) => Value;
  /** A context in which PyTorch chooses the type that it computes in. */
  readonly autocast?: true;
}
export interface ClassValue {
  readonly kind: "class";
  readonly name: string;
  /** Nearest first, this class included; library classes stand in it as `LibraryValue`. */
  readonly ancestors: readonly (ClassValue | LibraryValue)[];
  readonly attributes: Map<string, Value>;
  readonly body: readonly Stmt[];
  readonly dataclass: {
    readonly fields: readonly {
      readonly name: string;
      readonly default: Value | null;
      readonly factory: Value | null;
      /** False: no argument of the constructor sets it. */
      readonly init: boolean;
    }[];
  } | null;
  /** Something about it is not known (a base, a decorator, a metaclass). */
  readonly opaque: boolean;
  readonly enumeration: boolean;
}
export interface InstanceValue {
  readonly kind: "instance";
  readonly type: ClassValue | LibraryValue;
  readonly attributes: Map<string, Value>;
  /** What a library class keeps: a layer's sizes, a container's parts. */
  data: Record<string, unknown>;
  /** Attributes may exist that are not known. */
  open: boolean;
}
/** Something of a library, by its full name: `torch.nn.functional.softmax`. */
export interface LibraryValue {
  readonly kind: "library";
  readonly path: string;
}
export interface DTypeValue {
  readonly kind: "dtype";
  readonly framework: Library | "python";
  readonly dtype: DType;
}
export interface DeviceValue {
  readonly kind: "device";
  readonly name: string;
}
/** A random generator object: numpy.random.default_rng(0), RandomState, torch.Generator. */
export interface RandomValue {
  readonly kind: "random";
  readonly flavor: "generator" | "legacy" | "torch";
  readonly stream: Stream;
}
export interface ModuleValue {
  readonly kind: "module";
  readonly name: string;
  readonly scope: Scope;
}
export interface PropertyValue {
  readonly kind: "property";
  readonly getter: Value | null;
  readonly wraps: "property" | "static" | "class";
  readonly setter?: Value | undefined;
}
export interface SuperValue {
  readonly kind: "super";
  readonly after: ClassValue;
  readonly self: Value;
}

/** Where a stream of random numbers has got to. */
export interface Stream {
  /** null: what comes next is not known. */
  head: unknown;
  why: Message | null;
  /** In a run on samples: another generator, for where nobody can know the state. */
  readonly sample?: () => object;
}

export interface Args {
  readonly positional: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
  /** An unknown `*args` or `**kwargs` was passed as well. */
  readonly open: boolean;
  /** The call. */
  readonly at: Expr | null;
}

/** Names and what they stand for. */
export interface Scope {
  readonly names: Map<string, Value>;
  /** Where reading goes on. Class bodies are left out of it, as in Python. */
  readonly outer: Scope | null;
  readonly module: Scope;
  readonly kind: "module" | "function" | "class";
  readonly elsewhere: Map<string, "global" | "nonlocal">;
  /** In a function: it, and its first argument. */
  readonly frame: Frame | null;
}

export interface Frame {
  readonly callee: FunctionValue;
  readonly self: Value | null;
  /** Results of branches that may have returned. */
  returned: Value | null;
  readonly yielded: Value[];
}

export const none: NoneValue = { kind: "none" };
export const ellipsis: EllipsisValue = { kind: "ellipsis" };

export function bool(value: boolean): BoolValue {
  return { kind: "bool", value };
}

/** An int; a number beyond 2⁵³ must come as a bigint. */
export function int(value: number | bigint): IntValue {
  if (typeof value === "bigint" && value <= 9007199254740991n && value >= -9007199254740991n)
    return { kind: "int", value: Number(value) };
  return { kind: "int", value };
}

export function float(value: number): FloatValue {
  return { kind: "float", value };
}

export function string(value: string): StringValue {
  return { kind: "string", value };
}

export function tuple(items: readonly Value[]): TupleValue {
  return { kind: "tuple", items };
}

export function list(items: Value[], open = false): ListValue {
  return { kind: "list", items, open, literal: null };
}

export function library(path: string): LibraryValue {
  return { kind: "library", path };
}

/** What cannot be known, and why. */
export function unknown(code: string, args?: Message["args"], type?: UnknownValue["type"]): UnknownValue {
  return { kind: "unknown", why: args ? { code, args } : { code }, ...(type ? { type } : {}) };
}

export function args(
  positional: readonly Value[],
  named: Readonly<Record<string, Value>> = {},
  at: Expr | null = null,
): Args {
  return { positional, named: new Map(Object.entries(named)), open: false, at };
}
