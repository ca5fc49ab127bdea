import type { AttentionSite, Part, PlayedPart, Role, SiteOptions, TensorEntry, TextRange } from "../../document.ts";
import type { Interpreter } from "../run/interpreter.ts";
import { quietly } from "../run/machine.ts";
import { dimsOf, type TensorValue } from "../run/tensorValue.ts";
import { args, int } from "../run/values.ts";
import { type Expr, rangeOf, type Statement, type Stmt } from "../syntax/ast.ts";
import { factorOf, isScalar, type Scores, scoresOf, times } from "./chain.ts";
import { type Copied, source, untransposed } from "./copies.ts";
import { asHeads, asLayers } from "./layeredSite.ts";
import { combined } from "./masks.ts";
import { Namer } from "./namer.ts";
import { type Played, playedInSum } from "./played.ts";
import { arranged, asTensor, isProduct, type Labelled } from "./product.ts";
import type { Records } from "./records.ts";
import { type SoftmaxStep, softmaxStep } from "./softmaxStep.ts";
import { layersOf, type Made } from "./stacks.ts";
import { scoreFactors, sumAxes } from "./sumAxes.ts";

interface Found {
  readonly roles: Readonly<Partial<Record<Role, TensorValue>>>;
  readonly options: SiteOptions;
  readonly at: Expr;
  /** What else plays a part: scores on their way to the weights, masks, and roles with their axes in another order. */
  readonly played?: readonly Played[];
  /** How the weights came about, whatever the order of the axes. */
  readonly way?: Scores;
  /** One call does all of it. */
  readonly whole?: boolean;
  readonly axes?: AttentionSite["axes"];
  /** Of several modules that run the same code what the last one made: what stands in the text then. */
  readonly last?: Found;
}

/** Which part a tensor of the program plays in which site; of several the first. */
export type Parts = ReadonlyMap<TensorValue, PlayedPart>;

/** Attention that a program computes, and the tensors that play a part in it. */
export interface ComputedSites {
  readonly sites: readonly AttentionSite[];
  /** Those that the module has no names for. */
  readonly tensors: readonly TensorEntry[];
  /** The module's own that play a part, also in another order of axes or scaled: by their ids. */
  readonly involved: ReadonlySet<string>;
  readonly parts: Parts;
}

/** Attention that the program computes: calls, and products with what a softmax has made. */
export function computedSites(
  m: Interpreter,
  records: Records,
  bound: readonly TensorEntry[],
  text: string,
  statements: readonly Statement[],
): ComputedSites {
  const names = new Namer(records, bound, text);
  const sites: AttentionSite[] = [];
  const involved = new Set<string>();
  const parts = new Map<TensorValue, PlayedPart>();
  for (const [expr, tensor] of candidates(records)) {
    const found = quietly(() => foundAt(m, expr, tensor, records, names));
    if (!found) continue;
    const { roles } = found.last ?? found;
    for (const value of Object.values(roles)) for (const id of names.boundIn(value)) involved.add(id);
    const site = siteOf(found, names, statements);
    sites.push(site);
    for (const [part, value] of Object.entries(roles) as [Part, TensorValue][])
      if (!parts.has(source(value))) parts.set(source(value), { site: site.id, part });
    for (const { tensor, ...played } of found.played ?? [])
      if (!parts.has(source(tensor))) parts.set(source(tensor), { site: site.id, ...played });
  }
  return { sites: distinct(sites), tensors: names.made, involved, parts };
}

function foundAt(m: Interpreter, expr: Expr, tensor: TensorValue, records: Records, names: Namer): Found | null {
  const layers = records.layers.get(expr);
  const inside = records.attention.get(expr)?.at(-1) === tensor;
  if (layers && inside) return layeredSite(m, expr, layers, names);
  const found = siteAt(m, expr, tensor, names, inside);
  const stack = found && records.stacks.of(expr, tensor);
  return stack ? stackedSite(m, expr, stack, found, names, inside) : found;
}

/** What expressions made, each tensor once: what makes one is noted before what passes it on. */
function candidates(records: Records): Map<Expr, TensorValue> {
  const done = new Set<TensorValue>();
  const found = new Map<Expr, TensorValue>();
  for (const [expr, seen] of records.shown("tensors")) {
    const tensor = seen.at(-1)!;
    if (done.has(tensor) || (expr.kind !== "call" && expr.kind !== "binary")) continue;
    done.add(tensor);
    found.set(expr, tensor);
  }
  for (const [call, seen] of records.shown("attention")) found.set(call, seen.at(-1)!);
  return found;
}

