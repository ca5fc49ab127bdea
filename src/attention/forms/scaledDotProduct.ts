import { done, failed, type Outcome } from "../../tensor/message.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { AttentionProblem } from "../problem.ts";

/** Arguments of `torch.nn.functional.scaled_dot_product_attention`, by its names. */
export interface ScaledDotProduct {
  readonly query: Tensor;
  readonly key: Tensor;
  readonly value: Tensor;
  /** bool: true = may attend; float: added. */
  readonly attn_mask?: Tensor;
  /** Shown, never applied. */
  readonly dropout_p?: number;
  /** Top-left: query i attends to keys 0 … i, also for L ≠ S. */
  readonly is_causal?: boolean;
  readonly scale?: number;
  /** Lets key and value have fewer heads. */
  readonly enable_gqa?: boolean;
}

/**
 * The engine's problem for a call of `scaled_dot_product_attention` (PyTorch 2.x). Fails as `attention.mask-and-causal` where
 * PyTorch refuses both, and as `attention.gqa` where head counts differ without `enable_gqa`.
 */
export function scaledDotProduct(call: ScaledDotProduct): Outcome<AttentionProblem> {
  const { query, key, value, attn_mask: mask, is_causal: causal = false } = call;
  if (mask && causal) return failed("attention.mask-and-causal");
  const [heads, kvHeads] = [query.shape.at(-3) ?? 1, key.shape.at(-3) ?? 1];
  if (heads !== kvHeads && !call.enable_gqa) return failed("attention.gqa", { heads, kvHeads });
  return done({
    query,
    key,
    value,
    causal: causal ? "topLeft" : "none",
    scale: call.scale ?? "auto",
    ...(mask ? { mask } : {}),
    ...(call.dropout_p ? { dropout: call.dropout_p } : {}),
  });
}
