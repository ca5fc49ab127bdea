import type { DType } from "../../../tensor/dtype.ts";
import { sizeOf } from "../../../tensor/tensor.ts";
import type { Size } from "../run/dims.ts";
import { type Machine, raise } from "../run/machine.ts";
import { concreteDims, dimsOf, fixedShape, type Library, type TensorValue } from "../run/tensorValue.ts";
import { broadcastStrides } from "./broadcast.ts";
import { category, dtypeFrom, promoted } from "./dtypes.ts";
import { arrayOf, libraryOf, type NumberArray, rankOf, result } from "./making.ts";
import { tell } from "./ranks.ts";
import { mustEqual } from "./sizes.ts";

/** Labels of the axes of each operand and of the result. What is in no result is summed over. */
export interface Labels {
  readonly inputs: readonly (readonly string[])[];
  readonly output: readonly string[];
}

/** The sum over products that einsum means; axes of size 1 are repeated. */
export function contraction(
  m: Machine,
  tensors: readonly TensorValue[],
  labels: Labels,
  equation: string,
): TensorValue {
  const sizes = labelSizes(m, tensors, labels);
  const shape = labels.output.map((label) => m.symbols.resolve(sizes.get(label) ?? null));
  const contracted = [...sizes.keys()].filter((label) => !labels.output.includes(label));
  const work = [...sizes.values()].every((s) => typeof s === "number")
    ? sizeOf([...sizes.values()] as number[]) * tensors.length
    : Number.POSITIVE_INFINITY;
  const dims = tensors.map(concreteDims);
  const framework = libraryOf(tensors);
  return result({
    framework,
    shape: fixedShape(shape),
    dtype: dtypeFrom(() => summedType(framework, promoted(framework, tensors.map(withAxes), rankOf))),
    inputs: tensors,
    operation: "einsum",
    details: { equation, labels, contracted },
    exact: false,
    work,
    compute: (data, out, dtype) =>
      dims.every((d) => d !== null)
        ? summed(data, dims as (readonly number[])[], labels, contracted, sizes, out, (n) => arrayOf(dtype, n))
        : null,
  });
}

/** PyTorch sums small integers in int64 on some ways through einsum, and multiplies them as they are on others. */
function summedType(framework: Library, dtype: DType | null): DType | null {
  return framework === "torch" && dtype !== null && dtype !== "int64" && category(dtype) < 2 ? null : dtype;
}

/** Operands without axes count like the others in einsum. */
function withAxes(t: TensorValue): TensorValue {
  return dimsOf(t)?.length === 0 ? { ...t, shape: fixedShape([1]), scalar: false } : t;
}

/** The size of each label, in the order in which the operands name them. */
function labelSizes(m: Machine, tensors: readonly TensorValue[], labels: Labels): Map<string, Size> {
  const sizes = new Map<string, Size>();
  for (const [at, t] of tensors.entries()) {
    const names = labels.inputs[at]!;
    if (dimsOf(t) === null)
      tell(
        t,
        names.map((name) => sizes.get(name) ?? m.symbols.fresh(name)),
        m,
      );
    const dims = dimsOf(t);
    if (dims && dims.length !== names.length)
      raise("RuntimeError", "python.rank", { expected: names.length, rank: dims.length });
    for (const [axis, name] of names.entries())
      sizes.set(name, together(m, sizes.get(name), dims?.[axis] ?? null, tensors));
  }
  return sizes;
}

function together(m: Machine, before: Size | undefined, size: Size, tensors: readonly TensorValue[]): Size {
  if (before === undefined || before === 1) return size;
  if (size === 1) return before;
  mustEqual(
    m,
    before,
    size,
    "einsum",
    tensors.map((t) => dimsOf(t) ?? []),
  );
  return before ?? size;
}

function summed(
  data: readonly NumberArray[],
  dims: readonly (readonly number[])[],
  labels: Labels,
  contracted: readonly string[],
  sizes: ReadonlyMap<string, Size>,
  out: readonly number[],
  make: (length: number) => NumberArray,
): NumberArray {
  const order = [...labels.output, ...contracted];
  const all = order.map((label) => sizes.get(label) as number);
  const strides = labels.inputs.map((names, at) => stridesOf(names, dims[at]!, order));
  const result = make(sizeOf(out));
  const inner = sizeOf(all.slice(out.length));
  const index = new Array<number>(order.length).fill(0);
  const places = data.map(() => 0);
  for (let flat = 0; flat < result.length; flat++) {
    let sum = 0;
    for (let k = 0; k < inner; k++) {
      let product = 1;
      for (let at = 0; at < data.length; at++) product *= data[at]![places[at]!]!;
      sum += product;
      advance(index, all, strides, places);
    }
    result[flat] = sum;
  }
  return result;
}

/** Steps through `order` in one operand; labels that it has twice are its diagonal, sizes of 1 stay. */
function stridesOf(names: readonly string[], dims: readonly number[], order: readonly string[]): number[] {
  const own = broadcastStrides(dims, dims);
  return order.map((label) =>
    names.reduce((sum, name, axis) => sum + (name === label && dims[axis] !== 1 ? own[axis]! : 0), 0),
  );
}

function advance(
  index: number[],
  sizes: readonly number[],
  strides: readonly (readonly number[])[],
  places: number[],
): void {
  for (let axis = sizes.length - 1; axis >= 0; axis--) {
    const wraps = ++index[axis]! >= sizes[axis]!;
    for (let at = 0; at < places.length; at++) places[at]! += strides[at]![axis]! * (wraps ? 1 - sizes[axis]! : 1);
    if (!wraps) return;
    index[axis] = 0;
  }
}
