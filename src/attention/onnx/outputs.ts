import { type DType, storage, type TensorData } from "../../tensor/dtype.ts";
import { roundTo } from "../../tensor/rounding.ts";
import { sizeOf, type Tensor, tensor } from "../../tensor/tensor.ts";
import type { Plan } from "../plan.ts";
import { computeRow, outputOf } from "../reference/row.ts";
import { capped } from "../reference/scores.ts";
import type { AttentionRow } from "../result.ts";

/** What to put out, and in which types. */
export interface OutputChoice {
  /** `qk_matmul_output_mode` */
  readonly mode: number;
  /** Of Q, so of Y and of the scores. */
  readonly dtype: DType;
  /** The type in which softmax is computed; null: float64. */
  readonly softmax: DType | null;
  /** Y is `[batch, L, heads·Ev]` rather than `[batch, heads, L, Ev]`. */
  readonly flat: boolean;
}

/** Y and qk_matmul_output of a planned problem, row by row. */
export function computeOutputs(plan: Plan, choice: OutputChoice): { Y: Tensor; qk: Tensor } {
  const { batch, heads, queries, keys, valueSize } = plan.sizes;
  const shape = choice.flat ? [batch, queries, heads * valueSize] : [batch, heads, queries, valueSize];
  const [Y, qk] = [storage(choice.dtype, sizeOf(shape)), storage(choice.dtype, batch * heads * queries * keys)];
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < heads; h++) {
      for (let query = 0; query < queries; query++) {
        const row = inPrecision(plan, computeRow(plan, b, h, query), choice.softmax);
        const into = choice.flat ? (b * queries + query) * heads + h : (b * heads + h) * queries + query;
        put(Y, into * valueSize, row.output, choice.dtype);
        put(qk, ((b * heads + h) * queries + query) * keys, scoresOf(plan, row, choice.mode), choice.dtype);
      }
    }
  }
  return { Y: tensor(choice.dtype, shape, Y), qk: tensor(choice.dtype, [batch, heads, queries, keys], qk) };
}

function scoresOf(plan: Plan, row: AttentionRow, mode: number): Float64Array {
  if (mode === 1) return row.scaled.map((s) => capped(plan, s));
  if (mode === 2) return row.masked;
  return mode === 3 ? row.weights : row.scaled;
}

function put(data: TensorData, at: number, row: Float64Array, dtype: DType): void {
  for (let column = 0; column < row.length; column++) data[at + column] = roundTo(dtype, row[column]!);
}

/** The row with its softmax computed in `dtype`: every step of it is rounded to that type. */
function inPrecision(plan: Plan, row: AttentionRow, dtype: DType | null): AttentionRow {
  if (dtype === null || dtype === "float64") return row;
  const round = (x: number): number => roundTo(dtype, x);
  const scores = row.masked.map(round);
  const maximum = scores.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const open = (s: number): boolean => s !== Number.NEGATIVE_INFINITY;
  const exponentials = scores.map((s) => (open(s) ? round(Math.exp(round(s - maximum))) : 0));
  const sum = round(exponentials.reduce((a, b) => a + b, 0));
  const weights = exponentials.map((e, at) => (open(scores[at]!) ? round(e / sum) : 0));
  return { ...row, weights, output: outputOf(plan, row.batch, row.head, row.masked, weights) };
}
