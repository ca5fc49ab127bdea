import { match } from "node:assert/strict";
import * as vscode from "vscode";
import { closeAll, eventually, hoverAt, loupe, notebookOf, wordsOf } from "./support/workspace.ts";

describe("a notebook", () => {
  before(loupe);
  afterEach(closeAll);

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
