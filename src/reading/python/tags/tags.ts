import type { Dim, MaskTag, TensorTags } from "../../document.ts";
import { scoresOf } from "../document/chain.ts";
import { dimOf } from "../document/entry.ts";
import { type SoftmaxStep, softmaxStep } from "../document/softmaxStep.ts";
import { concreteDims, dtypeOf, type TensorValue } from "../run/tensorValue.ts";
import type { AxisTracer } from "./axes.ts";
import { type Polarity, polarityOf } from "./polarity.ts";
import type { Axis } from "./regroup.ts";

/** What rules about attention ask of the tensor of an expression, in plain values. */
export function tagsOf(tracer: AxisTracer, t: TensorValue): TensorTags {
  const { by } = t;
  return {
    operation: by?.operation ?? "",
    axes: tracer.axes(t)?.map(names) ?? null,
    contracted: tracer.contractions(t).map(([left, right]) => [names(left), names(right)]),
    normalised: normalised(tracer, t),
    ...scaling(tracer, t),
    polarity: dtypeOf(t) === "bool" ? polarityOf(t) : null,
    masks: masksOf(t),
    mixed: tracer.mixed(t),
  };
}

function names(axis: Axis): readonly string[] {
  return axis.map((factor) => factor.name);
}

/** The softmax that made this very tensor, as a call or by hand. */
function softmaxOf(t: TensorValue): SoftmaxStep | null {
  return t.by?.operation === "softmax" || t.by?.operation === "truediv" ? softmaxStep(t) : null;
}

/** The axis over which a softmax makes the elements sum to 1. */
function normalised(tracer: AxisTracer, t: TensorValue): TensorTags["normalised"] {
  const axes = tracer.axes(t);
  const fromEnd = softmaxOf(t)?.axis;
  const factors = typeof fromEnd === "number" ? axes?.at(fromEnd) : undefined;
  return axes && factors ? { axis: axes.length + fromEnd!, factors: names(factors) } : null;
}

/** What the scores that enter this softmax were multiplied by since their product, and over how many that one has summed. */
function scaling(tracer: AxisTracer, t: TensorValue): { readonly scale: number | null; readonly length: Dim } {
  const step = softmaxOf(t);
  const scores = step && scoresOf(step.input);
  if (!scores) return { scale: null, length: null };
  const [first] = tracer.contractions(scores.product);
  const size = first?.[0].length === 1 ? first[0][0]!.size : null;
  return { scale: scores.scale, length: dimOf(size) };
}

/** The masks that an operation was given, what each means, and what the operation takes true to mean. */
function masksOf({ by }: TensorValue): readonly MaskTag[] {
  const tag = (mask: TensorValue | undefined, expected: Polarity): readonly MaskTag[] =>
    mask && dtypeOf(mask) === "bool" ? [{ polarity: polarityOf(mask), expected }] : [];
  const [first, second, third, fourth] = by?.inputs ?? [];
  switch (by?.operation) {
    case "masked_fill":
      return tag(second, "drop");
    case "scaled_dot_product_attention":
      return tag(fourth, "keep");
    case "where":
      return tag(first, concreteDims(third!)?.length === 0 ? "keep" : "drop");
    case "multi_head_attention":
      return (by.details.masks as readonly TensorValue[]).flatMap((mask) => tag(mask, "drop"));
    default:
      return [];
  }
}
