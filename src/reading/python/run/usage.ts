import type { Expr, Parameter, Stmt } from "../syntax/ast.ts";
import type { Machine } from "./machine.ts";

/** How the body of a function uses one of its parameters: what tells what it is where nobody calls it. */
export interface Usage {
  /** Attributes that are read of it, such as `shape` or `n_embd`. */
  readonly attributes: ReadonlySet<string>;
  /** Those of them that are called. */
  readonly methods: ReadonlySet<string>;
  /** Operand of `@`, or an argument of a library's tensor function, a layer or another module. */
  readonly passed: boolean;
  /** An argument of a layer that looks up what stands for a token: `self.token_embeddings(x)`. */
  readonly lookedUp: boolean;
  /** Indexed by a string. */
  readonly keyed: boolean;
  readonly indexed: boolean;
  readonly called: boolean;
  /** An argument of `range` or `arange`. */
  readonly counted: boolean;
  /** An argument of `range`: how often something is done. */
  readonly repeats: boolean;
  /** An argument of a call that does not tell what it is. */
  readonly given: boolean;
  readonly arithmetic: boolean;
  readonly unpacked: boolean;
}

interface Marks {
  attributes: Set<string>;
  methods: Set<string>;
  passed: boolean;
  lookedUp: boolean;
  keyed: boolean;
  indexed: boolean;
  called: boolean;
  counted: boolean;
  repeats: boolean;
  given: boolean;
  arithmetic: boolean;
  unpacked: boolean;
}

/** The use of every parameter. */
export function usages(parameters: readonly Parameter[], body: readonly Stmt[] | Expr): Map<string, Usage> {
  const found = new Map<string, Marks>();
  for (const { name } of parameters) {
    found.set(name, {
      attributes: new Set(),
      methods: new Set(),
      passed: false,
      lookedUp: false,
      keyed: false,
      indexed: false,
      called: false,
      counted: false,
      repeats: false,
      given: false,
      arithmetic: false,
      unpacked: false,
    });
  }
  visit(body, found);
  return found;
}

function visit(node: unknown, found: Map<string, Marks>): void {
  if (Array.isArray(node)) {
    for (const part of node) visit(part, found);
    return;
  }
  if (typeof node !== "object" || node === null) return;
  mark(node as Expr, found);
  for (const [key, part] of Object.entries(node)) if (key !== "unit" && typeof part === "object") visit(part, found);
}

function mark(e: Expr, found: Map<string, Marks>): void {
  const of = (part: Expr): Marks | undefined => (part?.kind === "name" ? found.get(part.id) : undefined);
  switch (e.kind) {
    case "attribute":
      of(e.object)?.attributes.add(e.name);
      return;
    case "subscript": {
      const marks = of(e.object);
      if (marks && e.index.kind === "string") marks.keyed = true;
      else if (marks) marks.indexed = true;
      return;
    }
    case "call":
      markCall(e, of);
      return;
    case "binary":
      for (const side of [e.left, e.right]) {
        const marks = of(side);
        if (!marks) continue;
        if (e.operator === "@") marks.passed = true;
        else marks.arithmetic = true;
      }
      return;
    case "starred": {
      const marks = of(e.value);
      if (marks) marks.unpacked = true;
      return;
    }
    default:
      return;
  }
}

const tensorCall = /^(torch|F|np|numpy|jnp|tf|einops|nn)$/;
const tensorFunctions =
  /^(rearrange|repeat|reduce|einsum|softmax|matmul|relu|layer_norm|scaled_dot_product_attention|sigmoid|tanh)$/;
/** What puts the tensors of a list together. */
const joins = /^(cat|concat|concatenate|stack|hstack|vstack)$/;
const counting = /^(range|arange)$/;
/** Layers that look up tokens by their numbers; those of places and patches are also given floats. */
const looksUp = /^(?!.*(pos|patch|place|time|type)).*embed/i;

function markCall(e: Extract<Expr, { kind: "call" }>, of: (part: Expr) => Marks | undefined): void {
  const callee = of(e.callee);
  if (callee) callee.called = true;
  const name = e.callee.kind === "name" ? e.callee.id : e.callee.kind === "attribute" ? e.callee.name : "";
  const home = e.callee.kind === "attribute" && e.callee.object.kind === "name" ? e.callee.object.id : "";
  if (e.callee.kind === "attribute") of(e.callee.object)?.methods.add(name);
  const isLayer = isPartOfSelf(e.callee);
  const isFunction = (tensorCall.test(home) && !/^[A-Z]/.test(name)) || tensorFunctions.test(name);
  for (const [at, { value }] of e.args.entries()) {
    if (isFunction && joins.test(name) && (value.kind === "list" || value.kind === "tuple"))
      for (const item of value.items) {
        const marks = of(item);
        if (marks) marks.passed = true;
      }
    const marks = of(value);
    if (!marks) continue;
    if (isLayer && looksUp.test(name)) marks.lookedUp = true;
    if (name === "range") marks.repeats = true;
    if (counting.test(name)) marks.counted = true;
    else if (
      isLayer ||
      (isFunction &&
        (at < 2 || /einsum/.test(name)) &&
        !/^(zeros|ones|randn|rand|empty|full|eye|linspace|randint|Parameter|Size|device|tensor|Generator|manual_seed|randperm)$/.test(
          name,
        ))
    )
      marks.passed = true;
    else marks.given = true;
  }
}

/** `self.layer`, `self.layers[i]`, `self.parts.first`. */
function isPartOfSelf(e: Expr): boolean {
  if (e.kind === "subscript") return isPartOfSelf(e.object);
  return e.kind === "attribute" && ((e.object.kind === "name" && e.object.id === "self") || isPartOfSelf(e.object));
}

const tensorAttributes: ReadonlySet<string> = new Set([
  "shape",
  "size",
  "view",
  "reshape",
  "transpose",
  "permute",
  "unsqueeze",
  "squeeze",
  "dim",
  "ndim",
  "contiguous",
  "to",
  "float",
  "mean",
  "sum",
  "dtype",
  "T",
  "mT",
  "device",
  "expand",
  "repeat",
  "flatten",
  "chunk",
  "split",
  "softmax",
  "matmul",
  "masked_fill",
  "bool",
  "long",
  "max",
  "min",
  "detach",
  "new_zeros",
  "type_as",
  "is_cuda",
  "clone",
  "swapaxes",
  "astype",
  "dot",
  "numel",
  "item",
  "argmax",
  "unbind",
  "half",
  "type",
  "unfold",
  "cpu",
  "norm",
  "exp",
  "bmm",
]);

/** Methods that other things than tensors have as well. */
const common: ReadonlySet<string> = new Set([
  "split",
  "index",
  "count",
  "copy",
  "get",
  "index_select",
  "apply",
  "data",
]);

/** Whether the body uses it as only a tensor can be used. */
export function usedAsTensor(usage: Usage | undefined, m: Machine): boolean {
  return usage !== undefined && (usage.passed || readAsTensor(usage, m));
}

function readAsTensor({ attributes, methods }: Usage, m: Machine): boolean {
  const ofTensors = (name: string): boolean => !common.has(name) && m.has(`torch.Tensor.${name}`);
  return [...attributes].some((a) => tensorAttributes.has(a)) || [...methods].some(ofTensors);
}

/** Whether it is used as an object with named parts. */
export function usedAsObject(usage: Usage | undefined, m: Machine): boolean {
  return usage !== undefined && usage.attributes.size > 0 && !readAsTensor(usage, m);
}