function siteOf(found: Found, names: Namer, statements: readonly Statement[]): AttentionSite {
  const anchor = rangeOf(found.at);
  const roles = Object.entries(found.roles).map(([role, value]) => [role, names.idOf(value, role, anchor)]);
  const made = makers(found.last ?? found, names);
  return {
    id: `attention:${anchor.start}`,
    name: functionAround(statements, anchor.start),
    anchor,
    roles: Object.fromEntries(roles),
    queryTokens: null,
    keyTokens: null,
    options: found.options,
    ...(found.axes && { axes: found.axes }),
    ...(Object.keys(made).length > 0 && { made }),
    certainty: "recognised",
  };
}

/** Which expression makes which part; what one call does by itself is made by that call. */
function makers({ roles, played = [], way, at, whole }: Found, names: Namer): AttentionSite["made"] & object {
  const made: Partial<Record<Part, TextRange>> = {};
  for (const [part, value] of [
    ...(way ? stagesOf(way) : played).map(({ part, tensor }) => [part, tensor] as const),
    ...(Object.entries(roles) as [Part, TensorValue][]),
  ]) {
    const maker = names.makerOf(value);
    if (maker && !made[part]) made[part] = rangeOf(maker);
  }
  if (whole) for (const part of ["scores", "scaled", "masked", "weights", "output"] as const) made[part] = rangeOf(at);
  return made;
}

function distinct(sites: readonly AttentionSite[]): AttentionSite[] {
  return sites
    .filter((site, at) => sites.findIndex((other) => other.id === site.id) === at)
    .sort((a, b) => a.anchor.start - b.anchor.start);
}

/** @param inside a library's call computed it among other things. */
function siteAt(m: Interpreter, expr: Expr, t: TensorValue, names: Namer, inside: boolean): Found | null {
  const { by } = t;
  if (!by) return null;
  if (by.operation === "scaled_dot_product_attention") return fusedSite(expr, t);
  if (isProduct(t)) {
    const found = weightedSum(m, expr, t, names);
    return found && { ...found, whole: inside };
  }
  return by.operation === "softmax" && !scoresOf(by.inputs[0]!) && isLearned(by.inputs[0]!)
    ? additiveSite(m, expr, t)
    : null;
}

/** The layers of a library's stack; of those that cannot be joined the last. */
function layeredSite(m: Interpreter, at: Expr, layers: readonly TensorValue[], names: Namer): Found | null {
  const found = layers.map((layer) => siteAt(m, at, layer, names, true));
  const last = found.at(-1) ?? null;
  if (!last || found.includes(null) || layers.length < 2) return last;
  const stacked = asLayers(
    m,
    found.map((each) => each!.roles),
  );
  return stacked ? { ...last, ...stacked, played: [] } : last;
}

/** The modules of the program's own stack, as layers, as heads or as both; else what the last one made. */
function stackedSite(
  m: Interpreter,
  at: Expr,
  stack: readonly Made[],
  last: Found,
  names: Namer,
  inside: boolean,
): Found {
  const layers = layersOf(stack)?.map((layer) => layer.map(({ tensor }) => siteAt(m, at, tensor, names, inside)));
  const each = layers?.flat();
  const options = JSON.stringify(last.options);
  if (!each?.every((one) => one && JSON.stringify(one.options) === options)) return last;
  const sides = layers!.map((layer) =>
    layer.length === 1
      ? layer[0]!.roles
      : asHeads(
          m,
          layer.map((one) => one!.roles),
        ),
  );
  if (sides.includes(null)) return last;
  const whole = sides.length === 1 ? { roles: sides[0]! } : asLayers(m, sides as Found["roles"][]);
  return whole ? { ...last, ...whole, last } : last;
}

/** torch.nn.functional.scaled_dot_product_attention. */
function fusedSite(at: Expr, t: TensorValue): Found | null {
  const { inputs, details } = t.by!;
  const [query, key, value, mask] = inputs;
  if (!query || !key || !value || !fits(query)) return null;
  const { scale, causal } = details;
  return {
    at,
    whole: true,
    roles: { query, key, value, ...(mask ? { mask } : {}), output: t },
    options: { ...(causal === true ? { causal: true } : {}), ...(typeof scale === "number" ? { scale } : {}) },
  };
}

