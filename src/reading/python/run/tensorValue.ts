import type { DType, TensorData } from "../../../tensor/dtype.ts";
import type { Message } from "../../../tensor/message.ts";
import { rowMajor, sizeOf } from "../../../tensor/tensor.ts";
import type { Origin } from "../../document.ts";
import type { Expr } from "../syntax/ast.ts";
import { type Content, force, known, lazily, type Store, unknownContent, valueLimit } from "./buffer.ts";
import type { Size } from "./dims.ts";

export type Library = "torch" | "numpy" | "jax" | "tensorflow";

/** What has sizes: a tensor, or those that it had before it was changed in place. */
export type Shaped = Pick<TensorValue, "shape">;

/** A tensor of unknown rank made another: how many axes the other one has more, if it has more than `above`. */
export interface RankFrom {
  /** The sizes that it had then: `x.unsqueeze_(0)` gives the tensor others. */
  readonly of: Shaped;
  readonly more: number;
  readonly above?: number;
  /** Its axes in front are the same, but for the last one. */
  readonly inFront?: boolean;
}

/** Sizes that may become known later: a parameter whose rank the code tells further down. */
export interface ShapeCell {
  dims: readonly Size[] | null;
  /** Tries again to tell the sizes from those of the operands. */
  derive?: (() => readonly Size[] | null) | undefined;
  /** Told when the sizes are set from outside, so that the operands' can follow. */
  follow?: ((dims: readonly Size[]) => void) | undefined;
  /** Whose rank tells this one, and is told by it. */
  rank?: RankFrom | undefined;
  /** How often `derive` has failed: cells hang on cells, so each may only be tried so often. */
  tries?: number;
  /** Sizes that were asked for before the rank was known, by axis. */
  asked?: Map<number, Size>;
}

/** A dtype that may become known later. */
export interface DTypeCell {
  dtype: DType | null;
  derive?: (() => DType | null) | undefined;
  tries?: number;
  /** A parameter of a function that nobody calls: its dtype may be concluded from what is done with it. */
  open?: boolean;
}

/** Where a tensor's elements lie: `store[offset + Σ index·strides]`, in elements. Only where every size is a number. */
export interface View {
  readonly store: Store;
  readonly strides: readonly number[];
  readonly offset: number;
}

/** The operation that made a tensor: what rules read. */
export interface Provenance {
  readonly operation: string;
  readonly inputs: readonly TensorValue[];
  readonly details: Readonly<Record<string, unknown>>;
  /** The expression that made it. */
  at: Expr | null;
}

export interface TensorValue {
  readonly kind: "tensor";
  readonly framework: Library;
  shape: ShapeCell;
  dtype: DTypeCell;
  view: View | null;
  origin: Origin;
  exact: boolean;
  why: Message | null;
  by: Provenance | null;
  /** The literal that it was made from, whose elements have places. */
  literal: Expr | null;
  /** torch.nn.Parameter. */
  parameter: boolean;
  requiresGrad: boolean;
  /** A NumPy scalar, not an array: `a.sum()`, `a[0]`. */
  scalar: boolean;
  /** An array of JAX that only Python numbers have made: it takes the precision of what it meets. */
  weak: boolean;
  /** Attributes that the program set: `x.grad`. */
  grad: TensorValue | null;
}

export function fixedShape(dims: readonly Size[] | null): ShapeCell {
  return { dims };
}

export function fixedDType(dtype: DType | null): DTypeCell {
  return { dtype };
}

/** The sizes as far as they are known now. */
export function dimsOf(t: Shaped): readonly Size[] | null {
  return dimsOfCell(t.shape);
}

export function dimsOfCell(cell: ShapeCell): readonly Size[] | null {
  if (cell.dims === null && cell.derive) {
    const derive = cell.derive;
    cell.derive = undefined;
    cell.dims = derive();
    if (cell.dims === null && mayTryAgain(cell)) cell.derive = derive;
  }
  return cell.dims;
}

/** In a long chain of operands that nobody knows, trying each anew for each would take forever. */
function mayTryAgain(cell: { tries?: number }): boolean {
  cell.tries = (cell.tries ?? 0) + 1;
  return cell.tries < 100;
}

export function dtypeOf(t: TensorValue): DType | null {
  return dtypeOfCell(t.dtype);
}

export function dtypeOfCell(cell: DTypeCell): DType | null {
  if (cell.dtype === null && cell.derive) {
    const derive = cell.derive;
    cell.derive = undefined;
    cell.dtype = derive();
    if (cell.dtype === null && mayTryAgain(cell)) cell.derive = derive;
  }
  return cell.dtype;
}

