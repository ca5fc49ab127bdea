import type { Plan } from "../plan.ts";
import type { AttentionRow, RowStatistics } from "../result.ts";
import { rowStart } from "../rows.ts";
import { addedTerm, capped, maskedScore, scoresInto } from "./scores.ts";

/**
 * One query's way from scores to output, in float64. Forbidden pairs are skipped: their NaN does no harm. A row without
 * any pair left, or with nothing but −∞, has weights and output 0 and is `fullyMasked`. A NaN or +∞ among the
 * remaining scores makes the weights of those pairs NaN.
 */
export function computeRow(plan: Plan, batch: number, head: number, query: number): AttentionRow {
  const { keys } = plan.sizes;
  const scores = new Float64Array(keys);
  scoresInto(scores, plan, batch, head, query, 0, keys);
  const scaled = scores.map((score) => score * plan.scale);
  const masked = maskedRow(plan, batch, head, query, scaled);
  const { maximum, sum } = maximumAndSum(masked, plan.problem.sinks?.[head]);
  const weights = masked.map((s) => weightOf(s, maximum, sum));
  const statistics = statisticsOf(weights, maximum, sum);
  return {
    batch,
    head,
    query,
    scores,
    scaled,
    masked,
    weights,
    statistics,
    output: outputOf(plan, batch, head, masked, weights),
  };
}

/** Scaled scores after softcap, mask, bias and position rules. */
function maskedRow(plan: Plan, batch: number, head: number, query: number, scaled: Float64Array): Float64Array {
  const { positions, mask, sparse, problem } = plan;
  const [low, high] = [positions.low(batch, query), positions.high(batch, query)];
  const isBare = !mask && !sparse && !problem.bias;
  return scaled.map((s, key) => {
    if (key < low || key >= high) return Number.NEGATIVE_INFINITY;
    return isBare ? capped(plan, s) : maskedScore(capped(plan, s), addedTerm(plan, batch, head, query, key));
  });
}

/** Row maximum and Σ exp(s − maximum), a sink's logit included in both. Maximum −∞, sum 0: fully masked. */
export function maximumAndSum(masked: Float64Array, sink?: number): { maximum: number; sum: number } {
  let maximum = Number.NEGATIVE_INFINITY;
  for (const s of masked)
    if (s > maximum || Number.isNaN(s)) maximum = Number.isNaN(s) || Number.isNaN(maximum) ? Number.NaN : s;
  if (maximum === Number.NEGATIVE_INFINITY) return { maximum, sum: 0 };
  if (sink !== undefined && sink > maximum) maximum = sink;
  let sum = sink === undefined ? 0 : Math.exp(sink - maximum);
  for (const s of masked) if (s !== Number.NEGATIVE_INFINITY) sum += Math.exp(s - maximum);
  return { maximum, sum };
}

/** exp(s − maximum) / sum; 0 for a forbidden pair and in a fully masked row. */
export function weightOf(masked: number, maximum: number, sum: number): number {
  return masked === Number.NEGATIVE_INFINITY ? 0 : Math.exp(masked - maximum) / sum;
}

/** Σ weight·V over the pairs that are not forbidden, length Ev. */
export function outputOf(
  plan: Plan,
  batch: number,
  head: number,
  masked: Float64Array,
  weights: Float64Array,
): Float64Array {
  const { keys, valueSize } = plan.sizes;
  const output = new Float64Array(valueSize);
  const { data, rowStride } = plan.value;
  const start = rowStart(plan.value, batch, Math.floor(head / plan.group), 0);
  for (let key = 0; key < keys; key++) {
    if (masked[key] === Number.NEGATIVE_INFINITY) continue;
    const [from, weight] = [start + key * rowStride, weights[key]!];
    for (let c = 0; c < valueSize; c++) output[c]! += weight * data[from + c]!;
  }
  return output;
}

/** What is said of a row of weights, given its maximum and sum. NaN weights give NaN entropy and no peak (-1). */
export function statisticsOf(weights: Float64Array, maximum: number, sum: number): RowStatistics {
  let [entropy, peak] = [0, -1];
  for (let key = 0; key < weights.length; key++) {
    const w = weights[key]!;
    if (w !== 0) entropy -= w * Math.log(w);
    if (w > (peak < 0 ? 0 : weights[peak]!)) peak = key;
  }
  const fullyMasked = sum === 0;
  return {
    maximum,
    sum,
    entropy,
    peak,
    fullyMasked,
    logSumExp: fullyMasked ? Number.NEGATIVE_INFINITY : maximum + Math.log(sum),
    effectiveKeys: fullyMasked ? 0 : Math.exp(entropy),
  };
}
