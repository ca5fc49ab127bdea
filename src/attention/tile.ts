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
export function poolRow(
  values: Float32Array,
  into: number,
  request: TileRequest,
  row: Float32Array | Float64Array,
): void {
  if (request.stage === "output") poolBySize(values, into, request, row);
  else if (row instanceof Float32Array) poolFloats(values, into, request, row);
  else poolFloats(values, into, request, Float32Array.from(row));
}

/** One loop over one kind of array, without calls, since it runs over millions of cells. */
function poolFloats(
  values: Float32Array,
  into: number,
  { columns, step, column }: TileRequest,
  row: Float32Array,
): void {
  let at = column;
  for (let block = into * columns; block < (into + 1) * columns; block++) {
    const end = Math.min(row.length, at + step);
    let best = values[block]!;
    let poisoned = Number.isNaN(best);
    for (; at < end; at++) {
      const x = row[at]!;
      if (x > best) best = x;
      else if (Number.isNaN(x)) poisoned = true;
    }
    values[block] = poisoned ? Number.NaN : best;
  }
}

function poolBySize(values: Float32Array, into: number, request: TileRequest, row: Float32Array | Float64Array): void {
  const { columns, step, column } = request;
  for (let block = 0; block < columns; block++) {
    const from = column + block * step;
    const at = into * columns + block;
    values[at] = largestBySize(row, from, Math.min(row.length, from + step), values[at]!);
  }
}

function largestBySize(row: Float32Array | Float64Array, from: number, to: number, start: number): number {
  let best = start;
  for (let at = from; at < to; at++) if (Math.abs(row[at]!) > Math.abs(best) || Number.isNaN(row[at]!)) best = row[at]!;
  return best;
}

/** What a block starts from. */
export function poolStart(request: TileRequest): number {
  return request.stage === "output" ? 0 : Number.NEGATIVE_INFINITY;
}
