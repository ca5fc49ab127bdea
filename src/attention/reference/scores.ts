import { valueAt } from "../../tensor/tensor.ts";
import { biasAt } from "../forms/relativeBias.ts";
import { maskTerm } from "../mask.ts";
import type { Plan } from "../plan.ts";
import { rowStart } from "../rows.ts";

/** The terms whose sum is the score of a pair, length E, in float64: q·k, or v·tanh(q + k + b) for the additive score; for the linear one the score is the logarithm of their sum. */
export function products(plan: Plan, batch: number, head: number, query: number, key: number): Float64Array {
  const { size } = plan.sizes;
  const [q, k] = starts(plan, batch, head, query, key);
  const term = termOf(plan);
  return Float64Array.from({ length: size }, (_, c) => term(plan.query.data[q + c]!, plan.key.data[k + c]!, c));
}

/** The scores of one query against keys `from` ≤ key < `to`, before the scale, into `out`. */
export function scoresInto(
  out: Float64Array,
  plan: Plan,
  batch: number,
  head: number,
  query: number,
  from: number,
  to: number,
): void {
  const { size } = plan.sizes;
  const kind = plan.problem.score?.kind ?? "dot";
  const term = termOf(plan);
  const [left, right] = [plan.query.data, plan.key.data];
  const [q, first] = starts(plan, batch, head, query, from);
  for (let key = from; key < to; key++) {
    const k = first + (key - from) * plan.key.rowStride;
    let sum = 0;
    if (kind !== "additive") for (let c = 0; c < size; c++) sum += left[q + c]! * right[k + c]!;
    else for (let c = 0; c < size; c++) sum += term(left[q + c]!, right[k + c]!, c);
    out[key - from] = kind === "linear" ? Math.log(sum) : sum;
  }
}

function starts(plan: Plan, batch: number, head: number, query: number, key: number): [number, number] {
  return [rowStart(plan.query, batch, head, query), rowStart(plan.key, batch, Math.floor(head / plan.group), key)];
}

function termOf(plan: Plan): (q: number, k: number, c: number) => number {
  const { score } = plan.problem;
  if (score?.kind !== "additive") return (q, k) => q * k;
  const { vector, bias } = score;
  return (q, k, c) => valueAt(vector, c) * Math.tanh(q + k + (bias ? valueAt(bias, c) : 0));
}

/** A scaled score after the softcap c·tanh(s/c); itself without one. */
export function capped(plan: Plan, scaled: number): number {
  return plan.softcap === null ? scaled : plan.softcap * Math.tanh(scaled / plan.softcap);
}

/** What the position bias adds for a pair; 0 without one. */
export function biasTerm(plan: Plan, batch: number, head: number, query: number, key: number): number {
  const { bias } = plan.problem;
  if (!bias) return 0;
  return biasAt(bias, head, key - plan.positions.own(batch, query));
}

/** Everything that is added to a capped score: mask and bias, or −∞ where position rules forbid the pair. */
export function addedTerm(plan: Plan, batch: number, head: number, query: number, key: number): number {
  const { positions, mask, sparse } = plan;
  if (key < positions.low(batch, query) || key >= positions.high(batch, query)) return Number.NEGATIVE_INFINITY;
  if (sparse && !sparse.allows(batch, query, key)) return Number.NEGATIVE_INFINITY;
  const fromMask = mask ? maskTerm(mask, batch, head, query, key) : 0;
  return fromMask === Number.NEGATIVE_INFINITY ? fromMask : fromMask + biasTerm(plan, batch, head, query, key);
}

/** A capped score with its added term; a forbidden pair is −∞ whatever its score, NaN included. */
export function maskedScore(score: number, added: number): number {
  return added === Number.NEGATIVE_INFINITY ? added : score + added;
}
