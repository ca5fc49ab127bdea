import { ok } from "node:assert/strict";
import { eventually } from "./support/eventually.ts";
import { panelOf, type ShownPanel } from "./support/panel.ts";
import { useVscode } from "./support/vscode.ts";

describe("editing a file that the panel shows", () => {
  let panel: ShownPanel;
  const vscode = useVscode({}, async () => {
    await vscode.window.openFile("attention.json");
    await vscode.window.runCommand("attentionLoupe.run");
    panel = await panelOf(vscode.window, "attention.json");
    await cornerIs((weight) => weight < 0.6);
  });

  const cornerIs = (right: (weight: number) => boolean) =>
    eventually(async () => {
      const weight = (await panel.rows(1))[0]?.values[0] ?? Number.NaN;
      ok(right(weight), String(weight));
    });

  async function typeAt(line: number, column: number, ...keys: string[]): Promise<void> {
    await vscode.window.goTo(line, column);
    for (const key of keys) await vscode.window.page.keyboard.press(key);
  }

  it("makes the panel follow, keeps the last result while the text is broken, and is live again when it is mended", async () => {
    await typeAt(5, 7, "Delete", "9"); // 2.50 becomes 9.50
    await cornerIs((weight) => weight > 0.8);
    await typeAt(8, 1, "End", "Backspace");
    await panel.frame.locator(".notice.stale", { hasText: /\d/ }).waitFor();
    await cornerIs((weight) => weight > 0.8);
    await vscode.window.page.keyboard.press("Escape");
    await typeAt(8, 1, "End", "]");
    await panel.frame.locator(".dot.live").waitFor();
    await panel.frame.locator(".notice.stale").waitFor({ state: "detached" });
  });
});
