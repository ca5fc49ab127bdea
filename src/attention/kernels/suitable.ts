import type { Plan } from "../plan.ts";
import { multiplyAdds } from "./block.ts";

/** Fewer operations than this are done in float64 by the reference: exact, and fast enough. */
const worthwhile = 8e6;

/** Beyond this, float32 would overflow where float64 does not. */
const limit = 1e37;

/** True if there is enough work. */
export function isWorthwhile(plan: Plan): boolean {
  const { batch, heads, queries, keys } = plan.sizes;
  return batch * heads * queries * keys * pairCost(plan) >= worthwhile;
}

/** Floating-point operations of one query and one key, about. */
export function pairCost({ sizes: { size, valueSize }, problem }: Plan): number {
  return 2 * multiplyAdds(scoreKinds[problem.score?.kind ?? "dot"], size, valueSize);
}

/** The same without its value. */
export function scoreCost({ sizes: { size }, problem }: Plan): number {
  return 2 * multiplyAdds(scoreKinds[problem.score?.kind ?? "dot"], size, 0);
}

/** The numbers by which the kernels know the scores. */
export const scoreKinds = { dot: 0, additive: 1, linear: 2 } as const;

/**
 * True if float32 holds a head's numbers and scores, told by the largest |q|, |k| and |v| (NaN passed over). Infinite
 * numbers are left to the reference.
 */
export function fitsFloat32({ sizes, scale }: Plan, q: number, k: number, v: number): boolean {
  const score = q * k * sizes.size * Math.max(1, Math.abs(scale)) * Math.LOG2E;
  return [q, k, v * sizes.keys, score].every((x) => x < limit);
}
