import type { Stage } from "../../src/attention/problem.ts";
import type { Filter, Place } from "../state.ts";

/** Which cells of the map a filter leaves out; null where it leaves out none. Filters are about weights only. */
export function leavesOut(filter: Filter, stage: Stage): ((place: Place, value: number) => boolean) | null {
  if (stage !== "weights" || filter.kind !== "threshold") return null;
  return (_, value) => value < filter.least;
}

/** The keys of a row that the filter shows, largest weight first, and the share of the row's weight that they hold. */
export function shownKeys(
  weights: ArrayLike<number>,
  filter: Filter,
): { readonly keys: number[]; readonly mass: number } {
  const keys = Array.from(weights, (_, key) => key).filter((key) => weights[key]! > 0 || Number.isNaN(weights[key]!));
  keys.sort((a, b) => weights[b]! - weights[a]! || a - b);
  const shown =
    filter.kind === "top"
      ? keys.slice(0, filter.count)
      : filter.kind === "threshold"
        ? keys.filter((key) => weights[key]! >= filter.least)
        : keys;
  return { keys: shown, mass: shown.reduce((sum, key) => sum + weights[key]!, 0) };
}
