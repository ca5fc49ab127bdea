import type { AttentionProblem } from "../problem.ts";

/** softmax-plus-one: exp(s) / (1 + Σ exp(s)), which lets a head attend to nothing: a sink logit of 0 in every head. */
export function softmaxPlusOne(problem: AttentionProblem, heads: number): AttentionProblem {
  return { ...problem, sinks: new Array<number>(heads).fill(0) };
}
