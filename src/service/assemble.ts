import type { EngineWorld } from "../attention/engine.ts";
import type { CoreApi } from "../protocol/core.ts";
import type { ByteSource } from "../reading/byteSource.ts";
import { createCore } from "./core.ts";
import { bytesReaders, readers, type WasmSource } from "./readers.ts";

export interface CoreSurroundings {
  readonly world?: EngineWorld;
  readonly wasm: WasmSource;
  /** Absent where there are no files. */
  readonly bytesOf?: (path: string) => ByteSource;
  /** Resolves after the messages that already wait have been taken in. */
  readonly nextTurn: () => Promise<void>;
}

/** Joins readers, engine and core: what a worker entry starts. */
export function assembleCore({ world, wasm, bytesOf, nextTurn }: CoreSurroundings): CoreApi {
  const [readerOf, bytesReaderOf] = [readers(wasm), bytesReaders(wasm)];
  return createCore({ readerOf, bytesReaderOf, ...(world && { world }), ...(bytesOf && { bytesOf }), nextTurn });
}
