import {
  Disposable,
  EventEmitter,
  type NotebookCell,
  type NotebookCellOutputItem,
  type NotebookDocument,
  NotebookRange,
  Uri,
  window,
  workspace,
} from "vscode";
import { type ActiveSource, holdsTensor } from "./activeSource.ts";
import type { CoreSession } from "./coreSession.ts";
import type { DocumentMirror } from "./documentMirror.ts";

const scheme = "attention-loupe-output";
/** Kinds of output that may be JSON, and may be large: anything else is told by its kind. */
const kinds = new Set(["application/json", "text/x-json", "text/plain", "application/vnd.code.notebook.stdout"]);

/** JSON with tensors in it that a cell has written. */
export interface NotebookOutput {
  readonly uri: string;
  readonly cell: NotebookCell;
}

export interface OutputParts {
  readonly core: CoreSession;
  readonly mirror: DocumentMirror;
  readonly source: ActiveSource;
  readonly onFailure: (error: unknown) => void;
}

interface Found extends NotebookOutput {
  readonly bytes: Uint8Array;
}

/**
 * What cells of a notebook have put out as JSON: read like a file that is no document, because the editor makes no
 * document of it. So it has no hovers and no lenses; tree, panel and commands know it by an address of its own.
 */
export class NotebookOutputs implements Disposable {
  readonly #parts: OutputParts;
  readonly #changed = new EventEmitter<void>();
  readonly #subscriptions: Disposable;
  readonly #found = new Map<string, Found>();
  /** Which outputs hold tensors has changed. */
  readonly onDidChange = this.#changed.event;

  constructor(parts: OutputParts) {
    this.#parts = parts;
    this.#subscriptions = Disposable.from(
      this.#changed,
      workspace.onDidOpenNotebookDocument((notebook) => this.#update(notebook)),
      workspace.onDidChangeNotebookDocument(({ notebook, contentChanges, cellChanges }) => {
        if (contentChanges.length > 0 || cellChanges.some(({ outputs }) => outputs)) this.#update(notebook);
      }),
      workspace.onDidCloseNotebookDocument((notebook) => this.#forget(this.#of(notebook))),
      parts.mirror.onDidRead(({ uri }) => this.#found.has(uri) && this.#wasRead()),
      window.onDidChangeActiveNotebookEditor(() => this.#follow()),
      window.onDidChangeNotebookEditorSelection(() => this.#follow()),
    );
    for (const notebook of workspace.notebookDocuments) this.#update(notebook);
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  has(uri: string): boolean {
    return this.#found.has(uri);
  }

  /** The outputs of the notebook that this cell, or this output, belongs to; in their order. */
  beside(uri: string): readonly NotebookOutput[] {
    const notebook = this.#found.get(uri)?.cell.notebook ?? notebookOf(uri);
    return notebook ? this.#of(notebook).filter((output) => this.#holdsTensor(output)) : [];
  }

  /** The first output of this cell. */
  ofCell(uri: string): NotebookOutput | undefined {
    return this.beside(uri).find(({ cell }) => cell.document.uri.toString() === uri);
  }

  /** Brings the cell that has put it out to the front; false where the address is that of no output. */
  async reveal(uri: string): Promise<boolean> {
    const cell = this.#found.get(uri)?.cell;
    if (!cell) return false;
    const selections = [new NotebookRange(cell.index, cell.index + 1)];
    const editor = await window.showNotebookDocument(cell.notebook, { selections });
    editor.revealRange(selections[0]!);
    return true;
  }

  #of(notebook: NotebookDocument): Found[] {
    const own = [...this.#found.values()].filter(({ cell }) => cell.notebook === notebook);
    return own.sort((a, b) => a.cell.index - b.cell.index);
  }

  /** What Python prints may begin like JSON and go on otherwise. */
  #holdsTensor({ uri }: NotebookOutput): boolean {
    const summary = this.#parts.mirror.newest(uri);
    return summary !== null && holdsTensor(summary) && !summary.problems.some(({ broken }) => broken);
  }

  #update(notebook: NotebookDocument): void {
    const now = notebook.getCells().flatMap(outputsOf);
    const addresses = new Set(now.map(({ uri }) => uri));
    this.#forget(this.#of(notebook).filter(({ uri }) => !addresses.has(uri)));
    for (const output of now) {
      const known = this.#found.get(output.uri);
      this.#found.set(output.uri, output);
      if (!known) this.#open(output.uri).catch(this.#parts.onFailure);
      else if (!sameBytes(known.bytes, output.bytes)) this.#parts.mirror.fileChanged(Uri.parse(output.uri));
    }
  }

  /** Each reading, the first and those after it, takes the bytes as they are by then. */
  async #open(uri: string): Promise<void> {
    const read = (version: number) => {
      const bytes = this.#found.get(uri)?.bytes.slice() ?? new Uint8Array();
      return this.#parts.core.remote.openFile({ uri, language: "json", version, bytes });
    };
    await this.#parts.mirror.openFile(Uri.parse(uri), read);
  }

  #forget(outputs: readonly Found[]): void {
    if (outputs.length === 0) return;
    for (const { uri } of outputs) {
      this.#found.delete(uri);
      this.#parts.mirror.close(Uri.parse(uri));
    }
    this.#changed.fire();
  }

  #wasRead(): void {
    this.#changed.fire();
    this.#follow();
  }

