import type { OpenFileRequest } from "../protocol/core.ts";
import { CallError } from "../protocol/rpc.ts";
import { isTensorFile, tensorDocument } from "../reading/binary/tensorDocument.ts";
import { type ByteSource, bytesInMemory } from "../reading/byteSource.ts";
import type { Language, TensorDocument } from "../reading/document.ts";
import type { BytesReader } from "../reading/json/byteReader.ts";
import type { Documents, MirroredDocument } from "./documents.ts";

export interface LargeFileParts {
  readonly documents: Documents;
  /** null: files of this language are read as one text. */
  readonly bytesReaderOf: (language: Language) => Promise<BytesReader | null>;
  /** A file of this machine; absent where there are none. */
  readonly bytesOf?: (path: string) => ByteSource;
  readonly nextTurn: () => Promise<void>;
}

/** In bytes. A larger file is not made one text even if that would tell more. */
const largestText = 128 * 2 ** 20;

/** Pieces of 256 KB that are read between two looks at other messages: a few milliseconds. */
const pieces = 16;

/** Opens files that are no documents of the editor, in ranges where their language can be read so: then their text is never held. */
export class LargeFiles {
  readonly #parts: LargeFileParts;
  /** The share of each file that is read, while it is. */
  readonly #shares = new Map<string, number>();

  constructor(parts: LargeFileParts) {
    this.#parts = parts;
  }

  /** The share of a file that is read by now, 0 … 1; null where it is not being read. */
  progress(uri: string): number | null {
    return this.#shares.get(uri) ?? null;
  }

  async open(request: OpenFileRequest): Promise<MirroredDocument> {
    const { documents, bytesReaderOf } = this.#parts;
    const source = this.#sourceOf(request);
    if (isTensorFile(request.uri)) return documents.adopt(request, tensorDocument(source, stemOf(request.uri)));
    const reader = await bytesReaderOf(request.language);
    const reading = reader && (await this.#finished(request.uri, reader(source, request.language)));
    const broken = reading?.problems.some((problem) => problem.broken) ?? true;
    // What is wrong, or how to read past a comment, only the reader of texts knows.
    if (reading && !(broken && source.size <= largestText)) return documents.adopt(request, reading);
    return documents.open({ ...request, text: new TextDecoder().decode(source.read(0, source.size)) });
  }

  #sourceOf({ path, bytes }: OpenFileRequest): ByteSource {
    const { bytesOf } = this.#parts;
    if (bytes) return bytesInMemory(bytes);
    if (path !== undefined && bytesOf) return bytesOf(path);
    throw new CallError("failed", "openFile needs bytes where the core cannot read files");
  }

  async #finished(uri: string, reading: Generator<number, TensorDocument>): Promise<TensorDocument> {
    try {
      for (let piece = 1; ; piece++) {
        const { done, value } = reading.next();
        if (done) return value;
        this.#shares.set(uri, value);
        if (piece % pieces === 0) await this.#parts.nextTurn();
      }
    } finally {
      this.#shares.delete(uri);
    }
  }
}

/** The name of a file without its ending. */
function stemOf(uri: string): string {
  return decodeURIComponent(/([^/]*)\.\w+$/.exec(uri)?.[1] ?? uri);
}
