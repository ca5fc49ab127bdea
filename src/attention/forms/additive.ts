import { done, failed, type Outcome } from "../../tensor/message.ts";
import { type Tensor, tensor } from "../../tensor/tensor.ts";
import type { AttentionProblem } from "../problem.ts";
import { linear } from "./rowwise.ts";
import { withSteps } from "./steps.ts";

/** Parameters of the additive score vᵀ·tanh(W_q·q + W_k·k + b); A is the size of its hidden layer. */
export interface AdditiveParameters {
  /** `[A, Eq]` */
  readonly queryWeight: Tensor;
  /** `[A, Ek]` */
  readonly keyWeight: Tensor;
  /** `[A]` or `[1, A]` */
  readonly vector: Tensor;
  /** `[A]` */
  readonly bias?: Tensor;
}

/**
 * Additive attention (Bahdanau et al. 2015, arXiv 1409.0473): query `[…, L, Eq]` and key `[…, S, Ek]`, which may differ in
 * size, are projected to A; the score is not scaled. Fails as `attention.additive-shape`.
 */
export function additive(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  { queryWeight, keyWeight, vector, bias }: AdditiveParameters,
): Outcome<AttentionProblem> {
  const score = { kind: "additive", vector, ...(bias ? { bias } : {}) } as const;
  return withSteps({ query, key, value, scale: 1, score }, [{ kind: "project", queryWeight, keyWeight }]);
}

/** Parameters of the additive pooling of one sequence: Linear(F → A), tanh, Linear(A → 1). */
export interface PoolingParameters {
  /** `[A, F]` */
  readonly weight: Tensor;
  /** `[A]` */
  readonly bias?: Tensor;
  /** `[1, A]`; its bias, if it has one, changes no weight and is left out. */
  readonly vector: Tensor;
}

/**
 * Additive pooling: `softmax(Linear(tanh(Linear(x))))` over the sequence of x `[batch, length, F]` gives weights
 * `[batch, length, 1]` and the pooled sum `[batch, F]`. In the engine: one query of zeros a sequence, so that weights are
 * `[batch, 1, 1, length]` and the output `[batch, 1, 1, F]`. Fails as `attention.additive-shape`.
 */
export function additivePooling(x: Tensor, { weight, bias, vector }: PoolingParameters): Outcome<AttentionProblem> {
  const fits = x.shape.length === 3 && weight.shape.length === 2 && x.shape[2] === weight.shape[1];
  if (!fits) return failed("attention.additive-shape", { input: "x", expected: weight.shape, got: x.shape });
  const [batch, , size] = x.shape as [number, number, number];
  const hidden = weight.shape[0]!;
  const oneHead = (t: Tensor): Tensor => ({
    ...t,
    shape: [batch, 1, t.shape[1]!, t.shape[2]!],
    strides: [t.strides[0]!, 0, t.strides[1]!, t.strides[2]!],
  });
  return done({
    query: tensor("float64", [batch, 1, 1, hidden], new Float64Array(batch * hidden)),
    key: oneHead(linear(x, weight, bias)),
    value: oneHead({ ...x, shape: [batch, x.shape[1]!, size] }),
    scale: 1,
    score: { kind: "additive", vector },
  });
}
