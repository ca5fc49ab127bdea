import type { DType } from "../../../tensor/dtype.ts";
import type { Size } from "../run/dims.ts";
import { type Machine, unclear } from "../run/machine.ts";
import { numeric } from "../run/scalars.ts";
import {
  concreteDims,
  type DTypeCell,
  dimsOf,
  dtypeOf,
  elements as elementsOf,
  fixedDType,
  type ShapeCell,
  type TensorValue,
} from "../run/tensorValue.ts";
import { args, bool, float, int, tuple, unknown, type Value } from "../run/values.ts";
import { converted, dtypeArgument, toTensor } from "./constructors.ts";
import { category, dtypeFrom, floatOf } from "./dtypes.ts";
import { arrayLibrary, arrayOf, axisOf, type NumberArray, rankOf, result, shapeFrom } from "./making.ts";
import { type Given, integers, type Operation, operation } from "./operation.ts";
import { withRankOf } from "./ranks.ts";

/** A function of the numbers along the reduced axes. */
interface Reduction {
  /** null: not computed. */
  readonly of: ((values: Float64Array) => number) | null;
  readonly dtype: "sum" | "float" | "same" | "bool" | "index";
  readonly exact: boolean;
}

const sum = (v: Float64Array) => v.reduce((a, b) => a + b, 0);
const mean = (v: Float64Array) => sum(v) / v.length;
const variance = (v: Float64Array, correction: number) => {
  const middle = mean(v);
  return v.reduce((a, x) => a + (x - middle) ** 2, 0) / (v.length - correction);
};
const largest = (v: Float64Array) =>
  v.reduce((a, b) => (Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : Math.max(a, b)), Number.NEGATIVE_INFINITY);
const smallest = (v: Float64Array) =>
  v.reduce((a, b) => (Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : Math.min(a, b)), Number.POSITIVE_INFINITY);
const placeOf = (v: Float64Array, x: number) => (Number.isNaN(x) ? v.findIndex(Number.isNaN) : v.indexOf(x));
const median = (v: Float64Array, lower: boolean) => {
  if (v.some(Number.isNaN)) return Number.NaN;
  const sorted = v.slice().sort();
  const middle = (sorted.length - 1) / 2;
  return lower ? sorted[Math.floor(middle)]! : (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
};
const logSumExp = (v: Float64Array) => {
  const top = largest(v);
  return Number.isFinite(top) ? top + Math.log(v.reduce((a, x) => a + Math.exp(x - top), 0)) : top;
};

const reductions: Readonly<Record<string, Reduction>> = {
  sum: { of: sum, dtype: "sum", exact: false },
  prod: { of: (v) => v.reduce((a, b) => a * b, 1), dtype: "sum", exact: false },
  mean: { of: mean, dtype: "float", exact: false },
  amax: { of: largest, dtype: "same", exact: true },
  amin: { of: smallest, dtype: "same", exact: true },
  any: { of: (v) => Number(v.some((x) => x !== 0)), dtype: "bool", exact: true },
  all: { of: (v) => Number(v.every((x) => x !== 0)), dtype: "bool", exact: true },
  argmax: { of: (v) => placeOf(v, largest(v)), dtype: "index", exact: true },
  argmin: { of: (v) => placeOf(v, smallest(v)), dtype: "index", exact: true },
  logsumexp: { of: logSumExp, dtype: "float", exact: false },
  count_nonzero: { of: (v) => v.filter((x) => x !== 0).length, dtype: "index", exact: true },
  median: { of: (v) => median(v, false), dtype: "float", exact: false },
};

/** Which axes are reduced: given ones from the front, null for all. */
type Axes = readonly number[] | null;

function reducedShape(t: TensorValue, axes: Axes, keep: boolean): ShapeCell {
  const cell = shapeFrom([t], ([dims]) => reducedDims(dims!, axes, keep));
  return axes === null && !keep ? cell : withRankOf(t, keep ? 0 : -axes!.length, cell);
}

function reducedDims(dims: readonly Size[], axes: Axes, keep: boolean): Size[] {
  const gone = goneAxes(dims, axes);
  return keep ? dims.map((d, axis) => (gone.has(axis) ? 1 : d)) : dims.filter((_, axis) => !gone.has(axis));
}

/** What has no axes may be reduced along its first, which it has not. */
function goneAxes(dims: readonly Size[], axes: Axes): ReadonlySet<number> {
  if (axes === null || dims.length === 0) return new Set(dims.keys());
  return new Set(axes.map((a) => axisOf(a, dims.length)));
}

/** Gathers the numbers along the reduced axes for each result. */
export function reduceElements(
  data: NumberArray,
  dims: readonly number[],
  axes: Axes,
  dtype: DType,
  of: (values: Float64Array) => number,
): NumberArray {
  const gone = goneAxes(dims, axes);
  const strides = dims.map((_, axis) => dims.slice(axis + 1).reduce((n, d) => n * d, 1));
  const kept = dims.map((_, axis) => axis).filter((axis) => !gone.has(axis));
  const inner = [...gone].sort((a, b) => a - b);
  const offsets = offsetsOf(
    inner.map((a) => dims[a]!),
    inner.map((a) => strides[a]!),
  );
  const starts = offsetsOf(
    kept.map((a) => dims[a]!),
    kept.map((a) => strides[a]!),
  );
  const out = arrayOf(dtype, starts.length);
  const values = new Float64Array(offsets.length);
  for (let at = 0; at < starts.length; at++) {
    for (let i = 0; i < offsets.length; i++) values[i] = data[starts[at]! + offsets[i]!]!;
    out[at] = of(values);
  }
  return out;
}

function offsetsOf(dims: readonly number[], strides: readonly number[]): Int32Array {
  const count = dims.reduce((n, d) => n * d, 1);
  const offsets = new Int32Array(count);
  const index = new Array<number>(dims.length).fill(0);
  let at = 0;
  for (let flat = 0; flat < count; flat++) {
    offsets[flat] = at;
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      at += strides[axis]!;
      if (++index[axis]! < dims[axis]!) break;
      at -= strides[axis]! * dims[axis]!;
      index[axis] = 0;
    }
  }
  return offsets;
}

