/** How patient a watch is. */
export interface Patience {
  /** Milliseconds between two looks. */
  readonly pace: number;
  /** So many looks in a row may find that nothing was said. */
  readonly looks: number;
}

export interface Watched {
  /** Calls `look` every `pace` milliseconds until the function that it returns is called. */
  every(pace: number, look: () => void): () => void;
  /** Whether an answer is still waited for. */
  isWaiting(): boolean;
  /** A debugger may halt it for as long as it likes. */
  isHalted(): boolean;
  /** Asks something that is answered at once by whoever still listens. */
  probe(): void;
  /** Nothing was said for too long. Called once. */
  onSilent(): void;
}

/**
 * Notices that a thread which owes answers says nothing any more. Time is counted in looks, not by the clock: while the
 * machine sleeps, or whoever looks is halted or gets no processor, none is taken. Work that takes long but gives way from
 * time to time answers the probe. Nobody looks while nothing is waited for, and calls cost no message of their own.
 */
export class LifeWatch {
  readonly #watched: Watched;
  readonly #patience: Patience;
  #stop: (() => void) | null = null;
  #silent = 0;

  constructor(watched: Watched, patience: Patience) {
    this.#watched = watched;
    this.#patience = patience;
  }

  asked(): void {
    this.#stop ??= this.#watched.every(this.#patience.pace, () => this.#look());
  }

  heard(): void {
    this.#silent = 0;
  }

  end(): void {
    this.#stop?.();
    this.#stop = null;
    this.#silent = 0;
  }

  #look(): void {
    if (!this.#watched.isWaiting()) this.end();
    else if (this.#watched.isHalted()) this.heard();
    else if (++this.#silent > this.#patience.looks) {
      this.end();
      this.#watched.onSilent();
    } else if (this.#silent === 1) this.#watched.probe();
  }
}
