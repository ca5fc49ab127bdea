import type { Overview } from "../overview.ts";
import type { Plan } from "../plan.ts";
import { cellReader } from "./cells.ts";
import type { Computation } from "./computation.ts";
import { refreshed } from "./instance.ts";
import { mapless, type Pooling } from "./job.ts";
import { standInRow, standIns } from "./standIns.ts";

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
  const blocks = standIns(computation, head);
  const cut = (address: number): Float32Array => {
    if (!blocks) return new Float32Array(rows * columns);
    const map = floats.slice(address >>> 2, (address >>> 2) + rows * columns);
    return filled(map, columns, (line) => standInLine(blocks, line, pooling));
  };
  const [maximum, mean] = [cut(data.mapMaximum), cut(data.mapSum)];
  divideByCells(mean, queries, keys, pooling);
  const known = blocks ? blocks.filter((block, at) => block === at).length / blocks.length : 0;
  return { rows, columns, blockRows: pooling.rows, blockColumns: pooling.columns, maximum, mean, known };
}

/** The line of the map, out of computed rows, that stands for this one. */
export function standInLine(blocks: Int32Array, line: number, { rows, lines }: Pooling): number {
  return Math.min(lines - 1, Math.floor(standInRow(blocks, line * rows, lines * rows) / rows));
}

/** Each line replaced, in place, by the one that stands for it. */
export function filled(map: Float32Array, columns: number, standIn: (line: number) => number): Float32Array {
  for (let line = 0; line * columns < map.length; line++) {
    const from = standIn(line);
    if (from !== line) map.copyWithin(line * columns, from * columns, (from + 1) * columns);
  }
  return map;
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
