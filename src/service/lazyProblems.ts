import { attend } from "../attention/engine.ts";
import type { AttentionProblem } from "../attention/problem.ts";
import type { AttentionResult } from "../attention/result.ts";
import type { AttendOptions } from "../protocol/core.ts";
import type { TensorDocument } from "../reading/document.ts";
import { done, type Outcome } from "../tensor/message.ts";
import { withSamples } from "./samples.ts";
import { givenIn, problemOf, type ResolvedSite } from "./sites.ts";

/** A problem with the reference's result: it computes only the rows that are asked for, on the calling thread. */
export interface LazyProblem {
  /** null: the weights are given. */
  readonly problem: AttentionProblem | null;
  readonly result: AttentionResult;
  /** The site as it was computed: perhaps on samples. */
  readonly source: ResolvedSite;
}

/** The problems of documents as hovers need them, kept as long as that reading of the text is. */
export class LazyProblems {
  readonly #known = new WeakMap<TensorDocument, Map<string, Promise<Outcome<LazyProblem>>>>();

  look(reading: TensorDocument, resolved: ResolvedSite, options: AttendOptions): Promise<Outcome<LazyProblem>> {
    const known = this.#known.get(reading) ?? new Map<string, Promise<Outcome<LazyProblem>>>();
    this.#known.set(reading, known);
    const key = JSON.stringify([resolved.site.id, options]);
    const problem = known.get(key) ?? lazyProblem(withSamples(reading, resolved, options.sampleSeed ?? 0), options);
    known.set(key, problem);
    return problem;
  }
}

async function lazyProblem(resolved: ResolvedSite, options: AttendOptions): Promise<Outcome<LazyProblem>> {
  const given = givenIn(resolved);
  if (given) return given.ok ? done({ problem: null, result: given.value, source: resolved }) : given;
  const problem = problemOf(resolved, options);
  if (!problem.ok) return problem;
  const computed = await attend(problem.value);
  return computed.ok ? done({ problem: problem.value, result: computed.value, source: resolved }) : computed;
}
