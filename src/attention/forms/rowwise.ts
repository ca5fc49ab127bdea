import { sizeOf, type Tensor, tensor, toFloat64 } from "../../tensor/tensor.ts";

/** Each row of a tensor (its last axis) through `change`, which writes into its copy; float64, row-major. */
export function mapRows(t: Tensor, change: (row: Float64Array, at: number) => void): Tensor {
  const data = toFloat64(t);
  const width = t.shape.at(-1) ?? 1;
  const rows = width === 0 ? 0 : data.length / width;
  for (let at = 0; at < rows; at++) change(data.subarray(at * width, (at + 1) * width), at);
  return tensor("float64", t.shape, data);
}

/**
 * x·Wᵀ + b over the last axis (PyTorch's `Linear`): x `[…, in]`, weight `[out, in]`, bias `[out]`; gives `[…, out]` in float64.
 * The caller has checked the widths.
 */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  const [out, width] = weight.shape as [number, number];
  const [from, w] = [toFloat64(x), toFloat64(weight)];
  const b = bias ? toFloat64(bias) : new Float64Array(out);
  const shape = [...x.shape.slice(0, -1), out];
  const data = new Float64Array(sizeOf(shape));
  for (let at = 0; at < data.length; at++) {
    const [row, column] = [Math.floor(at / out) * width, at % out];
    let sum = b[column]!;
    for (let c = 0; c < width; c++) sum += from[row + c]! * w[column * width + c]!;
    data[at] = sum;
  }
  return tensor("float64", shape, data);
}

/** The elements in another order of axes, without copying. */
export function permuted(t: Tensor, axes: readonly number[]): Tensor {
  return { ...t, shape: axes.map((axis) => t.shape[axis]!), strides: axes.map((axis) => t.strides[axis]!) };
}

/** The same elements under another shape of the same size, row-major. */
export function reshaped(t: Tensor, shape: readonly number[]): Tensor {
  return tensor("float64", shape, toFloat64(t));
}
