import type { Overview } from "../overview.ts";
import type { Plan } from "../plan.ts";
import { cellReader } from "./cells.ts";
import type { Computation } from "./computation.ts";
import { refreshed } from "./instance.ts";
import { mapless } from "./job.ts";

/** The map of a head as far as it is computed; where no map was made, all its weights, which must be computed. */
export function overviewOf(plan: Plan, computation: Computation, head: number): Overview {
  if (computation.holding.job.pooling.columns === 0) return wholeOverview(plan, computation, head);
  return joinLines(mapOf(computation, head), plan.sizes.queries);
}

/** The map as the kernel made it: as many lines as there are passes of rows, or more. */
export function mapOf(computation: Computation, head: number): Overview {
  const { pooling, queries, keys } = computation.holding.job;
  const data = computation.data(head);
  const { floats } = refreshed(computation.home.kernel);
  const { blocks: columns, lines: rows } = pooling;
  const cut = (address: number): Float32Array => floats.slice(address >>> 2, (address >>> 2) + rows * columns);
  const [maximum, mean] = [cut(data.mapMaximum), cut(data.mapSum)];
  divideByCells(mean, queries, keys, pooling);
  const done = Array.from({ length: rows }, (_, line) => computation.isDone(head, line * pooling.rows));
  fillGaps(done, columns, [maximum, mean]);
  const known = done.filter(Boolean).length / rows;
  return { rows, columns, blockRows: pooling.rows, blockColumns: pooling.columns, maximum, mean, known };
}

/** The same map with lines joined until there are 1024 at most. */
function joinLines(map: Overview, queries: number): Overview {
  const join = Math.ceil(map.rows / 1024);
  if (join === 1) return map;
  const rows = Math.ceil(map.rows / join);
  const { columns, blockRows } = map;
  const [maximum, mean] = [new Float32Array(rows * columns), new Float32Array(rows * columns)];
  const height = (line: number, size: number): number => Math.min(size, queries - line * size);
  for (let line = 0; line < map.rows; line++) {
    const to = Math.floor(line / join);
    const share = height(line, blockRows) / height(to, blockRows * join);
    for (let column = 0; column < columns; column++) {
      const [at, from] = [to * columns + column, line * columns + column];
      maximum[at] = Math.max(maximum[at]!, map.maximum[from]!);
      mean[at]! += map.mean[from]! * share;
    }
  }
  return { ...map, rows, blockRows: blockRows * join, maximum, mean };
}

function wholeOverview(plan: Plan, computation: Computation, head: number): Overview {
  const { queries, keys } = plan.sizes;
  if (queries * keys > mapless) throw new RangeError("this result was made without a map");
  const reader = cellReader(plan, computation, head, "weights", 8 * keys);
  const maximum = new Float32Array(queries * keys);
  for (let row = 0; row < queries; row += 8) maximum.set(reader.read(row, 0, keys), row * keys);
  reader.dispose();
  return { rows: queries, columns: keys, blockRows: 1, blockColumns: 1, maximum, mean: maximum, known: 1 };
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
