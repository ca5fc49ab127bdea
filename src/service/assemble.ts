import type { EngineWorld } from "../attention/engine.ts";
import type { CoreApi } from "../protocol/core.ts";
import { createCore } from "./core.ts";
import { readers, type WasmSource } from "./readers.ts";

export interface CoreSurroundings {
  readonly world?: EngineWorld;
  readonly wasm: WasmSource;
  /** Absent where there are no files. */
  readonly readText?: (path: string) => Promise<string>;
  /** Resolves after the messages that already wait have been taken in. */
  readonly nextTurn: () => Promise<void>;
}

/** Joins readers, engine and core: what a worker entry starts. */
export function assembleCore({ world, wasm, readText, nextTurn }: CoreSurroundings): CoreApi {
  return createCore({ readerOf: readers(wasm), ...(world && { world }), ...(readText && { readText }), nextTurn });
}
