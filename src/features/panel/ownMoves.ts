/** How long, in milliseconds, the editor may take to tell of a change that we made. */
const echo = 100;

/** Says where our own move will bring the caret; null: the caret is there already, and nothing will be told. */
export type Expect = (place: string | null) => void;

/**
 * Tells the carets that we move ourselves from those that the user moves: the crosshair follows only the latter. The editor
 * tells of both in the order in which they happen, so what comes after the expected place is the user's. Where no place can
 * be expected, as with undo, what comes within a moment is ours.
 */
export class OwnMoves {
  readonly #expected = new Map<string, () => void>();
  #going = 0;

  /** The caret came to this place: whether we moved it, or may have. */
  take(place: string): boolean {
    const isOurs = this.#going > 0;
    this.#expected.get(place)?.();
    return isOurs;
  }

  async during<T>(work: (expect: Expect) => Promise<T>): Promise<T> {
    let expected: string | null = null;
    const end = this.#begin(() => expected !== null && this.#expected.delete(expected));
    const expect: Expect = (place) => {
      expected = place;
      if (place === null) end();
      else this.#expected.set(place, end);
    };
    try {
      return await work(expect);
    } finally {
      setTimeout(end, echo);
    }
  }

  #begin(onEnd: () => void): () => void {
    let isOver = false;
    this.#going++;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#going--;
      onEnd();
    };
  }
}
