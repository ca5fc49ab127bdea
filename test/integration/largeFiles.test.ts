import { ok, strictEqual } from "node:assert/strict";
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import * as vscode from "vscode";
import { closeAll, eventually, folder, loupe, settled } from "./support/workspace.ts";

/** Just over the 50 MB that VS Code synchronises: weights of many heads beside Q, K and V. */
async function writeLarge(uri: vscode.Uri): Promise<void> {
  const file = createWriteStream(uri.fsPath);
  file.write('{"Q": [[1, 0], [0, 1]], "K": [[1, 0], [0, 1], [1, 1]], "V": [[1], [2], [3]],\n "padding": [\n');
  const row = `${JSON.stringify(Array.from({ length: 512 }, (_, at) => Math.sin(at)))}`;
  const rows = Math.ceil((51 * 2 ** 20) / row.length);
  for (let at = 0; at < rows; at++) file.write(`${row}${at < rows - 1 ? "," : ""}\n`);
  file.end("]}");
  await finished(file);
}

describe("a file over 50 MB", () => {
  before(loupe);
  afterEach(closeAll);

  it("is read by its tab's address when a command asks, though it is no document", async () => {
    const uri = vscode.Uri.joinPath(folder(), "large.json");
    await writeLarge(uri);
    await vscode.commands.executeCommand("vscode.open", uri);
    await eventually(() => {
      const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      ok(input instanceof vscode.TabInputText && input.uri.toString() === uri.toString());
    });
    strictEqual(
      vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString()),
      false,
    );
    await vscode.commands.executeCommand("attentionLoupe.run");
    // The tensor's commands answer for what was read.
    await vscode.env.clipboard.writeText("");
    const node = { uri: uri.toString(), tensor: { id: "$.V", name: "V", shape: [3, 1] } };
    await vscode.commands.executeCommand("attentionLoupe.copyNumPy", node);
    await eventually(async () =>
      strictEqual(await vscode.env.clipboard.readText(), "V = np.array([[1],\n [2],\n [3]], dtype=np.int64)"),
    );
    await settled();
    await vscode.workspace.fs.delete(uri);
  });
});
