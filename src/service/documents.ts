import type { ChangeRequest, OpenRequest } from "../protocol/core.ts";
import { CallError } from "../protocol/rpc.ts";
import type { Language, Reader, TensorDocument } from "../reading/document.ts";

/** A text as the editor has it, and its newest reading. */
export interface MirroredDocument {
  readonly uri: string;
  readonly language: Language;
  /** Of `text`. */
  version: number;
  text: string;
  reading: TensorDocument;
  /** Of `reading`; behind `version` while edits wait to be read. */
  readVersion: number;
}

/** The texts that the editor has open. Edits are applied at once; reading is left out when newer edits already wait. */
export class Documents {
  readonly #open = new Map<string, MirroredDocument>();
  readonly #reader: (language: Language) => Reader;
  readonly #nextTurn: () => Promise<void>;

  /** @param nextTurn resolves after the messages that already wait have been taken in. */
  constructor(reader: (language: Language) => Reader, nextTurn: () => Promise<void>) {
    this.#reader = reader;
    this.#nextTurn = nextTurn;
  }

  open({ uri, language, version, text }: OpenRequest): MirroredDocument {
    const reading = this.#reader(language).read(text, { language });
    const document = { uri, language, version, text, reading, readVersion: version };
    this.#open.set(uri, document);
    return document;
  }

  /** @throws CallError `superseded` if another edit arrived before this one was read; `gone` if nothing is open. */
  async change({ uri, version, changes }: ChangeRequest): Promise<MirroredDocument> {
    const document = this.get(uri);
    document.text = changes.reduce(applied, document.text);
    document.version = version;
    await this.#nextTurn();
    if (document.version !== version || this.#open.get(uri) !== document) {
      throw new CallError("superseded", `version ${version} of ${uri} was overtaken`);
    }
    const { language, text, reading } = document;
    document.reading = this.#reader(language).read(text, { language, previous: reading });
    document.readVersion = version;
    return document;
  }

  close(uri: string): void {
    this.#open.delete(uri);
  }

  /** @throws CallError `gone` */
  get(uri: string): MirroredDocument {
    const document = this.#open.get(uri);
    if (!document) throw new CallError("gone", `${uri} is not open`);
    return document;
  }
}

function applied(text: string, change: { offset: number; length: number; text: string }): string {
  return text.slice(0, change.offset) + change.text + text.slice(change.offset + change.length);
}
