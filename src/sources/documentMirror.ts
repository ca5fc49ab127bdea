import { Disposable, EventEmitter, type TextDocument, type TextDocumentChangeEvent, Uri, workspace } from "vscode";
import type { DocumentSummary } from "../protocol/core.ts";
import { CallError } from "../protocol/rpc.ts";
import { type Message, message } from "../tensor/message.ts";
import type { CoreSession, Ending } from "./coreSession.ts";
import { languageOf } from "./languages.ts";
import { nameOf } from "./nameOf.ts";
import { SetAside } from "./setAside.ts";

/** How long, in milliseconds, nobody types before what was read in a hurry is read to the end. */
const lull = 400;

/** A text that the core has a copy of: an open document, or a file that is too large to be one. */
interface Mirrored {
  readonly uri: Uri;
  readonly document: TextDocument | null;
  /** Of the text as it now is. */
  version(): number;
  /** Gives the core the whole text. */
  open(): Promise<DocumentSummary>;
  /** The newest reading; behind the text while an edit is being read. */
  summary: DocumentSummary | null;
  /** Settles when the newest edit has been read, or overtaken. */
  pending: Promise<void>;
  /** Settles when what was read in a hurry has been read to the end, or was overtaken by an edit. */
  refined?: Promise<void>;
  /** Set once the core has ended over it: it may wait for another try. */
  aside?: SetAside;
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
  readonly #stopped = new EventEmitter<Uri>();
  readonly #subscriptions: Disposable;
  /** A new reading of a document. */
  readonly onDidRead = this.#read.event;
  /** An edit is on its way to being read. */
  readonly onDidEdit = this.#edited.event;
  /** A document that was mirrored is no longer open. */
  readonly onDidClose = this.#closed.event;
  /** The core has ended over a document: nothing is known of it until it is tried again. */
  readonly onDidStop = this.#stopped.event;

