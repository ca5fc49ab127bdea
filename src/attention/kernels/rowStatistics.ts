import { isFullyMasked } from "../fullyMasked.ts";
import type { Plan } from "../plan.ts";
import type { Computation } from "./computation.ts";
import { refreshed } from "./instance.ts";

/** What a kernel kept of a row, in natural units (its own are bits). */
export interface KernelStatistics {
  /** Of the masked scores, a sink included. */
  readonly maximum: number;
  readonly sum: number;
  readonly logSumExp: number;
  /** −Σ w ln w over the keys, in nats; 0 for a fully masked row. */
  readonly entropy: number;
  readonly fullyMasked: boolean;
}

/** The statistics of a computed row. */
export function statisticsOf(
  plan: Plan,
  computation: Computation,
  batch: number,
  head: number,
  row: number,
): KernelStatistics {
  const data = computation.data(batch * plan.sizes.heads + head);
  const at = (data.statistics >>> 2) + row * 3;
  const { floats } = refreshed(computation.home.kernel);
  const [maximum, sum, bits] = [floats[at]! * Math.LN2, floats[at + 1]!, floats[at + 2]!];
  const fullyMasked = sum === 0 || (data.sink !== null && isFullyMasked(plan, batch, head, row));
  if (fullyMasked)
    return { maximum: Number.NEGATIVE_INFINITY, sum: 0, logSumExp: Number.NEGATIVE_INFINITY, entropy: 0, fullyMasked };
  const sink = data.sink === null ? 0 : Math.exp(data.sink - maximum);
  const ofSink = data.sink === null ? 0 : sink * (data.sink - maximum);
  const entropy = (1 - sink / sum) * Math.log(sum) - (Math.LN2 * bits - ofSink) / sum;
  return { maximum, sum, logSumExp: maximum + Math.log(sum), entropy: Math.max(0, entropy), fullyMasked };
}
