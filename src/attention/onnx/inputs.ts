import { isInteger, storage, type TensorData } from "../../tensor/dtype.ts";
import { done, failed, type Outcome } from "../../tensor/message.ts";
import { indexOf, position, rowMajor, sizeOf, type Tensor, tensor, toFloat64 } from "../../tensor/tensor.ts";

/** A 3-D input `[batch, length, heads·size]` seen as `[batch, heads, length, size]`; nothing is copied. 4-D stays. */
export function splitHeads(t: Tensor, heads: number | undefined): Tensor {
  if (t.shape.length === 4 || heads === undefined) return t;
  const [batch, length, width] = t.shape as [number, number, number];
  const [b, l, e] = t.strides as [number, number, number];
  const size = width / heads;
  return { ...t, shape: [batch, heads, length, size], strides: [b, size * e, l, e] };
}

/** `[batch, heads, past, size]` followed on the third axis by `[batch, heads, new, size]`; `input`: what the past is called. Fails as `attention.onnx-past-shape`. */
export function joinPast(past: Tensor | undefined, t: Tensor, input: string): Outcome<Tensor> {
  if (!past) return done(compact(t));
  const fits = [0, 1, 3].every((axis) => past.shape[axis] === t.shape[axis]);
  if (!fits) return failed("attention.onnx-past-shape", { input, past: past.shape, got: t.shape });
  const [batch, heads, before, size] = past.shape as [number, number, number, number];
  const shape = [batch, heads, before + t.shape[2]!, size];
  const data = storage(t.dtype, sizeOf(shape));
  copyInto(data, shape, past, 0);
  copyInto(data, shape, t, before);
  return done(tensor(t.dtype, shape, data));
}

/** The same numbers in row-major order. */
export function compact(t: Tensor): Tensor {
  const data = storage(t.dtype, sizeOf(t.shape));
  for (let flat = 0; flat < data.length; flat++) data[flat] = t.data[position(t, flat)]!;
  return tensor(t.dtype, t.shape, data);
}

function copyInto(data: TensorData, shape: readonly number[], t: Tensor, shift: number): void {
  const [b, h, l, e] = rowMajor(shape) as [number, number, number, number];
  const size = sizeOf(t.shape);
  for (let flat = 0; flat < size; flat++) {
    const [batch, head, row, column] = indexOf(t.shape, flat) as [number, number, number, number];
    data[batch * b + head * h + (row + shift) * l + column * e] = t.data[position(t, flat)]!;
  }
}

/**
 * A mask whose last axis is shorter than `keys`, padded with false (boolean) or −∞ (additive). Every mask that is not
 * boolean is added, integers too: they come out as float64, which can hold −∞.
 */
export function padMask(given: Tensor, keys: number): Tensor {
  const mask = isInteger(given.dtype) ? tensor("float64", given.shape, toFloat64(given)) : given;
  const width = mask.shape.at(-1) ?? keys;
  if (mask.shape.length === 0 || width >= keys) return mask;
  const shape = [...mask.shape.slice(0, -1), keys];
  const data = storage(mask.dtype, sizeOf(shape));
  if (mask.dtype !== "bool") (data as Float64Array).fill(Number.NEGATIVE_INFINITY);
  const size = sizeOf(mask.shape);
  for (let flat = 0; flat < size; flat++)
    data[Math.floor(flat / width) * keys + (flat % width)] = mask.data[position(mask, flat)]!;
  return tensor(mask.dtype, shape, data);
}
