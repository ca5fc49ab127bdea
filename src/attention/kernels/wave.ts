import type { TaskRunner } from "../tasks.ts";
import { computeBlock, prepareScratch, scratchBytes } from "./block.ts";
import type { Holding } from "./holding.ts";
import { refreshed } from "./instance.ts";
import { type HeadData, type Job, statisticsJob } from "./job.ts";
import type { KernelHome } from "./kernels.ts";
import { privateTask, takeAnswer } from "./privateTasks.ts";
import { KernelRefusal } from "./refusal.ts";
import { control, type DrainInput, drain, isDrained } from "./tasks.ts";
import type { Turn } from "./turns.ts";

/** Below this many operations, two milliseconds, threads cost more than they bring: they may have to be started. */
const inlineLimit = 1e8;

/** Up to this many the calling thread works as well, some milliseconds; in longer waves only this many, while threads wake up. */
const [sharedLimit, helpAtFirst] = [1e9, 1e8];

/** Where a wave runs and what it is about. */
export interface WavePlace {
  readonly home: KernelHome;
  readonly runner: TaskRunner | null;
  readonly holding: Holding;
  /** The data of a turn's head, brought in. @throws KernelRefusal */
  readonly data: (head: number) => HeadData;
  /** The same, perhaps not yet brought in. */
  readonly reserved: (head: number) => HeadData;
}

/**
 * Computes these turns, which are all of a kind: on the calling thread where they are few or there are no others, else on all threads of the
 * runner. When cancelled, threads stop within a few milliseconds, and only then does it reject.
 */
export async function runWave(place: WavePlace, turns: readonly Turn[], signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  const cost = turns.reduce((sum, turn) => sum + turn.cost, 0);
  const threads = Math.min(place.runner?.parallel ?? 1, turns.length);
  if (cost < inlineLimit || !place.runner) inline(place, turns, signal);
  else if (place.home.shared && place.runner.shared) await onSharedMemory(place, place.runner, turns, threads, signal);
  else await onPrivateMemories(place, place.runner, turns, threads, signal);
  signal?.throwIfAborted();
}

function listed(
  { holding }: WavePlace,
  turns: readonly Turn[],
  dataOf: (head: number) => HeadData,
): { job: Job; index: Map<number, number> } {
  const index = new Map([...new Set(turns.map((turn) => turn.head))].map((head, at) => [head, at]));
  const { only, rows } = turns[0]!;
  const job = only === "statistics" ? statisticsJob(holding.job, rows) : holding.job;
  return { job: { ...job, heads: [...index.keys()].map(dataOf) }, index };
}

function inline(place: WavePlace, turns: readonly Turn[], signal?: AbortSignal): void {
  const { kernel, arena } = place.home;
  const { job, index } = listed(place, turns, place.data);
  const base = allocated(arena.allocate(scratchBytes(job, kernel.keys)));
  try {
    const scratch = prepareScratch(refreshed(kernel), job, base);
    for (const turn of turns) {
      signal?.throwIfAborted();
      computeBlock(kernel, job, scratch, job.heads[index.get(turn.head)!]!, turn.first, () => signal?.aborted ?? false);
    }
  } finally {
    arena.free(base);
  }
}

async function onSharedMemory(
  place: WavePlace,
  runner: TaskRunner,
  turns: readonly Turn[],
  threads: number,
  signal?: AbortSignal,
): Promise<void> {
  const { home } = place;
  const { job, index } = listed(place, turns, place.reserved);
  const cost = turns.reduce((sum, turn) => sum + turn.cost, 0);
  const isShort = cost <= sharedLimit;
  const others = isShort ? threads - 1 : threads;
  const each = Math.ceil(scratchBytes(job, home.keys) / 4096) * 4096;
  const words = 64 + turns.length * 8;
  const base = allocated(home.arena.allocate(words + 4096 + (others + 1) * each));
  const { integers } = refreshed(home.kernel);
  const at = base >>> 2;
  integers.fill(0, at, at + 16);
  integers[at + control.turns] = turns.length;
  for (const [turn, { head, first }] of turns.entries()) {
    integers[at + 16 + turn * 2] = index.get(head)!;
    integers[at + 17 + turn * 2] = first;
  }
  const cancel = (): void => void Atomics.store(integers, at + control.cancelled, 1);
  const scratch = Math.ceil((base + words) / 4096) * 4096;
  const { module, keys, memoryId } = home;
  const { memory } = home.arena;
  const shared = { module, keys, memoryId, memory, job, control: base, turns: base + 64 };
  const inputs = Array.from(
    { length: others + 1 },
    (_, thread): DrainInput => ({ ...shared, scratch: scratch + thread * each }),
  );
  const runs = inputs.slice(0, others).map((input) => runner.run([{ kind: "attention.drain", input }]));
  for (const run of runs) run.catch(cancel);
  // Each thread is waited for before its memory is given back, also after another one died.
  const ends = Promise.allSettled(runs).finally(() => home.arena.free(base));
  try {
    bringIn(place, [...index.keys()], integers, at);
  } catch (error) {
    cancel();
    tellReady(integers, at, index.size);
    await ends;
    throw error;
  }
  drain(home.kernel, inputs[others]!, isShort ? turns.length : Math.ceil((turns.length * helpAtFirst) / cost));
  if (isShort && isDrained(home.kernel, base)) return heard(runs, Atomics.load(integers, at + control.begun) - 1);
  signal?.addEventListener("abort", cancel, { once: true });
  if (signal?.aborted) cancel();
  const ended = await ends;
  signal?.removeEventListener("abort", cancel);
  for (const end of ended) if (end.status === "rejected") throw end.reason;
}

/**
 * Resolves when as many of the runs are over as other threads have begun one. Their answers are on their way; as long as nobody
 * hears them, the threads count as busy, and the next short run would be left to the calling thread alone. One that is
 * still waking up is not waited for.
 */
async function heard(runs: readonly Promise<unknown>[], begun: number): Promise<void> {
  const waiting = new Set<Promise<void>>();
  for (const run of runs) {
    const end: Promise<void> = run.then(
      () => void waiting.delete(end),
      () => void waiting.delete(end),
    );
    waiting.add(end);
  }
  while (runs.length - waiting.size < begun) await Promise.race(waiting);
}

/** Brings heads in, one after the other, while threads already work on those that are there. */
function bringIn({ data }: WavePlace, heads: readonly number[], integers: Int32Array, at: number): void {
  for (const [count, head] of heads.entries()) {
    data(head);
    tellReady(integers, at, count + 1);
  }
}

function tellReady(integers: Int32Array, at: number, heads: number): void {
  Atomics.store(integers, at + control.ready, heads);
  Atomics.notify(integers, at + control.ready);
}

/** Each task gets a copy of the memory and some of the turns; what it computed is written to the same addresses here. */
async function onPrivateMemories(
  place: WavePlace,
  runner: TaskRunner,
  turns: readonly Turn[],
  threads: number,
  signal?: AbortSignal,
): Promise<void> {
  const { home } = place;
  const { job, index } = listed(place, turns, place.data);
  const shares = Array.from({ length: threads }, (_, thread) => turns.filter((_turn, at) => at % threads === thread));
  const tasks = shares.map((share) =>
    privateTask(
      home,
      place.holding,
      job,
      share.map((turn) => ({ head: index.get(turn.head)!, first: turn.first })),
    ),
  );
  for (const answer of await runner.run(tasks, signal)) takeAnswer(refreshed(home.kernel), answer);
}

function allocated(address: number | null): number {
  if (address === null) throw new KernelRefusal("memory is refused");
  return address;
}
