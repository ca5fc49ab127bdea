import { parentPort } from "node:worker_threads";
import { kernelTasks } from "../../attention/kernels/tasks.ts";

/** A thread of the task runner: one task at a time, its answer or what went wrong. */
const tasks = kernelTasks();
if (!parentPort) throw new Error("taskWorker.js runs only as a worker thread");
const port = parentPort;
port.on("message", ({ kind, input }: { kind: string; input: unknown }) => {
  try {
    const run = tasks[kind];
    if (!run) throw new Error(`no task is called ${kind}`);
    port.postMessage({ answer: run(input) });
  } catch (error) {
    port.postMessage({ failure: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});
