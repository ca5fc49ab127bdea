import { Disposable, type TextDocument, Uri, workspace } from "vscode";
import type { DocumentSummary, HandedFile } from "../protocol/core.ts";
import type { CoreSession } from "./coreSession.ts";
import type { DocumentMirror } from "./documentMirror.ts";

/** Larger files are not read for an import. */
const sizeLimit = 2_000_000;

/**
 * Hands the core the files that Python code imports where the core cannot read them by itself: in the browser, and in
 * folders that are not on this machine. They are read, never run.
 */
export class HandOver implements Disposable {
  readonly #core: CoreSession;
  readonly #mirror: DocumentMirror;
  readonly #handed = new Set<string>();
  readonly #subscriptions: Disposable;

  constructor(core: CoreSession, mirror: DocumentMirror, onFailure: (error: unknown) => void) {
    this.#core = core;
    this.#mirror = mirror;
    this.#subscriptions = Disposable.from(
      mirror.onDidRead((summary) => void this.#answer(summary).catch(onFailure)),
      workspace.onDidSaveTextDocument((document) => void this.#saved(document).catch(onFailure)),
      core.onDidRestart(() => this.#handed.clear()),
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  async #answer({ uri, wants = [] }: DocumentSummary): Promise<void> {
    if (wants.length === 0) return;
    await this.#hand(await Promise.all(wants.map(async (each) => ({ uri: each, text: await textOf(each) }))));
    const document = this.#mirror.document(uri);
    if (document) this.#mirror.readAgain(document);
  }

  /** Who imports it is read anew. */
  async #saved(document: TextDocument): Promise<void> {
    const uri = document.uri.toString();
    if (!this.#handed.has(uri)) return;
    await this.#hand([{ uri, text: document.getText() }]);
    for (const other of workspace.textDocuments)
      if (other !== document && other.languageId === "python") this.#mirror.readAgain(other);
  }

  async #hand(files: readonly HandedFile[]): Promise<void> {
    for (const { uri } of files) this.#handed.add(uri);
    await this.#core.remote.files({ files });
  }
}

/** null where there is none. */
async function textOf(uri: string): Promise<string | null> {
  try {
    const bytes = await workspace.fs.readFile(Uri.parse(uri));
    return bytes.length <= sizeLimit ? new TextDecoder().decode(bytes) : null;
  } catch {
    return null;
  }
}
