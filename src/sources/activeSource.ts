import {
  Disposable,
  EventEmitter,
  type FileRenameEvent,
  type TextDocument,
  type TextEditor,
  window,
  workspace,
} from "vscode";
import type { DocumentSummary } from "../protocol/core.ts";
import type { DocumentMirror } from "./documentMirror.ts";
import { renamed } from "./renames.ts";

/**
 * Which document the user looks at: the one of the last text, notebook or diff editor that holds a tensor. Editors
 * without one, Output, webviews and the panel itself change nothing; nor does closing the last one.
 */
export class ActiveSource implements Disposable {
  readonly #mirror: DocumentMirror;
  readonly #changed = new EventEmitter<string>();
  readonly #subscriptions: Disposable;
  #uri: string | null = null;
  readonly onDidChange = this.#changed.event;

  constructor(mirror: DocumentMirror) {
    this.#mirror = mirror;
    this.#subscriptions = Disposable.from(
      window.onDidChangeActiveTextEditor((editor) => void this.#consider(editor)),
      workspace.onDidRenameFiles(({ files }) => this.#rename(files)),
      // The first number typed into the active editor makes it a source.
      mirror.onDidRead(({ uri }) => uri === activeUri() && void this.#consider(window.activeTextEditor)),
    );
    void this.#consider(window.activeTextEditor);
  }

  get uri(): string | null {
    return this.#uri;
  }

  /** Of a window that has opened with no text editor active, such as with a panel in front: a file that can be seen all the same. */
  async inSight(): Promise<string | null> {
    if (this.#uri !== null) return this.#uri;
    for (const { document } of window.visibleTextEditors) {
      const summary = await this.#mirror.reading(document);
      if (summary && holdsTensor(summary)) return this.#uri ?? summary.uri;
    }
    return this.#uri;
  }

  /** A file that has no editor is looked at because a command says so. */
  adopt(uri: string): void {
    this.#set(uri);
  }

  dispose(): void {
    Disposable.from(this.#subscriptions, this.#changed).dispose();
  }

  async #consider(editor: TextEditor | undefined): Promise<void> {
    if (!editor || editor.document.uri.toString() === this.#uri) return;
    const summary = await this.#mirror.reading(editor.document);
    if (summary && holdsTensor(summary) && isActive(editor.document)) this.#set(summary.uri);
  }

  #set(uri: string): void {
    if (uri === this.#uri) return;
    this.#uri = uri;
    this.#changed.fire(uri);
  }

  /** What was the source stays it under its new name; its document opens anew by itself. */
  #rename(files: FileRenameEvent["files"]): void {
    const uri = this.#uri && renamed(this.#uri, files);
    if (uri) this.#set(uri);
  }
}

/** Whether there is anything in it that attention could be computed from. */
export function holdsTensor({ tensors, sites }: DocumentSummary): boolean {
  return sites.length > 0 || tensors.some(({ shape }) => (shape?.length ?? 0) >= 2);
}

function activeUri(): string | undefined {
  return window.activeTextEditor?.document.uri.toString();
}

/** The user may have gone on while the document was read. No active editor: a panel has the focus. */
function isActive(document: TextDocument): boolean {
  return !window.activeTextEditor || window.activeTextEditor.document === document;
}
