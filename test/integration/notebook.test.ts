import { match } from "node:assert/strict";
import * as vscode from "vscode";
import { closeAll, eventually, hoverAt, loupe, wordsOf, write } from "./support/workspace.ts";

describe("a notebook", () => {
  before(loupe);
  afterEach(closeAll);

  async function notebookOf(name: string, cells: readonly string[]): Promise<vscode.NotebookDocument> {
    const uri = await write(name, JSON.stringify({ cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 }));
    const notebook = await vscode.workspace.openNotebookDocument(uri);
    const edit = new vscode.WorkspaceEdit();
    const code = cells.map((text) => new vscode.NotebookCellData(vscode.NotebookCellKind.Code, text, "python"));
    edit.set(uri, [vscode.NotebookEdit.insertCells(0, code)]);
    await vscode.workspace.applyEdit(edit);
    await vscode.window.showNotebookDocument(notebook);
    return notebook;
  }

  it("knows in a cell what the cells before it bound, magics left out", async () => {
    const notebook = await notebookOf("order.ipynb", [
      "%load_ext autoreload\nimport numpy as np\nx = np.array([[1.0, 2.0, 3.0]])",
      "y = x",
    ]);
    const cell = notebook.cellAt(1).document;
    await eventually(async () => match(wordsOf(await hoverAt(cell, "x")), /1×3/));
  });

  it("follows an edit of an earlier cell", async () => {
    const notebook = await notebookOf("edit.ipynb", ["import numpy as np\nx = np.array([[1.0, 2.0]])", "y = x"]);
    const [first, second] = [notebook.cellAt(0).document, notebook.cellAt(1).document];
    await eventually(async () => match(wordsOf(await hoverAt(second, "x")), /1×2/));
    const edit = new vscode.WorkspaceEdit();
    edit.insert(first.uri, first.positionAt(first.getText().indexOf("2.0")), "9.0, ");
    await vscode.workspace.applyEdit(edit);
    await eventually(async () => match(wordsOf(await hoverAt(second, "x")), /1×3/));
  });
});
