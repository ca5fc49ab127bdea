import type { Message } from "../../../tensor/message.ts";
import type { Expr, Stmt } from "../syntax/ast.ts";
import type { Effort } from "./buffer.ts";
import type { Symbols } from "./dims.ts";
import type { Recorder } from "./recorder.ts";
import type { State } from "./state.ts";
import type { TensorValue } from "./tensorValue.ts";
import type { Args, ClassValue, InstanceValue, Scope, Stream, UnknownValue, Value } from "./values.ts";

/** How a stretch of statements ended. `maybe` values of returns are kept in the frame. */
export type Completion = "next" | "break" | "continue" | { readonly value: Value };

/** What the parts of the interpreter and the operations ask of each other. */
export interface Machine {
  readonly state: State;
  readonly symbols: Symbols;
  readonly randoms: Randoms;
  /** Where modules are looked for besides. */
  readonly folders: SearchFolder[];
  /** An instance of each class that the program has made. */
  readonly instances: Map<ClassValue, InstanceValue>;
  /** Names stand for what nobody gives: a size that is not known gets one. */
  readonly symbolic: boolean;
  /** What runs now is what nobody calls. */
  readonly supposing: boolean;
  /** How many contexts it is in that let PyTorch choose the type it computes in. */
  autocasts: number;
  /** What nobody can know is drawn; null: it stays unknown. */
  readonly sampling: Sampling | null;
  evaluate(e: Expr, scope: Scope): Value;
  /** To be called before a tensor gets another shape or dtype in place. */
  freeze(tensor: TensorValue): void;
  readonly recorder: Recorder;
  readonly budget: { readonly loop: LoopBudget };
  /** What may still be computed and drawn. */
  readonly effort: Effort;
  /** The call that is under way. */
  readonly at: Expr | null;
  execute(body: readonly Stmt[], scope: Scope): Completion;
  call(callee: Value, args: Args): Value;
  /** `object.name`; an unknown value where it cannot be told. Raises AttributeError where it surely is not there. */
  attribute(object: Value, name: string): Value;
  /** Like `attribute`, undefined where it surely is not there. */
  find(object: Value, name: string): Value | undefined;
  setAttribute(object: Value, name: string, value: Value): void;
  binary(operator: string, left: Value, right: Value): Value;
  subscript(object: Value, index: Value): Value;
  setSubscript(object: Value, index: Value, value: Value): void;
  /** Told of every binding: the module's names, and every target that now stands for a tensor. */
  bound(target: Expr, value: Expr, result: Value, scope: Scope): void;
  assigned(target: Expr, value: Value): void;
  /** Whether it counts as true; null where that is not known. */
  truth(value: Value): boolean | null;
  /** Everything it yields; `open` where there may be more or fewer, null where not even one is known. */
  iterate(value: Value): Sequence | null;
  /** Runs whichever of two is right; where the condition is not known both, and joins. */
  choose(condition: boolean | null, then: () => Value, otherwise: () => Value): Value;
  /** The operation of this full name, if there is one. */
  has(path: string): boolean;
  /** Whether a library has something of this name: an operation, a layer, a package. */
  knows(path: string): boolean;
  operate(path: string, args: Args): Value;
  /** Reads another module of the workspace. */
  load(module: string, from: Scope): Scope | null;
  text(value: Value): string | null;
}

/** A folder that the program has added to `sys.path`: before all others, or after them. */
export interface SearchFolder {
  readonly path: string;
  readonly first: boolean;
}

export interface Sequence {
  readonly items: readonly Value[];
  readonly open: boolean;
  /** The order is not known: that of a set differs from run to run. */
  readonly shuffled?: boolean | undefined;
}

/** What a loop may spend; its first rounds, and one over layers, may spend more. */
export interface LoopBudget {
  readonly steps: number;
  readonly first: { readonly rounds: number; readonly steps: number };
}

/** A run on samples: where nobody can know a number, one is drawn. */
export interface Sampling {
  /** For the next generator. */
  nextSeed(): bigint;
}

/** The streams of random numbers that libraries keep for themselves. */
export interface Randoms {
  readonly torch: Stream;
  readonly numpy: Stream;
  readonly python: Stream;
}

/** A Python exception on its way. Thrown often and caught here: no JavaScript error, whose stack would be dear to make. */
export class Raised {
  /** The exception's class, nearest ancestor last known: `ValueError`. */
  readonly type: string;
  readonly value: Value | null;
  readonly why: Message;
  constructor(type: string, why: Message, value: Value | null = null) {
    this.type = type;
    this.why = why;
    this.value = value;
  }
}

/** An operation cannot tell what would come out. Caught where operations are called: the result is unknown. */
export class Unclear {
  readonly why: Message;
  readonly type: UnknownValue["type"];
  constructor(code: string, args?: Message["args"], type?: UnknownValue["type"]) {
    this.why = args ? { code, args } : { code };
    this.type = type;
  }
}

/** What a step gives; null where it raises, or is not clear, at a time when nobody can be told: what is told later, or supposed. */
export function quietly<T>(step: () => T): T | null {
  try {
    return step();
  } catch (error) {
    if (error instanceof Raised || error instanceof Unclear) return null;
    throw error;
  }
}

export function raise(type: string, code: string, args?: Message["args"]): never {
  throw new Raised(type, args ? { code, args } : { code });
}

export function unclear(code: string, args?: Message["args"], type?: UnknownValue["type"]): never {
  throw new Unclear(code, args, type);
}
