import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import * as vscode from "vscode";
import { Choices } from "../../src/features/choices.ts";
import { key, query, rows, value } from "./support/matrices.ts";
import { forgetful } from "./support/panel.ts";
import { closeAll, eventually, folder, loupe, write } from "./support/workspace.ts";

const unnamed = `{\n  "a": ${rows(query)},\n  "b": ${rows(key)},\n  "c": ${rows(value)}\n}\n`;

describe("what the user chose as query, key and value", () => {
  before(loupe);
  afterEach(closeAll);

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
