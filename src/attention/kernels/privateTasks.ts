import type { Task } from "../tasks.ts";
import { computeBlock, prepareScratch, scratchBytes } from "./block.ts";
import { type Kernel, kernelOver, memoryFor } from "./instance.ts";
import { type HeadData, type Job, passRows } from "./job.ts";
import type { KernelHome } from "./kernels.ts";

interface PrivateInput {
  readonly module: WebAssembly.Module;
  readonly keys: 6 | 4;
  readonly bytes: ArrayBuffer;
  readonly job: Job;
  readonly turns: readonly { readonly head: number; readonly first: number }[];
}

/** A stretch of memory that a task computed. */
interface Written {
  readonly address: number;
  readonly values: Float32Array<ArrayBuffer>;
}

/** A task that computes turns in a memory of its own: a copy of all that lies in this one. */
export function privateTask(home: KernelHome, job: Job, turns: PrivateInput["turns"]): Task {
  const bytes = home.arena.memory.buffer.slice(0);
  const input: PrivateInput = { module: home.module, keys: home.keys, bytes, job, turns };
  return { kind: "attention.private", input, transfer: [bytes] };
}

/** Runs a private task; answers the stretches that it wrote. */
export function runPrivately(raw: unknown): Written[] {
  const { module, keys, bytes, job, turns } = raw as PrivateInput;
  const memory = memoryFor({ shared: false });
  memory.grow(Math.ceil((bytes.byteLength + scratchBytes(job, keys)) / 65536));
  const kernel = kernelOver(module, keys, memory);
  kernel.bytes.set(new Uint8Array(bytes));
  const scratch = prepareScratch(kernel, job, bytes.byteLength);
  return turns.flatMap(({ head, first }) => {
    computeBlock(kernel, job, scratch, job.heads[head]!, first, () => false);
    return stretches(job, job.heads[head]!, first).map(([address, length]) => ({
      address,
      values: kernel.floats.slice(address >>> 2, (address >>> 2) + length),
    }));
  });
}

/** Where a turn writes: output, statistics, map; address in bytes, length in floats. */
function stretches(job: Job, head: HeadData, first: number): [number, number][] {
  const rows = Math.min(passRows, job.queries - first);
  const { pooling } = job;
  const line = Math.floor(first / pooling.rows);
  const lines = Math.ceil(rows / pooling.rows);
  const map = (address: number): [number, number] => [address + line * pooling.blocks * 4, lines * pooling.blocks];
  return [
    [head.output + first * job.valueSize * 4, rows * job.valueSize],
    [head.statistics + first * 12, rows * 3],
    ...(pooling.columns === 0 ? [] : [map(head.mapMaximum), map(head.mapSum)]),
  ];
}

/** Writes what a task answered to where it would be had it been computed here. */
export function takeAnswer(kernel: Kernel, answer: unknown): void {
  for (const { address, values } of answer as Written[]) kernel.floats.set(values, address >>> 2);
}