function reductionDType(t: TensorValue, kind: Reduction["dtype"], given: DType | "open" | undefined): DTypeCell {
  if (given === "open") return fixedDType(null);
  if (given) return fixedDType(given);
  if (kind === "bool") return fixedDType("bool");
  if (kind === "index") return fixedDType(t.framework === "jax" ? "int32" : "int64");
  if (kind === "same") return t.dtype;
  const tell = (): DType | null => {
    const dtype = dtypeOf(t);
    if (dtype === null || category(dtype) >= 2) return dtype;
    if (kind === "sum") return summedInteger(t.framework, dtype);
    return t.framework === "numpy" ? "float64" : t.framework === "tensorflow" ? dtype : floatOf(t.framework, dtype);
  };
  return dtypeOf(t) !== null && category(dtypeOf(t)!) >= 2 ? t.dtype : dtypeFrom(tell);
}

/** Integers and bools are summed in the widest integers, but in TensorFlow; NumPy and JAX keep them unsigned. */
function summedInteger(framework: TensorValue["framework"], dtype: DType): DType {
  const unsigned = dtype.startsWith("u");
  if (framework === "torch") return "int64";
  if (framework === "numpy") return unsigned ? "uint64" : "int64";
  return framework === "jax" ? (unsigned ? "uint32" : "int32") : dtype;
}

/** Reduces some axes, or all. */
export function reduced(
  _m: Machine,
  t: TensorValue,
  name: string,
  r: Reduction,
  axes: Axes,
  keep: boolean,
  given?: DType | "open",
): TensorValue {
  const dtype = reductionDType(t, r.dtype, given);
  const made = result({
    framework: t.framework,
    shape: reducedShape(t, axes, keep),
    dtype,
    // What is asked to be summed in another type is converted first.
    inputs: [given && given !== "open" ? converted(t, dtype, t.framework) : t],
    operation: name,
    exact: r.exact,
    details: { axes, keep },
    compute: r.of ? ([data], _dims, to) => reduceElements(data!, concreteDims(t)!, axes, to, r.of!) : undefined,
  });
  made.scalar = t.framework === "numpy" && dimsOf(made)?.length === 0;
  return made;
}

