import { done, failed, type Message, message, type Outcome } from "../tensor/message.ts";
import { type Tensor, withRank } from "../tensor/tensor.ts";
import { overviewOfRows } from "./overviewOfRows.ts";
import type { AttentionSizes } from "./problem.ts";
import { pacer } from "./reference/pace.ts";
import { headsOf, limitsOf, widen } from "./reference/result.ts";
import { statisticsOf } from "./reference/row.ts";
import { headSummarizer } from "./reference/summary.ts";
import type { AttentionResult, AttentionRow, Head } from "./result.ts";
import { type Rows, rowStart, rowsOf } from "./rows.ts";
import { checkHead, checkIndex, checkTile, poolRow, poolStart } from "./tile.ts";

/**
 * A result over weights that the document holds, `[L, S]`, `[heads, L, S]` or `[batch, heads, L, S]`: only the stage
 * `weights` exists; everything else, `cell` and `output()` included, throws RangeError, and in a row the other stages are
 * empty. Weights are shown as they are; rows whose sum is further than `tolerance` from 1, and not 0, are noted
 * (`attention.weights-sum`).
 * Fails as `attention.rank`, `.dtype` or `.empty`.
 */
export function givenWeights(weights: Tensor, tolerance = 1e-3): Outcome<AttentionResult> {
  const input = "weights";
  if (weights.shape.length < 2 || weights.shape.length > 4)
    return failed("attention.rank", { input, shape: weights.shape });
  if (weights.dtype.startsWith("complex")) return failed("attention.dtype", { input, dtype: weights.dtype });
  if (weights.shape.includes(0)) return failed("attention.empty", { input, shape: weights.shape });
  return done(resultOver(rowsOf(weights), sizesOf(weights), tolerance));
}

function sizesOf(weights: Tensor): AttentionSizes {
  const [batch, heads, queries, keys] = withRank(weights, 4).shape as [number, number, number, number];
  return { batch, heads, kvHeads: heads, queries, keys, size: 0, valueSize: 0 };
}

function resultOver(rows: Rows, sizes: AttentionSizes, tolerance: number): AttentionResult {
  const row = (head: Head, query: number): AttentionRow => {
    checkHead(head, sizes);
    checkIndex("query", query, sizes.queries);
    return givenRow(rows, head, query);
  };
  const weightsOf = (head: Head, query: number) => rowWeights(rows, head, query);
  const absent = (): never => {
    throw new RangeError("given weights have no stage but the weights");
  };
  return {
    sizes,
    row,
    stages: ["weights"],
    fullyMaskedRows: zeroRows(sizes, weightsOf),
    notes: notesOf(sizes, weightsOf, tolerance),
    scale: Number.NaN,
    tile: async (request) => {
      checkTile(request, sizes);
      if (request.stage !== "weights") return absent();
      const values = new Float32Array(request.rows * request.columns).fill(poolStart(request));
      for (let block = 0; block < request.rows; block++) {
        const end = Math.min(sizes.queries, request.row + (block + 1) * request.step);
        for (let query = request.row + block * request.step; query < end; query++)
          poolRow(values, block, request, weightsOf(request, query));
      }
      return { ...request, values };
    },
    cell: absent,
    limits: async (head, stage) => {
      if (stage !== "weights") return absent();
      checkHead(head, sizes);
      const span: [number, number] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      for (let query = 0; query < sizes.queries; query++) widen(span, weightsOf(head, query));
      return limitsOf(span);
    },
    summaries: async () =>
      headsOf(sizes).map((head) => {
        const summary = headSummarizer((query) => query, head, sizes);
        for (let query = 0; query < sizes.queries; query++) summary.add(row(head, query));
        return summary.finish();
      }),
    output: async () => absent(),
    lendOutput: async () => absent(),
    overview: async (head) => {
      checkHead(head, sizes);
      return overviewOfRows(sizes, (query) => weightsOf(head, query), pacer(undefined));
    },
    dispose: () => undefined,
  };
}

type Weights = Float32Array | Float64Array;

/** Where the document's tensor holds them. */
function rowWeights(rows: Rows, { batch, head }: Head, query: number): Weights {
  const start = rowStart(rows, batch, head, query);
  return rows.data.subarray(start, start + rows.size);
}

function givenRow(rows: Rows, { batch, head }: Head, query: number): AttentionRow {
  const weights = Float64Array.from(rowWeights(rows, { batch, head }, query));
  const none = new Float64Array(0);
  const sum = weights.reduce((a, b) => a + b, 0);
  const masked = weights.map((w) => (w === 0 ? Number.NEGATIVE_INFINITY : Math.log(w)));
  const maximum = masked.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const total = masked.reduce((a, s) => a + (s === Number.NEGATIVE_INFINITY ? 0 : Math.exp(s - maximum)), 0);
  return {
    batch,
    head,
    query,
    scores: none,
    scaled: none,
    masked,
    weights,
    output: none,
    statistics: statisticsOf(weights, maximum, sum === 0 ? 0 : total),
  };
}

function notesOf(
  sizes: AttentionSizes,
  weightsOf: (head: Head, query: number) => Weights,
  tolerance: number,
): Message[] {
  for (const head of headsOf(sizes)) {
    for (let query = 0; query < sizes.queries; query++) {
      let sum = 0;
      for (const weight of weightsOf(head, query)) sum += weight;
      if (sum !== 0 && !(Math.abs(sum - 1) <= tolerance))
        return [message("attention.weights-sum", { ...head, query, sum })];
    }
  }
  return [];
}

function zeroRows(sizes: AttentionSizes, weightsOf: (head: Head, query: number) => Weights): number {
  let count = 0;
  for (const head of headsOf(sizes)) {
    for (let query = 0; query < sizes.queries; query++) if (weightsOf(head, query).every((w) => w === 0)) count++;
  }
  return count;
}
