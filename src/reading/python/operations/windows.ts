import { dimsOf, elements, type TensorValue } from "../run/tensorValue.ts";
import type { SliceValue, Value } from "../run/values.ts";

/**
 * How many elements `data[i + a : i + b]` takes of `size`, where i was drawn between two numbers, so that it does not reach
 * beyond either end whatever was drawn: b - a. null: that is not sure.
 */
export function windowOf(slice: SliceValue, size: number): number | null {
  const [lower, upper] = [shifted(slice.lower), shifted(slice.upper)];
  if (!lower || !upper || lower.from !== upper.from || slice.step.kind !== "none") return null;
  const drawn = drawnBetween(lower.from);
  const fits = drawn && drawn.low + lower.by >= 0 && drawn.high - 1 + upper.by <= size && upper.by >= lower.by;
  return fits ? upper.by - lower.by : null;
}

interface Shifted {
  readonly from: TensorValue;
  readonly by: number;
}

/** A number that is another one and a known one more: `i`, `i + 8`, `i + 1 + 8`. */
function shifted(value: Value): Shifted | null {
  if (value.kind !== "tensor" || dimsOf(value)?.length !== 0) return null;
  const { by } = value;
  const [left, right] = by?.inputs ?? [];
  if ((by?.operation !== "add" && by?.operation !== "sub") || !left || !right) return { from: value, by: 0 };
  const [inner, more] = [shifted(left), elements(right)];
  if (inner && more?.length === 1)
    return { from: inner.from, by: inner.by + Number(more[0]) * (by.operation === "add" ? 1 : -1) };
  const [first, rest] = [elements(left), shifted(right)];
  return first?.length === 1 && rest && by.operation === "add"
    ? { from: rest.from, by: rest.by + Number(first[0]) }
    : null;
}

/** Of one of the numbers that a call drew: between which, while nothing has been written over them. */
function drawnBetween(t: TensorValue): { readonly low: number; readonly high: number } | null {
  let at: TensorValue | undefined = t;
  for (let steps = 0; at && steps < 4; steps++) {
    const { low, high, content } = at.by?.details ?? {};
    const untouched = content !== undefined && at.view?.store.content === content;
    if (untouched && typeof low === "number" && typeof high === "number") return { low, high };
    at = /^(index|select|unbind|getitem|item)/.test(at.by?.operation ?? "") ? at.by!.inputs[0] : undefined;
  }
  return null;
}
