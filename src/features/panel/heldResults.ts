import type { ResultSummary } from "../../protocol/core.ts";
import { CallError } from "../../protocol/rpc.ts";
import type { CoreSession } from "../../sources/coreSession.ts";

/** A drag makes a result with every move of the pointer. */
const remembered = 32;

/** Results that a page may still ask for, or want to keep, though newer ones are on their way to it. */
const stillHeld = 2;

/** The results that a panel still needs. All others are freed in the core as soon as they are let go. */
export class HeldResults {
  readonly #core: CoreSession;
  readonly #onFailure: (error: unknown) => void;
  #recent: readonly ResultSummary[] = [];
  #shown: ResultSummary | null = null;
  #baseline: ResultSummary | null = null;
  /** Shown before, newest last. */
  #former: readonly ResultSummary[] = [];

  constructor(core: CoreSession, onFailure: (error: unknown) => void) {
    this.#core = core;
    this.#onFailure = onFailure;
  }

  get shown(): ResultSummary | null {
    return this.#shown;
  }

  /** Kept to compare with. */
  get baseline(): ResultSummary | null {
    return this.#baseline;
  }

  /** What a page may still speak of, though a newer result is on its way to it. */
  recent(result: number): ResultSummary | undefined {
    return this.#recent.findLast((summary) => summary.result === result);
  }

  /** Null where it is not held any more. */
  held(result: number): ResultSummary | null {
    return [this.#shown, ...this.#former].find((each) => each?.result === result) ?? null;
  }

  show(result: ResultSummary | null): void {
    const old = [...this.#former, ...(this.#shown ? [this.#shown] : [])];
    this.#shown = result;
    if (result) this.#recent = [...this.#recent.slice(1 - remembered), result];
    this.#former = result ? old.slice(-stillHeld) : [];
    for (const each of old) this.#letGo(each);
  }

  keep(result: ResultSummary | null): void {
    const old = this.#baseline;
    this.#baseline = result;
    this.#letGo(old);
  }

  /** Frees a result that came too late to be shown. */
  discard({ result }: ResultSummary): void {
    this.#core.remote.release({ result }).catch((error) => CallError.is(error, "closed") || this.#onFailure(error));
  }

  /** The core is no more, and its results with it. */
  forget(): void {
    this.#recent = [];
    this.#shown = null;
    this.#baseline = null;
    this.#former = [];
  }

  #letGo(old: ResultSummary | null): void {
    const needed = [this.#shown, this.#baseline, ...this.#former];
    if (old && !needed.includes(old)) this.discard(old);
  }
}
