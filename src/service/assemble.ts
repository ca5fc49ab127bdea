import type { EngineWorld } from "../attention/engine.ts";
import type { CoreApi } from "../protocol/core.ts";
import type { ByteSource } from "../reading/byteSource.ts";
import { createCore } from "./core.ts";
import type { ModulesOf } from "./documents.ts";
import { bytesReaders, type PythonSource, readers, type WasmSource } from "./readers.ts";

export interface CoreSurroundings {
  readonly world?: EngineWorld;
  readonly wasm: WasmSource;
  readonly pythonReader: PythonSource;
  /** Absent where there are no files. */
  readonly bytesOf?: (path: string) => ByteSource;
  readonly modulesOf?: ModulesOf;
  /** Resolves after the messages that already wait have been taken in. */
  readonly nextTurn: () => Promise<void>;
}

/** Joins readers, engine and core: what a worker entry starts. */
export function assembleCore({ world, wasm, pythonReader, bytesOf, modulesOf, nextTurn }: CoreSurroundings): CoreApi {
  const [readerOf, bytesReaderOf] = [readers(wasm, pythonReader), bytesReaders(wasm)];
  const here = { world: { nextTurn, ...world }, ...(bytesOf && { bytesOf }), ...(modulesOf && { modulesOf }) };
  return createCore({ readerOf, bytesReaderOf, ...here, nextTurn });
}
