import { type Tensor, tensor, valueAt } from "../../tensor/tensor.ts";
import type { PositionBias } from "../problem.ts";

/** A learned bias a distance: table `[heads or 1, 2·reach + 1]`, its middle is distance 0; farther distances take the ends (Shaw et al. 2018, arXiv 1803.02155). */
export function clippedBias(table: Tensor): PositionBias {
  return { kind: "relative", table, zero: Math.floor(table.shape[1]! / 2) };
}

/**
 * T5's bucketed bias (Raffel et al. 2020, arXiv 1910.10683): `embedding` `[buckets, heads]`; half of the buckets (both halves
 * of them where `bidirectional`) are single distances, the rest grow logarithmically up to `farthest`. Spelled out for all
 * distances that L queries and S keys can have.
 */
export function bucketedBias(
  embedding: Tensor,
  queries: number,
  keys: number,
  bidirectional: boolean,
  farthest = 128,
): PositionBias {
  const [buckets, heads] = embedding.shape as [number, number];
  const width = queries + keys - 1;
  const zero = queries - 1;
  const data = Float64Array.from({ length: heads * width }, (_, at) => {
    const bucket = bucketOf((at % width) - zero, buckets, bidirectional, farthest);
    return valueAt(embedding, bucket * heads + Math.floor(at / width));
  });
  return { kind: "relative", table: tensor("float64", [heads, width], data), zero };
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
