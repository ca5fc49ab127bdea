import type { Tape } from "./tape.ts";

/** A number of a tape that was written anew: those behind it stand so many code units further on. */
export interface LeafEdit {
  readonly leaf: number;
  readonly value: number;
  readonly moved: number;
}

/** With more numbers than these edited, values and starts are written out. */
const mostEdits = 32;

/** The value of one leaf. */
export function valueAt({ values, edits }: Tape, leaf: number): number {
  return edits?.find((edit) => edit.leaf === leaf)?.value ?? values[leaf]!;
}

/** The values of leaves `from` … `to` − 1, copied only where one of them was edited. */
export function valuesIn({ values, edits = [] }: Tape, from: number, to: number): Float64Array {
  const own = edits.filter(({ leaf }) => leaf >= from && leaf < to);
  if (own.length === 0) return values.subarray(from, to);
  const copy = values.slice(from, to);
  for (const { leaf, value } of own) copy[leaf - from] = value;
  return copy;
}

/** Where leaves `from` … `to` − 1 start, copied only where something in front of one of them was edited. */
export function startsIn({ starts, edits = [] }: Tape, from: number, to: number): Int32Array {
  const moves = edits.filter(({ leaf, moved }) => moved !== 0 && leaf < to - 1).sort((a, b) => a.leaf - b.leaf);
  if (moves.length === 0) return starts.subarray(from, to);
  const copy = starts.slice(from, to);
  let moved = 0;
  let next = 0;
  for (let at = 0; at < copy.length; at++) {
    while (next < moves.length && moves[next]!.leaf < from + at) moved += moves[next++]!.moved;
    copy[at]! += moved;
  }
  return copy;
}

/** The last leaf that starts at or before the offset; -1 for none. */
export function leafAtMost(tape: Tape, offset: number): number {
  const { starts, edits = [] } = tape;
  const startOf = (leaf: number) =>
    edits.reduce((start, edit) => (edit.leaf < leaf ? start + edit.moved : start), starts[leaf]!);
  let [low, high] = [0, tape.leafCount];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (startOf(middle) <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The leaves of a tape after one more edit. */
export function withEdit(tape: Tape, edit: LeafEdit): Pick<Tape, "values" | "starts" | "edits"> {
  const { values, starts, leafCount, edits = [] } = tape;
  const moved = edit.moved + (edits.find(({ leaf }) => leaf === edit.leaf)?.moved ?? 0);
  const all = [...edits.filter(({ leaf }) => leaf !== edit.leaf), { ...edit, moved }];
  if (all.length <= mostEdits) return { values, starts, edits: all };
  const after = { ...tape, edits: all };
  return { values: valuesIn(after, 0, leafCount), starts: startsIn(after, 0, leafCount), edits: [] };
}
