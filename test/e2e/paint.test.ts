import { deepStrictEqual, ok } from "node:assert/strict";
import { join } from "node:path";
import { outputFolder } from "../../scripts/setup/paths.mjs";
import { type Theme, themes } from "../../scripts/vscode/themes.ts";
import { eventually } from "./support/eventually.ts";
import { useVscode } from "./support/vscode.ts";

/** Of every painted number on the screen: its text, and the contrast of its ink with the paint below it. Runs in the page. */
function paintedNumbers(): { readonly text: string; readonly contrast: number }[] {
  const luminance = (color: string) => {
    const [r, g, b] = [...color.matchAll(/[\d.]+/g)].slice(0, 3).map(([channel]) => {
      const c = Number(channel) / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  };
  const paper = [...document.querySelectorAll(".view-overlays .cdr[class*='ced-']")].map((element) => ({
    box: element.getBoundingClientRect(),
    light: luminance(getComputedStyle(element).backgroundColor),
  }));
  return [...document.querySelectorAll(".view-line span[class*='ced-']")].flatMap((span) => {
    const { x, y, width, height } = span.getBoundingClientRect();
    const under = paper.find(
      ({ box }) =>
        box.left <= x + width / 2 &&
        x + width / 2 <= box.right &&
        box.top <= y + height / 2 &&
        y + height / 2 <= box.bottom,
    );
    if (!under) return [];
    const ink = luminance(getComputedStyle(span).color);
    const contrast = (Math.max(ink, under.light) + 0.05) / (Math.min(ink, under.light) + 0.05);
    return [{ text: span.textContent ?? "", contrast }];
  });
}

describe("numbers painted by their value", () => {
  const vscode = useVscode({}, async () => {
    await vscode.window.openFile("attention.json");
    await vscode.window.runCommand("attentionLoupe.paintValues");
  });

  for (const theme of Object.keys(themes) as Theme[]) {
    it(`can be read in ${theme}: a contrast of 4.5 to 1 or more`, async () => {
      await vscode.window.selectTheme(theme);
      await eventually(async () => {
        const numbers = await vscode.window.page.evaluate(paintedNumbers);
        ok(numbers.length >= 100, `${numbers.length} numbers are painted`);
        deepStrictEqual(
          numbers.filter(({ text, contrast }) => !/^-?\d/.test(text) || contrast < 4.5),
          [],
        );
      });
      await vscode.window.screenshot(join(outputFolder, "screens", `paint-${theme}.png`));
    });
  }
});
