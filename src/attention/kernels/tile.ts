import type { Plan } from "../plan.ts";
import type { Tile, TileRequest } from "../result.ts";
import { checkTile, poolRow, poolStart } from "../tile.ts";
import { type CellStage, cellReader } from "./cells.ts";
import type { Computation, RowsOptions } from "./computation.ts";
import { refreshed } from "./instance.ts";
import { passRows } from "./job.ts";
import { filled, standInLine } from "./overview.ts";
import { sampledTile } from "./sampledTile.ts";
import { nearest, standInRow, standIns } from "./standIns.ts";
import { firstOfTile } from "./turns.ts";

/** A tile over more cells than this comes from the map (weights), or from one cell a block (scores). */
const recomputedCells = 2048 * 2048;

/** A tile of any stage, out of the kernel. */
export async function kernelTile(
  plan: Plan,
  computation: Computation,
  request: TileRequest,
  signal?: AbortSignal,
): Promise<Tile> {
  checkTile(request, plan.sizes);
  const head = request.batch * plan.sizes.heads + request.head;
  const end = Math.min(plan.sizes.queries, request.row + request.rows * request.step);
  const { stage, beyond } = request;
  const rows = (options: RowsOptions): Promise<number> => computation.rows(head, request.row, end, options);
  if (stage === "output") return drafted(await rows({ signal, beyond }), outputTile(plan, computation, head, request));
  if (stage !== "weights") {
    return isVast(request) ? sampledTile(plan, request) : recomputed(plan, computation, head, request, stage, signal);
  }
  if (fromOverview(computation, request))
    return drafted(await rows({ signal, beyond }), overviewTile(computation, head, request));
  const weights = weightsFor(plan, computation, head, [request.row, end]);
  let known = await weights({ signal, beyond, first: firstOfTile });
  let tile = recomputed(plan, computation, head, request, stage, signal);
  while (known < 1 && !standInLines(tile)) {
    known = await weights({ signal, beyond: known, first: firstOfTile });
    tile = recomputed(plan, computation, head, request, stage, signal);
  }
  return drafted(known, tile);
}

/** Computes what the weights of rows from … to need: of a small part of a head only the statistics, half of the work. */
function weightsFor(
  { sizes }: Plan,
  computation: Computation,
  head: number,
  [from, to]: readonly [number, number],
): (options: RowsOptions) => Promise<number> {
  if ((to - from) * 4 > sizes.queries) return (options) => computation.rows(head, from, to, options);
  const wanted = Array.from({ length: to - from }, (_, at) => from + at);
  return (options) => computation.statistics(head, wanted, wanted.length >= passRows, options);
}

/** Lines without a computed row repeat the nearest that has one. False if none has. */
function standInLines({ values, rows, columns }: Tile): boolean {
  const isKnown = (line: number): boolean => values[line * columns] !== Number.NEGATIVE_INFINITY;
  const known = Array.from({ length: rows }, (_, line) => line).filter(isKnown);
  const standIn = nearest(known, rows);
  if (standIn) filled(values, columns, (line) => standIn[line]!);
  return standIn !== null;
}

function drafted(known: number, tile: Tile): Tile {
  return known < 1 ? { ...tile, known } : tile;
}

/** True for tiles of so many cells that recomputing them would take too long. */
function fromOverview({ holding }: Computation, request: TileRequest): boolean {
  return holding.job.pooling.columns > 0 && isVast(request);
}

function isVast({ rows, columns, step }: TileRequest): boolean {
  return rows * columns * step * step > recomputedCells;
}

/**
 * Blocks of the map joined: where they do not fit the tile's, a block takes in all that it touches. Lines that are not
 * computed take no part, unless a block has no other: then the nearest one stands in.
 */
function overviewTile(computation: Computation, head: number, request: TileRequest): Tile {
  const { pooling } = computation.holding.job;
  const { floats } = refreshed(computation.home.kernel);
  const map = computation.data(head).mapMaximum >>> 2;
  const blocks = standIns(computation, head)!;
  const { row, column, rows, columns, step } = request;
  const values = new Float32Array(rows * columns).fill(poolStart(request));
  for (let block = 0; block < rows; block++) {
    const from = Math.floor((row + block * step) / pooling.rows);
    const to = Math.min(pooling.lines, Math.ceil((row + (block + 1) * step) / pooling.rows));
    const lines = Array.from({ length: to - from }, (_, at) => from + at);
    const computed = lines.filter((line) => standInLine(blocks, line, pooling) === line);
    for (const line of computed.length > 0 ? computed : [standInLine(blocks, from, pooling)]) {
      const start = map + line * pooling.blocks;
      poolLine(floats.subarray(start, start + pooling.blocks), pooling.columns, values, block, {
        column,
        columns,
        step,
      });
    }
  }
  return { ...request, values };
}

function poolLine(
  line: Float32Array,
  width: number,
  values: Float32Array,
  into: number,
  { column, columns, step }: Pick<TileRequest, "column" | "columns" | "step">,
): void {
  for (let block = 0; block < columns; block++) {
    const from = Math.floor((column + block * step) / width);
    const to = Math.min(line.length, Math.ceil((column + (block + 1) * step) / width));
    const at = into * columns + block;
    for (let x = from; x < to; x++) values[at] = Math.max(values[at]!, line[x]!);
  }
}

function outputTile({ sizes }: Plan, computation: Computation, head: number, request: TileRequest): Tile {
  const { rows, step } = request;
  const values = new Float32Array(rows * request.columns).fill(poolStart(request));
  const start = computation.data(head).output >>> 2;
  const { floats } = refreshed(computation.home.kernel);
  const blocks = standIns(computation, head)!;
  const end = Math.min(sizes.queries, request.row + rows * step);
  for (let query = request.row; query < end; query++) {
    const from = start + standInRow(blocks, query, sizes.queries) * sizes.valueSize;
    poolRow(values, Math.floor((query - request.row) / step), request, floats.subarray(from, from + sizes.valueSize));
  }
  return { ...request, values };
}

/** Blocks that are recomputed at a time, before the caller may give up. */
const blocksAtOnce = 2 ** 18;

function recomputed(
  plan: Plan,
  computation: Computation,
  head: number,
  request: TileRequest,
  stage: CellStage,
  signal?: AbortSignal,
): Tile {
  const { row, rows, columns, step } = request;
  const values = new Float32Array(rows * columns);
  const lines = Math.max(1, Math.min(rows, Math.floor(blocksAtOnce / columns)));
  const reader = cellReader(plan, computation, head, stage, lines * columns);
  try {
    for (let line = 0; line < rows; line += lines) {
      signal?.throwIfAborted();
      const part = { ...request, row: row + line * step, rows: Math.min(lines, rows - line) };
      values.set(reader.pooled(part), line * columns);
    }
  } finally {
    reader.dispose();
  }
  return { ...request, values };
}
