import type { ResultSummary } from "../../src/protocol/core.ts";

/** Positions as a square grid of patches behind some tokens that stand for the whole picture. */
export interface PatchGrid {
  readonly side: number;
  readonly classTokens: number;
}

/**
 * The grid that queries and keys can be, where there are at least 3×3 of them, as many queries as keys and no words:
 * with no, one (ViT's class token), two (DeiT) or five (registers) positions in front.
 */
export function gridOf({ sizes, queryTokens }: ResultSummary): PatchGrid | null {
  if (sizes.queries !== sizes.keys || queryTokens !== null) return null;
  for (const classTokens of [0, 1, 2, 5]) {
    const side = Math.sqrt(sizes.keys - classTokens);
    if (side >= 3 && Number.isInteger(side)) return { side, classTokens };
  }
  return null;
}
