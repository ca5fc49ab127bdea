import { match } from "node:assert/strict";
import * as vscode from "vscode";
import { closeAll, eventually, hoverAt, loupe, wordsOf } from "./support/workspace.ts";

/** A file system that only the extension host can read, as in the browser. */
class Memory implements vscode.FileSystemProvider {
  readonly files = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;
  watch = () => new vscode.Disposable(() => undefined);
  stat(uri: vscode.Uri): vscode.FileStat {
    return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: this.readFile(uri).length };
  }
  readFile(uri: vscode.Uri): Uint8Array {
    const text = this.files.get(uri.path);
    if (text === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    return new TextEncoder().encode(text);
  }
  writeFile = (uri: vscode.Uri, bytes: Uint8Array) => void this.files.set(uri.path, new TextDecoder().decode(bytes));
  readDirectory = () => [];
  createDirectory = () => undefined;
  delete = () => undefined;
  rename = () => undefined;
}

describe("Python in folders that only the editor can read", () => {
  const memory = new Memory();
  let registered: vscode.Disposable;
  before(async () => {
    await loupe();
    registered = vscode.workspace.registerFileSystemProvider("loupe-memory", memory);
  });
  after(() => registered.dispose());
  afterEach(closeAll);

  it("knows what it imports from the files beside it, also after these were saved anew", async () => {
    memory.files.set("/code/sizes.py", "width = 16\n");
    memory.files.set("/code/main.py", "import torch\nfrom sizes import width\nx = torch.zeros(2, width)\n");
    const open = (name: string) => vscode.workspace.openTextDocument(vscode.Uri.parse(`loupe-memory:/code/${name}`));
    const main = await open("main.py");
    await vscode.window.showTextDocument(main);
    await eventually(async () => match(wordsOf(await hoverAt(main, "x =")), /2×16/));
    const { document, edit } = await vscode.window.showTextDocument(await open("sizes.py"), vscode.ViewColumn.Beside);
    await edit((builder) => builder.replace(new vscode.Range(0, 8, 0, 10), "24"));
    await document.save();
    await eventually(async () => match(wordsOf(await hoverAt(main, "x =")), /2×24/));
  });
});
