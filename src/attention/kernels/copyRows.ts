import { type Rows, rowStart } from "../rows.ts";
import type { Kernel } from "./instance.ts";

/** Copies rows from … to of a head, one after the other, as floats. */
export function copyRows(
  kernel: Kernel,
  rows: Rows,
  batch: number,
  head: number,
  from: number,
  to: number,
  address: number,
): void {
  const start = rowStart(rows, batch, head, from);
  const at = address >>> 2;
  if (rows.rowStride === rows.size || to - from === 1) {
    const numbers = rows.data.subarray(start, start + (to - from) * rows.size);
    if (numbers instanceof Float32Array) kernel.copyFloats(numbers, kernel.floats, at);
    else kernel.floats.set(numbers, at);
    return;
  }
  for (let row = from; row < to; row++) {
    const source = rowStart(rows, batch, head, row);
    kernel.floats.set(rows.data.subarray(source, source + rows.size), at + (row - from) * rows.size);
  }
}
