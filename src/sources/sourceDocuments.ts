import { TabInputText, type TextDocument, Uri, window, workspace } from "vscode";
import type { DocumentSummary } from "../protocol/core.ts";
import { isTensorFile } from "../reading/binary/tensorDocument.ts";
import { done, failed, type Outcome } from "../tensor/message.ts";
import type { ActiveSource } from "./activeSource.ts";
import type { DocumentMirror } from "./documentMirror.ts";
import { languageOf } from "./languages.ts";
import type { LargeFiles } from "./largeFiles.ts";
import type { NotebookOutputs } from "./notebookOutputs.ts";

/** What a command is about: a document, or a text that the editor makes none of (a large file, an output), and its reading. */
export interface SourceDocument {
  readonly summary: DocumentSummary;
  readonly document: TextDocument | null;
}

/** Finds what a command is about. */
export class SourceDocuments {
  readonly #mirror: DocumentMirror;
  readonly #source: ActiveSource;
  readonly #large: LargeFiles;
  readonly #outputs: NotebookOutputs;

  constructor(mirror: DocumentMirror, source: ActiveSource, large: LargeFiles, outputs: NotebookOutputs) {
    this.#mirror = mirror;
    this.#source = source;
    this.#large = large;
    this.#outputs = outputs;
  }

  /**
   * The named document, or that of the active editor, that of the active tab (files over 50 MB have no editor), or the
   * one that the panel follows; `source.none` where there is none of a language that is read. A notebook cell without
   * attention in it stands for what it has put out.
   */
  async find(named?: string): Promise<Outcome<SourceDocument>> {
    const active = window.activeTextEditor?.document;
    if (named === undefined && active && languageOf(active)) return this.#readOrOutput(active);
    const uri = named ?? activeTab() ?? this.#source.uri;
    if (uri === null) return failed("source.none");
    if (this.#outputs.has(uri)) return this.#readOutput(uri);
    if (isTensorFile(uri)) return this.#readLarge(Uri.parse(uri));
    const open = workspace.textDocuments.find((document) => document.uri.toString() === uri);
    const document = open ?? (await workspace.openTextDocument(Uri.parse(uri)).then(undefined, () => null));
    return document ? this.#read(document) : this.#readLarge(Uri.parse(uri));
  }

  /** Reads a file as `find` does, but nobody looks at it for that: what follows the editor stays. False where there is none. */
  async open(uri: string): Promise<boolean> {
    const address = Uri.parse(uri);
    const isThere = (there: boolean) => () => there;
    const isText = !isTensorFile(uri) && workspace.openTextDocument(address).then(isThere(true), isThere(false));
    return (await isText) || this.#large.read(address).then(({ ok }) => ok, isThere(false));
  }

  async #read(document: TextDocument): Promise<Outcome<SourceDocument>> {
    const uri = document.uri.toString();
    await this.#mirror.tryAgain(uri);
    const summary = await this.#mirror.reading(document);
    return summary ? done({ summary, document }) : this.#nothing(uri);
  }

  #nothing(uri: string): Outcome<never> {
    const problem = this.#mirror.stopped(uri);
    return problem ? { ok: false, problem } : failed("source.none");
  }

  async #readOrOutput(document: TextDocument): Promise<Outcome<SourceDocument>> {
    const read = await this.#read(document);
    if (read.ok && read.value.summary.sites.length > 0) return read;
    const output = this.#outputs.ofCell(document.uri.toString());
    return output ? this.#readOutput(output.uri) : read;
  }

  async #readOutput(uri: string): Promise<Outcome<SourceDocument>> {
    await this.#mirror.tryAgain(uri);
    const summary = await this.#mirror.readingOf(uri);
    return summary ? done({ summary, document: null }) : this.#nothing(uri);
  }

  async #readLarge(uri: Uri): Promise<Outcome<SourceDocument>> {
    const read = await this.#large.read(uri).catch(() => failed("source.none"));
    if (!read.ok) return read;
    this.#source.adopt(uri.toString());
    return done({ summary: read.value, document: null });
  }
}

function activeTab(): string | null {
  const input = window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof TabInputText ? input.uri.toString() : null;
}
