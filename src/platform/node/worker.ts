import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import { createKernels } from "../../attention/kernels/kernels.ts";
import { serve } from "../../protocol/rpc.ts";
import type * as PythonBundle from "../../reading/python/reader.ts";
import { assembleCore } from "../../service/assemble.ts";
import type { PythonSource } from "../../service/readers.ts";
import { channelOf } from "./channel.ts";
import { loadCompiled } from "./compiledBundle.ts";
import { copyFloats } from "./copyFloats.ts";
import { fileBytes } from "./fileBytes.ts";
import { importsOf } from "./pythonFiles.ts";
import { nodeTaskRunner } from "./taskRunner.ts";

/** The core's thread in the Node extension host. */
const { dist, storage } = workerData as { dist: string; storage: string };
const wasm = async (name: string) => new Uint8Array(await readFile(join(dist, "wasm", name)));
/** How long, in ms, after Python is first read what V8 compiled for it is kept: the first hovers are over then. */
const settled = 5000;
/** Four fifths of the code are about Python: loaded when the first of it is read. */
const pythonReader: PythonSource = (bytes) => {
  const bundle = loadCompiled(join(dist, "python.js"), storage);
  setTimeout(() => void bundle.keep(), settled).unref();
  return (bundle.exports as typeof PythonBundle).createPythonReader(bytes);
};
/** A notebook's cell is where its notebook is. */
const pathOf = (uri: string) => fileURLToPath(uri.replace(/^[\w-]+:/, "file:").replace(/#.*$/, ""));
const runner = nodeTaskRunner(join(dist, "taskWorker.js"));
const core = assembleCore({
  world: { runner, kernels: createKernels(wasm, runner.shared, copyFloats) },
  wasm,
  pythonReader,
  bytesOf: fileBytes,
  modulesOf: (uri) => (/^(file|vscode-notebook-cell):\/\/\//.test(uri) ? importsOf(pathOf(uri)) : null),
  nextTurn: () => setImmediate(),
});
if (!parentPort) throw new Error("worker.js runs only as a worker thread");
serve(channelOf(parentPort), core, (text) => console.error(text));