/** (Σ |x|^p)^(1/p), with its limits at ±∞ and 0. */
export function powerNorm(v: Float64Array, p: number): number {
  if (p === 2) return Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
  if (p === Number.POSITIVE_INFINITY) return largest(v.map(Math.abs));
  if (p === Number.NEGATIVE_INFINITY) return smallest(v.map(Math.abs));
  if (p === 0) return v.filter((x) => x !== 0).length;
  return v.reduce((sum, x) => sum + Math.abs(x) ** p, 0) ** (1 / p);
}

function axesArgument(g: Given, m: Machine): Axes {
  const given = g.get("dim");
  return given ? integers(m, given) : null;
}

function input(g: Given, m: Machine): TensorValue {
  const value = g.need("input");
  if (value.kind === "tensor") return value;
  const framework = arrayLibrary(g.path);
  return framework && (value.kind === "list" || value.kind === "tuple")
    ? toTensor(m, framework, value, undefined)
    : g.tensor("input");
}

const names: Readonly<Record<string, string>> = {
  sum: "torch.sum T.sum np.sum A.sum jnp.sum J.sum tf.reduce_sum np.nansum torch.nansum T.nansum",
  prod: "torch.prod T.prod np.prod A.prod jnp.prod tf.reduce_prod",
  mean: "torch.mean T.mean np.mean A.mean jnp.mean J.mean tf.reduce_mean np.average np.nanmean torch.nanmean T.nanmean",
  amax: "torch.amax T.amax np.max np.amax A.max jnp.max J.max tf.reduce_max",
  amin: "torch.amin T.amin np.min np.amin A.min jnp.min J.min tf.reduce_min",
  any: "torch.any T.any np.any A.any jnp.any tf.reduce_any",
  all: "torch.all T.all np.all A.all jnp.all tf.reduce_all",
  logsumexp:
    "torch.logsumexp T.logsumexp jax.nn.logsumexp jax.scipy.special.logsumexp tf.reduce_logsumexp scipy.special.logsumexp",
  count_nonzero: "torch.count_nonzero T.count_nonzero np.count_nonzero",
};

function reductionOperations(): Operation[] {
  return Object.entries(names).map(([name, spelled]) =>
    operation(spelled, "input, dim?, dtype?, out?, keepdim?, *, initial?, where?, name?, weights?", (g, m) => {
      const t = input(g, m);
      // torch's second and third positions are dim and keepdim, NumPy's axis and dtype.
      const third = g.get("dtype");
      const keepThird = third?.kind === "bool" || third?.kind === "int";
      const keep = keepThird ? m.truth(third) === true : g.flag("keepdim", false);
      const r = reductions[name]!;
      return reduced(
        m,
        t,
        name,
        computed(g, r),
        axesArgument(g, m),
        keep,
        keepThird ? undefined : dtypeArgument(third, t.framework),
      );
    }),
  );
}

/** A reduction as far as its arguments are modelled; `nansum` and its like leave out what is no number. */
function computed(g: Given, r: Reduction): Reduction {
  if (!r.of || g.get("weights") || g.get("where") || g.get("initial")) return { ...r, of: null };
  return /nan(sum|mean)$/.test(g.path) ? { ...r, of: (v) => r.of!(v.filter((x) => !Number.isNaN(x))) } : r;
}

function spread(g: Given, m: Machine, root: boolean): Value {
  const t = input(g, m);
  const given = g.get("dim");
  const flagFirst = given?.kind === "bool";
  const numpy = t.framework !== "torch";
  const correction = g.get("ddof")
    ? g.int("ddof")
    : g.get("correction")
      ? g.int("correction")
      : numpy
        ? 0
        : m.truth((flagFirst ? given : g.get("unbiased")) ?? bool(true)) === false
          ? 0
          : 1;
  const axes = given && !flagFirst ? integers(m, given) : null;
  const of = (v: Float64Array) => (root ? Math.sqrt(variance(v, correction)) : variance(v, correction));
  return reduced(m, t, root ? "std" : "var", { of, dtype: "float", exact: false }, axes, g.flag("keepdim", false));
}

const pairNames = ["values", "indices"] as const;

function valuesAndIndices(values: TensorValue, indices: TensorValue): Value {
  return { ...tuple([values, indices]), names: pairNames, typeName: "torch.return_types" };
}

