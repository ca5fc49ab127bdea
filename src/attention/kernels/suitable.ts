import type { Plan } from "../plan.ts";

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
 * True if float32 holds a head's numbers and scores, told by the largest |q|, |k| and |v| (NaN passed over). Infinite
 * numbers are left to the reference.
 */
export function fitsFloat32({ sizes, scale }: Plan, q: number, k: number, v: number): boolean {
  const score = q * k * sizes.size * Math.max(1, Math.abs(scale)) * Math.LOG2E;
  return [q, k, v * sizes.keys, score].every((x) => x < limit);
}
