import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import * as vscode from "vscode";
import { key, largestDifference, value, weights } from "./support/matrices.ts";
import { type TestPanel, withPanel } from "./support/panel.ts";
import { eventually, settled, writeAndOpen } from "./support/workspace.ts";

/** With every way that people write numbers. */
const text = `{
  "Q": [
    [ 1.00,  0e0, 2],
    [0.5,   -1.,  2.50e-01]
  ],
  "K": ${JSON.stringify(key)},
  "V": ${JSON.stringify(value)}
}
`.replace("-1.,", "-1.0,");

describe("a number changed in the panel", () => {
  let panel: TestPanel;
  withPanel((made) => {
    panel = made;
  });

  async function opened(name: string): Promise<vscode.TextEditor> {
    const editor = await writeAndOpen(name, text);
    await eventually(() => ok(panel.snapshot.result, "expected a result"));
    return editor;
  }

  const number = (row: number, column: number, to: number) => {
    const { result } = panel.snapshot.result!;
    return { result, batch: 0, head: 0, role: "query" as const, row, column, value: to };
  };

  async function firstRowIs(expected: readonly number[]): Promise<void> {
    await eventually(async () => ok(largestDifference(await panel.firstRow(), expected) < 1e-12));
  }

  it("is only shown while it is dragged", async () => {
    const { document } = await opened("dragged.json");
    panel.intend({ kind: "preview", number: number(0, 0, 5) });
    await firstRowIs(weights([[5, 0, 2]])[0]!);
    strictEqual(document.getText(), text);
    strictEqual(document.isDirty, false);
    panel.intend({ kind: "preview", number: null });
    await firstRowIs(weights()[0]!);
  });

  it("is written on release: the literal alone, in its own manner, as one undo step", async () => {
    const { document } = await opened("written.json");
    panel.intend({ kind: "preview", number: number(0, 0, 3.2159) });
    panel.intend({ kind: "edit", number: number(0, 0, 3.2159), precision: "drag" });
    await eventually(() => strictEqual(document.getText(), text.replace("1.00", "3.22")));
    await firstRowIs(weights([[3.22, 0, 2]])[0]!);
    await vscode.commands.executeCommand("undo");
    await eventually(() => strictEqual(document.getText(), text));
    await firstRowIs(weights()[0]!);
  });

  it("may be named by a result that a later preview has replaced already", async () => {
    const { document } = await opened("race.json");
    const first = number(0, 0, 2);
    for (const to of [2, 3, 4]) {
      panel.intend({ kind: "preview", number: { ...first, value: to } });
      await firstRowIs(weights([[to, 0, 2]])[0]!);
    }
    panel.intend({ kind: "edit", number: { ...first, value: 4 }, precision: "drag" });
    await eventually(() => strictEqual(document.getText(), text.replace("1.00", "4.00")));
  });

  it("is refused once the text is another than the one it was seen in", async () => {
    const { document } = await opened("moved.json");
    const seen = number(0, 0, 9);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, document.positionAt(text.indexOf("[0.5")), "[7, 7, 7],\n    ");
    await vscode.workspace.applyEdit(edit);
    const now = document.getText();
    await eventually(() => ok(panel.snapshot.result!.result !== seen.result));
    panel.intend({ kind: "edit", number: seen, precision: "drag" });
    await settled();
    strictEqual(document.getText(), now);
  });

  it("goes on from its newest value with every key, however old the page's is", async () => {
    const { document } = await opened("nudged.json");
    const { value: _, ...place } = number(0, 0, 0);
    for (const steps of [1, 1, 1, -1, 10]) panel.intend({ kind: "nudge", number: place, steps });
    await eventually(() => strictEqual(document.getText(), text.replace("1.00", "2.20")));
    await firstRowIs(weights([[2.2, 0, 2]])[0]!);
  });

  it("is written in the order in which it was asked for, and taken back after", async () => {
    const { document } = await opened("ordered.json");
    panel.intend({ kind: "edit", number: number(0, 0, 3), precision: "drag" });
    panel.intend({ kind: "edit", number: number(1, 1, 4), precision: "drag" });
    panel.intend({ kind: "undo" });
    panel.intend({ kind: "undo" });
    panel.intend({ kind: "redo" });
    await eventually(() => strictEqual(panel.refocused, 3));
    await eventually(() => strictEqual(document.getText(), text.replace("1.00", "3.00")));
  });

  it("leaves the preview of the next number alone while the one before is written", async () => {
    const { document } = await opened("next.json");
    panel.intend({ kind: "edit", number: number(0, 0, 3), precision: "drag" });
    panel.intend({ kind: "preview", number: number(0, 2, 6) });
    await eventually(() => strictEqual(document.getText(), text.replace("1.00", "3.00")));
    await firstRowIs(weights([[3, 0, 6]])[0]!);
    await settled();
    await firstRowIs(weights([[3, 0, 6]])[0]!);
  });

  it("keeps exponent form and signs", async () => {
    const { document } = await opened("exponents.json");
    panel.intend({ kind: "edit", number: number(1, 2, -0.125), precision: "drag" });
    await eventually(() => strictEqual(document.getText(), text.replace("2.50e-01", "-1.25e-01")));
  });

  it("is taken back with undo in the panel, which keeps the focus; redo writes it again", async () => {
    const { document } = await opened("undone.json");
    panel.intend({ kind: "edit", number: number(0, 2, 7), precision: "exact" });
    await eventually(() => match(document.getText(), /0e0, 7\]/));
    panel.intend({ kind: "undo" });
    await eventually(() => strictEqual(document.getText(), text));
    await eventually(() => strictEqual(panel.refocused, 1));
    panel.intend({ kind: "redo" });
    await eventually(() => match(document.getText(), /0e0, 7\]/));
    await eventually(() => strictEqual(panel.refocused, 2));
  });

  it("does not move the crosshair, nor does undoing it", async () => {
    const { document } = await opened("still.json");
    await settled();
    const { serial } = panel.snapshot.crosshair;
    panel.intend({ kind: "edit", number: number(1, 0, 4), precision: "drag" });
    await eventually(() => strictEqual(document.getText(), text.replace("[0.5,", "[4.0,")));
    panel.intend({ kind: "undo" });
    await eventually(() => strictEqual(document.getText(), text));
    await settled();
    strictEqual(panel.snapshot.crosshair.serial, serial);
  });

  it("is refused, and nothing written, once the text is broken", async () => {
    const { document } = await opened("refused.json");
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, document.positionAt(text.indexOf('"K"')), "[");
    await vscode.workspace.applyEdit(edit);
    const broken = document.getText();
    await eventually(() => strictEqual(panel.snapshot.source?.status, "stale"));
    panel.intend({ kind: "edit", number: number(0, 0, 9), precision: "drag" });
    await settled();
    strictEqual(document.getText(), broken);
  });

  it("reaches key and value too", async () => {
    const { document } = await opened("value.json");
    panel.intend({ kind: "edit", number: { ...number(3, 1, 6), role: "value" }, precision: "drag" });
    await eventually(() => match(document.getText(), /\[-1,6\]/));
  });

  it("inserts the weights behind the value, as JSON that is read again, in one undo step", async () => {
    const { document } = await opened("inserted.json");
    panel.intend({ kind: "insertWeights", result: panel.snapshot.result!.result, batch: 0, head: 0 });
    await eventually(() => match(document.getText(), /"weights": \[/));
    const { weights: written, V } = JSON.parse(document.getText());
    deepStrictEqual(V, value);
    for (const [at, row] of weights().entries()) ok(largestDifference(written[at], row) < 1e-8);
    await vscode.commands.executeCommand("undo");
    await eventually(() => strictEqual(document.getText(), text));
  });

  it("goes to the clipboard as CSV", async () => {
    await opened("exported.json");
    const { result } = panel.snapshot.result!;
    const head = { result, batch: 0, head: 0, stage: "weights" as const, query: null, key: null };
    const picture = { colorMap: "viridis", scale: "linear" as const };
    panel.intend({ kind: "export", ...head, format: "csv", to: "clipboard", picture });
    await eventually(async () => {
      const text = await vscode.env.clipboard.readText();
      ok(text.includes(String(weights()[0]![0]).slice(0, 12)), text.slice(0, 200));
    });
  });
});
