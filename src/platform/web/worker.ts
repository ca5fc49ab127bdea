import { serve } from "../../protocol/rpc.ts";
import { assembleCore } from "../../service/assemble.ts";
import { channelOf } from "./channel.ts";

/** The core's worker in a web extension host. */
declare const self: DedicatedWorkerGlobalScope & { readonly attentionLoupeDist: string };

const core = assembleCore({
  wasm: async (name) => new Uint8Array(await (await fetch(`${self.attentionLoupeDist}/wasm/${name}`)).arrayBuffer()),
  nextTurn: () =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve();
      port2.postMessage(null);
    }),
});
serve(channelOf(self), core, (text) => console.error(text));
