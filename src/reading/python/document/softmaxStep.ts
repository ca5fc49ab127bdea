import { dimsOf, type Provenance, type TensorValue } from "../run/tensorValue.ts";
import { source, unbroadcast } from "./copies.ts";

/** What a softmax was made of, and along which axis, counted from the end; null: that is not known. */
export interface SoftmaxStep {
  readonly input: TensorValue;
  readonly axis: number | null;
}

/** The softmax that `t` is the result of, written as a call or by hand; null where it is none. */
export function softmaxStep(t: TensorValue): SoftmaxStep | null {
  const { by } = source(t);
  if (by?.operation !== "softmax") return by && byHand(by);
  const { fromEnd } = by.details;
  return by.inputs[0] ? { input: by.inputs[0], axis: typeof fromEnd === "number" ? fromEnd : null } : null;
}

/** A quotient that is softmax written out. `stable`: the maximum was subtracted before. */
export function softmaxByHand(by: Provenance): { readonly stable: boolean } | null {
  const step = byHand(by);
  return step && { stable: source(source(by.inputs[0]!).by!.inputs[0]!) !== step.input };
}

/** exp(x) / exp(x).sum(…), with or without the maximum of x taken off. */
function byHand({ operation, inputs }: Provenance): SoftmaxStep | null {
  const [powers, divisor] = inputs;
  if (operation !== "truediv" || !powers || !divisor) return null;
  const [top, sum] = [source(powers), unbroadcast(divisor)];
  if (top.by?.operation !== "exp" || sum.by?.operation !== "sum") return null;
  const summed = source(sum.by.inputs[0]!);
  const inside = source(top.by.inputs[0]!);
  const same = summed === top || (summed.by?.operation === "exp" && source(summed.by.inputs[0]!) === inside);
  if (!same) return null;
  const shifted = inside.by?.operation === "sub" && isMaximum(inside.by.inputs[1]);
  return { input: shifted ? source(inside.by!.inputs[0]!) : inside, axis: axisOf(sum) };
}

function isMaximum(t: TensorValue | undefined): boolean {
  return t !== undefined && unbroadcast(t).by?.operation === "amax";
}

function axisOf(sum: TensorValue): number | null {
  const axes = sum.by!.details.axes as readonly number[] | null;
  const rank = dimsOf(sum.by!.inputs[0]!)?.length;
  const [axis] = axes ?? [];
  if (axis === undefined || axes!.length !== 1) return null;
  if (axis < 0) return axis;
  return rank === undefined ? null : axis - rank;
}
