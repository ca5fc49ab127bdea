import { differences, divergences, type Pause } from "../attention/comparison.ts";
import type { AttentionResult } from "../attention/result.ts";
import { rowStart, rowsOf } from "../attention/rows.ts";
import type { CoreApi, InputTile, RowLimits, TopKeys } from "../protocol/core.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** Answers to looks at a result that need more than one of its own answers. */

type Asked<M extends keyof CoreApi> = Parameters<CoreApi[M]>[0];

/** A rectangle of an input as this query head sees it: query head h reads key/value head ⌊h / (heads / kvHeads)⌋. */
export function inputTile(input: Tensor, heads: number, asked: Asked<"input">): InputTile {
  const rows = rowsOf(input);
  const group = heads / rows.heads;
  const start = (row: number) => rowStart(rows, asked.batch, Math.floor(asked.head / group), row);
  const { row, column, columns, step } = asked;
  const values = new Float32Array(asked.rows * columns);
  const [lastRow, lastColumn] = [
    Math.min(rows.rows, row + asked.rows * step),
    Math.min(rows.size, column + columns * step),
  ];
  for (let y = row; y < lastRow; y++) {
    const from = start(y);
    for (let x = column; x < lastColumn; x++) {
      const block = Math.floor((y - row) / step) * columns + Math.floor((x - column) / step);
      const value = rows.data[from + x]!;
      if (Number.isNaN(value) || Math.abs(value) > Math.abs(values[block]!)) values[block] = value;
    }
  }
  return { row, column, rows: asked.rows, columns, step, values };
}

/** The largest weights of a query, largest first; equal ones in the order of their keys. */
export function topKeys(result: AttentionResult, { query, count, ...head }: Asked<"top">): TopKeys {
  const { weights, statistics } = result.row(head, query);
  // Sorting bare numbers is quick; only those that can be among the first are put in order with their keys.
  const least = weights.toSorted()[Math.max(0, weights.length - count)] ?? Number.NaN;
  const candidates = Uint32Array.from(weights.keys()).filter((key) => !(weights[key]! < least));
  const keys = candidates.sort((a, b) => weights[b]! - weights[a]! || a - b).slice(0, count);
  return { query, keys, weights: Float64Array.from(keys, (key) => weights[key]!), statistics };
}

/** Cells of the tiles out of which rows' limits are read: some milliseconds of the kernels. */
const cellsAtOnce = 2 ** 20;

/** Of each block of rows, out of the numbers that are shown, all of them. */
export async function rowLimits(
  result: AttentionResult,
  { stage, row, rows, step, batch, head }: Asked<"rowLimits">,
  pause: Pause,
): Promise<RowLimits> {
  const minimum = new Float32Array(rows).fill(Number.NaN);
  const maximum = new Float32Array(rows).fill(Number.NaN);
  const columns = stage === "output" ? result.sizes.valueSize : result.sizes.keys;
  const last = Math.min(result.sizes.queries, row + rows * step);
  const lines = Math.max(1, Math.floor(cellsAtOnce / columns));
  for (let from = row; from < last; from += lines) {
    const part = { row: from, rows: Math.min(lines, last - from), column: 0, columns, step: 1 };
    const { values } = await result.tile({ batch, head, stage, ...part }, pause.signal);
    for (let line = 0; line < part.rows; line++) {
      const block = Math.floor((from + line - row) / step);
      const span = finiteSpan(values, line * columns, (line + 1) * columns);
      if (!(span.minimum >= minimum[block]!)) minimum[block] = span.minimum;
      if (!(span.maximum <= maximum[block]!)) maximum[block] = span.maximum;
    }
    await pause();
  }
  return { row, step, minimum, maximum };
}

/** Least and largest finite number of `values[from … to)`; NaN where there is none. */
function finiteSpan(values: Float32Array, from: number, to: number): { minimum: number; maximum: number } {
  let [minimum, maximum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let at = from; at < to; at++) {
    const x = values[at]!;
    if (x < minimum && x !== Number.NEGATIVE_INFINITY) minimum = x;
    if (x > maximum && x !== Number.POSITIVE_INFINITY) maximum = x;
  }
  return minimum <= maximum ? { minimum, maximum } : { minimum: Number.NaN, maximum: Number.NaN };
}

export async function differenceTile(
  left: AttentionResult,
  right: AttentionResult,
  asked: Asked<"difference">,
  pause: Pause,
) {
  const { result: _, other, ...tile } = asked;
  return {
    ...tile,
    ...(await differences({ result: left, head: tile }, { result: right, head: other }, tile, pause)),
  };
}

export async function divergence(
  left: AttentionResult,
  right: AttentionResult,
  asked: Asked<"divergence">,
  pause: Pause,
) {
  return divergences({ result: left, head: asked }, { result: right, head: asked.other }, pause);
}
