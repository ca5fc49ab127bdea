import type { TaskRunner } from "../../attention/tasks.ts";
import { createPool, type StartThread } from "../pool.ts";

/** Web workers, one a core; memory is shared only where the page is cross-origin isolated. `script` is the URL of the built taskWorker.js. */
export function webTaskRunner(script: string, parallel = navigator.hardwareConcurrency || 2): TaskRunner {
  const url = URL.createObjectURL(new Blob([`importScripts(${JSON.stringify(script)});`], { type: "text/javascript" }));
  const start: StartThread = (events) => {
    const worker = new Worker(url, { name: "Attention Loupe task" });
    worker.onmessage = ({ data }: MessageEvent<{ answer?: unknown; failure?: string }>) => {
      if (data.failure === undefined) events.answer(data.answer);
      else events.failure(data.failure);
    };
    worker.onerror = (event) => events.ended(event.message);
    return {
      post: (message, transfer) => worker.postMessage(message, [...transfer]),
      terminate: () => worker.terminate(),
    };
  };
  const after = (milliseconds: number, act: () => void): (() => void) => {
    const timer = setTimeout(act, milliseconds);
    return () => clearTimeout(timer);
  };
  return createPool(
    start,
    { after },
    parallel,
    typeof SharedArrayBuffer !== "undefined" && self.crossOriginIsolated === true,
  );
}