/** `softmax(…QKᵀ…) @ V`, with matmul or einsum, whatever the order of the axes. */
function weightedSum(m: Interpreter, at: Expr, t: TensorValue, names: Namer): Found | null {
  const [left, right] = t.by!.inputs as [TensorValue, TensorValue];
  const first = softmaxStep(untransposed(left).tensor);
  const step = first ?? softmaxStep(untransposed(right).tensor);
  if (!step) return null;
  const weights = untransposed(first ? left : right);
  const scores = scoresOf(step.input);
  if (!scores && !isLearned(step.input)) return null;
  const given: Found = { at, roles: { weights: weights.tensor, output: t }, options: {} };
  if (!scores) return given;
  return dimsOf(t) ? (labelledSum(m, at, t, weights, step, scores, names) ?? given) : openSum(m, at, t, scores, first);
}

/** Of tensors whose rank is not known: as matrices, with whatever stands in front. */
function openSum(m: Interpreter, at: Expr, t: TensorValue, scores: Scores, first: SoftmaxStep | null): Found | null {
  if (!first || t.by!.operation !== "matmul" || scores.product.by!.operation !== "matmul") return null;
  const [[query, turned], [weights, value]] = [scores.product.by!.inputs, t.by!.inputs] as TensorValue[][];
  const key = asTensor(m.operate("torch.Tensor.mT", args([turned!])));
  const mask = combined(m, scores.masks, null);
  const roles = {
    query: query!,
    key: key!,
    value: value!,
    weights: source(weights!),
    ...(mask && { mask }),
    output: t,
  };
  const options = optionsOf(scores, scores.scale);
  return key && { at, roles, options, way: scores, played: stagesOf(scores) };
}

function labelledSum(
  m: Interpreter,
  at: Expr,
  t: TensorValue,
  weights: Copied,
  { axis }: SoftmaxStep,
  scores: Scores,
  names: Namer,
): Found | null {
  const axes = sumAxes(t, weights, axis);
  const factors = axes && scoreFactors(scores, axes);
  if (!axes || !factors || factors.batch.length !== axes.batch.length) return null;
  const [query, key] = [unscaled(factors.query, names), unscaled(factors.key, names)];
  const roles = {
    query: arranged(m, query, [...factors.batch, factors.queries, factors.inner]),
    key: arranged(m, key, [...factors.batch, factors.keys, factors.inner]),
    value: arranged(m, axes.value, [...axes.batch, axes.keys, axes.inner]),
    weights: arranged(m, { tensor: weights.tensor, labels: axes.weights }, [...axes.batch, axes.queries, axes.keys]),
    output: arranged(m, { tensor: t, labels: axes.result }, [...axes.batch, axes.queries, axes.inner]),
  };
  const mask = combined(m, scores.masks, axes);
  const scale = times(times(scores.scale, query.scale), key.scale);
  if (Object.values(roles).includes(null) || mask === undefined) return null;
  const found = roles as Record<keyof typeof roles, TensorValue>;
  const made = { scores, weights: weights.tensor, output: t };
  const played = playedInSum(axes, { ...factors, query, key }, made);
  // A mask with its axes in another order than the site's is not told apart from one that broadcasts.
  const masks = found.weights === weights.tensor ? givenMasks(scores) : [];
  return {
    at,
    roles: { ...found, ...(mask && { mask }) },
    options: optionsOf(scores, scale),
    way: scores,
    played: [...played, ...masks],
  };
}

function optionsOf({ softcap }: Scores, scale: number | null): SiteOptions {
  return { ...(scale !== null && { scale }), ...(typeof softcap === "number" && { softcap }) };
}

function stagesOf(scores: Scores): Played[] {
  const { product, stages } = scores;
  return [
    { part: "scores", tensor: product },
    ...stages.map(({ part, tensor }) => ({ part, tensor })),
    ...givenMasks(scores),
  ];
}

/** A mask that forbids where it is true is none of the site's: there true means "may attend". */
function givenMasks({ masks }: Scores): Played[] {
  const given = masks.filter(({ kind, factor }) => kind === "keep" || (kind === "add" && factor === 1));
  return given.map(({ tensor }) => ({ part: "mask", tensor }));
}

/** `(q * s) @ kᵀ` is `q @ kᵀ` with a scale, unless the program calls `q * s` by a name. */
function unscaled({ tensor, labels }: Labelled, names: Namer): Labelled & { readonly scale: number | null } {
  const { by } = tensor;
  const [inner, number] = by?.inputs ?? [];
  const scales = (by?.operation === "mul" || by?.operation === "truediv") && inner && number && isScalar(number);
  if (!scales || names.hasName(tensor)) return { tensor, labels, scale: 1 };
  return { tensor: inner, labels, scale: factorOf(by.operation, number) };
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
  return { at, roles: { weights: batched ?? t }, options: {}, played: [{ part: "weights", tensor: t }] };
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
