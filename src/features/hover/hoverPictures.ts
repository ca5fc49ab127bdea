import { ColorThemeKind, window } from "vscode";
import type { MarkdownOptions } from "../../explain/markdown/blocksToMarkdown.ts";
import { formulaPicture } from "../../explain/markdown/formulaPicture.ts";
import { matrixPicture } from "../../explain/markdown/matrixPicture.ts";
import type { Theme } from "../../explain/markdown/theme.ts";

const themes: Readonly<Record<ColorThemeKind, Theme>> = {
  [ColorThemeKind.Light]: "light",
  [ColorThemeKind.Dark]: "dark",
  [ColorThemeKind.HighContrast]: "highContrast",
  [ColorThemeKind.HighContrastLight]: "highContrastLight",
};

/** Pictures for hovers, in the colours of the theme of this moment. Formulas are loaded by the first hover. */
export async function hoverPictures(colorMap: string): Promise<Pick<MarkdownOptions, "formula" | "matrix">> {
  const formulas = await import("#formulas");
  const theme = themes[window.activeColorTheme.kind];
  return {
    formula: (block) => formulaPicture(block, formulas, theme),
    matrix: (block) => matrixPicture(block, theme, colorMap),
  };
}
