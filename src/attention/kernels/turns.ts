import type { Plan } from "../plan.ts";

/** A block of rows of a head: `head` counts over the batch, `first` is a multiple of the job's `blockRows`. */
export interface Turn {
  readonly head: number;
  readonly first: number;
  /** Floating-point operations, about. */
  readonly cost: number;
}

/** The turns of one head. */
export function turnsOf(plan: Plan, blockRows: number, head: number): Turn[] {
  const { queries, heads } = plan.sizes;
  const batch = Math.floor(head / heads);
  return Array.from({ length: Math.ceil(queries / blockRows) }, (_, block) => {
    const first = block * blockRows;
    return { head, first, cost: costOf(plan, batch, first, Math.min(queries, first + blockRows)) };
  });
}

/** Of rows from … to: first and last row tell how many keys they may attend to. */
function costOf({ sizes, positions }: Plan, batch: number, from: number, to: number): number {
  const span = (query: number): number =>
    Math.max(0, positions.high(batch, query) - Math.max(0, positions.low(batch, query)));
  return (to - from) * 2 * (sizes.size + sizes.valueSize) * Math.max(32, (span(from) + span(to - 1)) / 2);
}

/** Operations of the first wave, so that a coarse map is there within 300 ms, and of those that follow. */
const [firstWave, nextWave] = [8e9, 3e10];

/**
 * Splits turns into waves between which progress is told. The first takes blocks spread over all rows, so that a coarse
 * map comes first; within a wave the costly ones come first, so that threads end together.
 */
export function wavesOf(turns: readonly Turn[]): Turn[][] {
  const total = turns.reduce((sum, turn) => sum + turn.cost, 0);
  const costlyFirst = (wave: readonly Turn[]): Turn[] => wave.toSorted((a, b) => b.cost - a.cost);
  if (total <= firstWave + nextWave) return turns.length > 0 ? [costlyFirst(turns)] : [];
  const every = Math.ceil(total / firstWave);
  const waves = [turns.filter((_, at) => at % every === Math.floor(every / 2))];
  let [wave, cost]: [Turn[], number] = [[], 0];
  for (const turn of turns.filter((_, at) => at % every !== Math.floor(every / 2))) {
    wave.push(turn);
    cost += turn.cost;
    if (cost < nextWave) continue;
    waves.push(wave);
    [wave, cost] = [[], 0];
  }
  if (wave.length > 0) waves.push(wave);
  return waves.filter((some) => some.length > 0).map(costlyFirst);
}
