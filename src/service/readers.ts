import type { Language, Reader } from "../reading/document.ts";
import { type BytesReader, jsonBytesReader } from "../reading/json/byteReader.ts";
import { jsonReader } from "../reading/json/reader.ts";
import type { ParserBytes } from "../reading/python/parse.ts";

/** The bytes of a file of `dist/wasm`. */
export type WasmSource = (name: string) => Promise<Uint8Array<ArrayBuffer>>;

/** Makes the reader of Python; it may load its code first. */
export type PythonSource = (bytes: ParserBytes) => Promise<Reader>;

/** The reader of each language; what it needs is loaded when it is first asked for. */
export function readers(wasm: WasmSource, pythonReader: PythonSource): (language: Language) => Promise<Reader> {
  // Without its scanner the reader is slower and says the same.
  const json = once(async () => jsonReader(await wasm("json.wasm").catch(() => undefined)));
  const python = once(async () => {
    const [treeSitter, grammar] = await Promise.all([wasm("tree-sitter.wasm"), wasm("tree-sitter-python.wasm")]);
    return pythonReader({ treeSitter, grammar });
  });
  return (language) => (language === "python" ? python() : json());
}

/** Who reads files of a language in ranges; null for a language that is only read as a whole, or without WebAssembly. */
export function bytesReaders(wasm: WasmSource): (language: Language) => Promise<BytesReader | null> {
  const json = once(async () => {
    const scanner = await wasm("json.wasm").catch(() => null);
    return scanner && jsonBytesReader(scanner);
  });
  return async (language) => (language === "python" ? null : json());
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
