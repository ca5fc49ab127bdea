import { done, type Outcome } from "../tensor/message.ts";
import { plan } from "./plan.ts";
import type { AttentionProblem } from "./problem.ts";
import { referenceResult } from "./reference/result.ts";
import type { AttentionResult } from "./result.ts";
import type { TaskRunner } from "./tasks.ts";

/** What the engine uses of the world. */
export interface EngineWorld {
  /** Where long work runs. */
  readonly runner: TaskRunner;
}

/**
 * The entry of the engine: checks a problem and gives a result that computes what it is asked for when it is asked.
 * Fails with the codes of `plan`; without a world everything is computed by the float64 reference on the calling
 * thread. A result over weights that the document holds comes from `givenWeights`.
 */
export async function attend(
  problem: AttentionProblem,
  _world?: EngineWorld,
  signal?: AbortSignal,
): Promise<Outcome<AttentionResult>> {
  const planned = plan(problem);
  signal?.throwIfAborted();
  return planned.ok ? done(referenceResult(planned.value)) : planned;
}
