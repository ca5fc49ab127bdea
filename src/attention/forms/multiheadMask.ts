import { done, failed, type Outcome } from "../../tensor/message.ts";
import { type Tensor, tensor, valueAt } from "../../tensor/tensor.ts";

interface MaskSizes {
  readonly batch: number;
  readonly heads: number;
  readonly queries: number;
  readonly keys: number;
  /** Rows that add_bias_kv and add_zero_attn put after the keys: always allowed. */
  readonly more: number;
}

/**
 * `attn_mask` and `key_padding_mask` of `nn.MultiheadAttention` as one mask `[N, heads, L, S + more]` of terms that are added:
 * a boolean true, which there means DROP, is −∞. null without masks. Fails as `attention.multihead-mask`.
 */
export function joinMasks(
  masks: { readonly attn_mask?: Tensor; readonly key_padding_mask?: Tensor },
  sizes: MaskSizes,
): Outcome<Tensor | null> {
  const { attn_mask: pairs, key_padding_mask: padding } = masks;
  if (!pairs && !padding) return done(null);
  const { batch, heads, queries, keys, more } = sizes;
  const pairShapes = [
    [queries, keys],
    [batch * heads, queries, keys],
  ];
  if (pairs && !pairShapes.some((shape) => same(shape, pairs.shape))) {
    return failed("attention.multihead-mask", { input: "attn_mask", expected: pairShapes.at(-1)!, got: pairs.shape });
  }
  const paddingShapes = batch === 1 ? [[1, keys], [keys]] : [[batch, keys]];
  if (padding && !paddingShapes.some((shape) => same(shape, padding.shape))) {
    return failed("attention.multihead-mask", {
      input: "key_padding_mask",
      expected: paddingShapes[0]!,
      got: padding.shape,
    });
  }
  const data = new Float64Array(batch * heads * queries * (keys + more));
  for (let row = 0; row < batch * heads * queries; row++) {
    const entry = Math.floor(row / (heads * queries));
    const pairRow = pairs?.shape.length === 2 ? row % queries : row;
    for (let key = 0; key < keys; key++) {
      const term =
        (pairs ? termOf(pairs, pairRow * keys + key) : 0) + (padding ? termOf(padding, entry * keys + key) : 0);
      data[row * (keys + more) + key] = term;
    }
  }
  return done(tensor("float64", [batch, heads, queries, keys + more], data));
}

function termOf(mask: Tensor, flat: number): number {
  const value = valueAt(mask, flat);
  if (mask.dtype !== "bool") return value;
  return value ? Number.NEGATIVE_INFINITY : 0;
}

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, at) => size === b[at]);
}
