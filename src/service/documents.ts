import type { ChangeRequest, HandedFile, OpenRequest } from "../protocol/core.ts";
import { CallError } from "../protocol/rpc.ts";
import type { FindModule, Language, Reader, ReadOptions, TensorDocument } from "../reading/document.ts";
import { PieceText, type TextChange } from "../reading/pieceText.ts";
import { cellBreak, cellReading } from "./cells.ts";
import { HandedFiles } from "./handedFiles.ts";

/** A text as the editor has it, and its newest reading. */
export interface MirroredDocument {
  readonly uri: string;
  readonly language: Language;
  readonly reader: Reader;
  /** Of `text`. */
  version: number;
  text: string | PieceText;
  /** What was changed since `reading`; absent: nothing. */
  unread?: readonly TextChange[];
  reading: TensorDocument;
  /** What `reading` is the part of: the same, but for notebook cells, which are read together with those before them. */
  whole?: TensorDocument;
  /** Of `reading`; behind `version` while edits wait to be read. */
  readVersion: number;
}

/** Where the imports of the document at `uri` are found; null: nowhere. */
export type ModulesOf = (uri: string) => FindModule | null;

/** The texts that the editor has open. Edits are applied at once; reading is left out when newer edits already wait. */
export class Documents {
  readonly #open = new Map<string, Promise<MirroredDocument>>();
  readonly #texts = new Map<string, PieceText>();
  /** Of a notebook cell, the cells before it. */
  readonly #before = new Map<string, readonly string[]>();
  readonly #readerOf: (language: Language) => Promise<Reader>;
  readonly #nextTurn: () => Promise<void>;
  readonly #modulesOf: ModulesOf;
  readonly #handed = new HandedFiles();
  /** The folders up to which imports are looked for, where the core cannot read files by itself. */
  readonly #roots = new Map<string, string>();

  /** @param nextTurn resolves after the messages that already wait have been taken in. */
  constructor(readerOf: (language: Language) => Promise<Reader>, nextTurn: () => Promise<void>, modulesOf?: ModulesOf) {
    this.#readerOf = readerOf;
    this.#nextTurn = nextTurn;
    this.#modulesOf = modulesOf ?? (() => null);
  }

  /** Opens, or opens anew with this text. */
  open(request: OpenRequest): Promise<MirroredDocument> {
    const text = PieceText.of(request.text);
    if (request.root !== undefined) this.#roots.set(request.uri, request.root);
    this.#texts.set(request.uri, text);
    const opened = this.#read(request, text);
    this.#open.set(request.uri, opened);
    return opened;
  }

  /** Takes a reading that was made elsewhere, of a file whose text is not held. */
  async adopt(
    { uri, language, version }: Omit<OpenRequest, "text">,
    reading: TensorDocument,
  ): Promise<MirroredDocument> {
    const reader = await this.#readerOf(language);
    const document = { uri, language, reader, version, text: "", readVersion: version, reading, whole: reading };
    this.#open.set(uri, Promise.resolve(document));
    return document;
  }

  async #read({ uri, language, version }: OpenRequest, text: PieceText): Promise<MirroredDocument> {
    const reader = await this.#readerOf(language);
    const reading = this.#readingOf(uri, reader, { language });
    return { uri, language, reader, version, text, readVersion: version, ...reading };
  }

  #readingOf(uri: string, reader: Reader, last: Pick<ReadOptions, "language" | "previous" | "changes" | "hurried">) {
    const before = (this.#before.get(uri) ?? []).map((cell) => `${this.#texts.get(cell) ?? ""}${cellBreak}`).join("");
    const modules = last.language === "python" ? this.#findModules(uri) : null;
    const text = this.#texts.get(uri)!;
    const whole = reader.read(before ? before + text : text, { ...last, ...(modules && { modules }) });
    return { whole, reading: before ? cellReading(whole, before.length) : whole };
  }

  #findModules(uri: string): FindModule | null {
    const root = this.#roots.get(uri);
    return this.#modulesOf(uri) ?? (root === undefined ? null : this.#handed.modulesOf(uri, root));
  }

  /** Files that the last reading of this document would have liked to read. */
  wantedBy(uri: string): readonly string[] {
    return this.#handed.wantedBy(uri);
  }

  /** Takes files that the core cannot read by itself. They are read when the documents that import them are read again. */
  hand(files: readonly HandedFile[]): void {
    for (const { uri, text } of files) this.#handed.hand(uri, text);
  }

  /** The cells of one notebook, in order: from now on each is read with those before it. Nothing is read at once. */
  cells(uris: readonly string[]): void {
    for (const [at, uri] of uris.entries()) this.#before.set(uri, uris.slice(0, at));
  }

  /** @throws CallError `superseded` if another edit arrived before this one was read; `gone` if nothing is open. */
  async change({ uri, version, changes }: ChangeRequest): Promise<MirroredDocument> {
    const document = await this.get(uri);
    const text = changes.reduce((before, change) => before.edited(change), this.#texts.get(uri) ?? PieceText.of(""));
    this.#texts.set(uri, text);
    Object.assign(document, { text, unread: [...(document.unread ?? []), ...changes] });
    document.version = version;
    await this.#nextTurn();
    if (document.version !== version || (await this.get(uri)) !== document) {
      throw new CallError("superseded", `version ${version} of ${uri} was overtaken`);
    }
    const { reader, language, whole, unread = [] } = document;
    const hurried = changes.length > 0 && Boolean(whole?.costly || whole?.draft);
    const last = { language, hurried, ...(whole && { previous: whole }), changes: unread };
    return Object.assign(document, this.#readingOf(uri, reader, last), { readVersion: version, unread: [] });
  }

  /** The document, read to the end where it was only read in a hurry. @throws CallError `gone` */
  async refined(uri: string): Promise<MirroredDocument> {
    const document = await this.get(uri);
    const { reader, language, whole, reading, version, readVersion } = document;
    if (!reading.draft || version !== readVersion) return document;
    return Object.assign(document, this.#readingOf(uri, reader, { language, ...(whole && { previous: whole }) }));
  }

  close(uri: string): void {
    this.#open.delete(uri);
    this.#texts.delete(uri);
    this.#before.delete(uri);
    this.#roots.delete(uri);
  }

  /** @throws CallError `gone` */
  get(uri: string): Promise<MirroredDocument> {
    const document = this.#open.get(uri);
    return document ?? Promise.reject(new CallError("gone", `${uri} is not open`));
  }
}