/** The sizes if every one of them is a number. */
export function concrete(dims: readonly Size[] | null): readonly number[] | null {
  return dims?.every((d) => typeof d === "number") ? (dims as readonly number[]) : null;
}

export function concreteDims(t: TensorValue): readonly number[] | null {
  return concrete(dimsOf(t));
}

export interface Making {
  readonly framework: Library;
  readonly shape: ShapeCell;
  readonly dtype: DTypeCell;
  readonly view?: View | null;
  readonly origin?: Origin;
  readonly exact?: boolean;
  readonly why?: Message | null;
  readonly by?: Provenance | null;
}

export function makeTensor(m: Making): TensorValue {
  return {
    kind: "tensor",
    framework: m.framework,
    shape: m.shape,
    dtype: m.dtype,
    view: m.view ?? null,
    origin: m.origin ?? "unknown",
    exact: m.exact ?? false,
    why: m.why ?? null,
    by: m.by ?? null,
    literal: null,
    parameter: false,
    requiresGrad: false,
    scalar: false,
    weak: false,
    grad: null,
  };
}

/** A view over fresh, contiguous elements. */
export function freshView(dims: readonly number[], content: Content): View {
  return { store: { content }, strides: rowMajor(dims), offset: 0 };
}

/** A tensor whose elements are known now. */
export function knownTensor(
  framework: Library,
  dims: readonly number[],
  dtype: DType,
  data: TensorData,
  origin: Origin,
  exact: boolean,
): TensorValue {
  return makeTensor({
    framework,
    shape: fixedShape(dims),
    dtype: fixedDType(dtype),
    view: freshView(dims, known(data)),
    origin,
    exact,
  });
}

/** A tensor of known sizes whose elements are not known, and why. */
export function blankTensor(
  framework: Library,
  dims: readonly Size[] | null,
  dtype: DTypeCell,
  why: Message | null,
): TensorValue {
  const numbers = concrete(dims);
  const view = numbers ? freshView(numbers, unknownContent(sizeOf(numbers), why)) : null;
  return makeTensor({ framework, shape: fixedShape(dims), dtype, view, origin: "unknown", why });
}

/** True if the elements lie in row-major order without gaps. */
export function contiguous(dims: readonly number[], view: View): boolean {
  let expected = 1;
  for (let axis = dims.length - 1; axis >= 0; axis--) {
    if (dims[axis] !== 1 && view.strides[axis] !== expected) return false;
    expected *= dims[axis]!;
  }
  return true;
}

/** The elements in row-major order, computed now; null where they are unknown or too many. Not to be written to. */
export function elements(t: TensorValue): TensorData | null {
  const dims = concreteDims(t);
  return dims && t.view ? gather(dims, t.view, t.view.store.content) : null;
}

/** The elements of a view on a content, in row-major order. */
export function gather(dims: readonly number[], view: Omit<View, "store">, content: Content): TensorData | null {
  const size = sizeOf(dims);
  if (size > valueLimit) return null;
  const data = force(content);
  if (!data) return null;
  if (contiguous(dims, view as View) && view.offset === 0 && data.length === size) return data;
  const out = data.slice(0, size);
  walk(dims, view.strides, view.offset, (flat, at) => {
    out[flat] = data[at]!;
  });
  return out.length === size ? out : grown(dims, view, data, size);
}

/** A broadcast view has more elements than its store. */
function grown(dims: readonly number[], view: Omit<View, "store">, data: TensorData, size: number): TensorData {
  const out = new (data.constructor as new (n: number) => TensorData)(size);
  walk(dims, view.strides, view.offset, (flat, at) => {
    out[flat] = data[at]!;
  });
  return out;
}

/** Visits every index in row-major order with its number and its position in the store. */
export function walk(
  dims: readonly number[],
  strides: readonly number[],
  offset: number,
  visit: (flat: number, at: number) => void,
): void {
  const size = sizeOf(dims);
  const index = new Array<number>(dims.length).fill(0);
  let at = offset;
  for (let flat = 0; flat < size; flat++) {
    visit(flat, at);
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      at += strides[axis]!;
      if (++index[axis]! < dims[axis]!) break;
      at -= strides[axis]! * dims[axis]!;
      index[axis] = 0;
    }
  }
}

/** The elements as a content in row-major order, not computed yet. */
export function contentOf(t: TensorValue): Content {
  const dims = concreteDims(t);
  if (!dims || !t.view) return unknownContent(0, t.why ?? { code: "python.symbolicShape" });
  const { store, strides, offset } = t.view;
  const content = store.content;
  if (contiguous(dims, t.view) && offset === 0 && content.length === sizeOf(dims)) return content;
  return lazily(sizeOf(dims), [content], () => gather(dims, { strides, offset }, content));
}
