import { computeBlock, prepareScratch } from "./block.ts";
import { type Kernel, kernelOver } from "./instance.ts";
import type { Job } from "./job.ts";
import { type PrivateKernel, runPrivately } from "./privateTasks.ts";

/** Words at `control` in a shared memory. */
export const control = { next: 0, cancelled: 1, done: 2, turns: 3 } as const;

/** What a thread needs to work off a job's turns together with others, over shared memory. */
export interface DrainInput {
  readonly module: WebAssembly.Module;
  readonly keys: 6 | 4;
  readonly memory: WebAssembly.Memory;
  /** Tells memories apart, so that a thread keeps its instance. */
  readonly memoryId: number;
  readonly job: Job;
  /** Addresses: the control words, the list of turns as pairs (head, first row), and this thread's scratch. */
  readonly control: number;
  readonly turns: number;
  readonly scratch: number;
}

/** Runs the engine's tasks in whatever thread holds it. */
export type TaskHandler = (input: unknown) => unknown;

/** The tasks that the engine gives to a `TaskRunner`, by kind; made once in each thread. */
export function kernelTasks(): Readonly<Record<string, TaskHandler>> {
  let last: { id: number; kernel: Kernel } | null = null;
  let privately: PrivateKernel | null = null;
  return {
    "attention.drain": (raw) => {
      const input = raw as DrainInput;
      // Memory that another thread grew is seen in full only through the handle that came with the task.
      const known = last?.id === input.memoryId && last.kernel.bytes.byteLength === input.memory.buffer.byteLength;
      const kernel = known && last ? last.kernel : kernelOver(input.module, input.keys, input.memory);
      last = { id: input.memoryId, kernel };
      return drain(kernel, input);
    },
    "attention.private": (raw) => {
      const { own, written } = runPrivately(raw, privately);
      privately = own;
      return written;
    },
  };
}

/** Takes turns until there are none left, or the job is cancelled; answers how many this thread did. */
export function drain(kernel: Kernel, { job, control: at, turns, scratch: base }: DrainInput): number {
  const { integers } = kernel;
  const scratch = prepareScratch(kernel, job, base);
  const cancelled = (): boolean => Atomics.load(integers, (at >>> 2) + control.cancelled) !== 0;
  const count = integers[(at >>> 2) + control.turns]!;
  let done = 0;
  while (!cancelled()) {
    const turn = Atomics.add(integers, (at >>> 2) + control.next, 1);
    if (turn >= count) break;
    const head = job.heads[integers[(turns >>> 2) + turn * 2]!]!;
    if (!computeBlock(kernel, job, scratch, head, integers[(turns >>> 2) + turn * 2 + 1]!, cancelled)) break;
    Atomics.add(integers, (at >>> 2) + control.done, 1);
    done++;
  }
  return done;
}
