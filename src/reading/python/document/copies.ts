import { dimsOf, type TensorValue } from "../run/tensorValue.ts";

/** A tensor that another one is a copy of, and which of its axes each axis of the copy is; null: not known. */
export interface Copied {
  readonly tensor: TensorValue;
  readonly axes: readonly number[] | null;
}

const copies: ReadonlySet<string> = new Set([
  "copy",
  "convert",
  "contiguous",
  "detach",
  "dropout",
  "clone",
  "to",
  "either",
  "identity",
]);

/** The tensor that this one is a copy of, or the same with some elements dropped. */
export function source(t: TensorValue): TensorValue {
  let at = t;
  while (at.by && copies.has(at.by.operation) && at.by.inputs[0]) at = at.by.inputs[0];
  return at;
}

/** The same, also through transposed axes. */
export function untransposed(t: TensorValue): Copied {
  const made = source(t);
  const axes = dimsOf(t)?.map((_, axis) => axis) ?? null;
  const order = transposedBy(made);
  if (!order) return { tensor: made, axes };
  const inner = untransposed(made.by!.inputs[0]!);
  return { tensor: inner.tensor, axes: inner.axes && order.map((axis) => inner.axes![axis]!) };
}

/** Which axis of its input each axis is, where a tensor is another one with its axes in another order. */
export function transposedBy({ by }: TensorValue): readonly number[] | null {
  if (by?.operation !== "transpose" && by?.operation !== "permute") return null;
  const axes = by.details.axes as readonly number[] | undefined;
  const rank = by.inputs[0] ? dimsOf(by.inputs[0])?.length : undefined;
  return axes?.length === rank && axes?.every((axis) => axis >= 0) ? axes : null;
}

/** A tensor whose axes of length 1 do not matter: those that were put in to broadcast it. */
export function unbroadcast(t: TensorValue): TensorValue {
  const made = source(t);
  const { by } = made;
  const inserts =
    by?.operation === "unsqueeze" ||
    (by?.operation === "index" && (by.details.index as readonly string[] | undefined)?.every(insertsOrKeeps));
  return inserts ? unbroadcast(by.inputs[0]!) : made;
}

function insertsOrKeeps(part: string): boolean {
  return part === "new" || part === "slice" || part === "rest";
}
