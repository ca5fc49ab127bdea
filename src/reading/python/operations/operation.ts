import type { Size } from "../run/dims.ts";
import { keyOf } from "../run/keys.ts";
import { type Machine, raise, unclear } from "../run/machine.ts";
import { numeric, sizeOfValue } from "../run/scalars.ts";
import type { TensorValue } from "../run/tensorValue.ts";
import type { Args, Value } from "../run/values.ts";

/**
 * What the interpreter knows of one function of a library. Families are plain lists of these; a new function is a new
 * line in one of them.
 */
export interface Operation {
  /** Full names: `torch.softmax`, `torch.Tensor.softmax`. */
  readonly names: readonly string[];
  readonly parameters: readonly OperationParameter[];
  /** Gives the result; throws `Unclear` where it cannot be told, `Raised` where the library would raise. */
  readonly run: (given: Given, m: Machine) => Value;
}

export interface OperationParameter {
  readonly name: string;
  readonly kind: "plain" | "rest" | "keywords" | "keywordOnly";
  readonly optional: boolean;
}

const prefixes: Readonly<Record<string, string>> = {
  T: "torch.Tensor",
  F: "torch.nn.functional",
  nn: "torch.nn",
  np: "numpy",
  A: "numpy.ndarray",
  jnp: "jax.numpy",
  J: "jax.Array",
  tf: "tensorflow",
  TT: "tensorflow.Tensor",
  py: "builtins",
};

/**
 * An operation from its short names and its signature, written as Python writes it without values:
 * `operation("F.softmax T.softmax torch.softmax", "input, dim?, _stacklevel?, dtype?", …)`. `?` marks what may be
 * left out, `*rest` and `**keywords` gather, a lone `*` begins keyword-only parameters.
 */
export function operation(names: string, signature: string, run: Operation["run"]): Operation {
  let parameters: readonly OperationParameter[] | undefined;
  return {
    names: names.trim().split(/\s+/).map(fullName),
    // A file calls few of them.
    get parameters() {
      parameters ??= parametersOf(signature);
      return parameters;
    },
    run,
  };
}

function fullName(short: string): string {
  const at = short.indexOf(".");
  const prefix = at < 0 ? undefined : prefixes[short.slice(0, at)];
  return prefix ? prefix + short.slice(at) : short;
}

function parametersOf(signature: string): OperationParameter[] {
  const found: OperationParameter[] = [];
  let kind: OperationParameter["kind"] = "plain";
  for (const part of signature
    .split(",")
    .map((p) => p.trim())
    .filter(Boolean)) {
    if (part === "*") kind = "keywordOnly";
    else if (part.startsWith("**")) found.push({ name: part.slice(2), kind: "keywords", optional: true });
    else if (part.startsWith("*")) {
      found.push({ name: part.slice(1), kind: "rest", optional: true });
      kind = "keywordOnly";
    } else found.push({ name: part.replace("?", ""), kind, optional: part.endsWith("?") });
  }
  return found;
}

/** Names that libraries give the same parameter. */
const synonyms: Readonly<Record<string, readonly string[]>> = {
  dim: ["axis"],
  axis: ["dim"],
  keepdim: ["keepdims"],
  keepdims: ["keepdim"],
  input: ["x", "a", "self", "tensor", "array", "arr", "X", "logits", "m", "value"],
  other: ["y", "b", "x2", "vec2", "mat2"],
  a: ["x", "input", "object", "tensor", "value", "arr"],
  end: ["stop"],
  index: ["indices"],
  steps: ["num"],
  size: ["shape"],
  shape: ["size", "newshape"],
  tensors: ["arrays", "values"],
  x: ["a", "input", "value", "array", "logits"],
  dtype: ["type"],
};

/** The arguments of one call, put to the parameters of its operation. */
export class Given {
  readonly values: ReadonlyMap<string, Value>;
  readonly rest: readonly Value[];
  readonly keywords: ReadonlyMap<string, Value>;
  readonly args: Args;
  readonly path: string;

