import type { Plan } from "../plan.ts";
import { addedTerm, capped, maskedScore, scoresInto } from "../reference/scores.ts";
import type { Tile, TileRequest } from "../result.ts";

/** A tile of scores, scaled or masked scores that shows the middle cell of each block, in float64. */
export function sampledTile(plan: Plan, request: TileRequest): Tile {
  const { batch, head, row, column, rows, columns, step, stage } = request;
  const values = new Float32Array(rows * columns);
  const score = new Float64Array(1);
  const middle = (start: number, block: number, count: number): number =>
    Math.min(count - 1, start + block * step + Math.floor(step / 2));
  for (let at = 0; at < values.length; at++) {
    const query = middle(row, Math.floor(at / columns), plan.sizes.queries);
    const key = middle(column, at % columns, plan.sizes.keys);
    scoresInto(score, plan, batch, head, query, key, key + 1);
    const scaled = score[0]! * plan.scale;
    if (stage === "scores") values[at] = score[0]!;
    else if (stage === "scaled") values[at] = scaled;
    else values[at] = maskedScore(capped(plan, scaled), addedTerm(plan, batch, head, query, key));
  }
  return { ...request, values, sampled: true };
}
