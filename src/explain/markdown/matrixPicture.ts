import { matrixSvg } from "../../picture/matrixSvg.ts";
import type { MatrixBlock } from "../blocks.ts";
import { escapeSvg } from "./escape.ts";
import type { Picture } from "./picture.ts";
import type { Theme } from "./theme.ts";

/** The heatmap of a matrix in the user's colour map, with the tensor's true limits. */
export function matrixPicture(block: MatrixBlock, theme: Theme, colorMap: string): Picture {
  const { values, rows, columns, minimum, maximum, words, highlight } = block;
  const dark = theme === "dark" || theme === "highContrast";
  const svg = matrixSvg(values, rows, columns, {
    colorMap,
    dark,
    domain: { minimum, maximum },
    size,
    title: words,
    ...(highlight && { highlight }),
  });
  const cell = Math.min(20, size / Math.max(rows, columns, 1));
  return {
    uri: `data:image/svg+xml,${escapeSvg(svg)}`,
    width: Math.ceil(columns * cell + 1),
    height: Math.ceil(rows * cell + 1),
  };
}

/** Longest side, in CSS pixels. */
const size = 192;
