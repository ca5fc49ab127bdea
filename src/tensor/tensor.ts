import type { DType, TensorData } from "./dtype.ts";

/** Sizes of the axes, outermost first: `[batch, heads, queries, size]`. A scalar has shape `[]`. */
export type Shape = readonly number[];

/** A view on elements: `data[offset + Σ index[k]·strides[k]]`. Strides are in elements and may be 0 or negative. */
export interface Tensor {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly strides: readonly number[];
  readonly offset: number;
  readonly data: TensorData;
}

/** Number of elements; 1 for a scalar, 0 as soon as one axis is empty. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const axis of shape) size *= axis;
  return size;
}

/** Strides, in elements, of a row-major (C order) tensor of this shape. */
export function rowMajor(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/**
 * A row-major tensor over `data`, which is not copied.
 * @throws RangeError if `data` does not hold as many elements as `shape` needs: a bug of the caller.
 */
export function tensor(dtype: DType, shape: Shape, data: TensorData): Tensor {
  if (sizeOf(shape) !== data.length) {
    throw new RangeError(`tensor: shape [${shape.join(", ")}] needs ${sizeOf(shape)} elements, got ${data.length}`);
  }
  return { dtype, shape, strides: rowMajor(shape), offset: 0, data };
}

/** True if the elements lie in row-major order without gaps. */
export function isContiguous(t: Tensor): boolean {
  let expected = 1;
  for (let axis = t.shape.length - 1; axis >= 0; axis--) {
    if (t.shape[axis] !== 1 && t.strides[axis] !== expected) return false;
    expected *= t.shape[axis]!;
  }
  return true;
}

/** Where in `data` the element with row-major number `flat` lies. */
export function position(t: Tensor, flat: number): number {
  let rest = flat;
  let at = t.offset;
  for (let axis = t.shape.length - 1; axis >= 0; axis--) {
    const size = t.shape[axis]!;
    at += (rest % size) * t.strides[axis]!;
    rest = Math.floor(rest / size);
  }
  return at;
}

/** The element with row-major number `flat` as a float64; 64-bit integers beyond 2⁵³ are rounded. */
export function valueAt(t: Tensor, flat: number): number {
  return Number(t.data[position(t, flat)]);
}

/** Reads elements by row-major number, for loops over many: without a division where they lie in order. */
export function reader(t: Tensor): (flat: number) => number {
  const { data, offset } = t;
  if (!isContiguous(t)) return (flat) => valueAt(t, flat);
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return (flat) => Number(data[offset + flat]);
  return (flat) => data[offset + flat]!;
}

/** Row-major number of the element at `index`, one entry an axis. */
export function flatOf(shape: Shape, index: readonly number[]): number {
  let flat = 0;
  for (let axis = 0; axis < shape.length; axis++) flat = flat * shape[axis]! + index[axis]!;
  return flat;
}

/** The index, one entry an axis, of the element with row-major number `flat`. */
export function indexOf(shape: Shape, flat: number): number[] {
  const index = new Array<number>(shape.length);
  let rest = flat;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index[axis] = rest % shape[axis]!;
    rest = Math.floor(rest / shape[axis]!);
  }
  return index;
}

/** The elements in row-major order as float64, copied. */
export function toFloat64(t: Tensor): Float64Array {
  const size = sizeOf(t.shape);
  if (isContiguous(t) && !(t.data instanceof BigInt64Array) && !(t.data instanceof BigUint64Array)) {
    return Float64Array.from(t.data.subarray(t.offset, t.offset + size));
  }
  const out = new Float64Array(size);
  for (let flat = 0; flat < size; flat++) out[flat] = valueAt(t, flat);
  return out;
}

/** The sub-tensor at `at` of the outermost axis: rank one less, same data. */
export function select(t: Tensor, at: number): Tensor {
  return {
    ...t,
    shape: t.shape.slice(1),
    strides: t.strides.slice(1),
    offset: t.offset + at * t.strides[0]!,
  };
}

/** `t` with axes of size 1 put in front until it has `rank` axes. */
export function withRank(t: Tensor, rank: number): Tensor {
  if (t.shape.length >= rank) return t;
  const more = rank - t.shape.length;
  return { ...t, shape: [...Array(more).fill(1), ...t.shape], strides: [...Array(more).fill(0), ...t.strides] };
}

/** A shape as a user reads it: `4×8`, and `scalar` where there is no axis is left to the caller. */
export function shapeText(shape: readonly (number | string | null)[]): string {
  return shape.map((axis) => axis ?? "?").join("×");
}
