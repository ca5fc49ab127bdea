import { type DType, storage, type TensorData } from "../../../tensor/dtype.ts";

/** What is drawn: how many numbers, held as which type, and whether anybody will look at them. */
export interface Draw {
  readonly count: number;
  readonly dtype: DType;
  /** false: only the state moves on, and the draw yields null. */
  readonly keep: boolean;
}

/** Draws of more numbers than this are not walked through; the stream is unknown afterwards. */
export const drawLimit = 1 << 24;
/** The same for generators that need not walk, because they know how many outputs a draw takes. */
export const skipLimit = 1 << 28;

/** What `next` yields, `count` times, in order. */
export function drawn(draw: Draw, next: () => number): TensorData | null {
  if (!draw.keep) {
    for (let i = 0; i < draw.count; i++) next();
    return null;
  }
  const data = storage(draw.dtype, draw.count);
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    for (let i = 0; i < draw.count; i++) data[i] = BigInt(next());
  } else {
    for (let i = 0; i < draw.count; i++) data[i] = next();
  }
  return data;
}

/** `drawn` for 64-bit numbers. */
export function drawnBig(draw: Draw, next: () => bigint): TensorData | null {
  if (!draw.keep) {
    for (let i = 0; i < draw.count; i++) next();
    return null;
  }
  const data = storage(draw.dtype, draw.count);
  const big = data instanceof BigInt64Array || data instanceof BigUint64Array;
  for (let i = 0; i < draw.count; i++) data[i] = big ? next() : Number(next());
  return data;
}

/** The smallest 2ᵏ − 1 that is not below `limit`, for limits up to 2³² − 1. */
export function maskFor(limit: number): number {
  return limit === 0 ? 0 : 0xffffffff >>> Math.clz32(limit);
}

/** The smallest 2ᵏ − 1 that is not below `limit`. */
export function bigMaskFor(limit: bigint): bigint {
  return limit === 0n ? 0n : (1n << BigInt(limit.toString(2).length)) - 1n;
}

/** 0 … count−1 after a Fisher–Yates shuffle from the end: `below(i)` draws the partner of place i in [0, i]. */
export function shuffled(count: number, below: (limit: number) => number): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = below(i);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/**
 * NumPy's `choice` with weights: places of the chosen, from uniform numbers that `doubles(n)` draws. Null if fewer places
 * have a weight than are to be chosen without return (NumPy raises ValueError).
 */
export function weightedChoice(
  count: number,
  weights: readonly number[],
  withReturn: boolean,
  doubles: (count: number) => number[],
): number[] | null {
  if (withReturn) return pickByWeight(weights, doubles(count));
  if (weights.filter((weight) => weight > 0).length < count) return null;
  const found: number[] = [];
  while (found.length < count) {
    const left = weights.map((weight, i) => (found.includes(i) ? 0 : weight));
    found.push(...new Set(pickByWeight(left, doubles(count - found.length))));
  }
  return found;
}

/** For each of `samples` the number of cumulated, normed weights that are not above it. */
function pickByWeight(weights: readonly number[], samples: readonly number[]): number[] {
  let sum = 0;
  const cumulated = weights.map((weight) => (sum += weight));
  const edges = cumulated.map((edge) => edge / sum);
  return samples.map((sample) => upperBound(edges, sample));
}

function upperBound(edges: readonly number[], sample: number): number {
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (edges[middle]! <= sample) low = middle + 1;
    else high = middle;
  }
  return low;
}
