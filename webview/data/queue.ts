/** Runs tasks a few at a time, in the order in which they came; one that was given up while it waited never starts. */
export class Queue {
  readonly #most: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(most: number) {
    this.#most = most;
  }

  async run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.#running >= this.#most) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running++;
    try {
      signal?.throwIfAborted();
      return await task();
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
    }
  }
}
