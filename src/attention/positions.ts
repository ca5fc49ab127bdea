import type { AttentionProblem, AttentionSizes, Segments } from "./problem.ts";
import type { Masker } from "./result.ts";

/**
 * Which keys a query may attend to by position alone: causal rule, prefix, window, padding and packed sequences each leave
 * a run of keys, so together they leave `low ≤ key < high` (none where `high ≤ low`).
 */
export interface Positions {
  low(batch: number, query: number): number;
  high(batch: number, query: number): number;
  /** The key position that is the query's own; may lie outside the keys. */
  own(batch: number, query: number): number;
  /** Where the packed sequence of a query begins among the keys; 0 without any. */
  start(query: number): number;
  /** The same of a key. */
  startOfKey(key: number): number;
  /** Every rule that forbids this pair. */
  reasons(batch: number, query: number, key: number): Masker[];
  /** False if every query may attend to every key. */
  readonly any: boolean;
}

/** The position rules of a problem whose shapes have been checked. */
export function positionsOf(problem: AttentionProblem, sizes: AttentionSizes): Positions {
  const causal = causalByPosition(problem);
  const [left, after] = windowByPosition(problem);
  const right = causal ? Math.min(0, after) : after;
  const own = ownPosition(problem, sizes);
  const real = (batch: number): number => Math.min(sizes.keys, problem.keyLengths?.[batch] ?? sizes.keys);
  const part = segmentOf(problem.segments, sizes);
  const low = (batch: number, query: number): number => Math.max(part(query)[0], own(batch, query) - left);
  const { prefix } = problem.sparse ?? {};
  /** What follows a prefix is causal. */
  const prefixEnd = (batch: number, query: number): number =>
    prefix === undefined ? Number.POSITIVE_INFINITY : Math.max(part(query)[0] + prefix, own(batch, query) + 1);
  const high = (batch: number, query: number): number =>
    Math.min(real(batch), part(query)[1], own(batch, query) + right + 1, prefixEnd(batch, query));
  const reasons = (batch: number, query: number, key: number): Masker[] => {
    const distance = key - own(batch, query);
    const [start, end] = part(query);
    const found: Masker[] = [];
    if (causal && distance > 0) found.push("causal");
    if (-distance > left || distance > after) found.push("window");
    if (key >= real(batch)) found.push("padding");
    if (key < start || key >= end) found.push("segment");
    if (key >= prefixEnd(batch, query)) found.push("pattern");
    return found;
  };
  const isBounded = left < Number.POSITIVE_INFINITY || right < Number.POSITIVE_INFINITY || prefix !== undefined;
  const any = isBounded || !!problem.keyLengths || !!problem.segments;
  const startOfKey = (key: number): number => {
    const starts = problem.segments?.keys;
    return starts ? starts[segmentAt(starts, key)]! : 0;
  };
  return { low, high, own, start: (query) => part(query)[0], startOfKey, reasons, any };
}

/** A prefix widens the causal rule, so there the prefix says it. */
function causalByPosition({ causal = "none", sparse }: AttentionProblem): boolean {
  return causal !== "none" && sparse?.prefix === undefined;
}

/** Keys before and after the query's own position; a sparse pattern says of the window what it makes of it. */
function windowByPosition({ window, sparse }: AttentionProblem): readonly [left: number, right: number] {
  const [left, right] = (!sparse && window) || [null, null];
  return [left ?? Number.POSITIVE_INFINITY, right ?? Number.POSITIVE_INFINITY];
}

function ownPosition(problem: AttentionProblem, sizes: AttentionSizes): (batch: number, query: number) => number {
  const { offset, segments } = problem;
  const last = problem.causal === "bottomRight";
  if (segments) {
    return (_, query) => {
      const at = segmentAt(segments.queries, query);
      const [q0, q1, k0, k1] = [
        segments.queries[at]!,
        segments.queries[at + 1]!,
        segments.keys[at]!,
        segments.keys[at + 1]!,
      ];
      return query - q0 + k0 + (last ? k1 - k0 - (q1 - q0) : 0);
    };
  }
  if (offset !== undefined) return (batch, query) => query + (typeof offset === "number" ? offset : offset[batch]!);
  const shift = last ? sizes.keys - sizes.queries : 0;
  return (_, query) => query + shift;
}

function segmentOf(
  segments: Segments | undefined,
  sizes: AttentionSizes,
): (query: number) => readonly [number, number] {
  if (!segments) {
    const all = [0, sizes.keys] as const;
    return () => all;
  }
  return (query) => {
    const at = segmentAt(segments.queries, query);
    return [segments.keys[at]!, segments.keys[at + 1]!];
  };
}

/** The segment that holds `position`, by bisection; starts ascend and empty segments hold nothing. */
function segmentAt(starts: readonly number[], position: number): number {
  let [low, high] = [0, starts.length - 2];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}
