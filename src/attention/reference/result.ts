import { countFullyMasked } from "../fullyMasked.ts";
import { overviewOfRows } from "../overviewOfRows.ts";
import type { Plan } from "../plan.ts";
import { type Stage, stages } from "../problem.ts";
import type {
  AttentionResult,
  AttentionRow,
  CellDerivation,
  Head,
  HeadSummary,
  Limits,
  Tile,
  TileRequest,
} from "../result.ts";
import { checkHead, checkIndex, checkTile, poolRow, poolStart } from "../tile.ts";
import { deriveCell } from "./cell.ts";
import { type Pace, pacer, SharedAnswers } from "./pace.ts";
import { computeRow } from "./row.ts";
import { headSummarizer } from "./summary.ts";

/** What one pass over a head leaves: O(L·Ev). */
interface HeadPass {
  readonly summary: HeadSummary;
  readonly limits: Readonly<Record<Stage, Limits>>;
  readonly output: Float64Array;
}

/**
 * The readable result, in float64: every answer recomputes the rows it needs. Slow and right; what the kernels are
 * compared with, and what derivations show. With `nextTurn` long answers let others have the thread now and then.
 */
export function referenceResult(plan: Plan, nextTurn?: () => Promise<void>): AttentionResult {
  const { sizes, scale, notes } = plan;
  const passes = new SharedAnswers((at, signal) => headPass(plan, headAt(sizes, at), pacer(nextTurn, signal)));
  const row = (head: Head, query: number): AttentionRow => {
    checkHead(head, sizes);
    checkIndex("query", query, sizes.queries);
    return computeRow(plan, head.batch, head.head, query);
  };
  const cell = (head: Head, query: number, key: number): CellDerivation => {
    checkIndex("key", key, sizes.keys);
    return deriveCell(plan, row(head, query), key);
  };
  const pass = async (head: Head, signal?: AbortSignal): Promise<HeadPass> => {
    checkHead(head, sizes);
    return passes.get(head.batch * sizes.heads + head.head, signal);
  };
  const everyPass = async (signal?: AbortSignal): Promise<HeadPass[]> => {
    const found: HeadPass[] = [];
    for (const head of headsOf(sizes)) found.push(await pass(head, signal));
    return found;
  };
  const joinedOutput = async (signal?: AbortSignal): Promise<Float64Array> =>
    joined((await everyPass(signal)).map(({ output }) => output));
  return {
    sizes,
    get fullyMaskedRows() {
      return countFullyMasked(plan);
    },
    stages,
    scale,
    notes,
    row,
    cell,
    tile: (request, signal) => referenceTile(plan, request, pacer(nextTurn, signal)),
    limits: async (head, stage, options) => (await pass(head, options?.signal)).limits[stage],
    summaries: async (signal) => (await everyPass(signal)).map(({ summary }) => summary),
    output: joinedOutput,
    lendOutput: async (read, signal) => read(await joinedOutput(signal)),
    overview: (head, options) =>
      overviewOfRows(sizes, (query) => row(head, query).weights, pacer(nextTurn, options?.signal)),
    dispose: () => passes.clear(),
  };
}

/** Every head of every batch entry, in the order of the output. */
export function headsOf({ batch, heads }: { readonly batch: number; readonly heads: number }): Head[] {
  return Array.from({ length: batch * heads }, (_, at) => headAt({ heads }, at));
}

function headAt({ heads }: { readonly heads: number }, at: number): Head {
  return { batch: Math.floor(at / heads), head: at % heads };
}

/** Multiply-adds of a row, about. */
function rowCost({ sizes: { keys, size, valueSize } }: Plan): number {
  return keys * (size + valueSize + 8);
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

async function referenceTile(plan: Plan, request: TileRequest, pace: Pace): Promise<Tile> {
  checkTile(request, plan.sizes);
  const { batch, head, rows, columns, step, stage } = request;
  const values = new Float32Array(rows * columns).fill(poolStart(request));
  for (let block = 0; block < rows; block++) {
    const end = Math.min(plan.sizes.queries, request.row + (block + 1) * step);
    for (let query = request.row + block * step; query < end; query++) {
      await pace(rowCost(plan));
      poolRow(values, block, request, computeRow(plan, batch, head, query)[stage]);
    }
  }
  return { ...request, values };
}

async function headPass(plan: Plan, head: Head, pace: Pace): Promise<HeadPass> {
  const { queries, valueSize } = plan.sizes;
  const summary = headSummarizer((query) => plan.positions.own(head.batch, query), head, plan.sizes);
  const spans = new Map(
    stages.map((stage) => [stage, [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY] as [number, number]]),
  );
  const output = new Float64Array(queries * valueSize);
  for (let query = 0; query < queries; query++) {
    await pace(rowCost(plan));
    const row = computeRow(plan, head.batch, head.head, query);
    summary.add(row);
    output.set(row.output, query * valueSize);
    for (const stage of stages) widen(spans.get(stage)!, row[stage]);
  }
  return {
    summary: summary.finish(),
    output,
    limits: Object.fromEntries([...spans].map(([stage, span]) => [stage, limitsOf(span)])) as Record<Stage, Limits>,
  };
}

/** Widens a span by the finite ones of these values. */
export function widen(span: [number, number], values: Float64Array | Float32Array): void {
  for (const x of values) {
    if (!Number.isFinite(x)) continue;
    if (x < span[0]) span[0] = x;
    if (x > span[1]) span[1] = x;
  }
}

/** NaN for both where nothing is finite. */
export function limitsOf([minimum, maximum]: readonly [number, number]): Limits {
  return minimum <= maximum ? { minimum, maximum } : { minimum: Number.NaN, maximum: Number.NaN };
}
