import type { Stage } from "../attention/problem.ts";
import type { AttentionResult, Head } from "../attention/result.ts";
import { type Tensor, tensor } from "../tensor/tensor.ts";

/** One stage of one head as a table: `[L, S]`, or `[L, Ev]` for `output`, in float64, with what its rows and columns are called. */
export interface StageTable {
  readonly name: string;
  readonly stage: Stage;
  readonly head: Head;
  readonly values: Tensor;
  /** For weights: 1 where a pair is forbidden, row-major; null where nothing says so. */
  readonly forbidden: Uint8Array | null;
  /** null: positions have no words. */
  readonly rows: readonly string[] | null;
  readonly columns: readonly string[] | null;
}

export interface TableLabels {
  /** What the problem is called: a file, a key in it. */
  readonly name: string;
  readonly queries: readonly string[] | null;
  readonly keys: readonly string[] | null;
}

/** More numbers than this are not put into one export: 512 MB. */
const mostNumbers = 2 ** 26;

/**
 * The numbers of a stage, row by row; `pause` lets others in between and may throw to cancel.
 * @throws RangeError for more than 2²⁶ numbers, or a stage or head that the result does not have.
 */
export async function stageTable(
  result: AttentionResult,
  head: Head,
  stage: Stage,
  labels: TableLabels,
  pause: () => Promise<void> = async () => {},
): Promise<StageTable> {
  const { queries, keys, valueSize } = result.sizes;
  const columns = stage === "output" ? valueSize : keys;
  if (!result.stages.includes(stage)) throw new RangeError(`this result has no ${stage}`);
  if (queries * columns > mostNumbers)
    throw new RangeError(`${queries} × ${columns} numbers are too many for one file`);
  const values = new Float64Array(queries * columns);
  const forbidden = stage === "weights" && result.stages.includes("masked") ? new Uint8Array(queries * keys) : null;
  for (let query = 0; query < queries; query++) {
    if (query % 64 === 63) await pause();
    const row = result.row(head, query);
    values.set(row[stage], query * columns);
    for (let key = 0; forbidden && key < keys; key++) {
      forbidden[query * keys + key] = Number(row.masked[key] === Number.NEGATIVE_INFINITY);
    }
  }
  return {
    name: labels.name,
    stage,
    head,
    forbidden,
    values: tensor("float64", [queries, columns], values),
    rows: labels.queries,
    columns: stage === "output" ? null : labels.keys,
  };
}
