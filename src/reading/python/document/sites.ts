import type { AttentionSite, Role, SiteOptions, TensorEntry, TextRange } from "../../document.ts";
import type { Interpreter } from "../run/interpreter.ts";
import { Raised, Unclear } from "../run/machine.ts";
import { dimsOf, type TensorValue } from "../run/tensorValue.ts";
import { args, float, int, type Value } from "../run/values.ts";
import { type Expr, rangeOf, type Statement, type Stmt } from "../syntax/ast.ts";
import { isProduct, type Mask, scoresOf, softmaxInput, source } from "./chain.ts";
import { entryOf, standsFor } from "./entry.ts";
import type { Records } from "./records.ts";

interface Found {
  readonly roles: Readonly<Partial<Record<Role, TensorValue>>>;
  readonly options: SiteOptions;
  readonly at: Expr;
}

/** Attention that the program computes: calls, and products with what a softmax has made. */
export function computedSites(
  m: Interpreter,
  records: Records,
  bound: readonly TensorEntry[],
  text: string,
  statements: readonly Statement[],
): { sites: AttentionSite[]; tensors: TensorEntry[] } {
  const names = new Namer(records, bound, text);
  const sites: AttentionSite[] = [];
  // What makes a tensor is noted before what passes it on.
  const done = new Set<TensorValue>();
  for (const [expr, seen] of records.shown("tensors")) {
    const tensor = seen.at(-1)!;
    if (done.has(tensor) || (expr.kind !== "call" && expr.kind !== "binary")) continue;
    done.add(tensor);
    const found = quietly(() => siteAt(m, expr, tensor));
    if (!found) continue;
    const anchor = rangeOf(found.at);
    const roles = Object.fromEntries(
      Object.entries(found.roles).map(([role, value]) => [role, names.idOf(value, role, anchor)]),
    );
    sites.push({
      id: `attention:${anchor.start}`,
      name: functionAround(statements, anchor.start),
      anchor,
      roles,
      queryTokens: null,
      keyTokens: null,
      options: found.options,
      certainty: "recognised",
    });
  }
  return { sites: distinct(sites), tensors: names.made };
}

function distinct(sites: readonly AttentionSite[]): AttentionSite[] {
  return sites
    .filter((site, at) => sites.findIndex((other) => other.id === site.id) === at)
    .sort((a, b) => a.anchor.start - b.anchor.start);
}

function quietly<T>(run: () => T): T | null {
  try {
    return run();
  } catch (error) {
    if (error instanceof Raised || error instanceof Unclear) return null;
    throw error;
  }
}

function siteAt(m: Interpreter, expr: Expr, t: TensorValue): Found | null {
  const { by } = t;
  if (!by) return null;
  if (by.operation === "scaled_dot_product_attention") return fusedSite(expr, t);
  if (isProduct(t)) return weightedSum(m, expr, t);
  return by.operation === "softmax" && !scoresOf(by.inputs[0]!) && isLearned(by.inputs[0]!)
    ? additiveSite(m, expr, t)
    : null;
}

/** torch.nn.functional.scaled_dot_product_attention. */
function fusedSite(at: Expr, t: TensorValue): Found | null {
  const { inputs, details } = t.by!;
  const [query, key, value, mask] = inputs;
  if (!query || !key || !value || !fits(query)) return null;
  const { scale, causal } = details;
  return {
    at,
    roles: { query, key, value, ...(mask ? { mask } : {}), output: t },
    options: { ...(causal === true ? { causal: true } : {}), ...(typeof scale === "number" ? { scale } : {}) },
  };
}

/** `softmax(…QKᵀ…) @ V`, with matmul, bmm or einsum. */
function weightedSum(m: Interpreter, at: Expr, t: TensorValue): Found | null {
  const [left, right] = t.by!.inputs;
  const [weights, value] = softmaxInput(left!) ? [left!, right!] : [right!, left!];
  const input = softmaxInput(weights);
  if (!input) return null;
  const scores = scoresOf(input);
  if (!scores && !isLearned(input)) return null;
  if (!scores || t.by!.operation === "einsum" || scores.product.by!.operation === "einsum") {
    return { at, roles: { weights: source(weights), output: t }, options: {} };
  }
  if (weights !== left || !fits(scores.query)) return null;
  const mask = combined(m, scores.masks);
  return {
    at,
    roles: {
      query: scores.query,
      key: transposed(m, scores.keyOperand),
      value,
      weights: source(weights),
      ...(mask ? { mask } : {}),
      output: t,
    },
    options: scores.scale === null ? {} : { scale: scores.scale },
  };
}

/**
 * Weights that a small network has scored: the softmax of a linear layer's result. Its axis are the keys, one query
 * attends to them, and what is left in front is a batch: `[64, 10, 1]` over axis 1 is seen as `[64, 1, 1, 10]`.
 */
