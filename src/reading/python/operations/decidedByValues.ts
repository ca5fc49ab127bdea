import type { DType } from "../../../tensor/dtype.ts";
import { valueLimit } from "../run/buffer.ts";
import { type Machine, raise, unclear } from "../run/machine.ts";
import { concreteDims, dtypeOf, elements, fixedDType, fixedShape, type TensorValue } from "../run/tensorValue.ts";
import { args, int, list, tuple, type Value } from "../run/values.ts";
import { toTensor } from "./constructors.ts";
import { dtypeFrom } from "./dtypes.ts";
import { arrayLibrary, arrayOf, axisOf, type NumberArray, needDims, result, shapeFrom } from "./making.ts";
import { type Given, type Operation, operation } from "./operation.ts";

/** Operations whose sizes hang on values: told where those are known to the bit, else open in that axis. */
export const decidedByValues: readonly Operation[] = [
  operation("torch.nonzero T.nonzero torch.argwhere T.argwhere np.argwhere", "input, *, as_tuple?", (g, m) => {
    const t = array(g, m, "input");
    if (g.flag("as_tuple", false)) return positions(t);
    const found = nonzero(t);
    return whole(t, "nonzero", found?.flat() ?? null, [found?.length ?? null, needDims(t).length]);
  }),
  operation("torch.nonzero_tuple np.nonzero A.nonzero", "input", (g, m) => positions(array(g, m, "input"))),
  operation("np.flatnonzero", "a", (g, m) => {
    const flat = m.operate("numpy.ravel", args([array(g, m, "a")])) as TensorValue;
    return (positions(flat) as { items: readonly Value[] }).items[0]!;
  }),
  operation("np.extract", "condition, arr", (g, m) => {
    const flat = (name: string) => m.operate("numpy.ravel", args([array(g, m, name)]));
    return m.subscript(flat("arr"), flat("condition"));
  }),
  operation("np.compress A.compress", "condition, a, axis?, out?", (g, m) => {
    const [condition, t] = [array(g, m, "condition"), array(g, m, "a")];
    const axis = g.optionalInt("axis");
    const from = axis === undefined ? (m.operate("numpy.ravel", args([t])) as TensorValue) : t;
    const chosen = (positions(condition) as { items: readonly Value[] }).items[0]!;
    return m.operate("numpy.take", args([from, chosen, int(axis ?? 0)]));
  }),
  operation("torch.bincount T.bincount np.bincount", "input, weights?, minlength?", (g, m) => {
    const t = array(g, m, "input");
    const values = sure(t);
    const least = g.int("minlength", 0);
    const size = values?.reduce((most, value) => Math.max(most, value + 1), least) ?? null;
    if (g.get("weights")) return weighted(t, size, array(g, m, "weights"));
    const counts = values && size! <= valueLimit ? new Array<number>(size!).fill(0) : null;
    if (values?.some((value) => value < 0)) raise("ValueError", "python.unsupported", { what: g.path });
    if (counts) for (const value of values!) counts[value]!++;
    return whole(t, "bincount", counts, [size]);
  }),
  operation("torch.unique T.unique", "input, sorted?, return_inverse?, return_counts?, dim?", (g, m) =>
    unique(g, array(g, m, "input"), ["return_inverse", "return_counts"]),
  ),
  operation("np.unique", "input, return_index?, return_inverse?, return_counts?, dim?, *, equal_nan?", (g, m) =>
    unique(g, array(g, m, "input"), ["return_index", "return_inverse", "return_counts"]),
  ),
  operation("torch.unique_consecutive T.unique_consecutive", "input, return_inverse?, return_counts?, dim?", (g, m) =>
    unique(g, array(g, m, "input"), ["return_inverse", "return_counts"], true),
  ),
];

/** The argument as an array: NumPy takes lists, too. */
function array(g: Given, m: Machine, name: string): TensorValue {
  const value = g.need(name);
  const framework = arrayLibrary(g.path);
  return framework && (value.kind === "list" || value.kind === "tuple")
    ? toTensor(m, framework, value, undefined)
    : g.tensor(name);
}

/** The elements, row-major, where they are known to the bit: what differs in the last digit may decide a size. */
export function sure(t: TensorValue): number[] | null {
  const data = t.exact && t.view && t.view.store.content.data !== null ? elements(t) : null;
  return data && Array.from(data as ArrayLike<number>, Number);
}

/** Integers that `t` decides; null: not known. */
function whole(
  t: TensorValue,
  operation: string,
  values: readonly number[] | null,
  dims: readonly (number | null)[] | TensorValue["shape"]["dims"],
): TensorValue {
  return result({
    framework: t.framework,
    shape: fixedShape(dims),
    dtype: fixedDType("int64"),
    inputs: [t],
    operation,
    exact: true,
    compute: values ? (_data, _dims, to) => filled(to, values) : undefined,
    why: { code: "python.dependsOnValues" },
  });
}

function filled(dtype: DType, values: readonly number[]): NumberArray {
  const out = arrayOf(dtype, values.length);
  out.set(values);
  return out;
}

