import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import * as vscode from "vscode";
import { attentionJson, key, largestDifference, query, value, weights } from "./support/matrices.ts";
import { type TestPanel, withPanel } from "./support/panel.ts";
import { eventually, notebookOf, settled } from "./support/workspace.ts";

const values = { Q: query, K: key, V: value };
const { json, text } = vscode.NotebookCellOutputItem;

describe("JSON that a notebook's cell has put out", () => {
  let panel: TestPanel;
  withPanel((made) => {
    panel = made;
  });

  /** Gives a cell this output instead of those that it has. */
  async function puts(notebook: vscode.NotebookDocument, at: number, items: vscode.NotebookCellOutputItem[]) {
    const cell = notebook.cellAt(at);
    const data = new vscode.NotebookCellData(cell.kind, cell.document.getText(), cell.document.languageId);
    data.outputs = items.length > 0 ? [new vscode.NotebookCellOutput(items)] : [];
    const edit = new vscode.WorkspaceEdit();
    edit.set(notebook.uri, [vscode.NotebookEdit.replaceCells(new vscode.NotebookRange(at, at + 1), [data])]);
    ok(await vscode.workspace.applyEdit(edit));
  }

  const isShown = (name: string) =>
    eventually(async () => {
      const { source, result } = panel.snapshot;
      deepStrictEqual([source?.name, source?.status], [name, "live"]);
      match(source!.uri, /^attention-loupe-output:/);
      ok(result, "expected a result");
      ok(largestDifference(await panel.firstRow(), weights()[0]!) < 1e-12);
    });

  for (const [kind, item] of Object.entries({
    "application/json": json(values, "application/json"),
    "text/plain": text(attentionJson()),
    "text/plain, as Python shows a string": text(`'${JSON.stringify(values)}'`),
    "what was printed": text(attentionJson(), "application/vnd.code.notebook.stdout"),
  })) {
    it(`is what the panel shows while its cell is looked at: ${kind}`, async () => {
      const name = `output-${kind.replace(/\W+/g, "-")}.ipynb`;
      const notebook = await notebookOf(name, ["show()"]);
      await puts(notebook, 0, [item]);
      await isShown(name);
    });
  }

  it("is read again when the cell has put out something else, and stays with its result when it is cleared", async () => {
    const notebook = await notebookOf("output-again.ipynb", ["show()"]);
    await puts(notebook, 0, [json({ ...values, Q: [[3, 1, 2]] })]);
    await eventually(async () =>
      ok(largestDifference(await panel.firstRow(), weights([[3, 1, 2]])[0]!) < 1e-12, "expected the first output"),
    );
    await puts(notebook, 0, [json(values)]);
    await isShown("output-again.ipynb");
    await puts(notebook, 0, []);
    await eventually(() => strictEqual(panel.snapshot.source?.status, "gone"));
    ok(panel.snapshot.result, "expected the last result");
  });

  it("gives way to the tensors of the cell itself, and is no source without tensors", async () => {
    const notebook = await notebookOf("output-both.ipynb", [
      "Q = [[1, 2], [3, 4]]\nK = [[1, 0], [0, 1]]\nV = [[1], [2]]\n",
      "print('hello')",
    ]);
    await puts(notebook, 1, [json({ loss: [0.5, 0.25] }), text("[1.5 2.5]")]);
    await puts(notebook, 0, [json(values)]);
    await vscode.commands.executeCommand("notebook.cell.edit");
    await eventually(() => strictEqual(panel.snapshot.source?.uri, notebook.cellAt(0).document.uri.toString()));
    await settled();
    strictEqual(panel.snapshot.source?.uri, notebook.cellAt(0).document.uri.toString());
  });

  it("answers the command and the tensor's commands by its address", async () => {
    const notebook = await notebookOf("output-command.ipynb", ["show()"]);
    await puts(notebook, 0, [json({ first: query, second: value })]);
    const uri = await eventually(() => {
      match(panel.snapshot.source?.uri ?? "", /^attention-loupe-output:/);
      return panel.snapshot.source!.uri;
    });
    await vscode.env.clipboard.writeText("");
    const tensor = { id: "$.second", name: "second", shape: [4, 2] };
    await vscode.commands.executeCommand("attentionLoupe.copyJson", { uri, tensor });
    await eventually(async () => deepStrictEqual(JSON.parse(await vscode.env.clipboard.readText()), value));
  });
});
