import { kernelTasks } from "../../attention/kernels/tasks.ts";

/** A thread of the task runner in a browser: one task at a time, its answer or what went wrong. */
declare const self: DedicatedWorkerGlobalScope;

const tasks = kernelTasks();
self.onmessage = ({ data }: MessageEvent<{ kind: string; input: unknown }>) => {
  try {
    const run = tasks[data.kind];
    if (!run) throw new Error(`no task is called ${data.kind}`);
    self.postMessage({ answer: run(data.input) });
  } catch (error) {
    self.postMessage({ failure: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
};
