import type { Plan } from "../plan.ts";
import { passRows } from "./job.ts";
import { pairCost, scoreCost } from "./suitable.ts";

/** A block of rows of a head: `head` counts over the batch, `first` is a multiple of `rows`. */
export interface Turn {
  readonly head: number;
  readonly first: number;
  /** `passRows`, or 8 where `only` statistics are wanted of rows that lie apart. */
  readonly rows: number;
  readonly only?: "statistics";
  /** Floating-point operations, about. */
  readonly cost: number;
}

/** The turns of one head. */
export function turnsOf(plan: Plan, head: number): Turn[] {
  const { queries, heads } = plan.sizes;
  const batch = Math.floor(head / heads);
  return Array.from({ length: Math.ceil(queries / passRows) }, (_, block) => {
    const first = block * passRows;
    const cost = costOf(plan, batch, [first, Math.min(queries, first + passRows)], pairCost(plan));
    return { head, first, rows: passRows, cost };
  });
}

/** Turns that compute nothing but the statistics of the blocks of `rows` rows that hold these. */
export function statisticsTurns(plan: Plan, head: number, wanted: readonly number[], rows: number): Turn[] {
  const { queries, heads } = plan.sizes;
  const firsts = [...new Set(wanted.map((query) => query - (query % rows)))];
  return firsts.map((first) => {
    const cost = costOf(plan, Math.floor(head / heads), [first, Math.min(queries, first + rows)], scoreCost(plan));
    return { head, first, rows, only: "statistics", cost };
  });
}

/** Of rows from … to: first and last row tell how many keys they may attend to. */
function costOf(plan: Plan, batch: number, [from, to]: readonly [number, number], ofPair: number): number {
  const { positions, sparse } = plan;
  const span = (query: number): number =>
    sparse?.count(batch, query) ?? Math.max(0, positions.high(batch, query) - Math.max(0, positions.low(batch, query)));
  return (to - from) * ofPair * Math.max(32, (span(from) + span(to - 1)) / 2);
}

/** Operations a thread of the first wave of a head, so that a coarse map is there within 300 ms; of a tile; and of the longest one. */
export const [firstWave, firstOfTile, longestWave] = [4e9, 1e9, 8e9];

/**
 * Splits turns into waves between which progress is told: the `first` of so many operations a thread, then each as long as
 * all before it. Each wave takes blocks spread over all rows, so that a coarse map comes first and gets finer everywhere.
 * Within a wave heads stay together, so that their keys and values stay in the cache, and their costly turns come first, so
 * that `threads` end together.
 */
export function wavesOf(turns: readonly Turn[], threads: number, first: number): Turn[][] {
  const total = turns.reduce((sum, turn) => sum + turn.cost, 0);
  const waves: Turn[][] = [[]];
  const isShort = total <= Math.min(3 * first, firstWave + longestWave) * threads;
  let [cost, done, limit] = [0, 0, isShort ? total : first * threads];
  for (const turn of total <= limit ? turns : spread(turns)) {
    if (cost >= limit) {
      waves.push([]);
      [cost, limit] = [0, Math.min(done, longestWave * threads)];
    }
    waves.at(-1)!.push(turn);
    cost += turn.cost;
    done += turn.cost;
  }
  return waves
    .filter((wave) => wave.length > 0)
    .map((wave) => wave.toSorted((a, b) => a.head - b.head || b.cost - a.cost));
}

/** The turns in an order of which every beginning lies evenly over all of them: by the reversed bits of their places. */
function spread(turns: readonly Turn[]): Turn[] {
  const bits = Math.ceil(Math.log2(turns.length));
  const reversed = (at: number): number => {
    let result = 0;
    for (let bit = 0; bit < bits; bit++) result = result * 2 + ((at >> bit) & 1);
    return result;
  };
  const places = Array.from({ length: 2 ** bits }, (_, at) => reversed(at));
  return places.filter((at) => at < turns.length).map((at) => turns[at]!);
}
