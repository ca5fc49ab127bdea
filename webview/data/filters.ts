import type { Stage } from "../../src/attention/problem.ts";
import type { ResultSummary } from "../../src/protocol/core.ts";
import type { Filter, Place } from "../state.ts";
import { isSpecial } from "../words.ts";

/** Which cells of the map a filter leaves out; null where it leaves out none. Filters are about weights only. */
export type LeavesOut = (place: Place, value: number, rowOf: (query: number) => Float32Array | null) => boolean;

export interface Shown {
  readonly filter: Filter;
  /** Whether queries and keys are tokenizer's own, which the user does not want to see; null: all are shown. */
  readonly isHidden: ((place: Place) => boolean) | null;
}

/** Queries and keys that a tokenizer wrote. */
export function specialPlaces({
  queryTokens,
  keyTokens,
}: Pick<ResultSummary, "queryTokens" | "keyTokens">): (place: Place) => boolean {
  return ({ query, key }) => isSpecial(queryTokens?.[query]) || isSpecial(keyTokens?.[key]);
}

/** Whether the key at a place of a row is a tokenizer's own, where such are not to be seen. */
export function hiddenKeys(
  hideSpecial: boolean,
  { keyTokens }: Pick<ResultSummary, "keyTokens">,
  keys: ArrayLike<number>,
): ((at: number) => boolean) | null {
  return hideSpecial ? (at) => isSpecial(keyTokens?.[keys[at]!]) : null;
}

export function leavesOut({ filter, isHidden }: Shown, stage: Stage): LeavesOut | null {
  const byWeight = stage === "weights" ? weightRule(filter) : null;
  const hidden = stage === "output" ? null : isHidden;
  if (!byWeight && !hidden) return null;
  return (place, value, rowOf) => hidden?.(place) === true || byWeight?.(place, value, rowOf) === true;
}

function weightRule(filter: Filter): LeavesOut | null {
  switch (filter.kind) {
    case "all":
      return null;
    case "threshold":
      return (_, value) => value < filter.least;
    case "top": {
      const least = new Map<number, number>();
      return ({ query }, value, rowOf) => value < leastOf(query, filter.count, rowOf, least);
    }
  }
}

/** The `count`-th largest weight of a row that is there as a whole; a row that is not hides nothing. */
function leastOf(
  query: number,
  count: number,
  rowOf: (query: number) => Float32Array | null,
  known: Map<number, number>,
): number {
  const found = known.get(query);
  if (found !== undefined) return found;
  const row = rowOf(query);
  if (!row) return Number.NEGATIVE_INFINITY;
  const least = Float32Array.from(row).sort().at(-Math.min(count, row.length)) ?? Number.NEGATIVE_INFINITY;
  known.set(query, least);
  return least;
}

/** The keys of a row that the filter shows, largest weight first, and the share of the row's weight that they hold. */
export function shownKeys(
  weights: ArrayLike<number>,
  filter: Filter,
  isHidden: ((key: number) => boolean) | null = null,
): { readonly keys: number[]; readonly mass: number } {
  const keys = Array.from(weights, (_, key) => key).filter((key) => !(weights[key]! <= 0) && !isHidden?.(key));
  keys.sort((a, b) => weights[b]! - weights[a]! || a - b);
  const shown =
    filter.kind === "top"
      ? keys.slice(0, filter.count)
      : filter.kind === "threshold"
        ? keys.filter((key) => weights[key]! >= filter.least)
        : keys;
  return { keys: shown, mass: shown.reduce((sum, key) => sum + weights[key]!, 0) };
}
