import { namelessSize, type Size } from "./dims.ts";
import type { Machine } from "./machine.ts";
import { sizeValue } from "./scalars.ts";
import { dimsOf, type TensorValue } from "./tensorValue.ts";
import { tuple, unknown, type Value } from "./values.ts";

/**
 * `x.shape[1]` of a tensor whose rank is not known yet: a name, which the size of that axis will have. Outside of code
 * that nobody calls it is unknown.
 */
export function askedSize(m: Machine, t: TensorValue, axis: number): Value {
  const dims = dimsOf(t);
  if (dims) return sizeValue(dims.at(axis) ?? null);
  if (!m.symbolic) return unknown("python.unknownRank", undefined, "int");
  return sizeValue(nameFor(m, t, axis));
}

function nameFor(m: Machine, t: TensorValue, axis: number): Size {
  const cell = t.shape;
  if (!cell.asked) {
    const asked = new Map<number, Size>();
    const follow = cell.follow;
    cell.asked = asked;
    cell.follow = (dims) => {
      for (const [at, size] of asked) if (dims.at(at) !== undefined) m.symbols.merge(dims.at(at)!, size);
      follow?.(dims);
    };
  }
  const known = cell.asked.get(axis);
  if (known !== undefined) return known;
  const size = m.symbols.fresh(namelessSize(axis));
  cell.asked.set(axis, size);
  return size;
}

/** `x.shape[:2]`, `x.shape[-2:]` of such a tensor; null where the slice does not say how many. */
export function askedSizes(
  m: Machine,
  t: TensorValue,
  lower: number | undefined,
  upper: number | undefined,
): Value | null {
  if (!m.symbolic) return null;
  if (upper !== undefined && upper > 0 && (lower ?? 0) >= 0) {
    const axes = Array.from({ length: Math.max(0, upper - (lower ?? 0)) }, (_, at) => at + (lower ?? 0));
    return tuple(axes.map((axis) => askedSize(m, t, axis)));
  }
  if (upper === undefined && lower !== undefined && lower < 0)
    return tuple(Array.from({ length: -lower }, (_, at) => askedSize(m, t, at + lower)));
  return null;
}
