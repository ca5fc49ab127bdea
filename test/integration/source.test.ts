import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import * as vscode from "vscode";
import { attentionJson } from "./support/matrices.ts";
import { type TestPanel, withPanel } from "./support/panel.ts";
import { closeAll, eventually, folder, open, replace, settled, write, writeAndOpen } from "./support/workspace.ts";

describe("which file the panel is about", () => {
  let panel: TestPanel;
  withPanel((made) => {
    panel = made;
  });

  async function isAbout(uri: vscode.Uri, status = "live"): Promise<void> {
    await eventually(() =>
      deepStrictEqual([panel.snapshot.source?.uri, panel.snapshot.source?.status], [uri.toString(), status]),
    );
  }

  it("the last editor with a tensor: not Output, not Markdown, not JSON without one, not a webview", async () => {
    const { document } = await writeAndOpen("source1.json", attentionJson());
    await isAbout(document.uri);
    await writeAndOpen("readme.md", "# no tensor");
    await writeAndOpen("plain.json", '{"a": [1, 2, 3]}');
    await vscode.commands.executeCommand("workbench.panel.output.focus");
    const webview = vscode.window.createWebviewPanel("test", "Some page", vscode.ViewColumn.Two);
    await settled();
    await isAbout(document.uri);
    webview.dispose();
    const other = await writeAndOpen("source2.json", attentionJson());
    await isAbout(other.document.uri);
    await vscode.commands.executeCommand("workbench.action.closePanel");
  });

  it("becomes one when the first matrix is typed", async () => {
    const editor = await writeAndOpen("grows.json", "{}");
    await settled(100);
    await replace(editor, "{}", attentionJson());
    await isAbout(editor.document.uri);
  });

  it("stays with its last result, named, when the last one is closed", async () => {
    const { document } = await writeAndOpen("closing.json", attentionJson());
    await isAbout(document.uri);
    await closeAll();
    await isAbout(document.uri, "gone");
    strictEqual(panel.snapshot.source?.name, "closing.json");
    ok(panel.snapshot.result, "expected the last result");
    ok((await panel.firstRow()).length > 0);
    await open(document.uri);
    await isAbout(document.uri);
  });

  it("speaks of no last result where there was none", async () => {
    const { document } = await writeAndOpen("halfTyped.json", '{"Q": [[1, 2], ');
    panel.session.show(document.uri.toString(), null);
    await isAbout(document.uri);
    await closeAll();
    await isAbout(document.uri, "gone");
    strictEqual(panel.snapshot.result, null);
    strictEqual(panel.snapshot.source?.text, "The file was closed.");
  });

  it("follows a rename", async () => {
    const { document } = await writeAndOpen("before.json", attentionJson());
    await isAbout(document.uri);
    const renamed = vscode.Uri.joinPath(folder(), "after.json");
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(document.uri, renamed, { overwrite: true });
    ok(await vscode.workspace.applyEdit(edit));
    await isAbout(renamed);
  });

  it("follows a rename while pinned", async () => {
    const { document } = await writeAndOpen("pinned-before.json", attentionJson());
    await isAbout(document.uri);
    panel.intend({ kind: "setPinned", pinned: true });
    const renamed = vscode.Uri.joinPath(folder(), "pinned-after.json");
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(document.uri, renamed, { overwrite: true });
    ok(await vscode.workspace.applyEdit(edit));
    await isAbout(renamed);
  });

  it("stays while pinned, and follows again after", async () => {
    const first = await writeAndOpen("pin1.json", attentionJson());
    await isAbout(first.document.uri);
    panel.intend({ kind: "setPinned", pinned: true });
    await eventually(() => strictEqual(panel.snapshot.source?.pinned, true));
    const second = await writeAndOpen("pin2.json", attentionJson());
    await settled();
    await isAbout(first.document.uri);
    panel.intend({ kind: "setPinned", pinned: false });
    await isAbout(second.document.uri);
  });

  it("goes back with the file when it is reverted", async () => {
    const editor = await writeAndOpen("revert.json", attentionJson());
    await isAbout(editor.document.uri);
    const row = await panel.firstRow();
    await replace(editor, "[1, 0, 2]", "[9, 9, 9]");
    await eventually(async () => ok((await panel.firstRow())[0] !== row[0]));
    await vscode.commands.executeCommand("workbench.action.files.revert");
    await eventually(async () => deepStrictEqual(await panel.firstRow(), row));
  });

  it("survives the file's deletion", async () => {
    const { document } = await writeAndOpen("deleted.json", attentionJson());
    await isAbout(document.uri);
    await vscode.workspace.fs.delete(document.uri);
    await settled();
    ok(panel.snapshot.result, "expected the result to stay");
    ok(["live", "gone"].includes(panel.snapshot.source!.status));
  });

  it("is what a diff shows", async () => {
    const [left, right] = [
      await write("left.json", attentionJson()),
      await write("right.json", attentionJson({ v: [[1], [2], [3], [4]] })),
    ];
    await vscode.commands.executeCommand("vscode.diff", left, right, "left ↔ right");
    await isAbout(right);
  });

  it("is the cell of a notebook that has the focus", async () => {
    const cell = new vscode.NotebookCellData(
      vscode.NotebookCellKind.Code,
      "Q = [[1, 2], [3, 4]]\nK = [[1, 0], [0, 1]]\nV = [[1], [2]]\n",
      "python",
    );
    const uri = await write("book.ipynb", JSON.stringify({ cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 }));
    const notebook = await vscode.workspace.openNotebookDocument(uri);
    const edit = new vscode.WorkspaceEdit();
    edit.set(uri, [vscode.NotebookEdit.insertCells(0, [cell])]);
    await vscode.workspace.applyEdit(edit);
    await vscode.window.showNotebookDocument(notebook);
    await vscode.commands.executeCommand("notebook.cell.edit");
    await isAbout(notebook.cellAt(0).document.uri);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });
});
