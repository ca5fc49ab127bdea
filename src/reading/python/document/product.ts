import type { Machine } from "../run/machine.ts";
import { dimsOf, type TensorValue } from "../run/tensorValue.ts";
import { args, int, tuple } from "../run/values.ts";
import { transposedBy } from "./copies.ts";

/** A tensor with a name for each of its axes. */
export interface Labelled {
  readonly tensor: TensorValue;
  readonly labels: readonly string[];
}

/** A product of two tensors: axes of one name belong together, those that the result lacks are summed over. */
export interface Product {
  readonly left: Labelled;
  readonly right: Labelled;
  readonly labels: readonly string[];
}

/** Whether it was made as a product of two tensors. */
export function isProduct({ by }: TensorValue): boolean {
  return by !== null && (by.operation === "matmul" || by.operation === "einsum") && by.inputs.length === 2;
}

/** The product that made a tensor, its axes named; null where a rank is not known, and for vectors. */
export function productOf(t: TensorValue): Product | null {
  const [left, right] = t.by!.inputs as [TensorValue, TensorValue];
  if (t.by!.operation === "einsum") {
    const { inputs, output } = t.by!.details.labels as { inputs: string[][]; output: string[] };
    return { left: { tensor: left, labels: inputs[0]! }, right: { tensor: right, labels: inputs[1]! }, labels: output };
  }
  const [a, b] = [dimsOf(left)?.length ?? 0, dimsOf(right)?.length ?? 0];
  if (a < 2 || b < 2) return null;
  const front = (rank: number): string[] => Array.from({ length: rank - 2 }, (_, at) => `.${rank - 2 - at}`);
  return {
    left: { tensor: left, labels: [...front(a), "i", "k"] },
    right: { tensor: right, labels: [...front(b), "k", "j"] },
    labels: [...front(Math.max(a, b)), "i", "j"],
  };
}

/**
 * The tensor with its axes in this order, those in front folded so that at most four remain. An axis that it lacks is
 * left out: it is broadcast. null where it has others.
 */
export function arranged(m: Machine, { tensor, labels }: Labelled, wanted: readonly string[]): TensorValue | null {
  const present = wanted.filter((label) => labels.includes(label));
  if (present.length !== labels.length || new Set(labels).size !== labels.length) return null;
  const missing = wanted.slice(wanted.indexOf(present[0]!)).length - present.length;
  if (missing > 0) return null;
  const order = present.map((label) => labels.indexOf(label));
  return folded(m, permuted(m, tensor, order));
}

/** A tensor that was transposed before is taken as it was, where that is what is wanted. */
function permuted(m: Machine, tensor: TensorValue, order: readonly number[]): TensorValue | null {
  if (order.every((axis, at) => axis === at)) return tensor;
  const before = transposedBy(tensor);
  if (before && order.every((axis, at) => before[axis] === at)) return tensor.by!.inputs[0]!;
  return asTensor(m.operate("torch.permute", args([tensor, tuple(order.map(int))])));
}

function folded(m: Machine, tensor: TensorValue | null): TensorValue | null {
  const rank = (tensor && dimsOf(tensor)?.length) ?? 0;
  return rank <= 4 ? tensor : asTensor(m.operate("torch.Tensor.flatten", args([tensor!, int(0), int(rank - 4)])));
}

/** What an operation made, if it is a tensor. */
export function asTensor(value: { readonly kind: string }): TensorValue | null {
  return value.kind === "tensor" ? (value as TensorValue) : null;
}
