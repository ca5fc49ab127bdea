import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import * as vscode from "vscode";
import type { Part } from "../../src/reading/document.ts";
import { type TestPanel, withPanel } from "./support/panel.ts";
import { eventually, settled, writeAndOpen } from "./support/workspace.ts";

const code = `import math
import torch
torch.manual_seed(0)
q = torch.randn(4, 8)
k = torch.randn(6, 8)
v = torch.randn(6, 8)
${"\n".repeat(200)}
scores = q @ k.T
scaled = scores / math.sqrt(8)
weights = scaled.softmax(dim=-1)
out = weights @ v
`;

describe("stages of the panel and lines of Python", () => {
  let panel: TestPanel;
  withPanel((made) => {
    panel = made;
  });

  async function shown(uri: vscode.Uri): Promise<void> {
    await eventually(() => {
      strictEqual(panel.snapshot.source?.uri, uri.toString());
      ok(panel.snapshot.result, "expected a result");
    });
  }

  function put(editor: vscode.TextEditor, text: string): void {
    const at = editor.document.positionAt(editor.document.getText().indexOf(text));
    editor.selection = new vscode.Selection(at, at);
  }

  it("meet in the panel when the caret comes to an expression that plays a part", async () => {
    const editor = await writeAndOpen("stages.py", code);
    await shown(editor.document.uri);
    const at: readonly [string, Part][] = [
      ["@ k.T", "scores"],
      ["scores / math", "scores"],
      ["/ math.sqrt", "scaled"],
      ["softmax(dim", "weights"],
      ["@ v", "output"],
      ["k.T", "key"],
    ];
    for (const [text, part] of at) {
      put(editor, text);
      await eventually(() => strictEqual(panel.snapshot.part?.part, part, text));
    }
  });

  it("meet in the editor when a stage is chosen: its line comes into sight, caret and focus stay", async () => {
    const editor = await writeAndOpen("lines.py", code);
    await shown(editor.document.uri);
    const { selection } = editor;
    const { result, written } = panel.snapshot.result!;
    deepStrictEqual([...written!].sort(), ["key", "output", "query", "scaled", "scores", "value", "weights"]);
    const line = editor.document.positionAt(code.indexOf("weights @ v")).line;
    const sees = (at: number) => editor.visibleRanges.some(({ start, end }) => start.line <= at && at <= end.line);
    ok(!sees(line), "the line is in sight from the start");
    const serial = panel.snapshot.part?.serial;
    panel.intend({ kind: "selectPart", result, part: "output" });
    await eventually(() => ok(sees(line), "the line of the output is not in sight"));
    panel.intend({ kind: "selectPart", result, part: "value" });
    await eventually(() => ok(sees(5), "the line of V is not in sight"));
    await settled();
    deepStrictEqual(editor.selection, selection);
    strictEqual(vscode.window.activeTextEditor, editor);
    strictEqual(panel.snapshot.part?.serial, serial);
  });

  it("meet at the stage before where the code has none of its own", async () => {
    const editor = await writeAndOpen("fallback.py", code);
    await shown(editor.document.uri);
    const line = editor.document.positionAt(code.indexOf("scores / math")).line;
    panel.intend({ kind: "selectPart", result: panel.snapshot.result!.result, part: "masked" });
    await eventually(() => ok(editor.visibleRanges.some(({ start, end }) => start.line <= line && line <= end.line)));
  });

  it("say of weights that a small network scores that the code makes them", async () => {
    const network = `import torch, torch.nn as nn
torch.manual_seed(0)
scores = nn.Linear(4, 1)(torch.tanh(nn.Linear(8, 4)(torch.randn(2, 5, 8))))
weights = scores.softmax(dim=1)
`;
    const { document } = await writeAndOpen("additive.py", network);
    await shown(document.uri);
    deepStrictEqual(panel.snapshot.notes, ["The code makes these weights by itself, not from a query and a key."]);
  });
});
