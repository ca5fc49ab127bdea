import type { Plan } from "../plan.ts";
import type { DraftOptions } from "../result.ts";
import type { TaskRunner } from "../tasks.ts";
import { type Holding, holdingOf } from "./holding.ts";
import { refreshed } from "./instance.ts";
import { type HeadData, passRows } from "./job.ts";
import type { KernelHome, Kernels } from "./kernels.ts";
import { KernelRefusal } from "./refusal.ts";
import { firstWave, longestWave, statisticsTurns, type Turn, turnsOf, wavesOf } from "./turns.ts";
import { runWave, type WavePlace } from "./wave.ts";

/** What is computed of a problem so far, block by block; more is computed when it is asked for. */
export interface Computation {
  readonly home: KernelHome;
  readonly holding: Holding;
  /** A head's data; its rows may not be computed yet. @throws KernelRefusal */
  data(head: number): HeadData;
  /**
   * Resolves with the share of rows from … to of a head that is computed: all of them, or with `beyond` the first that is
   * more than that; `onProgress` hears shares from 0 to 1 after each wave.
   */
  rows(head: number, from: number, to: number, options?: RowsOptions): Promise<number>;
  /** The same for these rows, of which only the statistics are computed, half of the work: `together` if they lie so. */
  statistics(head: number, queries: readonly number[], together: boolean, options?: RowsOptions): Promise<number>;
  /** Resolves when these heads are computed. */
  heads(heads: readonly number[], signal?: AbortSignal): Promise<void>;
  /** How much of these heads' work is done, 0 … 1. */
  share(heads: readonly number[]): number;
  /** True if the block of rows that holds `row` is computed. */
  isDone(head: number, row: number): boolean;
  /** True if at least the statistics of `row` are, so that its weights can be told. */
  hasStatistics(head: number, row: number): boolean;
  dispose(): void;
}

export interface RowsOptions extends DraftOptions {
  /** Operations a thread that the first draft may take; absent: as many as a head's. */
  readonly first?: number | undefined;
  readonly onProgress?: ((share: number) => void) | undefined;
}

/** null where WebAssembly or memory is refused. `map`: a large head's weights are pooled into a map on the way. */
export async function computationOf(
  plan: Plan,
  kernels: Kernels,
  runner: TaskRunner | null,
  map = true,
): Promise<Computation | null> {
  const home = await kernels.acquire();
  if (!home) return null;
  const holding = holdingOf(plan, refreshed(home.kernel), home.arena, map);
  if (holding) return computation(plan, kernels, runner, home, holding);
  kernels.release(home);
  return null;
}

/** A block is not asked for (absent), being computed (its wave), or done (true). */
type BlockState = true | Promise<void>;

