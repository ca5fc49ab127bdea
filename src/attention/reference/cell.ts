import { toFloat64 } from "../../tensor/tensor.ts";
import { maskTerm } from "../mask.ts";
import type { Plan } from "../plan.ts";
import type { AttentionRow, CellDerivation, Masker } from "../result.ts";
import { type Rows, rowStart } from "../rows.ts";
import { addedTerm, biasTerm, capped, products } from "./scores.ts";

/** The whole way of one cell, in float64, out of its computed row. */
export function deriveCell(plan: Plan, row: AttentionRow, key: number): CellDerivation {
  const { batch, head, query, statistics } = row;
  const kvHead = Math.floor(head / plan.group);
  const [masked, weight] = [row.masked[key]!, row.weights[key]!];
  const value = numbersOf(plan.value, batch, kvHead, key);
  return {
    batch,
    head,
    query,
    key,
    masked,
    weight,
    products: products(plan, batch, head, query, key),
    queryRow: numbersOf(plan.query, batch, head, query),
    keyRow: numbersOf(plan.key, batch, kvHead, key),
    ...scoredOf(plan),
    score: row.scores[key]!,
    scale: plan.scale,
    scaled: row.scaled[key]!,
    capped: capped(plan, row.scaled[key]!),
    maskTerm: addedTerm(plan, batch, head, query, key),
    maskedBy: maskersOf(plan, batch, head, query, key),
    ...(plan.problem.bias ? { biasTerm: biasTerm(plan, batch, head, query, key) } : {}),
    row: statistics,
    exponential: masked === Number.NEGATIVE_INFINITY ? 0 : Math.exp(masked - statistics.maximum),
    ...sinkOf(plan, head, statistics.maximum),
    contribution: masked === Number.NEGATIVE_INFINITY ? value.fill(0) : value.map((v) => weight * v),
    rank: rankOf(row.weights, key),
  };
}

function scoredOf({ problem: { score } }: Plan): Pick<CellDerivation, "scored"> {
  if (score?.kind === "linear") return { scored: { kind: "linear" } };
  if (score?.kind !== "additive") return {};
  const bias = score.bias ? toFloat64(score.bias) : null;
  return { scored: { kind: "additive", vector: toFloat64(score.vector), bias } };
}

function sinkOf({ problem: { sinks } }: Plan, head: number, maximum: number): Pick<CellDerivation, "sinkTerm"> {
  const sink = sinks?.[head];
  return sink === undefined || maximum === Number.NEGATIVE_INFINITY ? {} : { sinkTerm: Math.exp(sink - maximum) };
}

function maskersOf(plan: Plan, batch: number, head: number, query: number, key: number): Masker[] {
  const byMask = plan.mask && maskTerm(plan.mask, batch, head, query, key) === Number.NEGATIVE_INFINITY;
  const byPattern = plan.sparse && !plan.sparse.allows(batch, query, key);
  const found: Masker[] = [
    ...(byMask ? (["mask"] as const) : []),
    ...plan.positions.reasons(batch, query, key),
    ...(byPattern ? (["pattern"] as const) : []),
  ];
  return [...new Set(found)];
}

function numbersOf(rows: Rows, batch: number, head: number, row: number): Float64Array {
  const start = rowStart(rows, batch, head, row);
  return Float64Array.from(rows.data.subarray(start, start + rows.size));
}

/** How many keys weigh more, plus those before it that weigh the same. */
export function rankOf(weights: Float64Array, key: number): number {
  const own = weights[key]!;
  let rank = 0;
  for (let other = 0; other < weights.length; other++) {
    const w = weights[other]!;
    if (w > own || (w === own && other < key)) rank++;
  }
  return rank;
}