  constructor(core: CoreSession, onFailure: (error: unknown) => void) {
    this.#core = core;
    this.#onFailure = onFailure;
    this.#subscriptions = Disposable.from(
      workspace.onDidChangeTextDocument((event) => this.#change(event)),
      workspace.onDidCloseTextDocument(({ uri }) => this.close(uri)),
      core.onDidRestart((ending) => this.#reopen(ending)),
    );
  }

  dispose(): void {
    for (const { aside } of this.#mirrored.values()) aside?.dispose();
    Disposable.from(this.#subscriptions, this.#read, this.#edited, this.#closed, this.#stopped).dispose();
  }

  /** The reading of the text as it now is; null where the document is not of our languages or could not be read. */
  async reading(document: TextDocument): Promise<DocumentSummary | null> {
    return this.#entry(document) ? this.readingOf(document.uri.toString()) : null;
  }

  /** The reading of what is mirrored already; null where nothing is. */
  async readingOf(uri: string): Promise<DocumentSummary | null> {
    for (;;) {
      const entry = this.#mirrored.get(uri);
      const awaited = entry?.pending;
      await awaited;
      if (awaited === this.#mirrored.get(uri)?.pending) return entry?.summary ?? null;
    }
  }

  /** The same, read to the end where it was only read in a hurry. */
  async refinedOf(uri: string): Promise<DocumentSummary | null> {
    for (;;) {
      const summary = await this.readingOf(uri);
      const refined = this.#mirrored.get(uri)?.refined;
      if (!summary?.draft || !refined) return summary;
      await refined;
    }
  }

  /** The newest reading there is, without waiting. */
  newest(uri: string): DocumentSummary | null {
    return this.#mirrored.get(uri)?.summary ?? null;
  }

  /** Why nothing is known of a document over which the core has ended, and what to do about it; null of any other. */
  stopped(uri: string): Message | null {
    return this.#mirrored.get(uri)?.aside?.why ?? null;
  }

  /** Reads a document over which the core has ended once more, at once: somebody wants something of it. */
  async tryAgain(uri: string): Promise<void> {
    const entry = this.#mirrored.get(uri);
    entry?.aside?.tryNow();
    await entry?.pending;
  }

  document(uri: string): TextDocument | null {
    return this.#mirrored.get(uri)?.document ?? null;
  }

  has(uri: string): boolean {
    return this.#mirrored.has(uri);
  }

  /** Mirrors a file that is no open document. `read` gives it to the core, with the version that it is told. */
  async openFile(uri: Uri, read: (version: number) => Promise<DocumentSummary>): Promise<void> {
    let version = 0;
    const open = () => read(++version);
    const entry: Mirrored = {
      uri,
      document: null,
      version: () => version,
      open,
      summary: null,
      pending: Promise.resolve(),
    };
    this.#mirrored.set(uri.toString(), entry);
    this.#open(entry);
    await entry.pending;
  }

  /** Reads a document again whose text did not change, but what it is read with did. */
  readAgain(document: TextDocument): void {
    const uri = document.uri.toString();
    const entry = this.#mirrored.get(uri);
    if (!entry || entry.aside?.trySoon()) return;
    const answer = this.#core.remote.change({ uri, version: document.version, changes: [] });
    entry.pending = this.#settled(entry, answer);
    this.#edited.fire(document.uri);
  }

  /** The file that is mirrored has changed on disk. */
  fileChanged(uri: Uri): void {
    const entry = this.#mirrored.get(uri.toString());
    if (!entry || entry.document || entry.aside?.trySoon()) return;
    this.#open(entry);
    this.#edited.fire(uri);
  }

  close(uri: Uri): void {
    this.#mirrored.get(uri.toString())?.aside?.dispose();
    if (!this.#mirrored.delete(uri.toString())) return;
    this.#core.remote.close({ uri: uri.toString() }).catch(this.#onFailure);
    this.#closed.fire(uri);
  }

  #entry(document: TextDocument): Mirrored | null {
    const uri = document.uri.toString();
    const known = this.#mirrored.get(uri);
    if (known?.document === document) return known;
    const language = document.isClosed ? null : languageOf(document);
    if (!language) return null;
    const place = { uri, language, ...rootOf(document.uri) };
    const open = () => this.#core.remote.open({ ...place, version: document.version, text: document.getText() });
    const version = () => document.version;
    const entry: Mirrored = { uri: document.uri, document, version, open, summary: null, pending: Promise.resolve() };
    this.#mirrored.set(uri, entry);
    this.#open(entry);
    return entry;
  }

  #open(entry: Mirrored): void {
    entry.pending = this.#settled(entry, entry.open());
  }

  #change({ document, contentChanges }: TextDocumentChangeEvent): void {
    const uri = document.uri.toString();
    const entry = this.#mirrored.get(uri);
    if (!entry || contentChanges.length === 0 || entry.aside?.trySoon()) return;
    const changes = contentChanges.map(({ rangeOffset, rangeLength, text }) => ({
      offset: rangeOffset,
      length: rangeLength,
      text,
    }));
    entry.pending = this.#settled(entry, this.#core.remote.change({ uri, version: document.version, changes }));
    this.#edited.fire(document.uri);
  }

  async #settled(entry: Mirrored, answer: Promise<DocumentSummary>): Promise<void> {
    try {
      const summary = await answer;
      if (this.#mirrored.get(summary.uri) !== entry || summary.version !== entry.version()) return;
      entry.summary = summary;
      if (summary.draft) entry.refined = this.#refine(entry, summary.version);
      this.#read.fire(summary);
    } catch (error) {
      if (!CallError.is(error, "superseded") && !CallError.is(error, "closed")) this.#onFailure(error);
    }
  }

  async #refine(entry: Mirrored, version: number): Promise<void> {
    await new Promise<void>((resolve) => setTimeout(() => resolve(), lull));
    if (entry.version() !== version || entry.aside?.why) return;
    await this.#settled(entry, this.#core.remote.refine({ uri: entry.uri.toString() }));
  }

  #reopen({ uri, seconds }: Ending): void {
    const culprit = uri === null ? undefined : this.#mirrored.get(uri);
    for (const entry of this.#mirrored.values()) if (entry !== culprit && !entry.aside?.why) this.#open(entry);
    if (culprit) this.#endedOver(culprit, seconds);
  }

  /** A core that ended by itself may have had another reason: the first time, the document is tried again at once. */
  #endedOver(entry: Mirrored, seconds: number | null): void {
    const isFirst = !entry.aside;
    const aside = entry.aside ?? new SetAside(() => this.#retry(entry));
    entry.aside = aside;
    if (isFirst && seconds === null) this.#open(entry);
    else this.#wait(entry, aside, seconds);
  }

  #wait(entry: Mirrored, aside: SetAside, seconds: number | null): void {
    entry.summary = null;
    entry.pending = Promise.resolve();
    const name = nameOf(entry.uri);
    aside.stop(seconds === null ? message("source.ended", { name }) : message("source.endless", { name, seconds }));
    this.#stopped.fire(entry.uri);
  }

  #retry(entry: Mirrored): void {
    this.#open(entry);
    this.#edited.fire(entry.uri);
  }
}

/** Where imports end: at the workspace's folder, without one at that of the document. */
function rootOf(uri: Uri): { root?: string } {
  if (uri.scheme === "untitled") return {};
  return { root: (workspace.getWorkspaceFolder(uri)?.uri ?? Uri.joinPath(uri, "..")).toString() };
}
