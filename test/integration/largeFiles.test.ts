import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import * as vscode from "vscode";
import { LargeFiles } from "../../src/sources/largeFiles.ts";
import { attentionJson, largestDifference, weights } from "./support/matrices.ts";
import { TestPanel } from "./support/panel.ts";
import { closeAll, eventually, folder, loupe, settled, write } from "./support/workspace.ts";

/** Just over the 50 MB that VS Code synchronises: weights of many heads beside Q, K and V. */
async function writeLarge(uri: vscode.Uri): Promise<void> {
  const file = createWriteStream(uri.fsPath);
  file.write('{"Q": [[1, 0], [0, 1]], "K": [[1, 0], [0, 1], [1, 1]], "V": [[1], [2], [3]],\n "padding": [\n');
  const row = `${JSON.stringify(Array.from({ length: 512 }, (_, at) => Math.sin(at)))}`;
  const rows = Math.ceil((51 * 2 ** 20) / row.length);
  for (let at = 0; at < rows; at++) file.write(`${row}${at < rows - 1 ? "," : ""}\n`);
  file.end("]}");
  await finished(file);
}

describe("a file over 50 MB", () => {
  before(loupe);
  afterEach(closeAll);

  it("is read by its tab's address when a command asks, though it is no document", async () => {
    const uri = vscode.Uri.joinPath(folder(), "large.json");
    await writeLarge(uri);
    await vscode.commands.executeCommand("vscode.open", uri);
    await eventually(() => {
      const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      ok(input instanceof vscode.TabInputText && input.uri.toString() === uri.toString());
    });
    strictEqual(
      vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString()),
      false,
    );
    await vscode.commands.executeCommand("attentionLoupe.run");
    // The tensor's commands answer for what was read.
    await vscode.env.clipboard.writeText("");
    const node = { uri: uri.toString(), tensor: { id: "$.V", name: "V", shape: [3, 1] } };
    await vscode.commands.executeCommand("attentionLoupe.copyNumPy", node);
    await eventually(async () =>
      strictEqual(await vscode.env.clipboard.readText(), "V = np.array([[1],\n [2],\n [3]], dtype=np.int64)"),
    );
    await settled();
    await vscode.workspace.fs.delete(uri);
  });
});

/** Files of which this machine knows nothing: a text, or a size without one. */
class ElsewhereFiles implements vscode.FileSystemProvider {
  readonly onDidChangeFile = new vscode.EventEmitter<vscode.FileChangeEvent[]>().event;
  readonly files = new Map<string, { readonly size: number; readonly text?: string }>();

  put(path: string, text: string): void {
    this.files.set(path, { size: text.length, text });
  }
  stat({ path }: vscode.Uri): vscode.FileStat {
    const file = this.files.get(path);
    if (!file) throw vscode.FileSystemError.FileNotFound(path);
    return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: file.size };
  }
  readFile({ path }: vscode.Uri): Uint8Array {
    return new TextEncoder().encode(this.files.get(path)?.text);
  }
  watch = () => new vscode.Disposable(() => undefined);
  readDirectory = () => [];
  createDirectory = () => undefined;
  writeFile = () => undefined;
  delete = () => undefined;
  rename = () => undefined;
}

describe("a large file that is elsewhere", () => {
  const elsewhere = new ElsewhereFiles();
  let registered: vscode.Disposable;
  let panel: TestPanel;
  let large: LargeFiles;
  const at = (path: string) => vscode.Uri.from({ scheme: "loupe-elsewhere", path });

  before(async () => {
    await loupe();
    registered = vscode.workspace.registerFileSystemProvider("loupe-elsewhere", elsewhere, { isReadonly: true });
  });
  after(() => registered.dispose());
  beforeEach(() => {
    panel = new TestPanel();
    const { core, mirror, failures } = panel;
    large = new LargeFiles({ core, mirror, onFailure: (error) => failures.push(error), title: (name) => name });
  });
  afterEach(() => {
    large.dispose();
    panel.dispose();
    deepStrictEqual(panel.failures, []);
  });

  it("is handed over by the editor's file system, and shown", async () => {
    elsewhere.put("/far/attention.json", attentionJson());
    const uri = at("/far/attention.json");
    const read = await large.read(uri);
    ok(read.ok);
    strictEqual(read.value.tensors.map(({ name }) => name).join(), "Q,K,V");
    panel.session.show(uri.toString(), null);
    await eventually(async () => {
      ok(panel.snapshot.result, panel.snapshot.source?.text);
      ok(largestDifference(await panel.firstRow(), weights()[0]!) < 1e-12);
    });
  });

  it("is read again under its new name", async () => {
    const before = await write("large-before.json", attentionJson());
    const after = vscode.Uri.joinPath(folder(), "large-after.json");
    ok((await large.read(before)).ok);
    panel.session.show(before.toString(), null);
    await eventually(() => ok(panel.snapshot.result, "expected a result"));
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(before, after, { overwrite: true });
    ok(await vscode.workspace.applyEdit(edit));
    await eventually(() => {
      const { source, result } = panel.snapshot;
      deepStrictEqual([source?.uri, source?.status, result?.uri], [after.toString(), "live", after.toString()]);
    });
  });

  it("is refused above 256 MB, with its size", async () => {
    elsewhere.files.set("/far/huge.json", { size: 300 * 2 ** 20 });
    const read = await large.read(at("/far/huge.json"));
    deepStrictEqual(read, {
      ok: false,
      problem: { code: "source.tooLarge", args: { name: "huge.json", size: 300, limit: 256 } },
    });
  });

  it("is told where its language is none that is read", async () => {
    elsewhere.put("/far/notes.txt", "hello");
    const read = await large.read(at("/far/notes.txt"));
    deepStrictEqual(read, { ok: false, problem: { code: "source.language", args: { name: "notes.txt" } } });
  });
});