function computation(
  plan: Plan,
  kernels: Kernels,
  runner: TaskRunner | null,
  home: KernelHome,
  holding: Holding,
): Computation {
  const blocks = new Map<number, BlockState>();
  /** Groups of eight rows of which nothing else is known. */
  const groups = new Set<number>();
  const { heads, queries } = plan.sizes;
  const place = (head: number, row: number, rows: number): number => head * queries + row - (row % rows);
  const key = ({ head, first }: Turn): number => place(head, first, passRows);
  const isDone = (head: number, row: number): boolean => blocks.get(place(head, row, passRows)) === true;
  const hasStatistics = (head: number, row: number): boolean => isDone(head, row) || groups.has(place(head, row, 8));
  const groupsOf = ({ first, rows }: Turn): number[] =>
    Array.from({ length: Math.ceil(Math.min(rows, queries - first) / 8) }, (_, group) => first + group * 8);
  const isReady = (turn: Turn): boolean =>
    turn.only ? groupsOf(turn).every((row) => hasStatistics(turn.head, row)) : blocks.get(key(turn)) === true;
  const isRunning = (turn: Turn): boolean => blocks.get(key(turn)) instanceof Promise;
  const usable = (): void => {
    if (disposed) throw new RangeError("the result was disposed of");
  };
  const data = (head: number): HeadData => {
    usable();
    const found = holding.head(Math.floor(head / heads), head % heads);
    if (!found) throw new KernelRefusal("memory is refused, or float32 cannot hold the numbers");
    return found;
  };
  const reserved = (head: number): HeadData => {
    const found = holding.reserve(Math.floor(head / heads), head % heads);
    if (!found) throw new KernelRefusal("memory is refused");
    return found;
  };
  const where: WavePlace = { home, runner, holding, data, reserved };
  const running = new Map<Promise<void>, AbortController>();
  let disposed = false;
  const ready = (turn: Turn): void => {
    if (!turn.only) return void blocks.set(key(turn), true);
    blocks.delete(key(turn));
    for (const row of groupsOf(turn)) groups.add(place(turn.head, row, 8));
  };
  const start = (wave: readonly Turn[], signal?: AbortSignal): Promise<void> => {
    for (const { head } of wave) reserved(head);
    const stop = new AbortController();
    const cancel = (): void => stop.abort(signal?.reason);
    signal?.addEventListener("abort", cancel, { once: true });
    const run = runWave(where, wave, stop.signal).then(
      () => wave.forEach(ready),
      (error) => {
        for (const turn of wave) {
          blocks.delete(key(turn));
          if (turn.only) continue;
          const end = Math.min(plan.sizes.queries, turn.first + passRows);
          holding.restore(Math.floor(turn.head / heads), turn.head % heads, turn.first, end);
        }
        throw error;
      },
    );
    for (const turn of wave) blocks.set(key(turn), run);
    running.set(run, stop);
    const ended = (): void => {
      running.delete(run);
      signal?.removeEventListener("abort", cancel);
    };
    run.then(ended, ended);
    return run;
  };
  const compute = async (
    turns: readonly Turn[],
    { signal, beyond = Number.POSITIVE_INFINITY, first = firstWave, onProgress }: RowsOptions = {},
  ): Promise<number> => {
    usable();
    const missing = turns.filter((turn) => !isReady(turn));
    const total = costOf(turns);
    let left = costOf(missing);
    for (const wave of wavesOf(missing, runner?.parallel ?? 1, left === total ? first : longestWave)) {
      if (1 - left / total > beyond) break;
      // Whoever else waited for the same may have started it anew.
      for (let others = wave.filter(isRunning); others.length > 0; others = wave.filter(isRunning)) {
        await Promise.allSettled(others.map((turn) => blocks.get(key(turn))));
        signal?.throwIfAborted();
      }
      signal?.throwIfAborted();
      usable();
      const untouched = wave.filter((turn) => !isReady(turn));
      if (untouched.length > 0) await start(untouched, signal);
      left -= costOf(wave);
      onProgress?.(1 - left / total);
    }
    return left <= 0 ? 1 : 1 - left / total;
  };
  return {
    home,
    holding,
    data,
    rows: (head, from, to, options) =>
      compute(
        turnsOf(plan, head).filter(({ first }) => first < to && first + passRows > from),
        options,
      ),
    statistics: (head, wanted, together, options) =>
      compute(statisticsTurns(plan, head, wanted, together ? passRows : 8), options),
    heads: async (wanted, signal) => {
      const turns = wanted.flatMap((head) => turnsOf(plan, head));
      await compute(turns, { signal });
    },
    share: (wanted) => {
      const turns = wanted.flatMap((head) => turnsOf(plan, head));
      return costOf(turns.filter((turn) => blocks.get(key(turn)) === true)) / Math.max(1, costOf(turns));
    },
    isDone,
    hasStatistics,
    dispose() {
      if (disposed) return;
      disposed = true;
      const end = (): void => {
        holding.dispose();
        kernels.release(home);
      };
      for (const stop of running.values()) stop.abort(new RangeError("the result was disposed of"));
      if (running.size === 0) end();
      else void Promise.allSettled(running.keys()).then(end);
    },
  };
}

function costOf(turns: readonly Turn[]): number {
  return turns.reduce((sum, turn) => sum + turn.cost, 0);
}
