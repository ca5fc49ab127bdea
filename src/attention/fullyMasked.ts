import { maskTerm } from "./mask.ts";
import type { Plan } from "./plan.ts";

/**
 * How many rows, over all heads of all batch entries, have no key that they may attend to: by mask and position rules
 * alone, so no score is computed.
 */
export function countFullyMasked(plan: Plan): number {
  const { batch, heads, queries } = plan.sizes;
  if (!plan.mask && !plan.positions.any) return 0;
  const headsApart = plan.mask !== null && plan.mask.strides[1] !== 0;
  let count = 0;
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < (headsApart ? heads : 1); h++) {
      for (let query = 0; query < queries; query++) if (isFullyMasked(plan, b, h, query)) count++;
    }
  }
  return headsApart ? count : count * heads;
}

/** True if no key of this row may be attended to. */
export function isFullyMasked({ positions, mask }: Plan, batch: number, head: number, query: number): boolean {
  const high = positions.high(batch, query);
  const low = positions.low(batch, query);
  if (!mask) return high <= low;
  for (let key = low; key < high; key++) {
    if (maskTerm(mask, batch, head, query, key) !== Number.NEGATIVE_INFINITY) return false;
  }
  return true;
}