/** Where the elements are that are not 0: an index for each, row-major. */
function nonzero(t: TensorValue): number[][] | null {
  const [values, dims] = [sure(t), concreteDims(t)];
  if (!values || !dims) return null;
  return values.flatMap((value, flat) => (value === 0 ? [] : [indexOf(flat, dims)]));
}

function indexOf(flat: number, dims: readonly number[]): number[] {
  const index: number[] = [];
  for (let axis = dims.length - 1, left = flat; axis >= 0; axis--) {
    index.unshift(left % dims[axis]!);
    left = Math.floor(left / dims[axis]!);
  }
  return index;
}

/** The same, one tensor for each axis. */
function positions(t: TensorValue): Value {
  const found = nonzero(t);
  const axis = (at: number) => found?.map((index) => index[at]!) ?? null;
  return tuple(needDims(t).map((_, at) => whole(t, "nonzero", axis(at), [found?.length ?? null])));
}

/** Sums of weights: PyTorch keeps float32, all else becomes float64. */
function weighted(t: TensorValue, size: number | null, weights: TensorValue): TensorValue {
  const dtype = t.framework === "torch" ? null : "float64";
  return result({
    framework: t.framework,
    shape: fixedShape([size]),
    dtype: dtype ? fixedDType(dtype) : dtypeFrom(() => keptFloat(dtypeOf(weights))),
    inputs: [t, weights],
    operation: "bincount",
    exact: false,
  });
}

function keptFloat(dtype: DType | null): DType | null {
  return dtype === null || dtype === "float32" ? dtype : "float64";
}

/** The different values, sorted unless only neighbours are compared, and what else is asked for, in the library's order. */
function unique(g: Given, t: TensorValue, asked: readonly string[], neighbours = false): Value {
  if (g.get("dim")) unclear("python.unsupported", { what: g.path });
  const values = sure(t);
  const groups = values && !values.some(Number.isNaN) ? groupsOf(values, neighbours) : null;
  const count = groups?.length ?? null;
  const found = result({
    framework: t.framework,
    shape: fixedShape([count]),
    dtype: t.dtype,
    inputs: [t],
    operation: "unique",
    exact: true,
    compute: groups
      ? (_data, _dims, to) =>
          filled(
            to,
            groups.map(({ value }) => value),
          )
      : undefined,
    why: { code: "python.dependsOnValues" },
  });
  const more = asked
    .filter((name) => g.flag(name, false))
    .map((name) => {
      if (name === "return_counts") return whole(t, name, groups?.map(({ at }) => at.length) ?? null, [count]);
      if (name === "return_index") return whole(t, name, groups?.map(({ at }) => at[0]!) ?? null, [count]);
      const shape = t.framework === "torch" ? t.shape.dims : shapeFrom([t], ([dims]) => [product(dims!)]).dims;
      return whole(t, name, groups && inverse(groups, values!.length), shape);
    });
  return more.length > 0 ? tuple([found, ...more]) : found;
}

function product(dims: readonly unknown[]): number | null {
  return dims.every((d) => typeof d === "number") ? (dims as number[]).reduce((n, d) => n * d, 1) : null;
}

interface Group {
  readonly value: number;
  /** Where it stands. */
  readonly at: number[];
}

function groupsOf(values: readonly number[], neighbours: boolean): Group[] {
  const order = values.map((_, at) => at);
  if (!neighbours) order.sort((a, b) => values[a]! - values[b]! || a - b);
  const groups: Group[] = [];
  for (const at of order) {
    const last = groups.at(-1);
    if (last?.value === values[at]) last!.at.push(at);
    else groups.push({ value: values[at]!, at: [at] });
  }
  return groups;
}

/** For each element the number of its group. */
function inverse(groups: readonly Group[], length: number): number[] {
  const of = new Array<number>(length).fill(0);
  for (const [number, { at }] of groups.entries()) for (const each of at) of[each] = number;
  return of;
}

/** Each slice along an axis as often as its number in `repeats` says: as many as these come to, where they are known. */
export function repeated(m: Machine, t: TensorValue, axis: number, repeats: TensorValue): Value {
  const dims = needDims(t);
  const at = axisOf(axis, dims.length);
  const times = sure(repeats);
  const total = times?.reduce((sum, count) => sum + count, 0) ?? null;
  if (times?.length === 1) return m.operate("torch.repeat_interleave", args([t, int(times[0]!), int(at)]));
  if (times && total! <= valueLimit) {
    if (typeof dims[at] === "number" && dims[at] !== times.length)
      raise("ValueError", "python.unsupported", { what: "repeats" });
    const index = times.flatMap((count, which) => Array.from({ length: count }, () => int(which)));
    return m.operate("torch.index_select", args([t, int(at), toTensor(m, t.framework, list(index), "int64")]));
  }
  return result({
    framework: t.framework,
    shape: fixedShape(dims.map((d, a) => (a === at ? total : d))),
    dtype: t.dtype,
    inputs: [t, repeats],
    operation: "repeat_interleave",
    exact: true,
    why: { code: "python.dependsOnValues" },
  });
}
