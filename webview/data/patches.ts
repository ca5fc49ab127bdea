import { useMemo } from "preact/hooks";
import type { Domain } from "../../src/picture/scale.ts";
import type { ResultSummary } from "../../src/protocol/core.ts";
import { useSelect } from "../context.ts";
import { useRow } from "./rows.ts";

/** Positions as a square grid of patches behind some tokens that stand for the whole picture. */
export interface PatchGrid {
  readonly side: number;
  readonly classTokens: number;
}

/** A grid of 56 × 56 and a few tokens; more are no picture. */
const mostPatches = 56 * 56 + 5;

/**
 * The grid that queries and keys can be, where there are at least 3×3 of them, as many queries as keys and no words:
 * with no, one (ViT's class token), two (DeiT) or five (registers) positions in front.
 */
export function gridOf({ sizes, queryTokens, options }: ResultSummary): PatchGrid | null {
  if (sizes.queries !== sizes.keys || queryTokens !== null || sizes.keys > mostPatches) return null;
  // Pictures have no order in which one patch could not see the next.
  if (options.causal !== undefined && options.causal !== "none") return null;
  for (const classTokens of [0, 1, 2, 5]) {
    const side = Math.sqrt(sizes.keys - classTokens);
    if (side >= 3 && Number.isInteger(side)) return { side, classTokens };
  }
  return null;
}

/** What the colours of the patches span: the selected query's weights on them. null before they are known. */
export function usePatchDomain(result: ResultSummary, isWanted: boolean): Domain | null {
  const query = useSelect(({ ui }) => ui.query);
  const { value: row } = useRow(result, query);
  return useMemo(() => {
    const grid = isWanted ? gridOf(result) : null;
    if (!grid || !row) return null;
    const finite = row.weights.subarray(grid.classTokens).filter((weight) => !Number.isNaN(weight));
    return { minimum: 0, maximum: finite.length > 0 ? Math.max(...finite) : 1 };
  }, [result, row, isWanted]);
}
