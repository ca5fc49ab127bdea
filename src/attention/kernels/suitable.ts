import type { Plan } from "../plan.ts";
import type { Rows } from "../rows.ts";
import { copyRows } from "./copyRows.ts";
import { refreshed } from "./instance.ts";
import type { KernelHome } from "./kernels.ts";

/** Fewer operations than this are done in float64 by the reference: exact, and fast enough. */
const worthwhile = 8e6;

/** Beyond this, float32 would overflow where float64 does not. */
const limit = 1e37;

/** True if there is enough work, of the kind that the kernels do: dot-product scores. */
export function isWorthwhile({ sizes, problem }: Plan): boolean {
  if (problem.score && problem.score.kind !== "dot") return false;
  const { batch, heads, queries, keys, size, valueSize } = sizes;
  return batch * heads * queries * keys * 2 * (size + valueSize) >= worthwhile;
}

/**
 * True if float32 holds a problem's numbers and scores. Infinite numbers are left to the reference; so is NaN in V, where
 * a kernel would multiply it with 0 for a masked pair. NaN in Q and K is welcome.
 */
export function fitsFloat32(plan: Plan, home: KernelHome): boolean {
  const q = largestOf(plan.query, home);
  const k = largestOf(plan.key, home);
  const v = largestOf(plan.value, home);
  const score = q.size * k.size * plan.sizes.size * Math.max(1, Math.abs(plan.scale)) * Math.LOG2E;
  return v.finite && [q.size, k.size, v.size * plan.sizes.keys, score].every((x) => x < limit);
}

/** Numbers that are looked at a time. */
const chunk = 2 ** 17;

/** The largest |x| of all matrices, NaN passed over, and whether all are finite. */
function largestOf(rows: Rows, home: KernelHome): { size: number; finite: boolean } {
  const stage = home.arena.allocate(chunk * 4 + rows.size * 4);
  if (stage === null) return { size: limit, finite: false };
  const kernel = refreshed(home.kernel);
  const step = Math.max(1, Math.floor(chunk / rows.size));
  let [size, finite] = [0, true];
  for (let b = 0; b < rows.batch; b++) {
    for (let h = 0; h < rows.heads; h++) {
      for (let row = 0; row < rows.rows; row += step) {
        const to = Math.min(rows.rows, row + step);
        copyRows(kernel, rows, b, h, row, to, stage);
        size = Math.max(size, kernel.exports.largest(stage, (to - row) * rows.size));
        finite &&= kernel.exports.allFinite(stage, (to - row) * rows.size) === 1;
      }
    }
  }
  home.arena.free(stage);
  return { size, finite };
}
