import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { TaskRunner } from "../../attention/tasks.ts";
import { createPool, type StartThread } from "../pool.ts";

/** Worker threads over shared memory, as many as the machine runs at once. `script` is the built taskWorker.js. */
export function nodeTaskRunner(script: string, parallel = availableParallelism()): TaskRunner {
  const start: StartThread = (events) => {
    const worker = new Worker(script);
    worker.unref();
    worker.on("message", (message: { answer?: unknown; failure?: string }) => {
      worker.unref();
      if (message.failure === undefined) events.answer(message.answer);
      else events.failure(message.failure);
    });
    let why: string | null = null;
    worker.on("error", (error) => {
      why = error instanceof Error ? error.message : String(error);
    });
    worker.on("exit", (code) => events.ended(why ?? `exit code ${code}`));
    return {
      post: (message, transfer) => {
        worker.ref();
        worker.postMessage(message, [...transfer]);
      },
      terminate: () => void worker.terminate(),
    };
  };
  const after = (milliseconds: number, act: () => void): (() => void) => {
    const timer = setTimeout(act, milliseconds);
    timer.unref();
    return () => clearTimeout(timer);
  };
  return createPool(start, { after }, parallel, typeof SharedArrayBuffer !== "undefined");
}
