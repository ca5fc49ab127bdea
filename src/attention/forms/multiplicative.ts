import { failed, type Outcome } from "../../tensor/message.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { AttentionProblem } from "../problem.ts";
import { withSteps } from "./steps.ts";

/** Luong's dot score qᵀk, not scaled (Luong et al. 2015, arXiv 1508.04025). */
export function dotProduct(query: Tensor, key: Tensor, value: Tensor): AttentionProblem {
  return { query, key, value, scale: 1 };
}

/**
 * Luong's general (multiplicative) score qᵀ·W·k, W `[Eq, Ek]`: the query times W, then the dot product, not scaled.
 * Fails as `attention.general-shape`.
 */
export function general(query: Tensor, key: Tensor, value: Tensor, weight: Tensor): Outcome<AttentionProblem> {
  return withSteps({ query, key, value, scale: 1 }, [{ kind: "general", weight }]);
}

/**
 * Cosine similarity over a temperature τ > 0: rows of Q and K divided by their length (at least 1e-12, as PyTorch's
 * `normalize`), scale 1/τ (Graves et al. 2014, arXiv 1410.5401). Fails as `attention.temperature`.
 */
export function cosine(query: Tensor, key: Tensor, value: Tensor, temperature = 1): Outcome<AttentionProblem> {
  if (!(temperature > 0 && Number.isFinite(temperature))) return failed("attention.temperature", { got: temperature });
  return withSteps({ query, key, value, scale: 1 / temperature }, [{ kind: "norm", norm: { kind: "l2" } }]);
}
