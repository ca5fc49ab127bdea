import type { Stage } from "../../src/attention/problem.ts";
import type { AttentionRow, CellDerivation, RowStatistics } from "../../src/attention/result.ts";
import type { ResultSummary } from "../../src/protocol/core.ts";
import { type Answered, useAnswer, useHead } from "../context.ts";
import type { Place } from "../state.ts";

/** Rows with more keys than this are not sent whole: 16,384 keys are half a megabyte. */
export const longRow = 16_384;
/** From so many keys on, a single number is asked for alone: the pointer crosses sixty rows a second. */
const singleCells = 2048;
/** Of long rows, so many of the largest weights. */
const topCount = 400;

export function isLong({ sizes }: ResultSummary): boolean {
  return sizes.keys > longRow;
}

/** A query's row, whole; asks nothing where it would be too long. */
export function useRow(result: ResultSummary, query: number): Answered<AttentionRow> {
  const head = useHead();
  return useAnswer<"row">(head && !isLong(result) ? { method: "row", ...head, query } : null);
}

/** What is shown of a query's weights: whole where it is short, else the largest. */
export interface RowOfWeights {
  readonly query: number;
  readonly statistics: RowStatistics;
  /** Keys with their weights; all keys in order where `whole`. */
  readonly keys: ArrayLike<number>;
  readonly weights: Float64Array;
  readonly whole: boolean;
  /** The first key whose score, NaN or +∞, leaves the row without weights; null where there is none. */
  readonly spoiler: { readonly key: number; readonly score: number } | null;
}

export function useWeights(
  result: ResultSummary,
  query: number,
): { readonly value: RowOfWeights | null; readonly current: boolean } {
  const head = useHead();
  const row = useRow(result, query);
  const top = useAnswer<"top">(head && isLong(result) ? { method: "top", ...head, query, count: topCount } : null);
  if (row.value) {
    const { weights, statistics, masked } = row.value;
    const at = result.given ? -1 : masked.findIndex((score) => !(score < Number.POSITIVE_INFINITY));
    const spoiler = at < 0 ? null : { key: at, score: masked[at]! };
    const keys = { length: weights.length } as ArrayLike<number>;
    return {
      value: { query: row.value.query, statistics, keys: inOrder(keys), weights, whole: true, spoiler },
      current: row.current,
    };
  }
  return { value: top.value ? { ...top.value, whole: false, spoiler: null } : null, current: top.current };
}

function inOrder({ length }: ArrayLike<number>): number[] {
  return Array.from({ length }, (_, key) => key);
}

/** A row whose cells are read one after the other; null where single cells are asked for instead. */
export function useReadRow(result: ResultSummary, query: number): Answered<AttentionRow> {
  const head = useHead();
  return useAnswer<"row">(head && result.sizes.keys <= singleCells ? { method: "row", ...head, query } : null);
}

/** The exact number of one cell, and its place among its row's weights; undefined while it is awaited. */
export function useCellValue(result: ResultSummary, stage: Stage, place: Place): CellValue {
  const head = useHead();
  const row = useReadRow(result, place.query);
  const alone = head && result.sizes.keys > singleCells;
  const byCell = alone && stage !== "output" && !result.given;
  const cell = useAnswer<"cell">(byCell ? { method: "cell", ...head, ...place } : null);
  const one = { row: place.query, column: place.key, rows: 1, columns: 1, step: 1 };
  const tile = useAnswer<"tile">(alone && !byCell ? { method: "tile", ...head, stage, ...one } : null);
  if (!alone) return { value: row.current ? row.value?.[stage][place.key] : undefined };
  if (!byCell) return { value: tile.current ? tile.value?.values[0] : undefined };
  return cell.current && cell.value
    ? { value: ofStage(cell.value, stage), rank: cell.value.rank }
    : { value: undefined };
}

export interface CellValue {
  readonly value: number | undefined;
  /** From 0; absent where the row tells it. */
  readonly rank?: number;
}

function ofStage(cell: CellDerivation, stage: Stage): number | undefined {
  const { score, scaled, masked, weight } = cell;
  return { scores: score, scaled, masked, weights: weight, output: undefined }[stage];
}
