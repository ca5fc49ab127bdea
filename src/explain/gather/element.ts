import { type Tensor, withRank } from "../../tensor/tensor.ts";

/** An element of a matrix that may have batch and head axes before it; axes that are not there, or are 1, repeat. */
export function elementOf(t: Tensor, batch: number, head: number, row: number, column: number): number {
  const { shape, strides, offset, data } = withRank(t, 4);
  const index = [batch, head, row, column];
  let at = offset;
  for (let axis = 0; axis < 4; axis++) if (shape[axis] !== 1) at += index[axis]! * strides[axis]!;
  return Number(data[at]);
}
