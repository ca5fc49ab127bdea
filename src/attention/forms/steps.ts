import { done, failed, type Outcome } from "../../tensor/message.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { AttentionProblem } from "../problem.ts";
import { type Feature, features } from "./linearAttention.ts";
import { type QueryKeyNorm, queryKeyNorm } from "./queryKeyNorm.ts";
import { type Rotary, rotary, turnedSize } from "./rotary.ts";
import { linear, permuted } from "./rowwise.ts";

/** Something that is done to Q and K before they make scores. */
export type Step =
  /** Rows times Wᵀ: `[A, Eq]` and `[A, Ek]`, as PyTorch's `Linear` keeps them; what has no weight stays. */
  | { readonly kind: "project"; readonly queryWeight?: Tensor; readonly keyWeight?: Tensor }
  /** Rows of Q times W `[Eq, Ek]`. */
  | { readonly kind: "general"; readonly weight: Tensor }
  | { readonly kind: "norm"; readonly norm: QueryKeyNorm }
  | { readonly kind: "rotary"; readonly rotary: Rotary }
  | { readonly kind: "features"; readonly feature: Feature };

/** Shapes of Q and K. */
export interface QueryKeyShapes {
  readonly query: readonly number[];
  readonly key: readonly number[];
}

/**
 * The shapes that Q and K have after these steps, told without their numbers. Fails as `attention.additive-shape`,
 * `attention.general-shape`, `attention.rotary-size` and `attention.gain` (input, expected, got).
 */
export function shapesAfter(steps: readonly Step[], before: QueryKeyShapes): Outcome<QueryKeyShapes> {
  return steps.reduce<Outcome<QueryKeyShapes>>(
    (shapes, step) => (shapes.ok ? shapesAfterStep(step, shapes.value) : shapes),
    done(before),
  );
}

/** The problem with these steps done to its Q and K, and what they were before kept in it. Fails as `shapesAfter`. */
export function withSteps(problem: AttentionProblem, steps: readonly Step[]): Outcome<AttentionProblem> {
  if (steps.length === 0) return done(problem);
  const { query, key } = problem;
  const shapes = shapesAfter(steps, { query: query.shape, key: key.shape });
  if (!shapes.ok) return shapes;
  return steps.reduce<Outcome<AttentionProblem>>(
    (made, step) => (made.ok ? afterStep(made.value, step) : made),
    done({ ...problem, before: { query, key, steps } }),
  );
}

function shapesAfterStep(step: Step, shapes: QueryKeyShapes): Outcome<QueryKeyShapes> {
  switch (step.kind) {
    case "project":
      return projectedShapes(step, shapes);
    case "general": {
      const { shape } = step.weight;
      const fits = shape.length === 2 && shape[0] === shapes.query.at(-1) && shape[1] === shapes.key.at(-1);
      if (!fits) return failed("attention.general-shape", { ...shapes, weight: shape });
      return done({ ...shapes, query: [...shapes.query.slice(0, -1), shape[1]!] });
    }
    case "norm":
      return gainsFit(step.norm, shapes);
    case "rotary": {
      const size = turnedSize(step.rotary, shapes.query);
      return size.ok ? done(shapes) : size;
    }
    case "features":
      return done(shapes);
  }
}

function projectedShapes(
  { queryWeight, keyWeight }: Extract<Step, { kind: "project" }>,
  { query, key }: QueryKeyShapes,
): Outcome<QueryKeyShapes> {
  for (const [input, got, weight] of [
    ["query", query, queryWeight],
    ["key", key, keyWeight],
  ] as const) {
    if (weight && (weight.shape.length !== 2 || got.at(-1) !== weight.shape[1]))
      return failed("attention.additive-shape", { input, expected: weight.shape, got });
  }
  const projected = (shape: readonly number[], weight?: Tensor) =>
    weight ? [...shape.slice(0, -1), weight.shape[0]!] : shape;
  return done({ query: projected(query, queryWeight), key: projected(key, keyWeight) });
}

function gainsFit({ queryGain, keyGain }: QueryKeyNorm, shapes: QueryKeyShapes): Outcome<QueryKeyShapes> {
  for (const [input, gain] of [
    ["query", queryGain],
    ["key", keyGain],
  ] as const) {
    const expected = shapes[input].at(-1);
    if (gain && (gain.shape.length !== 1 || gain.shape[0] !== expected))
      return failed("attention.gain", { input, expected: expected ?? 0, got: gain.shape });
  }
  return done(shapes);
}

function afterStep(problem: AttentionProblem, step: Step): Outcome<AttentionProblem> {
  const { query, key } = problem;
  switch (step.kind) {
    case "project": {
      const { queryWeight, keyWeight } = step;
      return done({
        ...problem,
        ...(queryWeight && { query: linear(query, queryWeight) }),
        ...(keyWeight && { key: linear(key, keyWeight) }),
      });
    }
    case "general":
      return done({ ...problem, query: linear(query, permuted(step.weight, [1, 0])) });
    case "norm":
      return done(queryKeyNorm(problem, step.norm));
    case "rotary":
      return rotary(problem, step.rotary);
    case "features":
      return done({ ...problem, query: features(query, step.feature), key: features(key, step.feature) });
  }
}
