import {
  Disposable,
  type NotebookDocument,
  type NotebookDocumentChangeEvent,
  type TextDocument,
  workspace,
} from "vscode";
import type { CoreSession } from "./coreSession.ts";
import type { DocumentMirror } from "./documentMirror.ts";
import { languageOf } from "./languages.ts";

/**
 * Python cells of a notebook are read in their order, each with those before it, as a kernel would run them from the top:
 * an edit of one is an edit of all that follow. Nothing is executed, and what the kernel really ran is not known.
 */
export class NotebookCells implements Disposable {
  readonly #core: CoreSession;
  readonly #mirror: DocumentMirror;
  readonly #onFailure: (error: unknown) => void;
  readonly #subscriptions: Disposable;

  constructor(core: CoreSession, mirror: DocumentMirror, onFailure: (error: unknown) => void) {
    this.#core = core;
    this.#mirror = mirror;
    this.#onFailure = onFailure;
    this.#subscriptions = Disposable.from(
      workspace.onDidOpenNotebookDocument((notebook) => void this.#order(notebook)),
      workspace.onDidChangeNotebookDocument((event) => void this.#changed(event)),
      core.onDidRestart(() => this.#orderAll()),
    );
    this.#orderAll();
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #orderAll(): void {
    for (const notebook of workspace.notebookDocuments) void this.#order(notebook);
  }

  #changed({ notebook, contentChanges, cellChanges }: NotebookDocumentChangeEvent): void {
    if (contentChanges.length > 0) return void this.#order(notebook);
    const edited = cellChanges.find(({ document }) => document !== undefined);
    if (!edited) return;
    const documents = pythonCells(notebook);
    const at = documents.indexOf(edited.cell.document);
    for (const later of documents.slice(at + 1)) this.#mirror.readAgain(later);
  }

  /** Tells the core which cells there are, and reads them all in that order. */
  async #order(notebook: NotebookDocument): Promise<void> {
    const documents = pythonCells(notebook);
    try {
      await this.#core.remote.cells({ uris: documents.map(({ uri }) => uri.toString()) });
      for (const document of documents) await this.#mirror.reading(document);
      const [, ...later] = documents.filter(({ uri }) => !this.#mirror.stopped(uri.toString()));
      for (const document of later) this.#mirror.readAgain(document);
    } catch (error) {
      this.#onFailure(error);
    }
  }
}

function pythonCells(notebook: NotebookDocument): TextDocument[] {
  return notebook
    .getCells()
    .map(({ document }) => document)
    .filter((document) => languageOf(document) === "python");
}
