import { patternOf } from "../pattern.ts";
import type { AttentionSizes } from "../problem.ts";
import type { AttentionRow, Head, HeadSummary } from "../result.ts";

/** Gathers what a thumbnail says of a head, row by row. `own` gives the key position that is a query's own. */
export function headSummarizer(
  own: (query: number) => number,
  head: Head,
  sizes: AttentionSizes,
): { add(row: AttentionRow): void; finish(): HeadSummary } {
  let peak = { value: 0, query: -1, key: -1 };
  let [rows, flatRows, entropy, flatness, self, previous, first, fullyMaskedRows] = [0, 0, 0, 0, 0, 0, 0, 0];
  const add = (row: AttentionRow): void => {
    const { statistics, weights, query } = row;
    if (statistics.fullyMasked) return void fullyMaskedRows++;
    const at = own(query);
    const open = row.masked.reduce((count, s) => (s === Number.NEGATIVE_INFINITY ? count : count + 1), 0);
    rows++;
    entropy += statistics.entropy;
    if (open > 1) [flatRows, flatness] = [flatRows + 1, flatness + statistics.entropy / Math.log(open)];
    [self, previous, first] = [self + (weights[at] ?? 0), previous + (weights[at - 1] ?? 0), first + weights[0]!];
    const value = weights[statistics.peak] ?? 0;
    if (value > peak.value) peak = { value, query, key: statistics.peak };
  };
  const finish = (): HeadSummary => {
    const count = Math.max(1, rows);
    const means = {
      self: self / count,
      previous: previous / count,
      first: first / count,
      flatness: flatness / Math.max(1, flatRows),
    };
    const pattern = patternOf(means, sizes.queries, sizes.keys);
    const { batch, head: number } = head;
    return {
      batch,
      head: number,
      entropy: entropy / count,
      peak,
      self: means.self,
      previous: means.previous,
      first: means.first,
      fullyMaskedRows,
      pattern,
    };
  };
  return { add, finish };
}