  /** The user looks at a cell: what it has put out is the source, unless the cell holds tensors itself. */
  #follow(): void {
    const editor = window.activeNotebookEditor;
    const cell =
      editor && editor.selection.start < editor.notebook.cellCount && editor.notebook.cellAt(editor.selection.start);
    if (cell) this.#lookAt(cell).catch(this.#parts.onFailure);
  }

  async #lookAt(cell: NotebookCell): Promise<void> {
    const output = this.ofCell(cell.document.uri.toString());
    const text = output && (await this.#parts.mirror.reading(cell.document));
    if (output && !(text && holdsTensor(text))) this.#parts.source.adopt(output.uri);
  }
}

/** The notebook of a cell, by the cell's address. */
function notebookOf(cell: string): NotebookDocument | undefined {
  return workspace.notebookDocuments.find((notebook) =>
    notebook.getCells().some(({ document }) => document.uri.toString() === cell),
  );
}

/** At most one a kind and output: Jupyter gives the same value in several kinds, JSON first where there is any. */
function outputsOf(cell: NotebookCell): Found[] {
  return cell.outputs.flatMap(({ items }, at) => {
    const item = items.filter(({ mime }) => kinds.has(mime)).sort(jsonFirst)[0];
    const bytes = item && jsonIn(item.data);
    return bytes ? [{ uri: addressOf(cell, at), cell, bytes }] : [];
  });
}

function jsonFirst(a: NotebookCellOutputItem, b: NotebookCellOutputItem): number {
  return Number(b.mime.endsWith("json")) - Number(a.mime.endsWith("json"));
}

/** The name of an output is that of its notebook; what tells it from others follows the name. */
function addressOf({ document: { uri } }: NotebookCell, at: number): string {
  return Uri.from({ scheme, authority: uri.authority, path: uri.path, fragment: `${uri.fragment}.${at}` }).toString();
}

/** The bytes if they begin as a JSON array or object does; those of a Python string's repr without its quotes. */
function jsonIn(data: Uint8Array): Uint8Array | null {
  const start = data.findIndex((byte) => byte > 32);
  const first = String.fromCharCode(data[start] ?? 0);
  if (first === "[" || first === "{") return data;
  return first === "'" ? unquoted(new TextDecoder().decode(data).trim()) : null;
}

/** `'{"Q": [[1]]}'`, as Python's prompt shows what `json.dumps` gave. */
function unquoted(text: string): Uint8Array | null {
  if (!/^'\s*[[{]/.test(text) || !text.endsWith("'")) return null;
  const plain: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };
  const inside = text.slice(1, -1).replace(/\\(.)/g, (_, character: string) => plain[character] ?? character);
  return new TextEncoder().encode(inside);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a === b || (a.length === b.length && a.every((byte, at) => byte === b[at]));
}
