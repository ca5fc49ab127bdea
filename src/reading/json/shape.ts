import { kind, type Tape } from "./tape.ts";
import { fieldOf, kindOf } from "./tree.ts";

/** NumPy's limit. */
export const maximumRank = 64;

/** What the nesting of an array says of its shape. */
export interface Nesting {
  /** Sizes of the axes; null where rows disagree. */
  readonly shape: readonly (number | null)[];
  /** Rows whose length differs from most of their axis, first ones first, at most ten. */
  readonly ragged: readonly RaggedRow[];
  /** Nested deeper than any tensor. */
  readonly tooDeep: boolean;
}

export interface RaggedRow {
  readonly node: number;
  readonly length: number;
  readonly expected: number;
  /** false: the length fits, but the row holds numbers where others hold arrays, or the other way round. */
  readonly byLength: boolean;
}

/** The shape of an array whose leaves are all numbers. Linear in its rows. */
export function nestingOf(tape: Tape, root: number): Nesting {
  const levels = rowsByLevel(tape, root);
  if (!levels) return { shape: [], ragged: [], tooDeep: true };
  const shape: (number | null)[] = [];
  const ragged: RaggedRow[] = [];
  for (const [level, rows] of levels.entries()) {
    const expected = mostCommon(tape, rows);
    const odd = oddRows(tape, rows, expected, level === levels.length - 1);
    shape.push(odd.length ? null : expected);
    ragged.push(...odd);
  }
  return { shape, ragged: ragged.sort((a, b) => a.node - b.node).slice(0, 10), tooDeep: false };
}

/** The arrays of each axis. Null if there are more axes than a tensor can have. */
function rowsByLevel(tape: Tape, root: number): number[][] | null {
  const levels: number[][] = [];
  const ends: number[] = [];
  const last = fieldOf(tape, root, "next");
  for (let node = root; node < last; node++) {
    if (kindOf(tape, node) !== kind.array) continue;
    while (ends.length && ends[ends.length - 1]! <= node) ends.pop();
    if (ends.length === maximumRank) return null;
    levels[ends.length] ??= [];
    levels[ends.length]!.push(node);
    ends.push(fieldOf(tape, node, "next"));
  }
  return levels;
}

function oddRows(tape: Tape, rows: readonly number[], expected: number, innermost: boolean): RaggedRow[] {
  const odd: RaggedRow[] = [];
  for (const node of rows) {
    const length = fieldOf(tape, node, "size");
    const byLength = length !== expected;
    const mixed = !innermost && length > 0 && arraysIn(tape, node) !== length;
    if (byLength || mixed) odd.push({ node, length, expected, byLength });
    if (odd.length === 10) break;
  }
  return odd;
}

/** How many of an array's own elements are arrays. */
function arraysIn(tape: Tape, node: number): number {
  const end = fieldOf(tape, node, "next");
  let count = 0;
  for (let child = node + 1; child < end; child = fieldOf(tape, child, "next"))
    if (kindOf(tape, child) === kind.array) count++;
  return count;
}

/** The length that most rows have; of equally common ones the first. */
function mostCommon(tape: Tape, rows: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const node of rows) {
    const length = fieldOf(tape, node, "size");
    counts.set(length, (counts.get(length) ?? 0) + 1);
  }
  let best = fieldOf(tape, rows[0]!, "size");
  for (const [length, count] of counts) if (count > counts.get(best)!) best = length;
  return best;
}