function additiveSite(m: Interpreter, at: Expr, t: TensorValue): Found {
  const [dims, axis] = [dimsOf(t), t.by!.details.axis];
  const rank = dims?.length ?? 0;
  const pools = typeof axis === "number" && dims?.at(-1) === 1 && (axis < 0 ? axis + rank : axis) === rank - 2;
  const turned = pools ? asTensor(m.operate("torch.Tensor.mT", args([t]))) : null;
  const batched = turned && rank === 3 ? asTensor(m.operate("torch.unsqueeze", args([turned, int(1)]))) : turned;
  return { at, roles: { weights: batched ?? t }, options: {} };
}

function isLearned(t: TensorValue): boolean {
  const made = source(t);
  const inner =
    made.by && ["squeeze", "view", "reshape", "transpose", "masked_fill"].includes(made.by.operation)
      ? source(made.by.inputs[0]!)
      : made;
  const before = inner.by?.operation === "linear" ? source(inner.by.inputs[0]!) : null;
  return before?.by?.operation === "tanh";
}

/** The engine takes two to four axes; a rank that is not known may be one of these. */
function fits(t: TensorValue): boolean {
  const rank = dimsOf(t)?.length;
  return rank === undefined || (rank >= 2 && rank <= 4);
}

/** The keys as rows, from what the queries were multiplied with. */
function transposed(m: Interpreter, operand: TensorValue): TensorValue {
  const { by } = operand;
  const rank = dimsOf(operand)?.length ?? 0;
  const axes = by?.details.axes as readonly number[] | undefined;
  const swapsLast =
    by &&
    (by.operation === "transpose" || by.operation === "permute") &&
    axes?.at(-1) === rank - 2 &&
    axes.at(-2) === rank - 1 &&
    axes.slice(0, -2).every((a, at) => a === at);
  if (swapsLast) return by.inputs[0]!;
  return asTensor(m.operate("torch.Tensor.mT", args([operand]))) ?? operand;
}

function asTensor(value: Value): TensorValue | null {
  return value.kind === "tensor" ? value : null;
}

/** One mask, boolean with true for "may attend" where it is boolean; several are added up. */
function combined(m: Interpreter, masks: readonly Mask[]): TensorValue | null {
  const [first, ...rest] = masks;
  if (!first) return null;
  if (rest.length === 0)
    return first.kind === "drop" ? asTensor(m.operate("torch.logical_not", args([first.tensor]))) : first.tensor;
  const added = masks.map(({ tensor, kind }) =>
    kind === "add"
      ? tensor
      : m.operate(
          "torch.where",
          args([
            tensor,
            float(kind === "keep" ? 0 : Number.NEGATIVE_INFINITY),
            float(kind === "keep" ? Number.NEGATIVE_INFINITY : 0),
          ]),
        ),
  );
  return asTensor(added.reduce((sum, one) => m.binary("+", sum, one), int(0) as Value));
}

/** Gives tensors that play a role an entry: the module's own where it has one. */
class Namer {
  readonly made: TensorEntry[] = [];
  private readonly ids = new Map<TensorValue, string>();
  private readonly bound: readonly TensorEntry[];
  private readonly text: string;
  private readonly places = new Map<TensorValue, Expr>();

  constructor(records: Records, bound: readonly TensorEntry[], text: string) {
    this.bound = bound;
    this.text = text;
    for (const kind of ["tensors", "targets"] as const) {
      for (const [expr, seen] of records.shown(kind)) {
        for (const t of seen) if (!this.places.has(t) || expr.kind === "name") this.places.set(t, expr);
      }
    }
  }

  idOf(t: TensorValue, role: string, anchor: TextRange): string {
    const known = this.ids.get(t) ?? this.bound.find((entry) => standsFor(entry, t))?.id;
    if (known) return known;
    const place = this.places.get(t);
    const range = place ? rangeOf(place) : anchor;
    const name = place ? this.text.slice(range.start, range.end).replace(/\s+/g, " ").slice(0, 60) : role;
    const id = `site:${anchor.start}:${role}`;
    this.ids.set(t, id);
    this.made.push(entryOf(t, { id, name, path: name, range, scope: "local" }));
    return id;
  }
}

/** The innermost function or class method around an offset: `Attention.forward`. */
function functionAround(statements: readonly Statement[], offset: number): string {
  const path: string[] = [];
  const visit = (body: readonly Stmt[]): void => {
    for (const s of body) {
      const { start, end } = rangeOf(s);
      if (offset < start || offset >= end) continue;
      if (s.kind === "function" || s.kind === "class") path.push(s.name);
      const parts = s as {
        readonly body?: readonly Stmt[];
        readonly consequence?: readonly Stmt[];
        readonly otherwise?: readonly Stmt[];
      };
      for (const part of [parts.body, parts.consequence, parts.otherwise]) if (part) visit(part);
    }
  };
  visit(statements.map((s) => s.node));
  return path.join(".");
}
