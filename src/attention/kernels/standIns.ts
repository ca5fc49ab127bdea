import type { Computation } from "./computation.ts";
import { passRows } from "./job.ts";

/** Of each block of `passRows` rows of a head, the nearest that is computed (itself, where it is); null where none is. */
export function standIns({ holding, isDone }: Computation, head: number): Int32Array | null {
  const count = Math.ceil(holding.job.queries / passRows);
  const done = Array.from({ length: count }, (_, block) => block).filter((block) => isDone(head, block * passRows));
  return nearest(done, count);
}

/** For each of `count` places the nearest of those that are known, which are in order; null where none is. */
export function nearest(known: readonly number[], count: number): Int32Array | null {
  if (known.length === 0) return null;
  let at = 0;
  return Int32Array.from({ length: count }, (_, place) => {
    while (at + 1 < known.length && Math.abs(known[at + 1]! - place) < Math.abs(known[at]! - place)) at++;
    return known[at]!;
  });
}

/** The computed row that stands for this one, at the same place of its block where that has one. */
export function standInRow(blocks: Int32Array, row: number, queries: number): number {
  return Math.min(queries - 1, blocks[Math.floor(row / passRows)]! * passRows + (row % passRows));
}
