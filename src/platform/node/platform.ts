import { url } from "node:inspector";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { StartCore } from "../contract.ts";
import { channelOf } from "./channel.ts";

/** Starts the core in a worker thread. `dist` is the folder of the built files. */
export const startCore: StartCore = ({ dist, storage }, log) => {
  const worker = new Worker(join(dist, "worker.js"), { workerData: { dist, storage }, stdout: true, stderr: true });
  worker.stdout.on("data", (data) => log(String(data).trimEnd()));
  worker.stderr.on("data", (data) => log(String(data).trimEnd()));
  return {
    ...channelOf(worker),
    onEnded(listener) {
      worker.on("error", (error) => listener(error.stack ?? String(error)));
      worker.on("exit", (code) => listener(`the core's worker ended with code ${code}`));
    },
    end: () => void worker.terminate(),
    isHalted: () => url() !== undefined,
  };
};
