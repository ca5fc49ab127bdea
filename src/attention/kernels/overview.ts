import type { Overview } from "../overview.ts";
import type { Computation } from "./computation.ts";
import { refreshed } from "./instance.ts";

/** The map of a head as far as it is computed. */
export function overviewOf(computation: Computation, head: number): Overview {
  const { pooling, queries, keys } = computation.holding.job;
  const data = computation.data(head);
  const { floats } = refreshed(computation.home.kernel);
  const { blocks: columns, lines: rows } = pooling;
  const cut = (address: number): Float32Array => floats.slice(address >>> 2, (address >>> 2) + rows * columns);
  const maximum = cut(data.mapMaximum);
  const mean = pooling.columns === 1 && pooling.rows === 1 ? maximum : cut(data.mapSum);
  if (mean !== maximum) divideByCells(mean, queries, keys, pooling);
  const done = Array.from({ length: rows }, (_, line) => computation.isDone(head, line * pooling.rows));
  fillGaps(done, columns, mean === maximum ? [maximum] : [maximum, mean]);
  const known = done.filter(Boolean).length / rows;
  return { rows, columns, blockRows: pooling.rows, blockColumns: pooling.columns, maximum, mean, known };
}

function divideByCells(
  sums: Float32Array,
  queries: number,
  keys: number,
  pooling: { rows: number; columns: number; lines: number; blocks: number },
): void {
  for (let line = 0; line < pooling.lines; line++) {
    const high = Math.min(pooling.rows, queries - line * pooling.rows);
    for (let block = 0; block < pooling.blocks; block++) {
      const wide = Math.min(pooling.columns, keys - block * pooling.columns);
      sums[line * pooling.blocks + block]! /= high * wide;
    }
  }
}

/** Copies the nearest computed line into each line that is not. */
function fillGaps(done: readonly boolean[], columns: number, maps: readonly Float32Array[]): void {
  const known = done.flatMap((is, line) => (is ? [line] : []));
  if (known.length === 0 || known.length === done.length) return;
  let at = 0;
  for (let line = 0; line < done.length; line++) {
    while (at + 1 < known.length && Math.abs(known[at + 1]! - line) < Math.abs(known[at]! - line)) at++;
    if (done[line]) continue;
    for (const map of maps) map.copyWithin(line * columns, known[at]! * columns, (known[at]! + 1) * columns);
  }
}
