import { deepStrictEqual, match, ok } from "node:assert/strict";
import { eventually } from "./support/eventually.ts";
import { panelOf, type ShownPanel } from "./support/panel.ts";
import { useVscode } from "./support/vscode.ts";

describe("editing a file that the panel shows", () => {
  const vscode = useVscode();
  let panel: ShownPanel;

  before(async () => {
    await vscode.window.openFile("attention.json");
    await vscode.window.runCommand("attentionLoupe.run");
    panel = await panelOf(vscode.window);
  });

  const cornerWeight = async () => (await panel.rows(1))[0]?.values[0] ?? Number.NaN;

  async function typeAt(line: number, column: number, ...keys: string[]): Promise<void> {
    await vscode.window.page.locator(".editor-group-container.active .view-lines").click();
    await vscode.window.goTo(line, column);
    for (const key of keys) await vscode.window.page.keyboard.press(key);
  }

  it("makes the panel follow", async () => {
    await typeAt(5, 7, "Delete", "9"); // 2.50 becomes 9.50
    await eventually(async () => ok((await cornerWeight()) > 0.8));
  });

  it("keeps the last result while the text is broken, and says so", async () => {
    await typeAt(8, 1, "End", "Backspace");
    const notice = panel.frame.locator(".notice.stale");
    await notice.waitFor();
    match(await notice.innerText(), /\d/);
    ok((await cornerWeight()) > 0.8);
  });

  it("is live again when the text is mended", async () => {
    await vscode.window.page.keyboard.press("Escape");
    await typeAt(8, 1, "End", "]");
    await panel.frame.locator(".dot.live").waitFor();
    deepStrictEqual(await panel.frame.locator(".notice.stale").count(), 0);
  });
});
