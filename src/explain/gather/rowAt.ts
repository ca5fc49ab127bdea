import type { TensorEntry, TextRange } from "../../reading/document.ts";
import { sizeOf } from "../../tensor/tensor.ts";

/** Row-major number of the first element of the row that is written at `range`; null where no row is. */
export function rowAt({ places, values }: TensorEntry, range: TextRange): number | null {
  if (!places || !values || values.shape.length < 2) return null;
  const length = values.shape.at(-1)!;
  const start = (row: number) => places.row(row * length).start;
  let [low, high] = [0, length === 0 ? 0 : sizeOf(values.shape) / length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (start(middle) < range.start) low = middle + 1;
    else high = middle;
  }
  return low * length < sizeOf(values.shape) && start(low) === range.start ? low * length : null;
}
