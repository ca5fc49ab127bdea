import { computeBlock, prepareScratch } from "./block.ts";
import { type Kernel, kernelOver } from "./instance.ts";
import type { Job } from "./job.ts";
import { type PrivateKernel, runPrivately } from "./privateTasks.ts";

/** Words at `control` in a shared memory; `ready`: how many heads are brought in; `begun`: how many threads take turns. */
export const control = { next: 0, cancelled: 1, done: 2, turns: 3, ready: 4, begun: 5 } as const;

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

/** Takes turns until there are none left, it took `most`, or the job is cancelled; answers how many this thread did. */
export function drain(
  kernel: Kernel,
  { job, control: at, turns, scratch: base }: DrainInput,
  most = Number.POSITIVE_INFINITY,
): number {
  const { integers } = kernel;
  const scratch = prepareScratch(kernel, job, base);
  const words = at >>> 2;
  const cancelled = (): boolean => Atomics.load(integers, words + control.cancelled) !== 0;
  const count = integers[words + control.turns]!;
  Atomics.add(integers, words + control.begun, 1);
  let done = 0;
  while (done < most && !cancelled()) {
    const turn = Atomics.add(integers, words + control.next, 1);
    if (turn >= count) break;
    const index = integers[(turns >>> 2) + turn * 2]!;
    for (let ready = 0; ready <= index && !cancelled(); ready = Atomics.load(integers, words + control.ready))
      Atomics.wait(integers, words + control.ready, ready);
    const head = job.heads[index]!;
    if (!computeBlock(kernel, job, scratch, head, integers[(turns >>> 2) + turn * 2 + 1]!, cancelled)) break;
    if (Atomics.add(integers, words + control.done, 1) + 1 === count) Atomics.notify(integers, words + control.done);
    done++;
  }
  return done;
}

/** How often, and then for how many milliseconds, the end of others' last turns is waited for. */
const [looks, patience] = [5000, 20];

/** Waits until all turns are done. False if that does not come soon: someone was cancelled, or died. */
export function isDrained({ integers }: Kernel, at: number): boolean {
  const [done, count] = [(at >>> 2) + control.done, integers[(at >>> 2) + control.turns]!];
  for (let look = 0; look < looks; look++) if (Atomics.load(integers, done) === count) return true;
  for (let seen = Atomics.load(integers, done); seen < count; seen = Atomics.load(integers, done)) {
    if (Atomics.wait(integers, done, seen, patience) === "timed-out") return false;
  }
  return true;
}
