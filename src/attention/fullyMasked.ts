import { maskTerm } from "./mask.ts";
import type { Plan } from "./plan.ts";

/**
 * How many rows, over all heads of all batch entries, have no key that they may attend to: by mask and position rules
 * alone, so no score is computed.
 */
export function countFullyMasked(plan: Plan): number {
  const { batch, heads, queries } = plan.sizes;
  if (!plan.mask && !plan.positions.any && !plan.sparse) return 0;
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
export function isFullyMasked(plan: Plan, batch: number, head: number, query: number): boolean {
  return openKeys(plan, batch, head, query, 1) === 0;
}

/** How many keys a row may attend to, by mask, pattern and position rules; where a mask has to be read, no further than to `enough`. */
export function openKeys(
  { positions, mask, sparse }: Plan,
  batch: number,
  head: number,
  query: number,
  enough = Number.POSITIVE_INFINITY,
): number {
  const [low, high] = [Math.max(0, positions.low(batch, query)), positions.high(batch, query)];
  if (!mask) return sparse ? sparse.count(batch, query) : Math.max(0, high - low);
  let open = 0;
  for (let key = low; key < high && open < enough; key++) {
    const isForbidden = maskTerm(mask, batch, head, query, key) === Number.NEGATIVE_INFINITY;
    if (!isForbidden && sparse?.allows(batch, query, key) !== false) open++;
  }
  return open;
}
