import { countFullyMasked } from "../fullyMasked.ts";
import type { Plan } from "../plan.ts";
import { type Stage, stages } from "../problem.ts";
import { deriveCell } from "../reference/cell.ts";
import { headsOf, limitsOf, widen } from "../reference/result.ts";
import { computeRow } from "../reference/row.ts";
import type { AttentionResult, AttentionRow, Head, HeadSummary, Limits } from "../result.ts";
import { checkHead, checkIndex } from "../tile.ts";
import { cellReader } from "./cells.ts";
import type { Computation } from "./computation.ts";
import { refreshed } from "./instance.ts";
import { overviewOf } from "./overview.ts";
import { kernelSummary } from "./summaries.ts";
import { kernelTile } from "./tile.ts";

/** More cells than this are not all visited for the limits of a stage: rows are left out evenly. */
const visitedCells = 2 ** 26;

/**
 * A result out of the kernels, in float32: blocks of rows are computed when something that needs them is asked for. Rows
 * and cells are worked out by the float64 reference, a cell with the kernel's own numbers beside it.
 */
export function kernelResult(plan: Plan, computation: Computation): AttentionResult {
  const { sizes, scale, notes } = plan;
  const at = ({ batch, head }: Head): number => batch * sizes.heads + head;
  const everyHead = headsOf(sizes);
  const summaries = new Map<number, HeadSummary>();
  const limits = new Map<string, Promise<Limits>>();
  const row = (head: Head, query: number): AttentionRow => {
    checkHead(head, sizes);
    checkIndex("query", query, sizes.queries);
    return computeRow(plan, head.batch, head.head, query);
  };
  return {
    sizes,
    stages,
    scale,
    notes,
    row,
    get fullyMaskedRows() {
      return countFullyMasked(plan);
    },
    tile: (request, signal) => kernelTile(plan, computation, request, signal),
    cell: (head, query, key) => {
      checkIndex("key", key, sizes.keys);
      const derived = deriveCell(plan, row(head, query), key);
      return { ...derived, computed: { dtype: "float32", ...computedCell(plan, computation, at(head), query, key) } };
    },
    limits: (head, stage) => {
      checkHead(head, sizes);
      const name = `${at(head)}:${stage}`;
      const known = limits.get(name) ?? limitsOfStage(plan, computation, at(head), stage);
      limits.set(name, known);
      known.catch(() => limits.delete(name));
      return known;
    },
    summaries: async (signal) => {
      await computation.heads(everyHead.map(at), signal);
      return everyHead.map((head) => {
        const summary = summaries.get(at(head)) ?? kernelSummary(plan, computation, head);
        summaries.set(at(head), summary);
        return summary;
      });
    },
    output: async (signal) => {
      await computation.heads(everyHead.map(at), signal);
      return outputOf(plan, computation);
    },
    overview: async (head, options = {}) => {
      checkHead(head, sizes);
      const { signal, onDraft } = options;
      const draft = onDraft && ((): void => onDraft(overviewOf(plan, computation, at(head))));
      await computation.rows(at(head), 0, sizes.queries, signal, draft);
      return overviewOf(plan, computation, at(head));
    },
    dispose: () => computation.dispose(),
  };
}

/** The kernel's numbers of one cell; a weight only where its row is computed. */
function computedCell(
  plan: Plan,
  computation: Computation,
  head: number,
  query: number,
  key: number,
): { masked: number; weight: number | null } {
  const read = (stage: "masked" | "weights"): number => {
    const reader = cellReader(plan, computation, head, stage, 8);
    const [value] = reader.read(query, key, key + 1);
    reader.dispose();
    return value!;
  };
  return { masked: read("masked"), weight: computation.isDone(head, query) ? read("weights") : null };
}

function outputOf({ sizes }: Plan, { home, holding }: Computation): Float32Array {
  const start = holding.outputs >>> 2;
  return refreshed(home.kernel).floats.slice(
    start,
    start + sizes.batch * sizes.heads * sizes.queries * sizes.valueSize,
  );
}

async function limitsOfStage(plan: Plan, computation: Computation, head: number, stage: Stage): Promise<Limits> {
  const { queries, keys, valueSize } = plan.sizes;
  if (stage === "weights" || stage === "output") await computation.rows(head, 0, queries);
  if (stage === "output") {
    const start = computation.data(head).output >>> 2;
    const span: [number, number] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    widen(span, refreshed(computation.home.kernel).floats.subarray(start, start + queries * valueSize));
    return limitsOf(span);
  }
  const step = 8 * Math.ceil((queries * keys) / visitedCells);
  const reader = cellReader(plan, computation, head, stage, 8);
  try {
    for (let row = 0; row < queries; row += step) reader.extend(row);
    return step === 8 ? reader.limits() : { ...reader.limits(), sampled: true };
  } finally {
    reader.dispose();
  }
}
