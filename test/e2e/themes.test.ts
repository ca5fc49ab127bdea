import { ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { outputFolder } from "../../scripts/setup/paths.mjs";
import { type Theme, themes } from "../../scripts/vscode/themes.ts";
import { eventually } from "./support/eventually.ts";
import { panelOf, type ShownPanel } from "./support/panel.ts";
import { useVscode } from "./support/vscode.ts";

const kinds: Record<Theme, string> = {
  dark: "vscode-dark",
  light: "vscode-light",
  "high-contrast": "vscode-high-contrast",
  "high-contrast-light": "vscode-high-contrast-light",
};

describe("changing the theme", () => {
  let panel: ShownPanel;
  const formulas = new Set<string>();
  const vscode = useVscode({ theme: "light" }, async () => {
    await vscode.window.openFile("attention.json");
    await vscode.window.runCommand("attentionLoupe.run");
    panel = await panelOf(vscode.window, "attention.json");
  });

  for (const theme of Object.keys(themes) as Theme[]) {
    it(`to ${theme} reaches the panel, and the pictures in hovers`, async () => {
      await vscode.window.selectTheme(theme);
      const body = panel.frame.locator("body");
      await eventually(async () => strictEqual(await body.getAttribute("data-vscode-theme-kind"), kinds[theme]));
      // The extension host hears of the theme on a way of its own.
      const address = await eventually(async () => {
        await vscode.window.page.mouse.move(0, 0);
        const hover = await vscode.window.hover(4, 4, { text: "4×8" });
        const drawn = (await hover.locator("img").first().getAttribute("src")) ?? "";
        ok(drawn && !formulas.has(drawn), "the formula has the colours of another theme");
        return drawn;
      });
      await vscode.window.screenshot(join(outputFolder, "screens", `${theme}.png`));
      formulas.add(address);
    });
  }
});
