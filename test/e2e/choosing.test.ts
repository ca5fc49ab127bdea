import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "./support/eventually.ts";
import { panelOf } from "./support/panel.ts";
import { useVscode } from "./support/vscode.ts";

const unnamed = `{
  "a": [[1, 0, 2], [0.5, -1, 0.25]],
  "b": [[1, 1, 0], [0, 2, -1], [-0.5, 0.5, 1.5], [2, 0, 0]],
  "c": [[1, 0], [0, 1], [1, 1], [-1, 2]]
}
`;

describe("choosing query, key and value", () => {
  // All at once: what comes later, VS Code's search for files may not know yet.
  const vscode = useVscode({}, async () => {
    writeFileSync(join(vscode.folder, "unnamed.json"), unnamed);
    writeFileSync(join(vscode.folder, "given.json"), '{"p": [[0.25, 0.75], [0.5, 0.5]]}');
    writeFileSync(join(vscode.folder, "one.json"), '{"x": [[1, 0, 2], [0.5, -1, 0.25]]}');
  });
  const lens = () => vscode.window.page.locator(".codelens-decoration a");
  const lensesAre = (...titles: string[]) =>
    eventually(async () => deepStrictEqual(await lens().allInnerTexts(), titles));

  /** Waits for the question and takes the answer that begins with these words. */
  async function answer(question: string, choice: string): Promise<void> {
    const pick = vscode.window.page.locator(".quick-input-widget", {
      has: vscode.window.page.locator(`input[placeholder^="${question}"]`),
    });
    await pick.locator(`.monaco-list-row[aria-label^="${choice}"]`).click();
  }

  it("asks for each where names do not say, and remembers it for the file", async () => {
    await vscode.window.openFile("unnamed.json");
    await vscode.window.runCommand("attentionLoupe.choose");
    await answer("Query", "a,");
    await answer("Key", "b,");
    await answer("Value", "c,");
    await lensesAre("▷ Attention · Q 2×3 · K 4×3 · V 4×2");
    strictEqual((await (await panelOf(vscode.window, "unnamed.json")).rows(2)).length, 2);
    await vscode.window.runCommand("workbench.action.closeActiveEditor");
    await lensesAre();
    await vscode.window.openFile("unnamed.json");
    await lensesAre("▷ Attention · Q 2×3 · K 4×3 · V 4×2");
  });

  it("offers a matrix whose rows sum to 1 as the weights", async () => {
    await vscode.window.openFile("given.json");
    await vscode.window.runCommand("attentionLoupe.run");
    await answer("Query", "Weights, as they are: p,");
    await lensesAre("▷ Attention · weights 2×2");
    const [row] = await (await panelOf(vscode.window, "given.json")).rows(1);
    deepStrictEqual(row?.values, [0.25, 0.75]);
  });

  it("offers self-attention from one matrix", async () => {
    await vscode.window.openFile("one.json");
    await vscode.window.runCommand("attentionLoupe.run");
    await answer("Query", "x,");
    await answer("Key", "Self-attention");
    await lensesAre("▷ Attention · Q 2×3 · K 2×3 · V 2×3");
  });
});
