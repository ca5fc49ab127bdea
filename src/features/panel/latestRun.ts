/** Runs one piece of work at a time: a newer one takes the place of the one that still goes on. */
export class LatestRun<T> {
  readonly #patience: number;
  readonly #onSlow: () => void;
  #current: AbortController | null = null;

  /** @param patience milliseconds after which a run is worth speaking of; then, and again and again, `onSlow` is called. */
  constructor(patience: number, onSlow: () => void) {
    this.#patience = patience;
    this.#onSlow = onSlow;
  }

  /** @param settle gets the outcome, or `discard` where a newer run, or `stop`, came before it. */
  start(work: (signal: AbortSignal) => Promise<T>, settle: (outcome: T) => void, discard: (outcome: T) => void): void {
    this.stop();
    const run = new AbortController();
    this.#current = run;
    const watch = () => {
      if (this.#current !== run) return;
      this.#onSlow();
      setTimeout(watch, this.#patience);
    };
    setTimeout(watch, this.#patience);
    void work(run.signal).then((outcome) => {
      if (this.#current !== run) return discard(outcome);
      this.#current = null;
      settle(outcome);
    });
  }

  stop(): void {
    this.#current?.abort();
    this.#current = null;
  }
}
