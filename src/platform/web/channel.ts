import type { Channel } from "../../protocol/rpc.ts";

/** A worker, seen from either end, as a channel. */
export function channelOf(port: Worker | DedicatedWorkerGlobalScope): Channel {
  return {
    send: (message, transfer) => port.postMessage(message, [...(transfer ?? [])]),
    receive: (listener) => {
      port.addEventListener("message", (event) => listener((event as MessageEvent).data));
    },
  };
}
