import type { Disposable } from "vscode";
import type { Message } from "../tensor/message.ts";

/** Milliseconds that nobody edits before the first other try; before each further one four times as many, up to the longest. */
const [first, longest] = [2000, 300_000];

/** A document whose reading has ended the core: it is tried again after an edit, each time with more patience, or when asked for. */
export class SetAside implements Disposable {
  readonly #again: () => void;
  #why: Message | null = null;
  #times = 0;
  #timer: unknown = null;

  constructor(again: () => void) {
    this.#again = again;
  }

  /** Null while it is being tried again, and afterwards, if that went well. */
  get why(): Message | null {
    return this.#why;
  }

  stop(why: Message): void {
    this.#why = why;
    this.#times++;
  }

  /** It was edited. False where it does not wait for another try: whoever asks reads it. */
  trySoon(): boolean {
    if (!this.#why) return false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.tryNow(), Math.min(longest, first * 4 ** (this.#times - 1)));
    return true;
  }

  tryNow(): void {
    clearTimeout(this.#timer);
    if (!this.#why) return;
    this.#why = null;
    this.#again();
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }
}
