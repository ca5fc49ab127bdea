import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "./support/eventually.ts";
import { panelOf } from "./support/panel.ts";
import { useVscode } from "./support/vscode.ts";

/** As `json.dump` writes it: all in one line, of which VS Code draws 10,000 columns. */
function oneLine(): string {
  const matrix = Array.from({ length: 16 }, (_, row) => Array.from({ length: 64 }, (_, at) => Math.sin(row * 64 + at)));
  return JSON.stringify({ Q: matrix, K: matrix, V: matrix });
}

describe("a file of one long line", () => {
  const vscode = useVscode();

  it("says why a cell beyond column 10,000 shows nothing, and is formatted when the user agrees", async () => {
    const { window, folder } = vscode;
    writeFileSync(join(folder, "dump.json"), oneLine());
    await window.openFile("dump.json");
    await window.runCommand("attentionLoupe.run");
    const panel = await panelOf(window, "dump.json");
    await panel.click({ query: 14, key: 3 });
    await window.runCommand("notifications.showList"); // VS Code shows no toasts while it is driven by a test
    const notice = window.page.locator(".notifications-center .notification-list-item", { hasText: "column" });
    await notice.waitFor();
    match(await notice.innerText(), /line 1, column \d{5}.*no more than 10000 columns/s);
    await notice.hover();
    await notice.getByText("Format Document", { exact: true }).click();
    await window.page.locator(".editor-group-container.active .view-line").nth(5).waitFor();
    await eventually(async () => deepStrictEqual(await panel.crosshair(), { query: 14, key: 3 }));
    await panel.click({ query: 13, key: 2 });
    const marks = window.page.locator(".view-overlays .cdr[class*='ced-']");
    await eventually(async () => strictEqual((await marks.count()) > 0, true));
  });
});
