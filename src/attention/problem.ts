import type { Tensor } from "../tensor/tensor.ts";

/** The five stages, in the order in which everything shows them. */
export const stages = ["scores", "scaled", "masked", "weights", "output"] as const;
export type Stage = (typeof stages)[number];

/** Which queries may attend to which keys by position alone. Rows are queries, columns keys. */
export type Causal =
  /** Every query attends to every key. */
  | "none"
  /** Query i attends to keys 0 … i (PyTorch's `is_causal`, ONNX without past). */
  | "topLeft"
  /** The last query attends to the last key: query i attends to keys 0 … i + S − L (flash-attn, decoding). */
  | "bottomRight";

/**
 * softmax(QKᵀ · scale + mask) · V, with the semantics of ONNX `Attention` (opset 25) and
 * `torch.nn.functional.scaled_dot_product_attention`.
 */
export interface AttentionProblem {
  /** `[L, E]`, `[heads, L, E]` or `[batch, heads, L, E]`. */
  readonly query: Tensor;
  /** `[S, E]`, `[kvHeads, S, E]` or `[batch, kvHeads, S, E]`; `heads` is a multiple of `kvHeads` (grouped queries). */
  readonly key: Tensor;
  /** `[S, Ev]`, `[kvHeads, S, Ev]` or `[batch, kvHeads, S, Ev]`. */
  readonly value: Tensor;
  /** Broadcast to `[batch, heads, L, S]`, aligned right. bool: true = may attend; float: added to the scaled scores. */
  readonly mask?: Tensor;
  readonly causal?: Causal;
  /** `auto` is 1/√E. */
  readonly scale?: number | "auto";
  /** c > 0: scaled scores become c·tanh(s/c) before the mask. */
  readonly softcap?: number;
  /** Keys a query may attend to, before and after its own position, itself not counted; null: no limit. */
  readonly window?: readonly [left: number | null, right: number | null];
}

/** Sizes of a planned problem. */
export interface AttentionSizes {
  readonly batch: number;
  readonly heads: number;
  readonly kvHeads: number;
  /** L */
  readonly queries: number;
  /** S */
  readonly keys: number;
  /** E */
  readonly size: number;
  /** Ev */
  readonly valueSize: number;
}
