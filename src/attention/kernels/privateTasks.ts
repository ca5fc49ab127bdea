import type { Task } from "../tasks.ts";
import { computeBlock, prepareScratch, scratchBytes } from "./block.ts";
import type { Holding } from "./holding.ts";
import { type Kernel, kernelOver, memoryFor, refreshed } from "./instance.ts";
import type { HeadData, Job } from "./job.ts";
import type { KernelHome } from "./kernels.ts";

interface PrivateInput {
  readonly module: WebAssembly.Module;
  readonly keys: 6 | 4;
  /** Tells memories apart, so that a thread keeps its instance. */
  readonly memoryId: number;
  /** Bytes of the memory whose addresses `job` speaks of. */
  readonly size: number;
  /** What the turns read, to be laid where it lies in that memory. */
  readonly pieces: readonly { readonly address: number; readonly bytes: Uint8Array<ArrayBuffer> }[];
  readonly job: Job;
  readonly turns: readonly { readonly head: number; readonly first: number }[];
}

/** A stretch of memory that a task computed. */
interface Written {
  readonly address: number;
  readonly values: Float32Array<ArrayBuffer>;
}

/** A thread's own instance. */
export interface PrivateKernel {
  readonly id: number;
  readonly kernel: Kernel;
}

/** A task that computes turns in a memory of its own, into which a copy of what they read is laid. */
export function privateTask(home: KernelHome, holding: Holding, job: Job, turns: PrivateInput["turns"]): Task {
  const memory = refreshed(home.kernel).bytes;
  const heads = [...new Set(turns.map(({ head }) => head))];
  const pieces = [...holding.shared, ...heads.flatMap((head) => read(job, home, job.heads[head]!))].map(
    ([address, bytes]) => ({ address, bytes: new Uint8Array(memory.slice(address, address + bytes)) }),
  );
  const { module, keys, memoryId } = home;
  const input: PrivateInput = { module, keys, memoryId, size: memory.length, pieces, job, turns };
  return { kind: "attention.private", input, transfer: pieces.map(({ bytes }) => bytes.buffer) };
}

/** What the turns of a head read: address and bytes. */
function read(job: Job, { keys }: KernelHome, head: HeadData): [address: number, bytes: number][] {
  return [
    [head.query, job.queries * job.size * 4],
    [head.keys, job.paddedKeys * job.paddedSize * 4],
    [head.values, job.paddedKeys * job.valueBlocks * keys * 4],
  ];
}

/** Runs a private task in the thread's instance, made where there is none; answers the stretches that it wrote. */
export function runPrivately(raw: unknown, known: PrivateKernel | null): { own: PrivateKernel; written: Written[] } {
  const { module, keys, memoryId, size, pieces, job, turns } = raw as PrivateInput;
  const own =
    known?.id === memoryId ? known : { id: memoryId, kernel: kernelOver(module, keys, memoryFor({ shared: false })) };
  const kernel = grown(own.kernel, size + scratchBytes(job, keys));
  for (const { address, bytes } of pieces) kernel.bytes.set(bytes, address);
  const scratch = prepareScratch(kernel, job, size);
  const written = turns.flatMap(({ head, first }) => {
    const { results, maps } = stretches(job, job.heads[head]!, first);
    computeBlock(kernel, job, scratch, job.heads[head]!, first, () => false);
    return [...results, ...maps].map(([address, length]) => ({
      address,
      values: kernel.floats.slice(address >>> 2, (address >>> 2) + length) as Float32Array<ArrayBuffer>,
    }));
  });
  return { own, written };
}

function grown(kernel: Kernel, bytes: number): Kernel {
  const missing = Math.ceil((bytes - kernel.memory.buffer.byteLength) / 65536);
  if (missing > 0) kernel.memory.grow(missing);
  return refreshed(kernel);
}

/** Where a turn writes: output and statistics, and its lines of the maps; address in bytes, length in floats. */
function stretches(job: Job, head: HeadData, first: number): { results: [number, number][]; maps: [number, number][] } {
  const rows = Math.min(job.rows, job.queries - first);
  const { pooling } = job;
  const line = Math.floor(first / pooling.rows);
  const length = Math.ceil(rows / pooling.rows) * pooling.blocks;
  const map = (address: number): [number, number] => [address + line * pooling.blocks * 4, length];
  return {
    results: [
      [head.output + first * job.valueSize * 4, rows * job.valueSize],
      [head.statistics + first * 12, rows * 3],
    ],
    maps: pooling.columns === 0 ? [] : [map(head.mapMaximum), map(head.mapSum)],
  };
}

/** Writes what a task answered to where it would be had it been computed here. */
export function takeAnswer(kernel: Kernel, answer: unknown): void {
  for (const { address, values } of answer as Written[]) kernel.floats.set(values, address >>> 2);
}
