import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import * as vscode from "vscode";
import { Choices } from "../../src/features/choices.ts";
import { key, query, rows, value } from "./support/matrices.ts";
import { forgetful } from "./support/panel.ts";
import { closeAll, eventually, folder, lensesOf, loupe, settled, write, writeAndOpen } from "./support/workspace.ts";

const unnamed = `{\n  "a": ${rows(query)},\n  "b": ${rows(key)},\n  "c": ${rows(value)}\n}\n`;

/** Takes item number `at` of the quick pick that is open. */
async function take(at: number): Promise<void> {
  await settled(500);
  for (let step = 0; step < at; step++) await vscode.commands.executeCommand("workbench.action.quickOpenSelectNext");
  await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
}

describe("choosing query, key and value", () => {
  before(loupe);
  afterEach(closeAll);

  it("asks for each where names do not say, and remembers it for the file", async () => {
    const { document } = await writeAndOpen("unnamed.json", unnamed);
    deepStrictEqual(await lensesOf(document.uri), []);
    const chosen = vscode.commands.executeCommand("attentionLoupe.choose");
    await take(0);
    // Self-attention is offered first, then the tensors that fit, those without a part first.
    await take(1);
    await take(0);
    await chosen;
    const [lens] = await eventually(async () => {
      const lenses = await lensesOf(document.uri);
      strictEqual(lenses.length, 1);
      return lenses;
    });
    strictEqual(lens!.command?.title, "▷ Attention · Q 2×3 · K 4×3 · V 4×2");
    await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(document.uri));
    await eventually(async () => strictEqual((await lensesOf(document.uri)).length, 1));
  });

  it("offers self-attention from one matrix", async () => {
    const { document } = await writeAndOpen("one.json", `{"x": ${rows(query)}}`);
    const chosen = vscode.commands.executeCommand("attentionLoupe.run");
    await take(0);
    await take(0);
    await chosen;
    await eventually(async () => {
      const [lens] = await lensesOf(document.uri);
      strictEqual(lens?.command?.title, "▷ Attention · Q 2×3 · K 2×3 · V 2×3");
    });
  });

  it("is remembered under the file's new name", async () => {
    const choices = new Choices(forgetful());
    const uri = await write("choice-before.json", unnamed);
    const choice = { query: "$.a", key: "$.b", value: "$.c" };
    await choices.set(uri.toString(), choice);
    const renamed = vscode.Uri.joinPath(folder(), "choice-after.json");
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(uri, renamed, { overwrite: true });
    ok(await vscode.workspace.applyEdit(edit));
    await eventually(() => deepStrictEqual(choices.get(renamed.toString()), choice));
    strictEqual(choices.get(uri.toString()), undefined);
    choices.dispose();
  });
});
