import { done, type Outcome } from "../tensor/message.ts";
import { computationOf } from "./kernels/computation.ts";
import type { Kernels } from "./kernels/kernels.ts";
import { withFallback } from "./kernels/refusal.ts";
import { kernelResult } from "./kernels/result.ts";
import { isWorthwhile } from "./kernels/suitable.ts";
import { plan } from "./plan.ts";
import type { AttentionProblem } from "./problem.ts";
import { referenceResult } from "./reference/result.ts";
import type { AttentionResult } from "./result.ts";
import type { TaskRunner } from "./tasks.ts";

/** What the engine uses of the world. */
export interface EngineWorld {
  /** Where long work runs; absent: on the calling thread. */
  readonly runner?: TaskRunner;
  /** Absent: everything is computed by the float64 reference. */
  readonly kernels?: Kernels;
  /** false: no map is pooled on the way, for those who want nothing but the output: no overview, no summaries beyond 1024² cells. */
  readonly map?: boolean;
  /** Resolves after others have had the thread: long work on it is then cut into pieces. */
  readonly nextTurn?: () => Promise<void>;
}

/**
 * The entry of the engine: checks a problem and gives a result that computes what it is asked for when it is asked.
 * Fails with the codes of `plan`. Small problems, and those that float32 cannot hold, are computed in float64 on the
 * calling thread; the rest by the kernels, where there are any. Dispose of the result to give its memory back.
 */
export async function attend(
  problem: AttentionProblem,
  world: EngineWorld = {},
  signal?: AbortSignal,
): Promise<Outcome<AttentionResult>> {
  const planned = plan(problem);
  signal?.throwIfAborted();
  if (!planned.ok) return planned;
  const { kernels, runner, map, nextTurn } = world;
  const exact = (): AttentionResult => referenceResult(planned.value, nextTurn);
  const computation =
    kernels && isWorthwhile(planned.value) ? await computationOf(planned.value, kernels, runner ?? null, map) : null;
  return done(computation ? withFallback(kernelResult(planned.value, computation), exact) : exact());
}
