import { createEngine } from "../attention/engine.ts";
import type { TaskRunner } from "../attention/tasks.ts";
import type { CoreApi } from "../protocol/core.ts";
import type { Language, Reader } from "../reading/document.ts";
import { jsonReader } from "../reading/json/reader.ts";
import { createPythonReader } from "../reading/python/reader.ts";
import { createCore } from "./core.ts";

export interface CoreSurroundings {
  readonly runner: TaskRunner;
  /** The bytes of a file of `dist/wasm`. */
  readonly wasm: (name: string) => Promise<Uint8Array<ArrayBuffer>>;
  readonly nextTurn: () => Promise<void>;
}

/** Joins readers, engine and core. What a language needs is loaded when its first document is opened. */
export function assembleCore({ runner, wasm, nextTurn }: CoreSurroundings): CoreApi {
  const json = once(async () => jsonReader());
  const python = once(async () => {
    const [treeSitter, grammar] = await Promise.all([wasm("tree-sitter.wasm"), wasm("tree-sitter-python.wasm")]);
    return createPythonReader({ treeSitter, grammar });
  });
  const readerOf = (language: Language): Promise<Reader> => (language === "python" ? python() : json());
  return createCore({ readerOf, engine: createEngine({ runner }), nextTurn });
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
