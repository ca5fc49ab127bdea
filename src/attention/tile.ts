import type { AttentionSizes } from "./problem.ts";
import type { Head, TileRequest } from "./result.ts";

/** @throws RangeError for a head, stage or rectangle that the result does not have: a bug of the caller. */
export function checkTile(request: TileRequest, sizes: AttentionSizes): void {
  const width = request.stage === "output" ? sizes.valueSize : sizes.keys;
  checkHead(request, sizes);
  checkSpan("row", request.row, request.rows, request.step, sizes.queries);
  checkSpan("column", request.column, request.columns, request.step, width);
}

/** @throws RangeError */
export function checkHead(head: Head, sizes: AttentionSizes): void {
  checkIndex("batch", head.batch, sizes.batch);
  checkIndex("head", head.head, sizes.heads);
}

/** @throws RangeError */
export function checkIndex(what: string, index: number, count: number): void {
  if (!Number.isInteger(index) || index < 0 || index >= count)
    throw new RangeError(`${what} ${index} is not in 0 … ${count - 1}`);
}

function checkSpan(what: string, start: number, blocks: number, step: number, count: number): void {
  checkIndex(what, start, count);
  const last = start + (blocks - 1) * step;
  if (!Number.isInteger(step) || step < 1 || blocks < 1 || last >= count) {
    throw new RangeError(`${what}s ${start} + ${blocks} blocks of ${step} go beyond ${count}`);
  }
}

/**
 * Puts one row of cells into block row `into`: each block keeps its maximum (of |x| with its sign for `output`).
 * NaN wins, so that a poisoned row is seen at every step.
 */
export function poolRow(values: Float32Array, into: number, request: TileRequest, row: ArrayLike<number>): void {
  const { columns, step, column, stage } = request;
  for (let block = 0; block < columns; block++) {
    const from = column + block * step;
    const to = Math.min(row.length, from + step);
    let best = values[into * columns + block]!;
    for (let at = from; at < to; at++) best = larger(best, row[at]!, stage === "output");
    values[into * columns + block] = best;
  }
}

/** What a block starts from. */
export function poolStart(request: TileRequest): number {
  return request.stage === "output" ? 0 : Number.NEGATIVE_INFINITY;
}

function larger(best: number, x: number, bySize: boolean): number {
  if (Number.isNaN(best) || Number.isNaN(x)) return Number.NaN;
  return (bySize ? Math.abs(x) > Math.abs(best) : x > best) ? x : best;
}
