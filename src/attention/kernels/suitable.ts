import type { Plan } from "../plan.ts";
import { type Rows, rowStart } from "../rows.ts";

/** Fewer operations than this are done in float64 by the reference: exact, and fast enough. */
const worthwhile = 8e6;

/** Beyond this, float32 would overflow where float64 does not. */
const largest = 1e37;

/**
 * True if the kernels should compute a problem: dot-product scores, enough work, and numbers that float32 holds. A value
 * that is not finite is left to the reference, which skips masked pairs where a kernel would multiply with 0.
 */
export function suitsKernels(plan: Plan): boolean {
  const { batch, heads, queries, keys, size, valueSize } = plan.sizes;
  if (plan.problem.score && plan.problem.score.kind !== "dot") return false;
  if (batch * heads * queries * keys * 2 * (size + valueSize) < worthwhile) return false;
  const [q, k, v] = [largestOf(plan.query, true), largestOf(plan.key, true), largestOf(plan.value, false)];
  const score = q * k * size * Math.max(1, Math.abs(plan.scale)) * Math.LOG2E;
  return [q, k, v * keys, score].every((x) => x < largest);
}

/** The largest |x|; NaN and ±∞ are left out if they are `welcome`, else they make it ∞. */
function largestOf(rows: Rows, welcome: boolean): number {
  let found = 0;
  for (let b = 0; b < rows.batch; b++) {
    for (let h = 0; h < rows.heads; h++) {
      for (let row = 0; row < rows.rows; row++) {
        const most = largestIn(rows.data, rowStart(rows, b, h, row), rows.size, welcome);
        if (most > found) found = most;
      }
    }
  }
  return found;
}

function largestIn(data: Float32Array | Float64Array, start: number, size: number, welcome: boolean): number {
  let found = 0;
  for (let at = start; at < start + size; at++) {
    const x = Math.abs(data[at]!);
    if (x > found) {
      if (x < Number.POSITIVE_INFINITY) found = x;
      else if (!welcome) return x;
    } else if (!welcome && Number.isNaN(x)) return Number.POSITIVE_INFINITY;
  }
  return found;
}
