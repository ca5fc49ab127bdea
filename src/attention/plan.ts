import { done, failed, type Message, message, type Outcome } from "../tensor/message.ts";
import { type Tensor, withRank } from "../tensor/tensor.ts";
import { type MaskView, maskView } from "./mask.ts";
import { checkExtras } from "./planChecks.ts";
import { type Positions, positionsOf } from "./positions.ts";
import type { AttentionProblem, AttentionSizes } from "./problem.ts";
import { type Rows, rowsOf } from "./rows.ts";
import { type SparseRule, sparseRuleOf } from "./sparseRule.ts";

/** A problem whose inputs fit together, ready to compute. */
export interface Plan {
  readonly problem: AttentionProblem;
  readonly sizes: AttentionSizes;
  /** Query heads that share one key/value head. */
  readonly group: number;
  readonly query: Rows;
  readonly key: Rows;
  readonly value: Rows;
  readonly scale: number;
  /** null: none. */
  readonly softcap: number | null;
  readonly mask: MaskView | null;
  readonly positions: Positions;
  /** Which keys of those that positions leave are open; null: all of them. */
  readonly sparse: SparseRule | null;
  readonly notes: readonly Message[];
}

/**
 * Checks that the inputs fit together and says what would be computed; nothing is computed yet.
 *
 * Fails with `attention.rank`, `.dtype`, `.empty` (input, shape), `.width` (query, key: E differs), `.lengths`
 * (keys, values: S differs), `.value-heads`, `.heads` (heads is no multiple of kvHeads), `.batch`, `.mask-shape`, and the
 * codes of `planChecks.ts`. A batch of 1 is repeated.
 */
export function plan(problem: AttentionProblem): Outcome<Plan> {
  const wrong = inputs(problem)
    .map(checkInput)
    .find((outcome) => outcome !== null);
  if (wrong) return wrong;
  const sizes = sizesOf(problem);
  if (!sizes.ok) return sizes;
  const extras = checkExtras(problem, sizes.value);
  if (extras) return extras;
  const mask = problem.mask ? maskView(problem.mask, sizes.value) : done(null);
  if (!mask.ok) return mask;
  const positions = positionsOf(problem, sizes.value);
  return done({
    problem,
    sizes: sizes.value,
    group: sizes.value.heads / sizes.value.kvHeads,
    query: rowsOf(problem.query),
    key: rowsOf(problem.key),
    value: rowsOf(problem.value),
    scale: scaleOf(problem, sizes.value),
    softcap: problem.softcap ? problem.softcap : null,
    mask: mask.value,
    positions,
    sparse: sparseRuleOf(problem, positions, sizes.value),
    notes: mask.value?.taken ? [message("attention.mask-integers")] : [],
  });
}

/** 1/√d of products that nothing else is said of; other scores are taken as they are. */
function scaleOf({ scale = "auto", score }: AttentionProblem, sizes: AttentionSizes): number {
  if (scale !== "auto") return scale;
  return score === undefined || score.kind === "dot" ? 1 / Math.sqrt(sizes.size) : 1;
}

type Named = readonly [name: "query" | "key" | "value", input: Tensor];

function inputs(problem: AttentionProblem): Named[] {
  return [
    ["query", problem.query],
    ["key", problem.key],
    ["value", problem.value],
  ];
}

function checkInput([input, t]: Named): Outcome<never> | null {
  if (t.shape.length < 2 || t.shape.length > 4) return failed("attention.rank", { input, shape: t.shape });
  if (t.dtype.startsWith("complex")) return failed("attention.dtype", { input, dtype: t.dtype });
  if (t.shape.includes(0)) return failed("attention.empty", { input, shape: t.shape });
  return null;
}

function sizesOf(problem: AttentionProblem): Outcome<AttentionSizes> {
  const [q, k, v] = inputs(problem).map(([, t]) => withRank(t, 4).shape as readonly [number, number, number, number]);
  const [query, key, value] = inputs(problem).map(([, t]) => t.shape) as [
    readonly number[],
    readonly number[],
    readonly number[],
  ];
  const batch = Math.max(q![0], k![0], v![0]);
  if ([q!, k!, v!].some((shape) => shape[0] !== batch && shape[0] !== 1))
    return failed("attention.batch", { query, key, value });
  if (q![3] !== k![3]) return failed("attention.width", { query, key, expected: q![3], got: k![3] });
  if (k![2] !== v![2]) return failed("attention.lengths", { key, value, expected: k![2], got: v![2] });
  if (k![1] !== v![1]) return failed("attention.value-heads", { key, value, expected: k![1], got: v![1] });
  if (q![1] % k![1] !== 0) return failed("attention.heads", { query, key, heads: q![1], kvHeads: k![1] });
  return done({ batch, heads: q![1], kvHeads: k![1], queries: q![2], keys: k![2], size: q![3], valueSize: v![3] });
}
