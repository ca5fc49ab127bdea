import { failed, type Outcome } from "../tensor/message.ts";
import { sizeOf } from "../tensor/tensor.ts";
import type { AttentionProblem, AttentionSizes, PositionBias, Segments } from "./problem.ts";

/**
 * Checks everything of a problem but its matrices; null if it is all right. Codes: `attention.scale`, `.softcap`,
 * `.window`, `.offset`, `.key-lengths`, `.segments`, `.slopes`, `.relative`, `.sinks`, `.additive`, `.dropout`.
 */
export function checkExtras(problem: AttentionProblem, sizes: AttentionSizes): Outcome<never> | null {
  return (
    checkNumbers(problem) ??
    checkLists(problem, sizes) ??
    checkBias(problem.bias, sizes.heads) ??
    checkScore(problem, sizes)
  );
}

function checkNumbers({ scale, softcap, window, dropout }: AttentionProblem): Outcome<never> | null {
  if (typeof scale === "number" && !Number.isFinite(scale)) return failed("attention.scale", { got: scale });
  if (softcap !== undefined && !(softcap >= 0 && Number.isFinite(softcap)))
    return failed("attention.softcap", { got: softcap });
  const bad = window?.find((side) => side !== null && !isCount(side));
  if (bad !== undefined && bad !== null) return failed("attention.window", { got: bad });
  if (dropout !== undefined && !(dropout >= 0 && dropout <= 1)) return failed("attention.dropout", { got: dropout });
  return null;
}

function checkLists(
  { offset, keyLengths, segments, sinks }: AttentionProblem,
  sizes: AttentionSizes,
): Outcome<never> | null {
  const offsets = offset === undefined ? [] : typeof offset === "number" ? [offset] : offset;
  if (typeof offset === "object" && offset.length !== sizes.batch)
    return failed("attention.offset", { got: offset, expected: sizes.batch });
  if (!offsets.every(Number.isInteger)) return failed("attention.offset", { got: offsets, expected: sizes.batch });
  if (keyLengths && (keyLengths.length !== sizes.batch || !keyLengths.every(isCount))) {
    return failed("attention.key-lengths", { got: keyLengths, expected: sizes.batch });
  }
  if (segments && !goodSegments(segments, sizes)) {
    return failed("attention.segments", {
      queries: segments.queries,
      keys: segments.keys,
      L: sizes.queries,
      S: sizes.keys,
    });
  }
  if (sinks && sinks.length !== sizes.heads)
    return failed("attention.sinks", { got: sinks.length, expected: sizes.heads });
  return null;
}

function goodSegments({ queries, keys }: Segments, sizes: AttentionSizes): boolean {
  const covers = (starts: readonly number[], total: number): boolean =>
    starts[0] === 0 &&
    starts.at(-1) === total &&
    starts.every((start, at) => isCount(start) && (at === 0 || start >= starts[at - 1]!));
  return (
    queries.length === keys.length && queries.length >= 2 && covers(queries, sizes.queries) && covers(keys, sizes.keys)
  );
}

/** Whether a bias has something for each of so many heads; null if it has. */
export function checkBias(bias: PositionBias | undefined, expected: number): Outcome<never> | null {
  if (bias?.kind === "alibi" && bias.slopes.length !== expected) {
    return failed("attention.slopes", { got: bias.slopes.length, expected });
  }
  if (bias?.kind === "relative") {
    const [heads, width] = bias.table.shape;
    if (bias.table.shape.length !== 2 || !width || (heads !== 1 && heads !== expected)) {
      return failed("attention.relative", { table: bias.table.shape, expected });
    }
  }
  return null;
}

function checkScore({ score }: AttentionProblem, sizes: AttentionSizes): Outcome<never> | null {
  if (score?.kind !== "additive") return null;
  const lengths = [score.vector, ...(score.bias ? [score.bias] : [])].map((t) => sizeOf(t.shape));
  const bad = lengths.find((length) => length !== sizes.size);
  return bad === undefined ? null : failed("attention.additive", { got: bad, expected: sizes.size });
}

function isCount(x: number): boolean {
  return Number.isInteger(x) && x >= 0;
}
