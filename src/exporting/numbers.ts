import type { DType } from "../tensor/dtype.ts";
import { sizeOf, type Tensor, valueAt } from "../tensor/tensor.ts";

/** A number as JSON can carry it: JSON itself has no NaN and no infinities. */
export type PlainNumber = number | "nan" | "inf" | "-inf";

export function plainNumber(x: number): PlainNumber {
  if (Number.isNaN(x)) return "nan";
  return Number.isFinite(x) ? x : x > 0 ? "inf" : "-inf";
}

/** A tensor as tools exchange it: row-major data beside its shape. */
export interface PlainTensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: readonly PlainNumber[];
}

/** The first `limit` elements of a tensor, row-major. */
export function plainValues(t: Tensor, limit = Number.POSITIVE_INFINITY): PlainNumber[] {
  return Array.from({ length: Math.min(limit, sizeOf(t.shape)) }, (_, flat) => plainNumber(valueAt(t, flat)));
}

export function plainTensor(t: Tensor): PlainTensor {
  return { dtype: t.dtype, shape: t.shape, data: plainValues(t) };
}

export function plainArray(dtype: DType, shape: readonly number[], data: ArrayLike<number>): PlainTensor {
  return { dtype, shape, data: Array.from(data, plainNumber) };
}

/** A number that Python reads back as the same double. */
export function float(x: number): string {
  if (!Number.isFinite(x)) return `float("${Number.isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf"}")`;
  return Number.isInteger(x) ? `${x}.0` : String(x);
}
