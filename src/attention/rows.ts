import { sizeOf, type Tensor, valueAt, withRank } from "../tensor/tensor.ts";

/**
 * Matrices of a tensor `[batch, heads, rows, size]`, read where they lie: element c of row r of head h of batch b is
 * `data[offset + b·batchStride + h·headStride + r·rowStride + c]`. An axis of size 1 has stride 0, so that it broadcasts.
 */
export interface Rows {
  readonly data: Float32Array | Float64Array;
  readonly offset: number;
  readonly batch: number;
  readonly heads: number;
  readonly rows: number;
  readonly size: number;
  readonly batchStride: number;
  readonly headStride: number;
  readonly rowStride: number;
}

/** The matrices of a tensor of rank 2 to 4; copied only where elements of a row do not lie side by side as floats. */
export function rowsOf(source: Tensor): Rows {
  const t = withRank(asFloat(source), 4);
  const [batch, heads, rows, size] = t.shape as [number, number, number, number];
  const stride = (axis: number): number => (t.shape[axis] === 1 ? 0 : t.strides[axis]!);
  return {
    data: t.data as Float32Array | Float64Array,
    offset: t.offset,
    batch,
    heads,
    rows,
    size,
    batchStride: stride(0),
    headStride: stride(1),
    rowStride: stride(2),
  };
}

/** Where row `row` of a head starts in `data`. */
export function rowStart(rows: Rows, batch: number, head: number, row: number): number {
  return rows.offset + batch * rows.batchStride + head * rows.headStride + row * rows.rowStride;
}

function asFloat(t: Tensor): Tensor {
  const floats = t.data instanceof Float32Array || t.data instanceof Float64Array;
  const side = t.shape.at(-1) === 1 || t.strides.at(-1) === 1;
  return floats && side ? t : copied(t);
}

function copied(t: Tensor): Tensor {
  const size = sizeOf(t.shape);
  const data = t.data instanceof Float32Array ? new Float32Array(size) : new Float64Array(size);
  for (let flat = 0; flat < size; flat++) data[flat] = valueAt(t, flat);
  const strides = t.shape.map((_, axis) => sizeOf(t.shape.slice(axis + 1)));
  return { dtype: t.data instanceof Float32Array ? "float32" : "float64", shape: t.shape, strides, offset: 0, data };
}
