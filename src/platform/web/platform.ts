import type { StartCore } from "../contract.ts";
import { channelOf } from "./channel.ts";

/**
 * Starts the core in a web worker. `dist` is a URL; extensions' files come from another origin than the extension host's
 * page, where a worker may not be started directly, so a blob of our own loads the script.
 */
export const startCore: StartCore = ({ dist }, log) => {
  const script = `self.attentionLoupeDist=${JSON.stringify(dist)};importScripts(${JSON.stringify(`${dist}/web/worker.js`)});`;
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const worker = new Worker(url, { name: "Attention Loupe core" });
  return {
    ...channelOf(worker),
    onEnded(listener) {
      worker.onerror = (event) => {
        log(event.message);
        listener(event.message);
      };
    },
    end() {
      worker.terminate();
      URL.revokeObjectURL(url);
    },
    isHalted: () => false,
  };
};
