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

/** The texts that VS Code highlights, and of those the painted. Runs in the page. */
function highlightedNumbers(): { readonly highlighted: number; readonly painted: string[] } {
  const marks = document.querySelectorAll(
    ".view-overlays .cdr:is([class*='wordHighlight'], [class*='selectionHighlight'])",
  );
  const boxes = [...marks].map((mark) => mark.getBoundingClientRect());
  const painted = [...document.querySelectorAll(".view-line span[class*='ced-']")].filter((span) => {
    const { x, y, width, height } = span.getBoundingClientRect();
    return boxes.some(
      ({ left, right, top, bottom }) => left < x + width && x < right && top < y + height && y < bottom,
    );
  });
  return { highlighted: boxes.length, painted: painted.map((span) => span.textContent ?? "") };
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

  it("bear no paint where VS Code highlights them", async () => {
    await vscode.window.goTo(5, 15);
    await eventually(async () => {
      const { highlighted, painted } = await vscode.window.page.evaluate(highlightedNumbers);
      ok(highlighted >= 4, `${highlighted} numbers are highlighted: 0.30 stands four times`);
      deepStrictEqual(painted, []);
    });
    await vscode.window.screenshot(join(outputFolder, "screens", "paint-highlight.png"));
    await vscode.window.goTo(6, 15);
    await eventually(async () => {
      const numbers = await vscode.window.page.evaluate(paintedNumbers);
      ok(
        numbers.some(({ text }) => text === "0.30"),
        "what is highlighted no more is painted again",
      );
    });
  });
});
