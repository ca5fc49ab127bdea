import { createKernels } from "../../attention/kernels/kernels.ts";
import { serve } from "../../protocol/rpc.ts";
import { createPythonReader } from "../../reading/python/reader.ts";
import { assembleCore } from "../../service/assemble.ts";
import { channelOf } from "./channel.ts";
import { webTaskRunner } from "./taskRunner.ts";

/** The core's worker in a web extension host. */
declare const self: DedicatedWorkerGlobalScope & { readonly attentionLoupeDist: string };

const dist = self.attentionLoupeDist;
const wasm = async (name: string) => new Uint8Array(await (await fetch(`${dist}/wasm/${name}`)).arrayBuffer());
const runner = webTaskRunner(`${dist}/web/taskWorker.js`);
const core = assembleCore({
  world: { runner, kernels: createKernels(wasm, runner.shared) },
  wasm,
  pythonReader: createPythonReader,
  nextTurn: () =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve();
      port2.postMessage(null);
    }),
});
serve(channelOf(self), core, (text) => console.error(text));
