import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { type CoreApi, coreMethods } from "../../protocol/core.ts";
import { callsOver } from "../../protocol/rpc.ts";
import type { StartCore } from "../contract.ts";
import { channelOf } from "./channel.ts";

/** Starts the core in a worker thread. `dist` is the folder of the built files. */
export const startCore: StartCore = ({ dist, storage }, log) => {
  const worker = new Worker(join(dist, "worker.js"), { workerData: { dist, storage }, stdout: true, stderr: true });
  worker.stdout.on("data", (data) => log(String(data).trimEnd()));
  worker.stderr.on("data", (data) => log(String(data).trimEnd()));
  const { remote, close } = callsOver<CoreApi>(channelOf(worker), coreMethods);
  const listeners: ((why: string) => void)[] = [];
  let disposed = false;
  const died = (why: string) => {
    close(why);
    if (!disposed) for (const listener of listeners.splice(0)) listener(why);
  };
  worker.on("error", (error) => died(error.stack ?? String(error)));
  worker.on("exit", (code) => died(`the core's worker ended with code ${code}`));
  return {
    remote,
    onDied: (listener) => void listeners.push(listener),
    dispose() {
      disposed = true;
      void worker.terminate();
    },
  };
};
