import type { MessagePort, Worker } from "node:worker_threads";
import type { Channel } from "../../protocol/rpc.ts";

/** A worker, seen from either end, as a channel. */
export function channelOf(port: Worker | MessagePort): Channel {
  return {
    send: (message, transfer) => port.postMessage(message, [...(transfer ?? [])]),
    receive: (listener) => void port.on("message", listener),
  };
}
