import type { Plan } from "../plan.ts";
import type { TaskRunner } from "../tasks.ts";
import { type Holding, holdingOf } from "./holding.ts";
import { refreshed } from "./instance.ts";
import { type HeadData, passRows } from "./job.ts";
import type { KernelHome, Kernels } from "./kernels.ts";
import { KernelRefusal } from "./refusal.ts";
import { type Turn, turnsOf, wavesOf } from "./turns.ts";
import { runWave, type WavePlace } from "./wave.ts";

/** What is computed of a problem so far, block by block; more is computed when it is asked for. */
export interface Computation {
  readonly home: KernelHome;
  readonly holding: Holding;
  /** A head's data; its rows may not be computed yet. @throws KernelRefusal */
  data(head: number): HeadData;
  /** Resolves when rows from … to of a head are computed; `onProgress` hears shares from 0 to 1 after each wave. */
  rows(
    head: number,
    from: number,
    to: number,
    signal?: AbortSignal,
    onProgress?: (share: number) => void,
  ): Promise<void>;
  /** Resolves when these heads are computed. */
  heads(heads: readonly number[], signal?: AbortSignal): Promise<void>;
  /** True if the block of rows that holds `row` is computed. */
  isDone(head: number, row: number): boolean;
  dispose(): void;
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
  const blocks = new Map<string, BlockState>();
  const key = ({ head, first }: { head: number; first: number }): string => `${head}:${first}`;
  const { heads } = plan.sizes;
  const data = (head: number): HeadData => {
    const found = holding.head(Math.floor(head / heads), head % heads);
    if (!found) throw new KernelRefusal("memory is refused, or float32 cannot hold the numbers");
    return found;
  };
  const place: WavePlace = { home, runner, job: holding.job, data };
  const running = new Map<Promise<void>, AbortController>();
  let disposed = false;
  const start = (wave: readonly Turn[], signal?: AbortSignal): Promise<void> => {
    for (const { head } of wave) data(head);
    const stop = new AbortController();
    const cancel = (): void => stop.abort(signal?.reason);
    signal?.addEventListener("abort", cancel, { once: true });
    const run = runWave(place, wave, stop.signal).then(
      () => wave.forEach((turn) => void blocks.set(key(turn), true)),
      (error) => {
        for (const turn of wave) {
          blocks.delete(key(turn));
          clearMap(holding, data(turn.head), turn.first);
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
    signal?: AbortSignal,
    onProgress?: (share: number) => void,
  ): Promise<void> => {
    const total = turns.reduce((sum, turn) => sum + turn.cost, 0);
    let done = 0;
    for (const wave of wavesOf(turns.filter((turn) => blocks.get(key(turn)) !== true))) {
      await Promise.allSettled(wave.map((turn) => blocks.get(key(turn))).filter((state) => state instanceof Promise));
      signal?.throwIfAborted();
      if (disposed) throw new RangeError("the result was disposed of");
      const missing = wave.filter((turn) => !blocks.has(key(turn)));
      if (missing.length > 0) await start(missing, signal);
      done += wave.reduce((sum, turn) => sum + turn.cost, 0);
      onProgress?.(done / total);
    }
  };
  return {
    home,
    holding,
    data,
    rows: (head, from, to, signal, onProgress) => {
      const turns = turnsOf(plan, head).filter(({ first }) => first < to && first + passRows > from);
      return compute(turns, signal, onProgress);
    },
    heads: (wanted, signal) =>
      compute(
        wanted.flatMap((head) => turnsOf(plan, head)),
        signal,
      ),
    isDone: (head, row) => blocks.get(key({ head, first: Math.floor(row / passRows) * passRows })) === true,
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

/** Zeroes a block's part of the map: a block that was interrupted may have added to it. */
function clearMap({ kernel, job }: Holding, data: HeadData, first: number): void {
  const { pooling } = job;
  if (pooling.columns === 0) return;
  const { bytes } = refreshed(kernel);
  const line = pooling.blocks * 4;
  const [from, to] = [
    Math.floor(first / pooling.rows) * line,
    Math.min(pooling.lines, Math.ceil((first + passRows) / pooling.rows)) * line,
  ];
  for (const map of [data.mapMaximum, data.mapSum]) bytes.fill(0, map + from, map + to);
}
