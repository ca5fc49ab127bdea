import type { Overview } from "../overview.ts";
import type { Plan } from "../plan.ts";
import type { Tile, TileRequest } from "../result.ts";
import { checkTile, poolRow, poolStart } from "../tile.ts";
import { type CellStage, cellReader } from "./cells.ts";
import type { Computation } from "./computation.ts";
import { refreshed } from "./instance.ts";
import { mapOf } from "./overview.ts";
import { sampledTile } from "./sampledTile.ts";

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
  if (request.stage === "weights" && fromOverview(computation, request)) {
    await computation.rows(head, request.row, end, signal);
    return overviewTile(computation, head, request);
  }
  if (request.stage === "weights" || request.stage === "output") await computation.rows(head, request.row, end, signal);
  else if (isVast(request)) return sampledTile(plan, request);
  if (request.stage === "output") return outputTile(plan, computation, head, request);
  return recomputed(plan, computation, head, request, request.stage, signal);
}

/** True for tiles of so many cells that recomputing them would take too long. */
function fromOverview({ holding }: Computation, request: TileRequest): boolean {
  return holding.job.pooling.columns > 0 && isVast(request);
}

function isVast({ rows, columns, step }: TileRequest): boolean {
  return rows * columns * step * step > recomputedCells;
}

/** Blocks of the map joined: where they do not fit the tile's, a block takes in all that it touches. */
function overviewTile(computation: Computation, head: number, request: TileRequest): Tile {
  const map = mapOf(computation, head);
  const { row, column, rows, columns, step } = request;
  const values = new Float32Array(rows * columns).fill(poolStart(request));
  for (let block = 0; block < rows; block++) {
    const from = Math.floor((row + block * step) / map.blockRows);
    const to = Math.min(map.rows, Math.ceil((row + (block + 1) * step) / map.blockRows));
    for (let line = from; line < to; line++) poolLine(map, line, values, block, column, columns, step);
  }
  return { ...request, values };
}

function poolLine(
  map: Overview,
  line: number,
  values: Float32Array,
  into: number,
  column: number,
  columns: number,
  step: number,
): void {
  for (let block = 0; block < columns; block++) {
    const from = Math.floor((column + block * step) / map.blockColumns);
    const to = Math.min(map.columns, Math.ceil((column + (block + 1) * step) / map.blockColumns));
    const at = into * columns + block;
    for (let x = from; x < to; x++) values[at] = Math.max(values[at]!, map.maximum[line * map.columns + x]!);
  }
}

function outputTile({ sizes }: Plan, computation: Computation, head: number, request: TileRequest): Tile {
  const values = new Float32Array(request.rows * request.columns).fill(poolStart(request));
  const start = computation.data(head).output >>> 2;
  const { floats } = refreshed(computation.home.kernel);
  eachRow(request, sizes.queries, (query, block) => {
    poolRow(
      values,
      block,
      request,
      floats.subarray(start + query * sizes.valueSize, start + (query + 1) * sizes.valueSize),
    );
  });
  return { ...request, values };
}

function eachRow(
  { row, rows, step }: TileRequest,
  queries: number,
  visit: (query: number, block: number) => void,
): void {
  const end = Math.min(queries, row + rows * step);
  for (let query = row; query < end; query++) visit(query, Math.floor((query - row) / step));
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
