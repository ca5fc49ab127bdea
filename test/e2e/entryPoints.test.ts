import { strictEqual } from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { panelOf } from "./support/panel.ts";
import { useVscode } from "./support/vscode.ts";

describe("without a lens, the panel opens", () => {
  const vscode = useVscode({ settings: { "attentionLoupe.codeLens": false } }, async () => {
    await vscode.window.openFile("attention.json");
    await button().waitFor(); // from then on VS Code knows what this file offers
  });
  const button = () => vscode.window.page.locator(".editor-actions .action-label[aria-label*='Run on This File']");
  const panel = () => panelOf(vscode.window, "attention.json");

  beforeEach(async () => {
    await vscode.window.runCommand("workbench.action.closeAuxiliaryBar");
    await vscode.window.page.locator(".part.auxiliarybar").waitFor({ state: "hidden" });
    await vscode.window.goTo(5, 8);
  });

  it("by the button in the editor's title", async () => {
    await button().click();
    await panel();
  });

  it("by the status bar", async () => {
    await vscode.window.page.locator(".statusbar-item", { hasText: "Attention" }).first().click();
    await panel();
  });

  it("by the keyboard", async () => {
    await vscode.window.page.keyboard.press("Control+K");
    await vscode.window.page.keyboard.press("a");
    await panel();
  });

  it("by the editor's context menu", async () => {
    await vscode.window.page.keyboard.press("Shift+F10");
    const item = vscode.window.page.getByRole("menuitem", { name: /Run on This File/ });
    await item.hover();
    await vscode.window.page.locator(".context-view .action-item.focused", { has: item }).waitFor();
    await vscode.window.page.keyboard.press("Enter");
    await panel();
  });

  it("by its command's title", async () => {
    await vscode.window.runCommand("Attention: Run on This File");
    strictEqual((await (await panel()).rows(1)).length, 1);
  });

  it("for a broken file, to say where it breaks; nothing is asked", async () => {
    writeFileSync(join(vscode.folder, "broken.json"), '{"Q": [[1, 2], [3, 4]], "K": [[1, 2], [3, 4], "V": [[1, 2]]}\n');
    await vscode.window.openFile("broken.json");
    await vscode.window.runCommand("Attention: Run on This File");
    const frame = await vscode.window.panelFrame();
    await frame.getByText(/Line 1: Expected/).waitFor();
    strictEqual(await vscode.window.page.locator(".quick-input-widget").isVisible(), false);
  });
});