  constructor(op: Operation, args: Args, path: string) {
    const values = new Map<string, Value>();
    const { positional } = args;
    const named = new Map(args.named);
    let taken = 0;
    let rest: readonly Value[] = [];
    for (const p of op.parameters) {
      if (p.kind === "rest") {
        rest = positional.slice(taken);
        taken = positional.length;
      } else if (p.kind === "plain" && taken < positional.length) values.set(p.name, positional[taken++]!);
      else if (p.kind !== "keywords" && named.size > 0) takeNamed(p.name, named, values);
      if (!p.optional && p.kind === "plain" && !values.has(p.name)) {
        if (args.open) unclear("python.openArguments", { name: p.name });
        raise("TypeError", "python.missingArgument", { name: p.name, function: path });
      }
    }
    if (args.open) unclear("python.openArguments", { name: path });
    if (taken < positional.length) unclear("python.unsupported", { what: path });
    this.values = values;
    this.rest = rest;
    this.keywords = named;
    this.args = args;
    this.path = path;
  }

  /** The argument; undefined where it was left out or is None. */
  get(name: string): Value | undefined {
    const value = this.values.get(name);
    return value?.kind === "none" ? undefined : value;
  }

  has(name: string): boolean {
    return this.values.has(name);
  }

  need(name: string): Value {
    return this.get(name) ?? raise("TypeError", "python.missingArgument", { name, function: this.path });
  }

  /** The argument as a tensor that it already is. */
  tensor(name: string): TensorValue {
    const value = this.need(name);
    if (value.kind === "tensor") return value;
    if (value.kind === "unknown") unclear(value.why.code, value.why.args);
    return unclear("python.notTensor", { name: this.path, kind: value.kind });
  }

  optionalTensor(name: string): TensorValue | undefined {
    return this.get(name) === undefined ? undefined : this.tensor(name);
  }

  /** An int that must be known, such as an axis. */
  int(name: string, otherwise?: number): number {
    const value = this.get(name);
    if (!value) return otherwise ?? raise("TypeError", "python.missingArgument", { name, function: this.path });
    if (value.kind === "int" || value.kind === "bool") return Number(value.value);
    if (value.kind === "unknown") unclear(value.why.code, value.why.args);
    return unclear("python.notInteger", { name, kind: value.kind });
  }

  optionalInt(name: string): number | undefined {
    return this.get(name) === undefined ? undefined : this.int(name);
  }

  size(name: string, otherwise?: Size): Size {
    const value = this.get(name);
    if (!value) return otherwise ?? null;
    return sizeOfValue(value);
  }

  /** A flag that must be known. */
  flag(name: string, otherwise: boolean): boolean {
    const value = this.get(name);
    if (!value) return otherwise;
    if (value.kind === "bool" || value.kind === "int") return Boolean(value.value);
    return unclearOf(value);
  }

  /** A number if it is known. */
  number(name: string, otherwise: number): number | null {
    const value = this.get(name);
    return value ? numeric(value) : otherwise;
  }

  text(name: string, otherwise?: string): string {
    const value = this.get(name);
    if (!value && otherwise !== undefined) return otherwise;
    return value?.kind === "string" ? value.value : unclearOf(value);
  }

  /** A text if it is one. */
  word(name: string): string | undefined {
    const value = this.get(name);
    return value?.kind === "string" ? value.value : undefined;
  }
}

/** Ends an operation that needs what is not known, for the reason for which it is not. */
function unclearOf(value: Value | undefined): never {
  return value?.kind === "unknown" ? unclear(value.why.code, value.why.args) : unclear("python.undecided");
}

function takeNamed(name: string, named: Map<string, Value>, values: Map<string, Value>): void {
  for (const spelling of [name, ...(synonyms[name] ?? [])]) {
    const value = named.get(spelling);
    if (!value) continue;
    values.set(name, value);
    named.delete(spelling);
    return;
  }
}

/** One or several ints: `dim=1`, `dim=(1, 2)`. Unclear where one is not known. */
export function integers(m: Machine, value: Value): number[] {
  if (value.kind === "int" || value.kind === "bool") return [Number(value.value)];
  const items = m.iterate(value);
  if (!items || items.open) unclear("python.notInteger", { name: "", kind: value.kind });
  return items.items.map((item) =>
    item.kind === "int" || item.kind === "bool"
      ? Number(item.value)
      : (scalarInt(item) ?? unclear("python.notInteger", { name: "", kind: item.kind })),
  );
}

function scalarInt(value: Value): number | null {
  const key = keyOf(value);
  return key?.startsWith("n") ? Number(key.slice(1)) : null;
}
