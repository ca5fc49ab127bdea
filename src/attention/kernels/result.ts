import { countFullyMasked } from "../fullyMasked.ts";
import type { Plan } from "../plan.ts";
import { stages } from "../problem.ts";
import { deriveCell } from "../reference/cell.ts";
import { headsOf } from "../reference/result.ts";
import { computeRow } from "../reference/row.ts";
import type { AttentionResult, AttentionRow, Head, HeadSummary, Limits } from "../result.ts";
import { checkHead, checkIndex } from "../tile.ts";
import { cellReader } from "./cells.ts";
import type { Computation } from "./computation.ts";
import { refreshed } from "./instance.ts";
import { kernelLimits } from "./limits.ts";
import { overviewOf } from "./overview.ts";
import { pairCost } from "./suitable.ts";
import { kernelSummary } from "./summaries.ts";
import { kernelTile } from "./tile.ts";

/**
 * A result out of the kernels, in float32: blocks of rows are computed when something that needs them is asked for. Rows
 * and cells are worked out by the float64 reference, a cell with the kernel's own numbers beside it.
 */
export function kernelResult(plan: Plan, computation: Computation): AttentionResult {
  const { sizes, scale, notes } = plan;
  const at = ({ batch, head }: Head): number => batch * sizes.heads + head;
  const everyHead = headsOf(sizes);
  const summaries = new Map<number, HeadSummary>();
  const limits = new Map<string, Limits>();
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
    prepare: async (head, stage, queries, signal) => {
      if (stage === "weights") await computation.statistics(at(head), queries, false, { signal });
      else if (stage === "output")
        await Promise.all(queries.map((query) => computation.rows(at(head), query, query + 1, { signal })));
    },
    cell: (head, query, key) => {
      checkIndex("key", key, sizes.keys);
      const derived = deriveCell(plan, row(head, query), key);
      return { ...derived, computed: { dtype: "float32", ...computedCell(plan, computation, at(head), query, key) } };
    },
    limits: async (head, stage, options) => {
      checkHead(head, sizes);
      const name = `${at(head)}:${stage}`;
      const known = limits.get(name) ?? (await kernelLimits(plan, computation, at(head), stage, options));
      if (known.known === undefined) limits.set(name, known);
      return known;
    },
    summaries: async (signal) => {
      const options = { signal, beyond: isVast(plan) ? 0 : undefined };
      if (!isVast(plan)) await computation.heads(everyHead.map(at), signal);
      const found: HeadSummary[] = [];
      for (const head of everyHead) {
        const known = await computation.rows(at(head), 0, sizes.queries, options);
        const summary = summaries.get(at(head)) ?? kernelSummary(plan, computation, head, known);
        if (summary.known === undefined) summaries.set(at(head), summary);
        found.push(summary);
      }
      return found;
    },
    output: async (signal) => {
      await computation.heads(everyHead.map(at), signal);
      return outputOf(plan, computation).slice();
    },
    lendOutput: async (read, signal) => {
      await computation.heads(everyHead.map(at), signal);
      return read(outputOf(plan, computation));
    },
    overview: async (head, options = {}) => {
      checkHead(head, sizes);
      const { signal, onDraft } = options;
      const draft = onDraft && ((): void => onDraft(overviewOf(plan, computation, at(head))));
      await computation.rows(at(head), 0, sizes.queries, { signal, onProgress: draft });
      return overviewOf(plan, computation, at(head));
    },
    progress: (head) => computation.share(head ? [at(head)] : everyHead.map(at)),
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
  return { masked: read("masked"), weight: computation.hasStatistics(head, query) ? read("weights") : null };
}

/** True where computing every head would take many seconds: then their summaries are made of some rows of each. */
function isVast(plan: Plan): boolean {
  const { batch, heads, queries, keys } = plan.sizes;
  return batch * heads * queries * keys * pairCost(plan) > 5e11;
}

/** Where it lies. */
function outputOf({ sizes }: Plan, { home, holding }: Computation): Float32Array {
  const start = holding.outputs >>> 2;
  const end = start + sizes.batch * sizes.heads * sizes.queries * sizes.valueSize;
  const { floats } = refreshed(home.kernel);
  return floats.subarray(start, end);
}
