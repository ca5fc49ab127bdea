import type { Interpreter } from "../run/interpreter.ts";
import { dimsOf, type TensorValue } from "../run/tensorValue.ts";
import { args, float, int, tuple, type Value } from "../run/values.ts";
import type { Mask } from "./chain.ts";
import { asTensor } from "./product.ts";
import type { SumAxes } from "./sumAxes.ts";

/**
 * One mask, its axes in the order `[…, queries, keys]`, boolean with true for "may attend" where it is boolean; several
 * are added up. null: there is none; undefined: it cannot be told. `axes` null: nothing is known of the order.
 */
export function combined(m: Interpreter, masks: readonly Mask[], axes: SumAxes | null): TensorValue | null | undefined {
  if (masks.length === 0) return null;
  const parts = masks.map((mask) => inOrder(m, mask, axes));
  if (parts.includes(null)) return undefined;
  const tensors = parts as TensorValue[];
  const [first] = masks;
  if (masks.length === 1 && first!.kind === "keep") return tensors[0];
  if (masks.length === 1 && first!.kind === "drop")
    return asTensor(m.operate("torch.logical_not", args([tensors[0]!]))) ?? undefined;
  const added = masks.map((mask, at) => addend(m, mask, tensors[at]!));
  if (added.includes(null)) return undefined;
  return asTensor((added as Value[]).reduce((sum, one) => m.binary("+", sum, one))) ?? undefined;
}

/** What a mask adds to the scaled scores. */
function addend(m: Interpreter, { kind, factor }: Mask, tensor: TensorValue): Value | null {
  if (kind === "add") return factor === null ? null : factor === 1 ? tensor : m.binary("*", tensor, float(factor));
  const [yes, no] = [float(0), float(Number.NEGATIVE_INFINITY)];
  return m.operate("torch.where", args(kind === "keep" ? [tensor, yes, no] : [tensor, no, yes]));
}

/** Masks are written for the scores as they lay then; those that broadcast get the axes that they lack. */
function inOrder(m: Interpreter, mask: Mask, axes: SumAxes | null): TensorValue | null {
  if (!axes || !mask.axes) return mask.tensor;
  const wanted = [...axes.batch, axes.queries, axes.keys].map((name) => mask.axes![axes.weights.indexOf(name)]!);
  if (wanted.every((axis, at) => axis === at)) return mask.tensor;
  let full: TensorValue | null = mask.tensor;
  for (let rank = dimsOf(full)?.length ?? wanted.length; rank < wanted.length; rank++)
    full = full && asTensor(m.operate("torch.unsqueeze", args([full, int(0)])));
  return full && asTensor(m.operate("torch.permute", args([full, tuple(wanted.map(int))])));
}
