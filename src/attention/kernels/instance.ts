import type { KernelModule } from "./binaries.ts";

/** What a kernel module exports; the parameters are explained in assembly/parts.mjs. Addresses are bytes. */
export interface KernelExports {
  packKeys(source: number, to: number, size: number, padded: number, from: number, end: number): void;
  packValues(source: number, to: number, size: number, paddedKeys: number, from: number, end: number): void;
  packQuery(context: number, group: number, first: number): void;
  start(context: number, groups: number, first: number, maximum: number, sum: number): void;
  attend(context: number, groups: number, first: number, from: number, to: number): void;
  finish(context: number, groups: number, first: number): void;
  cells(
    context: number,
    first: number,
    last: number,
    from: number,
    to: number,
    stage: number,
    step: number,
    origin: number,
  ): void;
  extent(context: number, first: number, from: number, to: number, stage: number): void;
  largest(from: number, count: number, strict: 0 | 1): number;
  peak(rounds: number): number;
}

/** Lays numbers into a memory, from its element `at` on. */
export type CopyFloats = (from: Float32Array, to: Float32Array, at: number) => void;

/** An instance with its memory, seen as numbers. */
export interface Kernel {
  readonly exports: KernelExports;
  readonly memory: WebAssembly.Memory;
  readonly keys: 6 | 4;
  readonly copyFloats: CopyFloats;
  floats: Float32Array;
  integers: Int32Array;
  bytes: Uint8Array;
}

/** Instantiates a compiled module over a memory. */
export function kernelOver(
  module: WebAssembly.Module,
  keys: 6 | 4,
  memory: WebAssembly.Memory,
  copyFloats: CopyFloats = (from, to, at) => to.set(from, at),
): Kernel {
  const abort = (): never => {
    throw new Error("the attention kernel aborted");
  };
  const instance = new WebAssembly.Instance(module, { env: { memory, abort } });
  const kernel = { exports: instance.exports as unknown as KernelExports, memory, keys, copyFloats } as Kernel;
  return refreshed(kernel);
}

/** Looks at the memory anew: after it grew, the old views end too early (shared) or are empty (private). */
export function refreshed(kernel: Kernel): Kernel {
  const { buffer } = kernel.memory;
  if (kernel.bytes?.buffer !== buffer || kernel.bytes.byteLength !== buffer.byteLength) {
    kernel.floats = new Float32Array(buffer);
    kernel.integers = new Int32Array(buffer);
    kernel.bytes = new Uint8Array(buffer);
  }
  return kernel;
}

/** Memory for a module: shared memory for a shared one. */
export function memoryFor({ shared }: Pick<KernelModule, "shared">): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: 1, maximum: 65536, shared });
}
