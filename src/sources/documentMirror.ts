import { Disposable, EventEmitter, type TextDocument, type TextDocumentChangeEvent, type Uri, workspace } from "vscode";
import type { DocumentSummary } from "../protocol/core.ts";
import { CallError } from "../protocol/rpc.ts";
import type { Language } from "../reading/document.ts";
import type { CoreSession } from "./coreSession.ts";
import { languageOf } from "./languages.ts";

interface Mirrored {
  readonly document: TextDocument;
  readonly language: Language;
  /** The newest reading; behind the text while an edit is being read. */
  summary: DocumentSummary | null;
  /** Settles when the newest edit has been read, or overtaken. */
  pending: Promise<void>;
}

/**
 * Keeps the core's copies of open documents equal to the editor's: `getText()` once, when a document is first asked
 * for, then only what changed. The host itself keeps summaries, no text.
 */
export class DocumentMirror implements Disposable {
  readonly #core: CoreSession;
  readonly #onFailure: (error: unknown) => void;
  readonly #mirrored = new Map<string, Mirrored>();
  readonly #read = new EventEmitter<DocumentSummary>();
  readonly #edited = new EventEmitter<Uri>();
  readonly #closed = new EventEmitter<Uri>();
  readonly #subscriptions: Disposable;
  /** A new reading of a document. */
  readonly onDidRead = this.#read.event;
  /** An edit is on its way to being read. */
  readonly onDidEdit = this.#edited.event;
  /** A document that was mirrored is no longer open. */
  readonly onDidClose = this.#closed.event;

  constructor(core: CoreSession, onFailure: (error: unknown) => void) {
    this.#core = core;
    this.#onFailure = onFailure;
    this.#subscriptions = Disposable.from(
      workspace.onDidChangeTextDocument((event) => this.#change(event)),
      workspace.onDidCloseTextDocument((document) => this.#close(document)),
      core.onDidRestart(() => this.#reopen()),
    );
  }

  dispose(): void {
    Disposable.from(this.#subscriptions, this.#read, this.#edited, this.#closed).dispose();
  }

  /** The reading of the text as it now is; null where the document is not of our languages or could not be read. */
  async reading(document: TextDocument): Promise<DocumentSummary | null> {
    const entry = this.#entry(document);
    if (!entry) return null;
    let awaited: Promise<void>;
    do {
      awaited = entry.pending;
      await awaited;
    } while (awaited !== entry.pending);
    return entry.summary;
  }

  /** Reads a document again whose text did not change, but what it is read with did. */
  readAgain(document: TextDocument): void {
    const uri = document.uri.toString();
    const entry = this.#mirrored.get(uri);
    if (!entry) return;
    entry.pending = this.#settled(entry, this.#core.remote.change({ uri, version: document.version, changes: [] }));
    this.#edited.fire(document.uri);
  }

  /** The newest reading there is, without waiting. */
  newest(uri: string): DocumentSummary | null {
    return this.#mirrored.get(uri)?.summary ?? null;
  }

  document(uri: string): TextDocument | null {
    return this.#mirrored.get(uri)?.document ?? null;
  }

  #entry(document: TextDocument): Mirrored | null {
    const uri = document.uri.toString();
    const known = this.#mirrored.get(uri);
    if (known?.document === document) return known;
    const language = document.isClosed ? null : languageOf(document);
    if (!language) return null;
    const entry: Mirrored = { document, language, summary: null, pending: Promise.resolve() };
    this.#mirrored.set(uri, entry);
    this.#open(entry);
    return entry;
  }

  #open(entry: Mirrored): void {
    const { document, language } = entry;
    const request = { uri: document.uri.toString(), language, version: document.version, text: document.getText() };
    entry.pending = this.#settled(entry, this.#core.remote.open(request));
  }

  #change({ document, contentChanges }: TextDocumentChangeEvent): void {
    const uri = document.uri.toString();
    const entry = this.#mirrored.get(uri);
    if (!entry || contentChanges.length === 0) return;
    const changes = contentChanges.map(({ rangeOffset: offset, rangeLength: length, text }) => ({
      offset,
      length,
      text,
    }));
    entry.pending = this.#settled(entry, this.#core.remote.change({ uri, version: document.version, changes }));
    this.#edited.fire(document.uri);
  }

  async #settled(entry: Mirrored, answer: Promise<DocumentSummary>): Promise<void> {
    try {
      const summary = await answer;
      if (this.#mirrored.get(summary.uri) !== entry || summary.version !== entry.document.version) return;
      entry.summary = summary;
      this.#read.fire(summary);
    } catch (error) {
      if (!CallError.is(error, "superseded") && !CallError.is(error, "closed")) this.#onFailure(error);
    }
  }

  #close(document: TextDocument): void {
    const uri = document.uri.toString();
    if (!this.#mirrored.delete(uri)) return;
    this.#core.remote.close({ uri }).catch(this.#onFailure);
    this.#closed.fire(document.uri);
  }

  #reopen(): void {
    for (const entry of this.#mirrored.values()) this.#open(entry);
  }
}
