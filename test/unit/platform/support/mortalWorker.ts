import { parentPort } from "node:worker_threads";

/** A thread that answers what it is given, or dies when it is told to. */
parentPort!.on("message", ({ kind, input }: { kind: string; input: unknown }) => {
  if (kind === "die") process.exit(3);
  parentPort!.postMessage({ answer: input });
});
