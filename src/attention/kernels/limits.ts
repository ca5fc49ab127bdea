import type { Plan } from "../plan.ts";
import type { Stage } from "../problem.ts";
import { limitsOf, widen } from "../reference/result.ts";
import type { DraftOptions, Limits } from "../result.ts";
import { type CellStage, cellReader } from "./cells.ts";
import type { Computation } from "./computation.ts";
import { refreshed } from "./instance.ts";
import { passRows } from "./job.ts";

/** More cells than this are not all visited for the limits of a stage: rows are left out evenly. Fewer for a draft. */
const [visitedCells, visitedForDraft] = [2 ** 24, 2 ** 20];

/** Least and largest number of a stage of a head; of weights and output those of the rows that are computed then. */
export async function kernelLimits(
  plan: Plan,
  computation: Computation,
  head: number,
  stage: Stage,
  options: DraftOptions = {},
): Promise<Limits> {
  if (stage !== "weights" && stage !== "output") return cellLimits(plan, computation, head, stage, 1);
  const known = await computation.rows(head, 0, plan.sizes.queries, options);
  const limits =
    stage === "output" ? outputLimits(plan, computation, head) : weightLimits(plan, computation, head, known);
  return known < 1 ? { ...limits, known } : limits;
}

function outputLimits({ sizes }: Plan, computation: Computation, head: number): Limits {
  const start = computation.data(head).output >>> 2;
  const { floats } = refreshed(computation.home.kernel);
  const span: [number, number] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < sizes.queries; row += passRows) {
    const end = Math.min(sizes.queries, row + passRows);
    if (computation.isDone(head, row))
      widen(span, floats.subarray(start + row * sizes.valueSize, start + end * sizes.valueSize));
  }
  return limitsOf(span);
}

/** The map, where there is one, knows the largest weight of every row that is computed. */
function weightLimits(plan: Plan, computation: Computation, head: number, known: number): Limits {
  const limits = cellLimits(plan, computation, head, "weights", known);
  const { blocks, lines, rows } = computation.holding.job.pooling;
  const { floats } = refreshed(computation.home.kernel);
  let { maximum } = limits;
  for (let line = 0; line < lines; line++) {
    if (!computation.isDone(head, line * rows)) continue;
    const start = (computation.data(head).mapMaximum >>> 2) + line * blocks;
    for (let at = start; at < start + blocks; at++) if (floats[at]! > maximum) maximum = floats[at]!;
  }
  return { ...limits, maximum };
}

function cellLimits(plan: Plan, computation: Computation, head: number, stage: CellStage, known: number): Limits {
  const { queries, keys } = plan.sizes;
  const step = 8 * Math.ceil((queries * keys * known) / (known < 1 ? visitedForDraft : visitedCells));
  const reader = cellReader(plan, computation, head, stage, 8);
  try {
    for (let row = 0, next = 0; row < queries; row += 8) {
      if (row < next || (known < 1 && !computation.isDone(head, row))) continue;
      reader.extend(row);
      next = row + step * (known < 1 ? 1 / known : 1);
    }
    return step === 8 && known === 1 ? reader.limits() : { ...reader.limits(), sampled: true };
  } finally {
    reader.dispose();
  }
}
