import { deepStrictEqual, strictEqual } from "node:assert/strict";
import * as vscode from "vscode";
import { closeAll, eventually, lensesOf, loupe, replace, writeAndOpen } from "./support/workspace.ts";

/** Takes so many steps that a reading in a hurry does not know the table that everything behind it hangs on. */
const slow = `import torch
torch.manual_seed(0)
table = torch.ones(3, 3)
def grow(t):
${"    t = t + 1\n".repeat(3000)}    return t
${"table = grow(table)\n".repeat(8)}
q = torch.randn(6, 3) @ table
w = (q @ q.T / 3 ** 0.5).softmax(dim=-1)
o = w @ q
`;

/** Those of the last lines. */
async function hintsOf(document: vscode.TextDocument): Promise<string[]> {
  const { lineCount } = document;
  const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
    "vscode.executeInlayHintProvider",
    document.uri,
    new vscode.Range(lineCount - 5, 0, lineCount, 0),
  );
  return hints
    .sort((a, b) => a.position.compareTo(b.position))
    .map(({ position, label }) => `${document.lineAt(position).text.slice(0, position.character)}${label}`);
}

describe("while someone types in Python that takes long to read", () => {
  before(loupe);
  afterEach(closeAll);

  it("hints and lens never vanish", async () => {
    const editor = await writeAndOpen("drafts.py", slow);
    const { document } = editor;
    await eventually(async () => strictEqual((await hintsOf(document)).includes("o: [6, 3]"), true));
    const [lens] = await lensesOf(document.uri);
    strictEqual(lens?.command?.title, "▷ Attention · 6×6");
    for (let key = 0; key < 8; key++) {
      await replace(editor, "import torch\n", "import torch\n\n");
      const [hints, lenses] = await Promise.all([hintsOf(document), lensesOf(document.uri)]);
      deepStrictEqual(hints.slice(-3), ["q: [6, 3]", "w: [6, 6]", "o: [6, 3]"]);
      deepStrictEqual(
        lenses.map(({ command }) => command?.title),
        ["▷ Attention · 6×6"],
      );
      strictEqual(document.getText(lenses[0]!.range), "w @ q");
    }
  });

  it("hints follow what is known anew", async () => {
    const editor = await writeAndOpen("known.py", slow);
    await eventually(async () => strictEqual((await hintsOf(editor.document)).includes("o: [6, 3]"), true));
    await replace(editor, "torch.randn(6, 3)", "torch.randn(5, 3)");
    await eventually(async () =>
      deepStrictEqual((await hintsOf(editor.document)).slice(-3), ["q: [5, 3]", "w: [5, 5]", "o: [5, 3]"]),
    );
  });
});
