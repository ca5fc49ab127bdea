import { isInteger } from "../tensor/dtype.ts";
import { done, failed, type Outcome } from "../tensor/message.ts";
import { sizeOf, type Tensor, valueAt, withRank } from "../tensor/tensor.ts";
import type { AttentionSizes } from "./problem.ts";

/** A mask broadcast to `[batch, heads, L, S]`: element (b, h, i, j) lies at `offset + b·s₀ + h·s₁ + i·s₂ + j·s₃`. */
export interface MaskView {
  /** boolean: an element other than 0 allows the pair. additive: the element is added, −∞ forbids the pair. */
  readonly kind: "boolean" | "additive";
  readonly data: Tensor["data"];
  readonly offset: number;
  readonly strides: readonly [number, number, number, number];
  /** An integer mask of zeros and ones, taken as boolean. */
  readonly taken: boolean;
}

/**
 * Broadcasts a mask of rank 0 to 4, aligned right (ONNX, NumPy). A bool mask is boolean; so is an integer one that
 * holds only 0 and 1 (`taken`); every other one is additive. Fails as `attention.mask-shape`.
 */
export function maskView(mask: Tensor, sizes: AttentionSizes): Outcome<MaskView> {
  const full = [sizes.batch, sizes.heads, sizes.queries, sizes.keys];
  const wide = withRank(mask, 4);
  const fits = mask.shape.length <= 4 && wide.shape.every((axis, at) => axis === 1 || axis === full[at]);
  if (!fits) return failed("attention.mask-shape", { mask: mask.shape, expected: full });
  const taken = isInteger(mask.dtype) && zerosAndOnes(mask);
  const strides = wide.shape.map((axis, at) => (axis === 1 ? 0 : wide.strides[at]!));
  return done({
    kind: mask.dtype === "bool" || taken ? "boolean" : "additive",
    data: mask.data,
    offset: mask.offset,
    strides: strides as [number, number, number, number],
    taken,
  });
}

/** The element that stands for a pair, as a number. */
export function maskValue(mask: MaskView, batch: number, head: number, query: number, key: number): number {
  const [b, h, i, j] = mask.strides;
  return Number(mask.data[mask.offset + batch * b + head * h + query * i + key * j]);
}

/** What the mask adds to a score: 0 or −∞ for a boolean one. */
export function maskTerm(mask: MaskView, batch: number, head: number, query: number, key: number): number {
  const value = maskValue(mask, batch, head, query, key);
  if (mask.kind === "additive") return value;
  return value !== 0 ? 0 : Number.NEGATIVE_INFINITY;
}

function zerosAndOnes(mask: Tensor): boolean {
  const size = sizeOf(mask.shape);
  for (let flat = 0; flat < size; flat++) {
    const value = valueAt(mask, flat);
    if (value !== 0 && value !== 1) return false;
  }
  return true;
}
