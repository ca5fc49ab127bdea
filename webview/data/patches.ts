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
export function gridOf({ sizes, queryTokens, causal }: ResultSummary): PatchGrid | null {
  if (sizes.queries !== sizes.keys || queryTokens !== null || sizes.keys > mostPatches) return null;
  // Pictures have no order in which one patch could not see the next.
  if (causal !== "none") return null;
  for (const classTokens of [0, 1, 2, 5]) {
    const side = Math.sqrt(sizes.keys - classTokens);
    if (side >= 3 && Number.isInteger(side)) return { side, classTokens };
  }
  return null;
}

/** Words by which people call pictures and the models that look at them. */
const ofPictures =
  /(^|[^a-z])(vit|deit|beit|swin|dino(v2)?|clip|siglip|mae|sam|vision|visual|images?|pictures?|pixels?|patch(es)?)([^a-z]|$)/i;

/** Whether names say that the positions are patches of a picture: the number of positions alone says it of many texts too. */
export function isCalledPicture({ uri, name, roles }: Pick<ResultSummary, "uri" | "name" | "roles">): boolean {
  const file = decodeURIComponent(uri.slice(uri.lastIndexOf("/") + 1));
  const names = [file, name, ...Object.values(roles).map(({ path }) => path)];
  // As it is, and with the words of camelCase apart.
  return names.some((each) => ofPictures.test(each) || ofPictures.test(each.replace(/([a-z])([A-Z0-9])/g, "$1 $2")));
}

/** The grid, where the positions can be one and names or the user say that they are. */
export function usePatchGrid(result: ResultSummary): PatchGrid | null {
  const isPicture = useSelect(({ ui }) => ui.isPicture);
  return useMemo(() => ((isPicture ?? isCalledPicture(result)) ? gridOf(result) : null), [result, isPicture]);
}

/** What the colours of the patches span: the selected query's weights on them. null before they are known. */
export function usePatchDomain(result: ResultSummary, isWanted: boolean): Domain | null {
  const query = useSelect(({ ui }) => ui.query);
  const { value: row } = useRow(result, query);
  const patches = usePatchGrid(result);
  const grid = isWanted ? patches : null;
  return useMemo(() => {
    if (!grid || !row) return null;
    const finite = row.weights.subarray(grid.classTokens).filter((weight) => !Number.isNaN(weight));
    return { minimum: 0, maximum: finite.length > 0 ? Math.max(...finite) : 1 };
  }, [grid, row]);
}
