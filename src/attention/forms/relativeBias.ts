import { type Tensor, tensor, valueAt } from "../../tensor/tensor.ts";
import type { AttentionSizes, PositionBias } from "../problem.ts";

/** A learned bias a distance: table `[heads or 1, 2·reach + 1]`, its middle is distance 0; farther distances take the ends (Shaw et al. 2018, arXiv 1803.02155). */
export function clippedBias(table: Tensor): PositionBias {
  return { kind: "relative", table, zero: Math.floor(table.shape[1]! / 2) };
}

/**
 * T5's bucketed bias (Raffel et al. 2020, arXiv 1910.10683): `embedding` `[buckets, heads]`; half of the buckets (both halves
 * of them where `bidirectional`) are single distances, the rest grow logarithmically up to `farthest`. Spelled out for all
 * distances that L queries and S keys can have, wherever query 0 stands among the keys.
 */
export function bucketedBias(
  embedding: Tensor,
  queries: number,
  keys: number,
  bidirectional: boolean,
  farthest = 128,
): PositionBias {
  const [buckets, heads] = embedding.shape as [number, number];
  const reach = queries + keys;
  const bucket = Int32Array.from({ length: 2 * reach + 1 }, (_, at) =>
    bucketOf(at - reach, buckets, bidirectional, farthest),
  );
  return spelledOut(heads, reach, (head, distance) => valueAt(embedding, bucket[distance + reach]! * heads + head));
}

/** Biases added up, spelled out for all distances that L queries and S keys can have. */
export function sumOfBiases(
  biases: readonly PositionBias[],
  { heads, queries, keys }: Pick<AttentionSizes, "heads" | "queries" | "keys">,
): PositionBias {
  const sum = spelledOut(heads, queries + keys, (head, distance) =>
    biases.reduce((total, bias) => total + biasAt(bias, head, distance), 0),
  );
  return { ...sum, sumOf: biases };
}

/** What a bias adds for a distance (key position − query position) in a head. */
export function biasAt(bias: PositionBias, head: number, distance: number): number {
  if (bias.kind === "alibi") return -bias.slopes[head]! * Math.abs(distance);
  const [heads, width] = bias.table.shape as [number, number];
  const at = Math.min(width - 1, Math.max(0, distance + bias.zero));
  return valueAt(bias.table, (heads === 1 ? 0 : head) * width + at);
}

function spelledOut(
  heads: number,
  reach: number,
  at: (head: number, distance: number) => number,
): Extract<PositionBias, { kind: "relative" }> {
  const width = 2 * reach + 1;
  const data = Float64Array.from({ length: heads * width }, (_, flat) =>
    at(Math.floor(flat / width), (flat % width) - reach),
  );
  return { kind: "relative", table: tensor("float64", [heads, width], data), zero: reach };
}

/** The bucket of a distance (key position − query position). */
export function bucketOf(distance: number, buckets: number, bidirectional: boolean, farthest: number): number {
  const side = bidirectional ? Math.floor(buckets / 2) : buckets;
  const start = bidirectional && distance > 0 ? side : 0;
  const size = bidirectional ? Math.abs(distance) : Math.max(0, -distance);
  const exact = Math.floor(side / 2);
  if (size < exact) return start + size;
  const grown = exact + Math.floor((Math.log(size / exact) / Math.log(farthest / exact)) * (side - exact));
  return start + Math.min(side - 1, grown);
}
