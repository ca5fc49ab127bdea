import type { TaskRunner } from "../tasks.ts";
import { computeBlock, prepareScratch, scratchBytes } from "./block.ts";
import type { Holding } from "./holding.ts";
import { refreshed } from "./instance.ts";
import type { HeadData, Job } from "./job.ts";
import type { KernelHome } from "./kernels.ts";
import { privateTask, takeAnswer } from "./privateTasks.ts";
import { KernelRefusal } from "./refusal.ts";
import { control, type DrainInput } from "./tasks.ts";
import type { Turn } from "./turns.ts";

/** Below this many operations, two milliseconds, threads cost more than they bring: they may have to be started. */
const inlineLimit = 1e8;

/** Where a wave runs and what it is about. */
export interface WavePlace {
  readonly home: KernelHome;
  readonly runner: TaskRunner | null;
  readonly holding: Holding;
  /** The data of a turn's head. */
  readonly data: (head: number) => HeadData;
}

/**
 * Computes these turns: on the calling thread where they are few or there are no others, else on all threads of the
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

function listed(place: WavePlace, turns: readonly Turn[]): { job: Job; index: Map<number, number> } {
  const index = new Map([...new Set(turns.map((turn) => turn.head))].map((head, at) => [head, at]));
  return { job: { ...place.holding.job, heads: [...index.keys()].map(place.data) }, index };
}

function inline(place: WavePlace, turns: readonly Turn[], signal?: AbortSignal): void {
  const { kernel, arena } = place.home;
  const { job, index } = listed(place, turns);
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
  const { job, index } = listed(place, turns);
  const each = Math.ceil(scratchBytes(job, home.keys) / 4096) * 4096;
  const words = 64 + turns.length * 8;
  const base = allocated(home.arena.allocate(words + 4096 + threads * each));
  const { integers } = refreshed(home.kernel);
  const at = base >>> 2;
  integers.fill(0, at, at + 16);
  integers[at + control.turns] = turns.length;
  for (const [turn, { head, first }] of turns.entries()) {
    integers[at + 16 + turn * 2] = index.get(head)!;
    integers[at + 17 + turn * 2] = first;
  }
  const cancel = (): void => void Atomics.store(integers, at + control.cancelled, 1);
  signal?.addEventListener("abort", cancel, { once: true });
  const scratch = Math.ceil((base + words) / 4096) * 4096;
  const inputs = Array.from({ length: threads }, (_, thread): DrainInput => {
    const { module, keys, memoryId } = home;
    return {
      module,
      keys,
      memoryId,
      memory: home.arena.memory,
      job,
      control: base,
      turns: base + 64,
      scratch: scratch + thread * each,
    };
  });
  // Each thread is waited for, also after another one died: it writes to this memory until it has seen the word.
  const runs = inputs.map((input) => runner.run([{ kind: "attention.drain", input }]));
  for (const run of runs) run.catch(cancel);
  const ends = await Promise.allSettled(runs);
  signal?.removeEventListener("abort", cancel);
  home.arena.free(base);
  for (const end of ends) if (end.status === "rejected") throw end.reason;
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
  const { job, index } = listed(place, turns);
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
