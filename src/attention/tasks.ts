/** A piece of kernel work that can run in another thread. `input` and the answer hold only numbers and typed arrays. */
export interface Task {
  readonly kind: string;
  readonly input: unknown;
  /** Buffers that move rather than being copied. */
  readonly transfer?: readonly ArrayBuffer[];
}

/** Who runs tasks: a pool of worker threads, or the calling thread for tiny work. Implemented by `platform`. */
export interface TaskRunner {
  /** How many tasks really run at once; 1 where there are no threads. */
  readonly parallel: number;
  /** Whether threads see the same memory (SharedArrayBuffer). */
  readonly shared: boolean;
  /** Runs tasks, handing them out in order as threads become free. Rejects with the signal's reason when cancelled. */
  run(tasks: readonly Task[], signal?: AbortSignal): Promise<unknown[]>;
  dispose(): void;
}
