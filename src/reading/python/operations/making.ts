import type { DType, TensorData } from "../../../tensor/dtype.ts";
import type { Message } from "../../../tensor/message.ts";
import { sizeOf } from "../../../tensor/tensor.ts";
import { type Content, force, lazily, rounder, unknownContent, working } from "../run/buffer.ts";
import type { Size } from "../run/dims.ts";
import { quietly, Raised, unclear } from "../run/machine.ts";
import {
  concrete,
  contentOf,
  type DTypeCell,
  dimsOf,
  dimsOfCell,
  dtypeOfCell,
  fixedShape,
  freshView,
  type Library,
  makeTensor,
  type Provenance,
  type ShapeCell,
  type TensorValue,
} from "../run/tensorValue.ts";

/** Multiplications and additions that one operation may cost. */
export const workLimit = 10_000_000;
/** So many of them take as long as an element does elsewhere. */
const workPerElement = 8;

export interface Result {
  readonly framework: Library;
  readonly shape: ShapeCell;
  readonly dtype: DTypeCell;
  readonly inputs: readonly TensorValue[];
  readonly operation: string;
  readonly details?: Readonly<Record<string, unknown>>;
  /** Whether the elements are, to the bit, what the library gives, if the inputs are. */
  readonly exact: boolean;
  /** The elements, row-major, from those of the inputs, row-major; null or absent: not known. */
  readonly compute?:
    | ((data: readonly NumberArray[], dims: readonly number[], dtype: DType) => NumberArray | null)
    | undefined;
  readonly work?: number;
  readonly why?: Message;
}

/** Elements as plain numbers. */
export type NumberArray = Exclude<TensorData, BigInt64Array | BigUint64Array>;

/** A tensor that an operation makes. */
export function result(r: Result): TensorValue {
  const dims = concrete(r.shape.dims);
  const by: Provenance = { operation: r.operation, inputs: r.inputs, details: r.details ?? {}, at: null };
  const lost = r.inputs.find((t) => t.view?.store.content.data === null || !t.view);
  const content = dims ? contentFor(r, dims, lost) : null;
  const why = content?.why ?? (dims ? null : { code: "python.symbolicShape" });
  const made = makeTensor({
    framework: r.framework,
    shape: r.shape,
    dtype: r.dtype,
    view: dims && content ? freshView(dims, content) : null,
    origin: content && content.data !== null ? "derived" : "unknown",
    exact: r.exact && r.inputs.every((t) => t.exact),
    why,
    by,
  });
  made.requiresGrad = r.inputs.some((t) => t.requiresGrad);
  return made;
}

function contentFor(r: Result, dims: readonly number[], lost: TensorValue | undefined): Content {
  const size = sizeOf(dims);
  const { compute } = r;
  if (!compute) return unknownContent(size, r.why ?? { code: "python.notComputed" });
  if (lost) return unknownContent(size, lost.view?.store.content.why ?? lost.why);
  if ((r.work ?? size) > workLimit) return unknownContent(size, { code: "python.tooMuchWork" });
  const contents = r.inputs.map(contentOf);
  const elements = (): TensorData | null => {
    const dtype = dtypeOfCell(r.dtype);
    const data = contents.map(force);
    if (
      dtype === null ||
      dtype.startsWith("complex") ||
      data.some((d) => d === null || d instanceof BigInt64Array || d instanceof BigUint64Array)
    )
      return null;
    return quietly(() => settled(compute(data as NumberArray[], dims, dtype), dtype));
  };
  return lazily(size, contents, elements, size + (r.work ?? 0) / workPerElement);
}

/** Elements in the dtype's own precision. Whole numbers that float64 does not hold exactly are not given. */
function settled(data: NumberArray | null, dtype: DType): NumberArray | null {
  if (!data) return null;
  if ((dtype === "int64" || dtype === "uint64") && data.some((x) => Math.abs(x) > Number.MAX_SAFE_INTEGER)) return null;
  if (dtype !== "bfloat16" && dtype !== "float16") return data;
  return data.map(rounder(dtype)) as NumberArray;
}

/** A shape told from the operands' shapes, now or when they are known. */
export function shapeFrom(
  inputs: readonly TensorValue[],
  tell: (dims: readonly (readonly Size[])[]) => readonly Size[] | null,
): ShapeCell {
  const now = inputs.map(dimsOf);
  if (now.every((d) => d !== null)) return fixedShape(tell(now as (readonly Size[])[]));
  const cells = inputs.map(({ shape }) => shape);
  return {
    dims: null,
    derive: () => {
      const later = cells.map(dimsOfCell);
      return later.every((d) => d !== null) ? quietly(() => tell(later as (readonly Size[])[])) : null;
    },
  };
}

/** A shape told once that of `t` is, as it is now: what a method makes of `t` in place has no say in it. */
export function toldLater({ shape }: TensorValue, tell: (dims: readonly Size[]) => readonly Size[] | null): ShapeCell {
  return {
    dims: null,
    derive: () => {
      const dims = dimsOfCell(shape);
      return dims && tell(dims);
    },
  };
}

/** The library that a result of these operands belongs to. */
export function libraryOf(inputs: readonly TensorValue[]): Library {
  return inputs.find((t) => t.framework === "torch")?.framework ?? inputs[0]?.framework ?? "numpy";
}

/** The library whose function also takes plain lists, by the path that was called; null for PyTorch and all others. */
export function arrayLibrary(path: string): "numpy" | "jax" | "tensorflow" | null {
  if (path.startsWith("numpy")) return "numpy";
  if (path.startsWith("jax")) return "jax";
  return path.startsWith("tensorflow") ? "tensorflow" : null;
}

/** An array for `length` results of a dtype. */
export function arrayOf(dtype: DType, length: number): NumberArray {
  return working(dtype, length);
}

/** The sizes, which must be known by rank. */
export function needDims(t: TensorValue): readonly Size[] {
  return dimsOf(t) ?? unclear("python.unknownRank");
}

export function rankOf(t: TensorValue): number | null {
  return dimsOf(t)?.length ?? null;
}

/** An axis counted from the front; out of range raises as the library does. */
export function axisOf(axis: number, rank: number): number {
  const at = axis < 0 ? axis + Math.max(rank, 1) : axis;
  if (at < 0 || at >= Math.max(rank, 1))
    throw new Raised("IndexError", { code: "python.axisRange", args: { axis, rank } });
  return at;
}

/** A view that shares its elements: the same store, read in another way. */
export function viewOf(
  t: TensorValue,
  dims: readonly Size[] | null,
  strides: readonly number[] | null,
  offset: number,
  operation: string,
  details: Readonly<Record<string, unknown>> = {},
): TensorValue {
  const numbers = concrete(dims);
  const made = makeTensor({
    framework: t.framework,
    shape: fixedShape(dims),
    dtype: t.dtype,
    view: numbers && t.view && strides ? { store: t.view.store, strides, offset } : null,
    origin: t.origin,
    exact: t.exact,
    why: t.why,
    by: { operation, inputs: [t], details, at: null },
  });
  made.requiresGrad = t.requiresGrad;
  return made;
}

export function sameDType(t: TensorValue): DTypeCell {
  return t.dtype;
}
