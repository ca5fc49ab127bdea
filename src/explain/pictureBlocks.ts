import type { Translate } from "../tensor/message.ts";
import { shapeText } from "../tensor/tensor.ts";
import type { Block, MatrixBlock } from "./blocks.ts";
import type { Facts } from "./facts.ts";

/** The tensor as a small heatmap with its true limits; the place is framed in it where the picture shows it. */
export function pictureBlocks(facts: Facts, translate: Translate): Block[] {
  const { picture, statistics, shape, name } = facts.tensor;
  if (!picture || !statistics || Number.isNaN(statistics.minimum)) return [];
  const { minimum, maximum } = statistics;
  const words = translate("heatmap of {name}, {shape}", { name, shape: shapeText(shape ?? []) });
  const highlight = highlightOf(facts);
  return [{ kind: "matrix", ...picture, minimum, maximum, words, ...(highlight && { highlight }) }];
}

/** The cell or the row of the picture that the place is in; null where the picture shows another slice. */
function highlightOf({ tensor: { picture, shape }, element, attention }: Facts): MatrixBlock["highlight"] | null {
  const [height, width] = [Number(shape?.at(-2) ?? 1), Number(shape?.at(-1) ?? 1)];
  const step = Math.max(1, Math.ceil(Math.max(height, width) / Math.max(picture!.rows, picture!.columns)));
  if (element) {
    const outer = element.index.slice(0, -2);
    if (outer.some((at) => at !== 0)) return null;
    const cell = { row: element.index.at(-2) ?? 0, column: element.index.at(-1) ?? 0 };
    return { row: Math.floor(cell.row / step), column: Math.floor(cell.column / step) };
  }
  const row = attention?.row?.query ?? attention?.keyRow?.key;
  const first = !attention?.head || (attention.head.batch === 0 && attention.head.head === 0);
  return row === undefined || !first || row >= height ? null : { row: Math.floor(row / step) };
}
