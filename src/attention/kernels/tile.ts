import type { Plan } from "../plan.ts";
import type { Tile, TileRequest } from "../result.ts";
import { checkTile, poolRow, poolStart } from "../tile.ts";
import { type CellStage, cellReader } from "./cells.ts";
import type { Computation } from "./computation.ts";
import { refreshed } from "./instance.ts";
import { overviewOf } from "./overview.ts";

/** More cells than this are not recomputed for a tile of weights where the overview knows them as well. */
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
    return overviewTile(plan, computation, head, request);
  }
  if (request.stage === "weights" || request.stage === "output") await computation.rows(head, request.row, end, signal);
  else computation.data(head);
  if (request.stage === "output") return outputTile(plan, computation, head, request);
  return recomputed(plan, computation, head, request, request.stage, signal);
}

/** True where the overview's blocks fit into the tile's: nothing would be lost. */
function fromOverview({ holding }: Computation, { row, column, rows, columns, step }: TileRequest): boolean {
  const { pooling } = holding.job;
  if (pooling.columns === 0 || rows * columns * step * step <= recomputedCells) return false;
  return [row, step].every((x) => x % pooling.rows === 0) && [column, step].every((x) => x % pooling.columns === 0);
}

function overviewTile(plan: Plan, computation: Computation, head: number, request: TileRequest): Tile {
  const map = overviewOf(plan, computation, head);
  const values = new Float32Array(request.rows * request.columns).fill(poolStart(request));
  const [high, wide] = [request.step / map.blockRows, request.step / map.blockColumns];
  const scaled = { ...request, step: wide, column: request.column / map.blockColumns };
  for (let block = 0; block < request.rows; block++) {
    const from = request.row / map.blockRows + block * high;
    for (let line = from; line < Math.min(map.rows, from + high); line++) {
      poolRow(values, block, scaled, map.maximum.subarray(line * map.columns, (line + 1) * map.columns));
    }
  }
  return { ...request, values };
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

function recomputed(
  plan: Plan,
  computation: Computation,
  head: number,
  request: TileRequest,
  stage: CellStage,
  signal?: AbortSignal,
): Tile {
  const { row, column, rows, columns, step } = request;
  const end = Math.min(plan.sizes.queries, row + rows * step);
  const to = Math.min(plan.sizes.keys, column + columns * step);
  const values = new Float32Array(rows * columns).fill(poolStart(request));
  const reader = cellReader(plan, computation, head, stage, to - column);
  const shifted = { ...request, column: 0 };
  try {
    for (let first = row; first < end; first += 8) {
      signal?.throwIfAborted();
      const cells = reader.read(first, column, to);
      if (step === 1) {
        values.set(cells.subarray(0, Math.min(8, end - first) * columns), (first - row) * columns);
        continue;
      }
      for (let query = first; query < Math.min(end, first + 8); query++) {
        const at = (query - first) * (to - column);
        poolRow(values, Math.floor((query - row) / step), shifted, cells.subarray(at, at + to - column));
      }
    }
  } finally {
    reader.dispose();
  }
  return { ...request, values };
}