/** torch.max: of everything, of two tensors, or along an axis with the indices. */
function maximum(g: Given, m: Machine, largestOne: boolean): Value {
  const t = g.tensor("input");
  const second = g.get("dim") ?? g.get("other");
  const name = largestOne ? "amax" : "amin";
  if (!second) return reduced(m, t, name, reductions[name]!, null, false);
  if (second.kind === "tensor")
    return m.operate(largestOne ? "torch.maximum" : "torch.minimum", {
      positional: [t, second],
      named: new Map(),
      open: false,
      at: null,
    });
  const axes = integers(m, second);
  const keep = g.flag("keepdim", false);
  return valuesAndIndices(
    reduced(m, t, name, reductions[name]!, axes, keep),
    reduced(m, t, `arg${name}`, reductions[largestOne ? "argmax" : "argmin"]!, axes, keep),
  );
}

function cumulative(g: Given, m: Machine, of: (a: number, b: number) => number): Value {
  const t = input(g, m);
  const given = g.get("dim");
  if (!given && t.framework !== "torch") {
    const flat = m.operate("numpy.ravel", { positional: [t], named: new Map(), open: false, at: null });
    const dtype = g.get("dtype");
    return m.operate(g.path, args([flat, int(0)], dtype ? { dtype } : {}));
  }
  const axis = g.int("dim");
  const made = result({
    framework: t.framework,
    shape: t.shape,
    dtype: reductionDType(t, "sum", dtypeArgument(g.get("dtype"), t.framework)),
    inputs: [t],
    operation: "cumulative",
    exact: false,
    details: { axis },
    compute: ([data], dims, to) => {
      const at = axisOf(axis, dims.length);
      const stride = dims.slice(at + 1).reduce((n, d) => n * d, 1);
      const out = arrayOf(to, data!.length);
      for (let flat = 0; flat < out.length; flat++) {
        const first = Math.floor(flat / stride) % dims[at]! === 0;
        out[flat] = first ? data![flat]! : of(out[flat - stride]!, data![flat]!);
      }
      return out;
    },
  });
  made.shape = t.shape;
  return made;
}

