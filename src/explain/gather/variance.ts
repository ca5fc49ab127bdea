import type { AttentionResult, Head } from "../../attention/result.ts";
import type { SpreadFacts } from "../facts.ts";

/**
 * How far the scores of one head spread, before and after the scale, over the pairs that may attend; and the mean of each
 * row's largest weight with the scale and without. Null where the head has no such pair, or numbers that are not finite.
 */
export function spreadOf(result: AttentionResult, head: Head): SpreadFacts | null {
  const scores: number[] = [];
  let [rows, peak, peakUnscaled] = [0, 0, 0];
  for (let query = 0; query < result.sizes.queries; query++) {
    const { scores: raw, scaled, masked, weights, statistics } = result.row(head, query);
    if (statistics.fullyMasked) continue;
    const open = [...weights.keys()].filter((key) => masked[key] !== Number.NEGATIVE_INFINITY);
    for (const key of open) scores.push(raw[key]!);
    peak += weights[statistics.peak] ?? Number.NaN;
    peakUnscaled += largestWeight(open.map((key) => masked[key]! - scaled[key]! + raw[key]!));
    rows++;
  }
  const deviation = standardDeviation(scores);
  const facts = {
    deviation,
    scaledDeviation: deviation * Math.abs(result.scale),
    peak: peak / rows,
    peakUnscaled: peakUnscaled / rows,
  };
  return Object.values(facts).every(Number.isFinite) ? facts : null;
}

/** The largest entry of softmax. */
function largestWeight(logits: readonly number[]): number {
  const most = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return 1 / logits.reduce((sum, logit) => sum + Math.exp(logit - most), 0);
}

function standardDeviation(numbers: readonly number[]): number {
  const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  return Math.sqrt(numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / numbers.length);
}
