import { openKeys } from "../fullyMasked.ts";
import { patternOf } from "../pattern.ts";
import type { Plan } from "../plan.ts";
import type { Head, HeadSummary } from "../result.ts";
import { type CellReader, cellReader } from "./cells.ts";
import type { Computation } from "./computation.ts";
import { refreshed } from "./instance.ts";
import { overviewOf } from "./overview.ts";
import { statisticsOf } from "./rowStatistics.ts";

/**
 * What a thumbnail says of a head, of the share `known` of its rows that is computed: entropies from the rows' statistics,
 * single weights recomputed.
 */
export function kernelSummary(plan: Plan, computation: Computation, { batch, head }: Head, known: number): HeadSummary {
  const at = batch * plan.sizes.heads + head;
  const computed = Array.from({ length: plan.sizes.queries }, (_, row) => row).filter(
    (row) => known === 1 || computation.isDone(at, row),
  );
  const { rows, entropy, flatness, fullyMaskedRows } = entropies(plan, computation, batch, head, computed);
  const reader = cellReader(plan, computation, at, "weights", 8 * Math.max(2, computation.holding.job.pooling.columns));
  try {
    const [self, previous, first] = placeSums(plan, batch, reader, computed).map((sum) => sum / Math.max(1, rows)) as [
      number,
      number,
      number,
    ];
    const pattern = patternOf({ self, previous, first, flatness }, plan.sizes.queries, plan.sizes.keys);
    const peak = peakOf(computation, at, reader, plan);
    const summary = { batch, head, peak, self, previous, first, fullyMaskedRows, pattern };
    return { ...summary, entropy: entropy / Math.max(1, rows), ...(known < 1 && { known }) };
  } finally {
    reader.dispose();
  }
}

function entropies(
  plan: Plan,
  computation: Computation,
  batch: number,
  head: number,
  computed: readonly number[],
): { rows: number; entropy: number; flatness: number; fullyMaskedRows: number } {
  let [rows, flatRows, entropy, flatness, fullyMaskedRows] = [0, 0, 0, 0, 0];
  for (const query of computed) {
    const statistics = statisticsOf(plan, computation, batch, head, query);
    if (statistics.fullyMasked) {
      fullyMaskedRows++;
      continue;
    }
    rows++;
    entropy += statistics.entropy;
    const open = openKeys(plan, batch, head, query);
    if (open > 1) [flatRows, flatness] = [flatRows + 1, flatness + statistics.entropy / Math.log(open)];
  }
  return { rows, entropy, flatness: flatness / Math.max(1, flatRows), fullyMaskedRows };
}

/** Σ over rows of the weight on the query's own position, the one before, and the first key. */
function placeSums(
  plan: Plan,
  batch: number,
  reader: CellReader,
  computed: readonly number[],
): [number, number, number] {
  const { keys } = plan.sizes;
  const sums: [number, number, number] = [0, 0, 0];
  for (const row of computed) {
    const own = plan.positions.own(batch, row);
    const [from, to] = [Math.max(0, own - 1), Math.min(keys, own + 1)];
    if (row % 8 === 0) {
      const firsts = reader.read(row, 0, 1);
      for (const w of firsts) sums[2] += w;
    }
    if (from >= to) continue;
    const near = reader.read(row, from, to);
    if (own < keys) sums[0] += near[own - from]!;
    if (own - 1 >= from) sums[1] += near[own - 1 - from]!;
  }
  return sums;
}

/** The largest weight: the map tells the block, whose cells are recomputed. Rows that are not computed count as 0. */
function peakOf(computation: Computation, head: number, reader: CellReader, plan: Plan): HeadSummary["peak"] {
  const { maxima, columns, blockRows, blockColumns } = blocksOf(plan, computation, head);
  let block = -1;
  for (let at = 0; at < maxima.length; at++) if (maxima[at]! > (block < 0 ? 0 : maxima[block]!)) block = at;
  if (block < 0) return { value: 0, query: -1, key: -1 };
  const [row, column] = [Math.floor(block / columns) * blockRows, (block % columns) * blockColumns];
  const to = Math.min(plan.sizes.keys, column + blockColumns);
  let peak = { value: 0, query: -1, key: -1 };
  for (let first = row; first < Math.min(plan.sizes.queries, row + blockRows); first += 8) {
    for (const [at, value] of reader.read(first, column, to).entries()) {
      const query = first + Math.floor(at / (to - column));
      if (value > peak.value && query < row + blockRows) peak = { value, query, key: column + (at % (to - column)) };
    }
  }
  return peak;
}

/** The largest weight of each block of the map; of each cell where there is no map. */
function blocksOf(
  plan: Plan,
  computation: Computation,
  head: number,
): { maxima: Float32Array; columns: number; blockRows: number; blockColumns: number } {
  const { pooling } = computation.holding.job;
  if (pooling.columns === 0) {
    const { maximum, columns } = overviewOf(plan, computation, head);
    return { maxima: maximum, columns, blockRows: 1, blockColumns: 1 };
  }
  const start = computation.data(head).mapMaximum >>> 2;
  const maxima = refreshed(computation.home.kernel).floats.slice(start, start + pooling.blocks * pooling.lines);
  for (let line = 0; line < pooling.lines; line++) {
    if (!computation.isDone(head, line * pooling.rows))
      maxima.fill(0, line * pooling.blocks, (line + 1) * pooling.blocks);
  }
  return { maxima, columns: pooling.blocks, blockRows: pooling.rows, blockColumns: pooling.columns };
}