/** Functions that sum, average, compare or order along axes. */
export const reductionOperationsList: readonly Operation[] = [
  ...reductionOperations(),
  operation(
    "torch.std T.std np.std A.std jnp.std tf.math.reduce_std",
    "input, dim?, unbiased?, keepdim?, *, correction?, ddof?, dtype?, out?",
    (g, m) => spread(g, m, true),
  ),
  operation(
    "torch.var T.var np.var A.var jnp.var J.var tf.math.reduce_variance",
    "input, dim?, unbiased?, keepdim?, *, correction?, ddof?, dtype?, out?",
    (g, m) => spread(g, m, false),
  ),
  operation("torch.var_mean torch.std_mean", "input, dim?, unbiased?, keepdim?, *, correction?", (g, m) =>
    tuple([
      spread(g, m, g.path.includes("std")),
      reduced(m, g.tensor("input"), "mean", reductions.mean!, axesArgument(g, m), g.flag("keepdim", false)),
    ]),
  ),
  operation("torch.max T.max", "input, dim?, keepdim?, *, other?", (g, m) => maximum(g, m, true)),
  operation("torch.min T.min", "input, dim?, keepdim?, *, other?", (g, m) => maximum(g, m, false)),
  operation(
    "torch.argmax T.argmax np.argmax A.argmax jnp.argmax J.argmax tf.argmax torch.argmin T.argmin np.argmin A.argmin jnp.argmin tf.argmin",
    "input, dim?, keepdim?, *, out?, output_type?",
    (g, m) => {
      const t = input(g, m);
      const name = g.path.endsWith("max") ? "argmax" : "argmin";
      const axes = g.get("dim") ? integers(m, g.need("dim")) : t.framework === "tensorflow" ? [0] : null;
      return reduced(m, t, name, reductions[name]!, axes, g.flag("keepdim", false));
    },
  ),
  operation("torch.median T.median", "input, dim?, keepdim?", (g, m) => {
    const t = g.tensor("input");
    const r: Reduction = { of: (v) => median(v, true), dtype: "same", exact: true };
    if (!g.get("dim")) return reduced(m, t, "median", r, null, false);
    const [axes, keep] = [integers(m, g.need("dim")), g.flag("keepdim", false)];
    return valuesAndIndices(
      reduced(m, t, "median", r, axes, keep),
      reduced(m, t, "argmedian", { of: null, dtype: "index", exact: false }, axes, keep),
    );
  }),
  operation("np.median jnp.median", "input, dim?, out?, overwrite_input?, keepdim?", (g, m) =>
    reduced(m, input(g, m), "median", reductions.median!, axesArgument(g, m), g.flag("keepdim", false)),
  ),
  operation(
    "torch.norm T.norm torch.linalg.norm np.linalg.norm jnp.linalg.norm torch.linalg.vector_norm tf.norm",
    "input, p?, dim?, keepdim?, dtype?, *, ord?, out?",
    (g, m) => {
      const t = g.tensor("input");
      const p = g.get("p") ?? g.get("ord");
      const two = !p || (p.kind === "string" && p.value === "fro");
      const order = two ? 2 : p.kind === "int" || p.kind === "float" ? numeric(p) : null;
      // Of a matrix, linalg's norm of an order is no norm of its elements.
      const matrix =
        !two &&
        g.path.endsWith("linalg.norm") &&
        (g.get("dim") ? integers(m, g.need("dim")).length : (rankOf(t) ?? 2)) > 1;
      const of = order === null || matrix ? null : (v: Float64Array) => powerNorm(v, order);
      return reduced(m, t, "norm", { of, dtype: "float", exact: false }, axesArgument(g, m), g.flag("keepdim", false));
    },
  ),
  operation(
    "torch.cumsum T.cumsum np.cumsum A.cumsum jnp.cumsum tf.cumsum tf.math.cumsum T.cumsum_",
    "input, dim?, dtype?, out?",
    (g, m) => cumulative(g, m, (a, b) => a + b),
  ),
  operation("torch.cumprod T.cumprod np.cumprod jnp.cumprod", "input, dim?, dtype?, out?", (g, m) =>
    cumulative(g, m, (a, b) => a * b),
  ),
  operation("torch.topk T.topk tf.math.top_k jax.lax.top_k", "input, k, dim?, largest?, sorted?, *, out?", (g, m) => {
    const t = g.tensor("input");
    const [k, axis] = [g.size("k"), g.int("dim", -1)];
    const shape = () => shapeFrom([t], ([dims]) => dims!.map((d, at) => (at === axisOf(axis, dims!.length) ? k : d)));
    const [values, indices] = [shape(), shape()];
    const pick = ordering(g.flag("largest", true));
    void m;
    return valuesAndIndices(
      result({
        framework: t.framework,
        shape: values,
        dtype: t.dtype,
        inputs: [t],
        operation: "topk",
        exact: true,
        details: { axis },
        compute: ([data], dims, to) => picked(data!, concreteDims(t)!, axis, dims, to, pick, false),
      }),
      result({
        framework: t.framework,
        shape: indices,
        dtype: fixedDType(t.framework === "jax" || t.framework === "tensorflow" ? "int32" : "int64"),
        inputs: [t],
        operation: "topk",
        exact: false,
        compute: ([data], dims, to) => picked(data!, concreteDims(t)!, axis, dims, to, pick, true),
      }),
    );
  }),
  operation("torch.sort T.sort", "input, dim?, descending?, stable?, *, out?", (g) => {
    const t = g.tensor("input");
    const [axis, pick] = [g.int("dim", -1), ordering(g.flag("descending", false))];
    return valuesAndIndices(
      result({
        framework: t.framework,
        shape: t.shape,
        dtype: t.dtype,
        inputs: [t],
        operation: "sort",
        exact: true,
        compute: ([data], dims, to) => picked(data!, dims, axis, dims, to, pick, false),
      }),
      result({
        framework: t.framework,
        shape: t.shape,
        dtype: fixedDType("int64"),
        inputs: [t],
        operation: "sort",
        exact: false,
        compute: ([data], dims, to) => picked(data!, dims, axis, dims, to, pick, true),
      }),
    );
  }),
  operation(
    "torch.argsort T.argsort np.argsort A.argsort jnp.argsort",
    "input, dim?, descending?, kind?, order?, stable?",
    (g) => {
      const t = g.tensor("input");
      const pick = ordering(g.get("descending")?.kind === "bool" && g.flag("descending", false));
      return result({
        framework: t.framework,
        shape: t.shape,
        dtype: fixedDType(t.framework === "jax" ? "int32" : "int64"),
        inputs: [t],
        operation: "sort",
        exact: false,
        compute: ([data], dims, to) => picked(data!, dims, g.int("dim", -1), dims, to, pick, true),
      });
    },
  ),
  operation("np.sort jnp.sort tf.sort", "input, dim?, kind?, order?", (g) => {
    const t = g.tensor("input");
    return result({
      framework: t.framework,
      shape: t.shape,
      dtype: t.dtype,
      inputs: [t],
      operation: "sort",
      exact: true,
      compute: ([data], dims, to) => picked(data!, dims, g.int("dim", -1), dims, to, ordering(false), false),
    });
  }),
  operation("T.item A.item J.item T.tolist A.tolist J.tolist", "input, *at", (g) =>
    pythonValue(g.tensor("input"), g.path.endsWith("tolist")),
  ),
  operation(
    "torch.allclose np.allclose torch.equal T.equal np.array_equal T.allclose jnp.allclose",
    "input, other, rtol?, atol?, equal_nan?",
    () => unknown("python.notComputed", undefined, "bool"),
  ),
];

