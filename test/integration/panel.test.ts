import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import * as vscode from "vscode";
import type { HostMessage } from "../../src/protocol/panel.ts";
import { asItIs } from "../../src/protocol/whatIf.ts";
import { attentionJson, key, largestDifference, query, value, weights } from "./support/matrices.ts";
import { TestPanel } from "./support/panel.ts";
import { closeAll, eventually, loupe, open, replace, settled, write, writeAndOpen } from "./support/workspace.ts";

describe("the panel", () => {
  let panel: TestPanel;
  before(loupe);
  beforeEach(() => {
    panel = new TestPanel();
  });
  afterEach(async () => {
    await closeAll();
    panel.dispose();
    deepStrictEqual(panel.failures, []);
  });

  async function shows(uri: vscode.Uri): Promise<void> {
    await eventually(() => {
      strictEqual(panel.snapshot.source?.uri, uri.toString());
      strictEqual(panel.snapshot.source?.status, "live");
      ok(panel.snapshot.result, "expected a result");
    });
  }

  async function firstRowIs(expected: readonly number[]): Promise<void> {
    await eventually(async () => ok(largestDifference(await panel.firstRow(), expected) < 1e-12));
  }

  it("says at first that there is nothing", () => {
    strictEqual(panel.snapshot.source, null);
    strictEqual(panel.snapshot.result, null);
  });

  it("shows the weights of the active file, and follows edits and undo", async () => {
    const editor = await writeAndOpen("follow.json", attentionJson());
    await shows(editor.document.uri);
    await firstRowIs(weights()[0]!);
    await replace(editor, "[1, 0, 2]", "[1, 0.125, 2]");
    await firstRowIs(weights([[1, 0.125, 2]])[0]!);
    await vscode.commands.executeCommand("undo");
    await firstRowIs(weights()[0]!);
  });

  it("keeps the last good result while the text is broken, and says where", async () => {
    const editor = await writeAndOpen("stale.json", attentionJson());
    await shows(editor.document.uri);
    const { result } = panel.snapshot;
    await replace(editor, "[1, 0, 2],", "[1, 0, 2");
    await eventually(() => strictEqual(panel.snapshot.source?.status, "stale"));
    match(panel.snapshot.source!.text!, /\d/);
    deepStrictEqual(panel.snapshot.result, result);
    await firstRowIs(weights()[0]!);
    await vscode.commands.executeCommand("undo");
    await shows(editor.document.uri);
    strictEqual(panel.snapshot.source?.text, undefined);
  });

  it("goes on with one line of JSON Lines while another is broken", async () => {
    const line = JSON.stringify({ Q: query, K: key, V: value });
    const editor = await writeAndOpen("lines.jsonl", `${line}\n${line}\n`);
    await shows(editor.document.uri);
    const endOf = (number: number) => editor.document.lineAt(number).range.end;
    await editor.edit((edit) => edit.insert(endOf(1), "x"));
    await replace(editor, "[1,0,2]", "[1,0.125,2]");
    await firstRowIs(weights([[1, 0.125, 2]])[0]!);
    await shows(editor.document.uri);
    await editor.edit((edit) => edit.insert(endOf(0), "x"));
    await eventually(() => strictEqual(panel.snapshot.source?.status, "stale"));
    match(panel.snapshot.source!.text!, /^Line 1: json\.trailing$/);
  });

  it("says why there is no result", async () => {
    const { document } = await writeAndOpen("why.json", attentionJson({ k: key.map((row) => row.slice(1)) }));
    await eventually(() => strictEqual(panel.snapshot.source?.uri, document.uri.toString()));
    strictEqual(panel.snapshot.result, null);
    match(panel.snapshot.source!.text!, /^Line 6: json\.width$/);
  });

  it("moves its crosshair to the row that the caret is in", async () => {
    const editor = await writeAndOpen("caret.json", attentionJson());
    await shows(editor.document.uri);
    const put = (text: string) => {
      const at = editor.document.positionAt(editor.document.getText().indexOf(text));
      editor.selection = new vscode.Selection(at, at);
    };
    put("0.25");
    await eventually(() => deepStrictEqual(at(panel), { query: 1, key: null }));
    put("1.5]");
    await eventually(() => deepStrictEqual(at(panel), { query: null, key: 2 }));
  });

  it("starts at the row that the caret is in already", async () => {
    panel.dispose();
    const editor = await writeAndOpen("already.json", attentionJson());
    const at1 = editor.document.positionAt(editor.document.getText().indexOf("0.25"));
    editor.selection = new vscode.Selection(at1, at1);
    await settled();
    panel = new TestPanel();
    await shows(editor.document.uri);
    await eventually(() => deepStrictEqual(at(panel), { query: 1, key: null }));
  });

  it("moves its crosshair to the word that the caret is in", async () => {
    const more = ',\n  "query_tokens": ["un", "deux"],\n  "key_tokens": ["a", "b", "c", "d"]';
    const editor = await writeAndOpen("words.json", attentionJson({ more }));
    await shows(editor.document.uri);
    const put = (text: string) => {
      const place = editor.document.positionAt(editor.document.getText().indexOf(text) + 1);
      editor.selection = new vscode.Selection(place, place);
    };
    put('"deux"');
    await eventually(() => deepStrictEqual(at(panel), { query: 1, key: null }));
    put('"c"');
    await eventually(() => deepStrictEqual(at(panel), { query: null, key: 2 }));
  });

  it("is never moved by what a click in it shows: 20 cells", async () => {
    const editor = await writeAndOpen("clicks.json", attentionJson());
    await shows(editor.document.uri);
    const { serial } = panel.snapshot.crosshair;
    const { selection } = editor;
    const { result } = panel.snapshot.result!;
    for (let click = 0; click < 20; click++) {
      panel.intend({ kind: "select", result, batch: 0, head: 0, query: click % 2, key: click % 4 });
      await settled(20);
    }
    await settled();
    strictEqual(panel.snapshot.crosshair.serial, serial);
    deepStrictEqual(editor.selection, selection);
    strictEqual(vscode.window.activeTextEditor, editor);
  });

  it("puts caret and focus on the row of Q when asked to go there", async () => {
    const editor = await writeAndOpen("goto.json", attentionJson());
    await shows(editor.document.uri);
    await open(await write("other.md", "# elsewhere"), { viewColumn: vscode.ViewColumn.Two });
    panel.intend({ kind: "goTo", result: panel.snapshot.result!.result, batch: 0, head: 0, query: 1, key: 2 });
    await eventually(() => {
      strictEqual(vscode.window.activeTextEditor?.document.uri.toString(), editor.document.uri.toString());
      match(editor.document.lineAt(vscode.window.activeTextEditor!.selection.active.line).text, /0\.5, -1, 0\.25/);
    });
  });

  it("takes what the user tries out, and gives it up again", async () => {
    const { document } = await writeAndOpen("options.json", attentionJson());
    await shows(document.uri);
    panel.intend({ kind: "tryOut", change: { scale: 1 } });
    await firstRowIs(weights(query, key, 1)[0]!);
    strictEqual(panel.snapshot.overrides.scale, 1);
    panel.intend({ kind: "tryOut", change: { scale: null, causal: "topLeft" } });
    await firstRowIs([1, 0, 0, 0]);
    panel.intend({ kind: "tryOut", change: asItIs });
    await firstRowIs(weights()[0]!);
  });

  it("obeys the settings for causal and scale", async () => {
    const { document } = await writeAndOpen("settings.json.json", attentionJson());
    await shows(document.uri);
    const settings = vscode.workspace.getConfiguration("attentionLoupe");
    await settings.update("causal", "topLeft", vscode.ConfigurationTarget.Workspace);
    await firstRowIs([1, 0, 0, 0]);
    await settings.update("causal", undefined, vscode.ConfigurationTarget.Workspace);
    await settings.update("scale", 0.25, vscode.ConfigurationTarget.Workspace);
    await firstRowIs(weights(query, key, 0.25)[0]!);
    await settings.update("scale", undefined, vscode.ConfigurationTarget.Workspace);
    await firstRowIs(weights()[0]!);
  });

  it("keeps a result to compare with, for as long as it is wanted", async () => {
    const editor = await writeAndOpen("baseline.json", attentionJson());
    await shows(editor.document.uri);
    const kept = panel.snapshot.result!.result;
    panel.intend({ kind: "keepBaseline", result: kept });
    await replace(editor, "[1, 0, 2]", "[1, 5, 2]");
    await eventually(() => ok(panel.snapshot.result!.result !== kept));
    strictEqual(panel.snapshot.baseline?.result, kept);
    const row = await panel.ask({ method: "row", result: kept, batch: 0, head: 0, query: 0 });
    strictEqual(row.type, "answer");
    panel.intend({ kind: "keepBaseline", result: null });
    // What was shown a moment ago may still be asked for; what was shown before that is freed.
    for (const number of [5, 6, 7]) {
      const shown = panel.snapshot.result!.result;
      await replace(editor, `[1, ${number}, 2]`, `[1, ${number + 1}, 2]`);
      await eventually(() => ok(panel.snapshot.result!.result !== shown));
    }
    await eventually(async () =>
      strictEqual((await panel.ask({ method: "row", result: kept, batch: 0, head: 0, query: 0 })).type, "refusal"),
    );
  });

  it("keeps what the page showed when it was asked to, though a newer result came first", async () => {
    const editor = await writeAndOpen("late.json", attentionJson());
    await shows(editor.document.uri);
    const seen = panel.snapshot.result!.result;
    await replace(editor, "[1, 0, 2]", "[1, 5, 2]");
    await eventually(() => ok(panel.snapshot.result!.result !== seen));
    panel.intend({ kind: "keepBaseline", result: seen });
    await eventually(() => strictEqual(panel.snapshot.baseline?.result, seen));
    const row = await panel.ask({ method: "row", result: seen, batch: 0, head: 0, query: 0 });
    strictEqual(row.type, "answer");
  });

  it("names with every snapshot how many of the page's wishes are in it, and takes steps back one by one", async () => {
    const { document } = await writeAndOpen("steps.json", attentionJson());
    await shows(document.uri);
    const before = panel.snapshot.heard;
    for (const change of [{ causal: "topLeft" as const }, { cell: [1, 0] as [number, number] }, { key: 1 }])
      panel.intend({ kind: "tryOut", change });
    await eventually(() => {
      deepStrictEqual(panel.snapshot.overrides.excluded, [1]);
      strictEqual(panel.snapshot.heard, before + 3);
    });
    const { blocked, causal } = panel.snapshot.overrides;
    deepStrictEqual([blocked, causal, panel.snapshot.canTakeBack], [[[1, 0]], "topLeft", true]);
    for (let step = 0; step < 3; step++) panel.intend({ kind: "takeBack" });
    await eventually(() => {
      deepStrictEqual(panel.snapshot.overrides, asItIs);
      strictEqual(panel.snapshot.canTakeBack, false);
    });
  });

  it("does not send an earlier page's late answer, or its refusal, to the next one's question", async () => {
    const { document } = await writeAndOpen("reloaded.json", attentionJson());
    await shows(document.uri);
    const { result } = panel.snapshot.result!;
    const row = { method: "row", result, batch: 0, head: 0 } as const;
    const heard: HostMessage[] = [];
    panel.listen((message) => message.type !== "snapshot" && heard.push(message));
    panel.send({ type: "request", id: 7, request: { ...row, query: 0 } });
    panel.send({ type: "request", id: 8, request: { ...row, query: 0 } });
    panel.send({ type: "ready", selectedIn: null });
    panel.send({ type: "request", id: 7, request: { ...row, query: 1 } });
    await eventually(() => strictEqual(heard.length, 1));
    await settled();
    deepStrictEqual(
      heard.map((message) => [message.type, "id" in message && message.id]),
      [["answer", 7]],
    );
    strictEqual((heard[0] as { answer: { query: number } }).answer.query, 1);
  });

  it("does not go where the caret was before a cell was chosen, however late that is known", async () => {
    const editor = await writeAndOpen("overtaken.json", attentionJson());
    await shows(editor.document.uri);
    await settled();
    const { serial } = panel.snapshot.crosshair;
    const at = editor.document.positionAt(editor.document.getText().indexOf("0.25"));
    // As soon as the host has heard of the caret, and before it knows what stands there.
    const chosen = new Promise<void>((resolve) => {
      const listening = vscode.window.onDidChangeTextEditorSelection(() => {
        listening.dispose();
        panel.intend({ kind: "select", result: panel.snapshot.result!.result, batch: 0, head: 0, query: 0, key: 3 });
        resolve();
      });
    });
    editor.selection = new vscode.Selection(at, at);
    await chosen;
    await settled();
    // A page that is opened again now must not be sent to the caret either.
    panel.send({ type: "ready", selectedIn: null });
    const { crosshair } = panel.snapshot;
    ok(crosshair.serial === serial || crosshair.query === null, JSON.stringify(crosshair));
  });

  it("leaves a cell alone that the page brought along, until the caret is moved", async () => {
    panel.dispose();
    const editor = await writeAndOpen("brought.json", attentionJson());
    const put = (text: string) => {
      const place = editor.document.positionAt(editor.document.getText().indexOf(text));
      editor.selection = new vscode.Selection(place, place);
    };
    put("0.25");
    await settled();
    panel = new TestPanel(editor.document.uri.toString());
    await shows(editor.document.uri);
    await settled();
    deepStrictEqual(at(panel), { query: null, key: null });
    put("1.5]");
    await eventually(() => deepStrictEqual(at(panel), { query: null, key: 2 }));
  });

  it("leaves another tour open than the one that was closed or turned", async () => {
    const page = { title: "one", blocks: [] };
    panel.session.tell({ title: "first", pages: [page, page] });
    const { serial } = panel.snapshot.tour!;
    panel.session.tell({ title: "second", pages: [page, page] });
    panel.intend({ kind: "turnTour", serial, page: 1 });
    panel.intend({ kind: "closeTour", serial });
    panel.send({ type: "ready", selectedIn: null });
    deepStrictEqual([panel.snapshot.tour?.title, panel.snapshot.tour?.page], ["second", 0]);
  });

  it("drops a message that is none of the protocol's, and says so in the log", async () => {
    panel.send({ type: "intent", intent: { kind: "erase" } } as never);
    strictEqual(panel.failures.length, 1);
    panel.failures.length = 0;
    // Nothing that the page shows until it is heard waits for ever.
    panel.intend({ kind: "setPinned", pinned: true });
    strictEqual(panel.snapshot.heard, 2);
  });

  it("survives the end of the core: everything is read and computed again", async () => {
    const editor = await writeAndOpen("restart.json", attentionJson());
    await shows(editor.document.uri);
    panel.killCore();
    await eventually(() => match(panel.ends.join(), /^the core's worker ended with code 1/));
    await eventually(() => ok(panel.snapshots.length > 0 && panel.snapshot.result, "expected a result"));
    await firstRowIs(weights()[0]!);
    await replace(editor, "[1, 0, 2]", "[1, 0.5, 2]");
    await firstRowIs(weights([[1, 0.5, 2]])[0]!);
  });

  it("says which file's reading never ended, goes on with others, and reads it again when it changes", async () => {
    const editor = await writeAndOpen("endless.json", attentionJson());
    await shows(editor.document.uri);
    panel.hangCore();
    await replace(editor, "[1, 0, 2]", "[1, 3, 2]");
    await eventually(() =>
      deepStrictEqual(panel.ends, [`the core said nothing for 5 s and was stopped (at ${editor.document.uri})`]),
    );
    await eventually(() => strictEqual(panel.snapshot.source?.text, "source.endless"));
    strictEqual(panel.snapshot.result, null);
    const other = await writeAndOpen("beside.json", attentionJson());
    await shows(other.document.uri);
    await firstRowIs(weights()[0]!);
    const again = await open(editor.document.uri);
    await replace(again, "[1, 3, 2]", "[1, 4, 2]");
    await shows(editor.document.uri);
    await eventually(() => firstRowIs(weights([[1, 4, 2]])[0]!));
  });

  it("stops what takes long when it is told to, keeps the last result, and goes on with the next edit", async () => {
    const editor = await writeAndOpen("stopped.json", attentionJson());
    await shows(editor.document.uri);
    const { result } = panel.snapshot;
    const { remote } = panel.core;
    const endless = new Proxy(remote, {
      get: (of, name) => (name === "attend" ? () => new Promise(() => {}) : Reflect.get(of, name)),
    });
    Object.defineProperty(panel.core, "remote", { value: endless, configurable: true });
    await replace(editor, "[1, 0, 2]", "[1, 3, 2]");
    await eventually(() => strictEqual(panel.snapshot.source?.status, "running"));
    panel.intend({ kind: "stop" });
    strictEqual(panel.snapshot.source?.status, "stale");
    match(panel.snapshot.source.text!, /^Stopped/);
    deepStrictEqual(panel.snapshot.result, result);
    Reflect.deleteProperty(panel.core, "remote");
    await replace(editor, "[1, 3, 2]", "[1, 4, 2]");
    await firstRowIs(weights([[1, 4, 2]])[0]!);
  });

  it("may be closed while it computes", async () => {
    const rows = Array.from({ length: 600 }, (_, row) => Array.from({ length: 64 }, (_, at) => Math.sin(row * at)));
    await writeAndOpen("closed.json", attentionJson({ q: rows, k: rows, v: rows }));
    const closed = new TestPanel();
    await settled(30);
    closed.dispose();
    await settled();
    deepStrictEqual(closed.failures, []);
  });
});

function at({ snapshot }: TestPanel): { query: number | null; key: number | null } {
  const { query: row, key: column } = snapshot.crosshair;
  return { query: row, key: column };
}
