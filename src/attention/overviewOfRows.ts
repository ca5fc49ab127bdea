import type { Overview } from "./overview.ts";
import type { AttentionSizes } from "./problem.ts";
import type { Pace } from "./reference/pace.ts";

/** An overview out of rows of weights, in blocks such that at most 1024 fit each way. */
export async function overviewOfRows(
  { queries, keys }: AttentionSizes,
  weightsOf: (query: number) => Float32Array | Float64Array,
  pace: Pace,
): Promise<Overview> {
  const [blockRows, blockColumns] = [Math.ceil(queries / 1024), Math.ceil(keys / 1024)];
  const [rows, columns] = [Math.ceil(queries / blockRows), Math.ceil(keys / blockColumns)];
  const [maximum, mean] = [new Float32Array(rows * columns), new Float32Array(rows * columns)];
  for (let query = 0; query < queries; query++) {
    await pace(keys * 64);
    const line = Math.floor(query / blockRows);
    const high = Math.min(blockRows, queries - line * blockRows);
    for (const [key, w] of weightsOf(query).entries()) {
      const block = Math.floor(key / blockColumns);
      const at = line * columns + block;
      maximum[at] = Math.max(maximum[at]!, w);
      mean[at]! += w / (high * Math.min(blockColumns, keys - block * blockColumns));
    }
  }
  return { rows, columns, blockRows, blockColumns, maximum, mean, known: 1 };
}
