import { ok, strictEqual } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import * as vscode from "vscode";
import { CompareWithHead } from "../../src/features/panel/compareWithHead.ts";
import { attentionJson, largestDifference, weights } from "./support/matrices.ts";
import { type TestPanel, withPanel } from "./support/panel.ts";
import { eventually, folder, loupe, replace, settled, writeAndOpen } from "./support/workspace.ts";

interface GitExtension {
  getAPI(version: 1): { openRepository(root: vscode.Uri): Promise<unknown> };
}

describe("comparing with what was committed last", () => {
  let panel: TestPanel;
  const repository = () => vscode.Uri.joinPath(folder(), "repository");
  const git = (...words: string[]) =>
    execFileSync("git", ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", ...words], {
      cwd: repository().fsPath,
    });

  before(async () => {
    await loupe();
    mkdirSync(repository().fsPath);
    git("init", "--quiet");
    const extension = await vscode.extensions.getExtension<GitExtension>("vscode.git")!.activate();
    await extension.getAPI(1).openRepository(repository());
  });
  withPanel((made) => {
    panel = made;
  });

  async function shown(name: string): Promise<vscode.TextEditor> {
    const editor = await writeAndOpen(`repository/${name}`, attentionJson());
    await eventually(() => strictEqual(panel.snapshot.result?.uri, editor.document.uri.toString()));
    return editor;
  }

  const compare = () => new CompareWithHead({ ...panel, say: ({ code }) => code }).compare(panel.session);

  it("keeps the weights of that text beside those of the text as it is", async () => {
    const editor = await shown("committed.json");
    git("add", ".");
    git("commit", "--quiet", "--message", "first");
    await replace(editor, "[1, 0, 2]", "[1, 5, 2]");
    await eventually(async () => ok(largestDifference(await panel.firstRow(), weights([[1, 5, 2]])[0]!) < 1e-12));
    await compare();
    const { result } = await eventually(() => {
      ok(panel.snapshot.baseline, "expected something to compare with");
      return panel.snapshot.baseline;
    });
    const row = await panel.ask({ method: "row", result, batch: 0, head: 0, query: 0 });
    ok(row.type === "answer");
    ok(largestDifference([...(row.answer as { weights: Float64Array }).weights], weights()[0]!) < 1e-12);
  });

  it("says so where nothing was committed, and keeps nothing", async () => {
    await shown("new.json");
    await compare();
    await settled();
    strictEqual(panel.snapshot.baseline, null);
  });
});
