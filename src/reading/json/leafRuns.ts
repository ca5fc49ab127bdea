import { lastAtMost } from "../lines.ts";
import type { Tape } from "./tape.ts";

/** Leaves that follow one another in arrays of their own. A tape that was edited has several such runs, none of them empty. */
export interface LeafRun {
  /** The number of its first leaf. */
  readonly first: number;
  readonly starts: Int32Array;
  readonly values: Float64Array;
  /** To be added to `starts`: what edits in front of them have inserted. */
  readonly moved: number;
}

/** With more runs than these, all leaves are written out as one. */
const mostRuns = 256;

function runsOf({ runs, starts, values, leafCount }: Tape): readonly LeafRun[] {
  if (runs) return runs;
  const all = { first: 0, starts: starts.subarray(0, leafCount), values: values.subarray(0, leafCount), moved: 0 };
  return leafCount > 0 ? [all] : [];
}

/** The last run for which `isBefore` holds, given that it holds for none behind one for which it does not; -1 for none. */
function lastRun(runs: readonly LeafRun[], isBefore: (run: LeafRun) => boolean): number {
  let [low, high] = [0, runs.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(runs[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Those parts of the runs that hold leaves `from` … `to` − 1. */
function between(tape: Tape, from: number, to: number): LeafRun[] {
  const runs = runsOf(tape);
  const parts: LeafRun[] = [];
  for (
    let at = Math.max(
      0,
      lastRun(runs, ({ first }) => first <= from),
    );
    at < runs.length;
    at++
  ) {
    const run = runs[at]!;
    const { first, starts } = run;
    if (first >= to) break;
    const [begin, end] = [Math.max(0, from - first), Math.min(starts.length, to - first)];
    if (begin >= end) continue;
    const isWhole = begin === 0 && end === starts.length;
    parts.push(isWhole ? run : part(run, begin, end));
  }
  return parts;
}

function part({ first, starts, values, moved }: LeafRun, begin: number, end: number): LeafRun {
  return { first: first + begin, starts: starts.subarray(begin, end), values: values.subarray(begin, end), moved };
}

/** The value of one leaf. */
export function valueAt(tape: Tape, leaf: number): number {
  if (!tape.runs) return tape.values[leaf]!;
  const run = tape.runs[lastRun(tape.runs, ({ first }) => first <= leaf)]!;
  return run.values[leaf - run.first]!;
}

/** The values of leaves `from` … `to` − 1, copied only where they lie in several runs. */
export function valuesIn(tape: Tape, from: number, to: number): Float64Array {
  const parts = between(tape, from, to);
  if (parts.length === 1) return parts[0]!.values;
  const values = new Float64Array(to - from);
  for (const part of parts) values.set(part.values, part.first - from);
  return values;
}

/** Where leaves `from` … `to` − 1 start, copied only where something in front of one of them was edited. */
export function startsIn(tape: Tape, from: number, to: number): Int32Array {
  const parts = between(tape, from, to);
  if (parts.length === 1 && parts[0]!.moved === 0) return parts[0]!.starts;
  const all = new Int32Array(to - from);
  for (const { first, starts, moved } of parts)
    for (let at = 0; at < starts.length; at++) all[first - from + at] = starts[at]! + moved;
  return all;
}

/** Where one leaf starts. */
export function startAt(tape: Tape, leaf: number): number {
  if (!tape.runs) return tape.starts[leaf]!;
  const { first, starts, moved } = tape.runs[lastRun(tape.runs, (run) => run.first <= leaf)]!;
  return starts[leaf - first]! + moved;
}

/** The last leaf that starts at or before the offset; -1 for none. */
export function leafAtMost(tape: Tape, offset: number): number {
  const runs = runsOf(tape);
  const run = runs[lastRun(runs, ({ starts, moved }) => starts[0]! + moved <= offset)];
  return run ? run.first + lastAtMost(run.starts, offset - run.moved) : -1;
}

/** The leaves of a tape with other ones in place of `from` … `to` − 1, and those behind them moved by so many code units. */
export function withLeaves(
  tape: Tape,
  from: number,
  to: number,
  { starts, values }: Pick<Tape, "starts" | "values">,
  moved: number,
): Pick<Tape, "starts" | "values" | "leafCount" | "runs"> {
  const more = starts.length - (to - from);
  const leafCount = tape.leafCount + more;
  const behind = between(tape, to, tape.leafCount);
  const isInPlace = more === 0 && moved === 0;
  const runs = [
    ...between(tape, 0, from),
    ...(starts.length > 0 ? [{ first: from, starts, values, moved: 0 }] : []),
    ...(isInPlace ? behind : behind.map((run) => ({ ...run, first: run.first + more, moved: run.moved + moved }))),
  ];
  const edited = { ...tape, leafCount, runs };
  if (runs.length <= mostRuns) return edited;
  return { starts: startsIn(edited, 0, leafCount), values: valuesIn(edited, 0, leafCount), leafCount, runs: undefined };
}
