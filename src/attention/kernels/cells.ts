import type { Plan } from "../plan.ts";
import type { Stage } from "../problem.ts";
import { limitsOf } from "../reference/result.ts";
import { pointAtHead, prepareScratch, type Scratch, scratchBytes, writeRanges } from "./block.ts";
import type { Computation } from "./computation.ts";
import { contextFields } from "./contextFields.ts";
import { copyQueries } from "./holding.ts";
import { type Kernel, refreshed } from "./instance.ts";
import type { HeadData, Job } from "./job.ts";
import { KernelRefusal } from "./refusal.ts";

/** Stages that the kernel computes cell by cell; `output` is read from memory. */
export type CellStage = Exclude<Stage, "output">;

/** A rectangle of blocks of `step` × `step` cells, in the cells' own counts. */
export interface CellBlocks {
  readonly row: number;
  readonly column: number;
  /** Blocks. */
  readonly rows: number;
  readonly columns: number;
  readonly step: number;
}

/** Recomputes cells of any stage from Q, K and the rows' statistics, eight rows at a time. */
export interface CellReader {
  /** Cells of up to 8 rows from `row` on and keys from … to, `rows × (to − from)`, in the reader's own buffer: good until the next call. */
  read(row: number, from: number, to: number): Float32Array;
  /** The largest cell of each block (NaN wins), in the reader's own buffer: good until the next call. Rows of weights that are not computed take no part; a line that has no other is −∞. */
  pooled(blocks: CellBlocks): Float32Array;
  /** Least and largest finite cell of up to 8 rows from `row` on, joined with those asked for before. */
  extend(row: number): void;
  limits(): { readonly minimum: number; readonly maximum: number };
  dispose(): void;
}

const stageNumber: Readonly<Record<CellStage, number>> = { scores: 0, scaled: 0, masked: 1, weights: 2 };

/** @param most the most cells or blocks that one `read` or `pooled` answers with */
export function cellReader(
  plan: Plan,
  computation: Computation,
  head: number,
  stage: CellStage,
  most: number,
): CellReader {
  const { home, holding } = computation;
  const data = computation.data(head);
  const job: Job = { ...holding.job, heads: [data] };
  const { arena } = home;
  const base = arena.allocate(scratchBytes(job, home.keys));
  const out = arena.allocate(most * 4 + 16);
  const queries = arena.allocate(8 * job.size * 4);
  if (base === null || out === null || queries === null) throw new KernelRefusal("memory is refused");
  const kernel = refreshed(home.kernel);
  const scratch = prepareScratch(kernel, job, base);
  const bits = stage === "weights" ? Math.LOG2E : 1;
  pointAtHead(kernel, job, scratch.context, data, (stage === "scores" ? 1 : plan.scale) * bits, bits);
  const limitsAt = (scratch.context + 480) >>> 2;
  kernel.floats.fill(Number.POSITIVE_INFINITY, limitsAt, limitsAt + 4);
  kernel.floats.fill(Number.NEGATIVE_INFINITY, limitsAt + 4, limitsAt + 8);
  const prepare = (row: number): Kernel => {
    const now = refreshed(home.kernel);
    writeRanges(now, job, scratch, data.batch, row);
    // The kernel looks for row `row` of all: where the queries lay, outputs may be by now.
    copyQueries(plan, now, data.batch, head % plan.sizes.heads, row, Math.min(row + 8, job.queries), queries);
    now.integers[(scratch.context >>> 2) + contextFields.query] = queries - row * job.size * 4;
    now.exports.packQuery(scratch.context, 0, row);
    if (stage === "weights") loadState(now, job, scratch, data, row);
    return now;
  };
  return {
    read(row, from, to) {
      const now = prepare(row);
      const last = Math.min(row + 8, job.queries);
      setTile(now, scratch, out, to - from);
      now.exports.cells(scratch.context, row, last, from, to, stageNumber[stage], 1, row);
      return now.floats.subarray(out >>> 2, (out >>> 2) + (last - row) * (to - from));
    },
    pooled({ row, column, rows, columns, step }) {
      const end = Math.min(job.queries, row + rows * step);
      const [to, size] = [Math.min(job.keys, column + columns * step), rows * columns];
      refreshed(home.kernel).floats.fill(Number.NEGATIVE_INFINITY, out >>> 2, (out >>> 2) + size);
      // Groups end where blocks of computed rows may end.
      for (let first = row, last = 0; first < end; first = last) {
        last = Math.min(end, first - (first % 8) + 8);
        if (stage === "weights" && !computation.hasStatistics(head, first)) continue;
        const now = prepare(first);
        setTile(now, scratch, out, columns);
        now.exports.cells(scratch.context, first, last, column, to, stageNumber[stage], step, row);
      }
      return refreshed(home.kernel).floats.subarray(out >>> 2, (out >>> 2) + size);
    },
    extend(row) {
      prepare(row).exports.extent(scratch.context, row, 0, job.keys, stageNumber[stage]);
    },
    limits() {
      const { floats } = refreshed(home.kernel);
      const found = (from: number, pick: (...x: number[]) => number): number =>
        pick(...floats.subarray(limitsAt + from, limitsAt + from + 4));
      return limitsOf([found(0, Math.min), found(4, Math.max)]);
    },
    dispose() {
      arena.free(base);
      arena.free(out);
      arena.free(queries);
    },
  };
}

/** The rows' maximum and 1/sum, lane by lane; a fully masked row gets 0 so that its weights are 0. */
function loadState({ floats }: Kernel, job: Job, scratch: Scratch, data: HeadData, row: number): void {
  const state = scratch.state >>> 2;
  for (let lane = 0; lane < 8; lane++) {
    const at = (data.statistics >>> 2) + Math.min(row + lane, job.queries - 1) * 3;
    const sum = floats[at + 1]!;
    floats[state + lane] = floats[at]!;
    floats[state + 8 + lane] = sum === 0 ? 0 : 1 / sum;
  }
}

function setTile({ integers }: Kernel, scratch: Scratch, out: number, columns: number): void {
  integers[(scratch.context >>> 2) + contextFields.tileOut] = out;
  integers[(scratch.context >>> 2) + contextFields.tileColumns] = columns;
}
