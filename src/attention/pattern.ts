import type { HeadPattern } from "./result.ts";

/** Means over the rows of a head that are not fully masked. */
export interface HeadMeans {
  readonly self: number;
  readonly previous: number;
  readonly first: number;
  /** Entropy divided by the log of the number of keys the row may attend to (1: as flat as can be). */
  readonly flatness: number;
}

/**
 * The pattern that a head's mean weights show: half or more of the weight on one place names it (Clark et al. 2019,
 * arXiv 1906.04341; the first key as a sink: Xiao et al. 2023, arXiv 2309.17453), 99 % of the greatest possible entropy
 * is `uniform`. null: none of them, or not more than one key or query to tell by.
 */
export function patternOf(means: HeadMeans, queries: number, keys: number): HeadPattern | null {
  if (queries < 3 || keys < 3) return null;
  if (means.flatness >= 0.99) return "uniform";
  const named = [
    ["first", "sink"],
    ["previous", "previous"],
    ["self", "diagonal"],
  ] as const;
  const [place, pattern] = named.reduce((best, next) => (means[next[0]] > means[best[0]] ? next : best));
  return means[place] >= 0.5 ? pattern : null;
}