/** What is no number counts as larger than all. */
function ordering(descending: boolean): (a: number, b: number) => number {
  const rising = (a: number, b: number): number =>
    Number.isNaN(a) || Number.isNaN(b) ? Number(Number.isNaN(a)) - Number(Number.isNaN(b)) : a < b ? -1 : Number(a > b);
  return descending ? (a, b) => rising(b, a) : rising;
}

/** The first of each line in the given order: the values or where they were. */
function picked(
  data: NumberArray,
  dims: readonly number[],
  axis: number,
  out: readonly number[],
  dtype: DType,
  order: (a: number, b: number) => number,
  indices: boolean,
): NumberArray {
  const at = axisOf(axis, dims.length);
  const [length, taken] = [dims[at] ?? 1, out[at] ?? 1];
  const stride = dims.slice(at + 1).reduce((n, d) => n * d, 1);
  const lines = data.length / Math.max(1, length);
  const made = arrayOf(dtype, lines * taken);
  for (let line = 0; line < lines; line++) {
    const [outer, inner] = [Math.floor(line / stride), line % stride];
    const start = outer * length * stride + inner;
    const sorted = Array.from({ length }, (_, i) => i).sort(
      (a, b) => order(data[start + a * stride]!, data[start + b * stride]!) || a - b,
    );
    for (let i = 0; i < taken; i++)
      made[outer * taken * stride + inner + i * stride] = indices ? sorted[i]! : data[start + sorted[i]! * stride]!;
  }
  return made;
}

/** `x.item()`, `x.tolist()`. */
function pythonValue(t: TensorValue, nested: boolean): Value {
  const dtype = dtypeOf(t);
  const kind = dtype === null ? undefined : dtype === "bool" ? "bool" : category(dtype) === 1 ? "int" : "float";
  const [data, dims] = [elementsOf(t), concreteDims(t)];
  if (!data || !dims) return unknown("python.notComputed", undefined, nested && rankOf(t) !== 0 ? undefined : kind);
  const one = (at: number): Value =>
    kind === "bool"
      ? bool(Boolean(data[at]))
      : kind === "int"
        ? int(typeof data[at] === "bigint" ? data[at] : Number(data[at]))
        : float(Number(data[at]));
  if (!nested || dims.length === 0) return data.length === 1 ? one(0) : unclear("python.unsupported", { what: "item" });
  const part = (axis: number, from: number): Value => {
    const step = dims.slice(axis + 1).reduce((n, d) => n * d, 1);
    return {
      kind: "list",
      items: Array.from({ length: dims[axis]! }, (_, i) =>
        axis === dims.length - 1 ? one(from + i) : part(axis + 1, from + i * step),
      ),
      open: false,
      literal: null,
    };
  };
  return part(0, 0);
}
