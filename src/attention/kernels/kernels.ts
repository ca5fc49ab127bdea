import { type Arena, arenaOver } from "./arena.ts";
import { chooseModule, type KernelBinaries, kernelFiles } from "./binaries.ts";
import { type CopyFloats, type Kernel, kernelOver, memoryFor } from "./instance.ts";

/** A kernel with its memory, on the calling thread; other threads make their own instance over shared memory. */
export interface KernelHome {
  readonly kernel: Kernel;
  readonly arena: Arena;
  readonly module: WebAssembly.Module;
  readonly keys: 6 | 4;
  readonly shared: boolean;
  /** Tells memories apart, also those of other `Kernels` whose work the same threads do. */
  readonly memoryId: number;
}

/** The kernels of one process: compiled once, their memory reused from problem to problem. */
export interface Kernels {
  /** null where this machine refuses WebAssembly SIMD. Every `acquire` is answered by one `release`. */
  acquire(): Promise<KernelHome | null>;
  release(home: KernelHome): void;
}

type Compiled = Pick<KernelHome, "module" | "keys" | "shared">;

/** An idle memory that is larger is let go of. */
const keptBytes = 2 ** 26;

/**
 * @param load the bytes of a file of `dist/wasm`, asked for when the first large problem comes. @param shared threads see the same memory
 * @param copyFloats the platform's own way, where that is faster
 */
export function createKernels(
  load: (name: string) => Promise<Uint8Array<ArrayBuffer>>,
  shared: boolean,
  copyFloats?: CopyFloats,
): Kernels {
  let compiled: Promise<Compiled | null> | undefined;
  let home: KernelHome | null = null;
  let users = 0;
  return {
    async acquire() {
      compiled ??= compile(load, shared);
      const made = await compiled;
      if (!made) return null;
      home ??= homeOf(made, copyFloats);
      users++;
      return home;
    },
    release(released) {
      if (released !== home) return;
      users--;
      if (users === 0 && home.arena.size > keptBytes) home = null;
    },
  };
}

async function compile(
  load: (name: string) => Promise<Uint8Array<ArrayBuffer>>,
  shared: boolean,
): Promise<Compiled | null> {
  const names = Object.entries(kernelFiles) as [keyof KernelBinaries, string][];
  const binaries = Object.fromEntries(
    await Promise.all(names.map(async ([name, file]) => [name, await load(file)])),
  ) as unknown as KernelBinaries;
  const chosen = chooseModule(binaries, shared) ?? chooseModule(binaries, false);
  return chosen && { module: await WebAssembly.compile(chosen.bytes), keys: chosen.keys, shared: chosen.shared };
}

function homeOf({ module, keys, shared }: Compiled, copyFloats?: CopyFloats): KernelHome {
  const [memory, memoryId] = [memoryFor({ shared }), Math.random()];
  const kernel = kernelOver(module, keys, memory, copyFloats);
  return { kernel, arena: arenaOver(memory), module, keys, shared, memoryId };
}
