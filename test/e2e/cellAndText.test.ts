import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { eventually } from "./support/eventually.ts";
import { type Cell, panelOf, type ShownPanel } from "./support/panel.ts";
import { useVscode } from "./support/vscode.ts";

/** Lines of examples/attention.json, from 1: row i of Q is on line 5 + i, row j of K on line 11 + j. */
const lineOfQuery = (query: number) => 5 + query;

describe("the crosshair of the panel and the caret of the editor", () => {
  let panel: ShownPanel;
  const vscode = useVscode({}, async () => {
    await vscode.window.openFile("attention.json");
    await vscode.window.runCommand("attentionLoupe.run");
    panel = await panelOf(vscode.window, "attention.json");
  });

  async function clicked(cell: Cell): Promise<void> {
    await panel.click(cell);
    await eventually(async () => deepStrictEqual(await panel.crosshair(), cell));
  }

  const caret = () => vscode.window.page.locator("#status\\.editor\\.selection").innerText();

  it("stay where they are over 20 clicks, whatever the editor shows", async () => {
    await vscode.window.goTo(2, 1);
    for (let click = 0; click < 20; click++) {
      const cell = { query: (click * 3) % 4, key: (click * 5) % 6 };
      await clicked(cell);
      await vscode.window.page.waitForTimeout(100); // an answer of the editor would have come by now
      deepStrictEqual(await panel.crosshair(), cell);
      match(await caret(), /Ln 2, Col 1/);
    }
  });

  it("mark the rows of Q and K that made the cell", async () => {
    await clicked({ query: 1, key: 2 });
    const marks = vscode.window.page.locator(".view-overlays .cdr[class*='ced-']");
    await eventually(async () => ok((await marks.count()) >= 2));
  });

  it("meet in the row of Q on a double click", async () => {
    await panel.click({ query: 3, key: 1 }, { times: 2 });
    await eventually(async () => match(await caret(), new RegExp(`Ln ${lineOfQuery(3)},`)));
  });

  it("meet in the panel when the caret goes into a row of Q", async () => {
    await clicked({ query: 0, key: 1 });
    await vscode.window.goTo(lineOfQuery(2), 9);
    await eventually(async () => strictEqual((await panel.crosshair()).query, 2));
  });

  it("meet when the user goes on from where a jump of the panel ended, at once", async () => {
    for (const query of [3, 1, 2]) {
      await clicked({ query, key: 2 });
      await panel.frame.getByRole("gridcell", { selected: true }).press("Enter");
      await vscode.window.page.locator(".statusbar-item", { hasText: `Ln ${lineOfQuery(query)},` }).waitFor();
      await vscode.window.page.locator(".editor-group-container .monaco-editor.focused").waitFor();
      await vscode.window.page.keyboard.press("ArrowUp");
      await eventually(async () => strictEqual((await panel.crosshair()).query, query - 1));
    }
  });

  it("move by arrow keys from cell to cell, and each says what it is", async () => {
    await clicked({ query: 2, key: 2 });
    for (const [key, at] of [
      ["Home", 0],
      ["ArrowRight", 1],
    ] as const) {
      await panel.frame.getByRole("gridcell", { selected: true }).press(key);
      await eventually(async () => deepStrictEqual(await panel.crosshair(), { query: 2, key: at }));
    }
    await eventually(async () => match(await panel.spoken(), /s'assied.*cat.*0\.0/));
  });
});
