/** Multiply-adds between two pauses: a few milliseconds. */
const stride = 2 ** 21;

/** Lets a long loop be interrupted: awaited after each piece of work, it pauses now and then, and ends where a caller gave up. */
export type Pace = (operations: number) => Promise<void> | undefined;

/**
 * Paces a loop that would otherwise keep its thread to itself. `nextTurn` lets others have the thread; without it, the
 * loop only ends when `signal` says so.
 */
export function pacer(nextTurn: (() => Promise<void>) | undefined, signal?: AbortSignal): Pace {
  let done = 0;
  return (operations) => {
    signal?.throwIfAborted();
    done += operations;
    if (done < stride || !nextTurn) return undefined;
    done = 0;
    return nextTurn().then(() => signal?.throwIfAborted());
  };
}

interface Running<T> {
  readonly answer: Promise<T>;
  readonly stop: AbortController;
  waiting: number;
}

/** Long answers by number: kept once they are there, computed once for all who wait, and stopped when nobody does. */
export class SharedAnswers<T> {
  readonly #known = new Map<number, T>();
  readonly #running = new Map<number, Running<T>>();
  readonly #compute: (at: number, signal: AbortSignal) => Promise<T>;

  constructor(compute: (at: number, signal: AbortSignal) => Promise<T>) {
    this.#compute = compute;
  }

  async get(at: number, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    const known = this.#known.get(at);
    if (known !== undefined) return known;
    const running = this.#running.get(at) ?? this.#start(at);
    running.waiting++;
    try {
      return await (signal ? Promise.race([running.answer, aborted(signal)]) : running.answer);
    } finally {
      if (--running.waiting === 0) running.stop.abort(new RangeError("nobody waits any more"));
    }
  }

  clear(): void {
    this.#known.clear();
  }

  #start(at: number): Running<T> {
    const stop = new AbortController();
    const answer = this.#compute(at, stop.signal);
    const running = { answer, stop, waiting: 0 };
    this.#running.set(at, running);
    const ended = (): void => {
      if (this.#running.get(at) === running) this.#running.delete(at);
    };
    answer
      .then(
        (value) => this.#known.set(at, value),
        () => undefined,
      )
      .then(ended);
    stop.signal.addEventListener("abort", ended, { once: true });
    return running;
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
