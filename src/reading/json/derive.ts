import { storage } from "../../tensor/dtype.ts";
import { indexOf, position, rowMajor, sizeOf, type Tensor, tensor } from "../../tensor/tensor.ts";
import type { ElementPlaces, TensorEntry, TextRange } from "../document.ts";
import { lastAtMost } from "../lines.ts";

/** Which elements of a tensor a view shows: `offset + Σ index[k]·strides[k]` is their row-major number there. */
export interface View {
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
}

/** Elements in the same order under another shape. */
export function reshaped(shape: readonly number[]): View {
  return { shape, strides: rowMajor(shape), offset: 0 };
}

/** A tensor that shows another one's elements in another shape or order, no element twice. Nothing is copied. */
export function viewOf(
  base: TensorEntry,
  changes: Partial<TensorEntry> & { readonly id: string },
  view: View,
): TensorEntry {
  return changed(base, {
    axes: undefined,
    derivedFrom: base.derivedFrom ?? base.id,
    ...changes,
    shape: view.shape,
    places: base.places && (isSameOrder(base, view) ? base.places : placesThrough(base.places, view)),
    get values() {
      const { values } = base;
      return values && viewed(values, view);
    },
  } as Partial<TensorEntry>);
}

/** Another entry with some properties changed; values are still made when they are asked for. */
export function changed(entry: TensorEntry, changes: Partial<TensorEntry>): TensorEntry {
  const all = { ...Object.getOwnPropertyDescriptors(entry), ...Object.getOwnPropertyDescriptors(changes) };
  return Object.defineProperties({}, all) as TensorEntry;
}

/** Same elements, same rows: only axes in front are split or merged. */
function isSameOrder({ shape }: TensorEntry, view: View): boolean {
  const plain = rowMajor(view.shape);
  return view.offset === 0 && view.strides.every((s, axis) => s === plain[axis]) && shape?.at(-1) === view.shape.at(-1);
}

/** Readers make row-major tensors, so that strides in elements of the text are strides in the data. */
function viewed(values: Tensor, { shape, strides, offset }: View): Tensor {
  return { ...values, shape, strides, offset: values.offset + offset };
}

function placesThrough(places: ElementPlaces, view: View): ElementPlaces {
  const base = (flat: number): number => view.offset + dot(indexOf(view.shape, flat), view.strides);
  return {
    range: (flat) => places.range(base(flat)),
    row: (flat) => rowThrough(places, view, base, flat),
    at: (offset) => flatThrough(view, places.at(offset)),
  };
}

/** From the first to the last element of a row. */
function rowThrough(places: ElementPlaces, view: View, base: (flat: number) => number, flat: number): TextRange {
  const width = view.shape.at(-1) || 1;
  const first = flat - (flat % width);
  return { start: places.range(base(first)).start, end: places.range(base(first + width - 1)).end };
}

function dot(index: readonly number[], strides: readonly number[]): number {
  let sum = 0;
  for (let axis = 0; axis < index.length; axis++) sum += index[axis]! * strides[axis]!;
  return sum;
}

/** The view's number of an element of the base; -1 where the view does not show it. */
function flatThrough({ shape, strides, offset }: View, base: number): number {
  if (base < 0) return -1;
  const index = new Array<number>(shape.length).fill(0);
  let rest = base - offset;
  const axes = [...shape.keys()].filter((axis) => shape[axis]! > 1).sort((a, b) => strides[b]! - strides[a]!);
  for (const axis of axes) {
    index[axis] = Math.floor(rest / strides[axis]!);
    if (rest < 0 || index[axis]! >= shape[axis]!) return -1;
    rest -= index[axis]! * strides[axis]!;
  }
  return rest === 0 ? dot(index, rowMajor(shape)) : -1;
}

/** Tensors of one shape put together along new axes in front, `front` positions in all; made when first asked for. */
export function stackOf(
  parts: readonly TensorEntry[],
  front: readonly number[],
  named: Pick<TensorEntry, "id" | "name" | "path">,
): TensorEntry {
  const inner = parts[0]!.shape as readonly number[];
  const [first, last] = [parts[0]!, parts.at(-1)!];
  const why = parts.find((part) => part.why)?.why;
  let values: Tensor | null = null;
  return {
    ...named,
    range: { start: Math.min(first.range.start, last.range.start), end: Math.max(first.range.end, last.range.end) },
    ...(first.nameRange ? { nameRange: first.nameRange } : {}),
    shape: [...front, ...inner],
    dtype: first.dtype,
    derivedFrom: first.id,
    get values() {
      if (!why) values ??= stacked(parts, [...front, ...inner]);
      return values;
    },
    ...(why ? { why } : {}),
    origin: "literal",
    exact: !why,
    places: parts.every((part) => part.places) ? stackedPlaces(parts, sizeOf(inner)) : null,
  };
}

function stacked(parts: readonly TensorEntry[], shape: readonly number[]): Tensor {
  const dtype = parts.every((part) => part.dtype === parts[0]!.dtype) ? parts[0]!.dtype! : "float64";
  const data = storage(dtype, sizeOf(shape));
  let at = 0;
  for (const { values } of parts) {
    const size = sizeOf(values!.shape);
    for (let flat = 0; flat < size; flat++) data[at++] = values!.data[position(values!, flat)]! as never;
  }
  return tensor(dtype, shape, data);
}

function stackedPlaces(parts: readonly TensorEntry[], size: number): ElementPlaces {
  const part = (flat: number): ElementPlaces => parts[Math.floor(flat / size)]!.places!;
  const order = [...parts.keys()].sort((a, b) => parts[a]!.range.start - parts[b]!.range.start);
  const starts = order.map((at) => parts[at]!.range.start);
  return {
    range: (flat) => part(flat).range(flat % size),
    row: (flat) => part(flat).row(flat % size),
    at(offset) {
      const which = order[lastAtMost(starts, offset)];
      const inside = which === undefined ? -1 : parts[which]!.places!.at(offset);
      return inside < 0 ? -1 : which! * size + inside;
    },
  };
}
