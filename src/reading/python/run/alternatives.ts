import type { Machine, Raised } from "./machine.ts";
import type { Writes } from "./state.ts";

/** What one of two ways has led to. */
export interface Way<T> {
  readonly result: T;
  readonly writes: Writes;
}

/** Both ways, or the only one that does not raise: its notes and conclusions are kept then. */
export type Ways<T> =
  | { readonly both: readonly [Way<T>, Way<T>] }
  | { readonly only: Way<T>; readonly which: 0 | 1 }
  | { readonly raised: Raised };

/**
 * Runs two ways from the same state and undoes both. `failure` tells the exception that a result stands for. A way that
 * raises is taken not to be gone: programs are read as ones that work.
 */
export function tryWays<T>(
  m: Machine,
  first: () => T,
  second: () => T,
  failure: (result: T) => Raised | null,
): Ways<T> {
  const before = m.symbols.save();
  const start = m.recorder.mark();
  const a = m.state.speculate(first);
  const afterFirst = m.symbols.save();
  m.symbols.restore(before);
  const middle = m.recorder.mark();
  const b = m.state.speculate(second);
  const [left, right] = [failure(a.result), failure(b.result)];
  if (left && right) return { raised: left };
  if (left) {
    m.recorder.undo(start, middle);
    return { only: b, which: 1 };
  }
  if (right) {
    m.recorder.undo(middle);
    m.symbols.restore(afterFirst);
    return { only: a, which: 0 };
  }
  m.symbols.restore(before);
  return { both: [a, b] };
}
