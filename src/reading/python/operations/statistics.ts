import type { DType } from "../../../tensor/dtype.ts";
import type { Size } from "../run/dims.ts";
import type { Machine } from "../run/machine.ts";
import { dimsOf, dtypeOf, fixedDType, type TensorValue } from "../run/tensorValue.ts";
import { args, tuple, type Value } from "../run/values.ts";
import { dtypeFrom, floatOf, promoted } from "./dtypes.ts";
import { operandTensor } from "./elementwise.ts";
import { arrayLibrary, axisOf, needDims, rankOf, result } from "./making.ts";
import { type Given, integers, type Operation, operation } from "./operation.ts";

/** Order statistics, histograms and where values belong: mostly shapes alone. */
export const statistics: readonly Operation[] = [
  operation(
    "torch.kthvalue T.kthvalue torch.mode T.mode torch.nanmedian T.nanmedian",
    "input, k?, dim?, keepdim?",
    (g) => {
      const t = g.tensor("input");
      const takesK = g.path.endsWith("kthvalue");
      const first = takesK ? undefined : g.optionalInt("k");
      if (g.path.endsWith("nanmedian") && first === undefined && !g.get("dim")) return blank(t, "nanmedian", []);
      const axis = first ?? g.int("dim", -1);
      const keep =
        takesK || first === undefined ? g.flag("keepdim", false) : g.flag("dim", false) || g.flag("keepdim", false);
      const dims = without(t, [axis], keep);
      return pair(blank(t, "mode", dims), blank(t, "mode", dims, "int64"), ["values", "indices"]);
    },
  ),
  operation("torch.aminmax T.aminmax", "input, *, dim?, keepdim?, out?", (g, m) => {
    const of = (name: string) => {
      const call = args(
        [g.tensor("input"), ...(g.get("dim") ? [g.need("dim")] : [])],
        g.get("keepdim") ? { keepdim: g.need("keepdim") } : {},
      );
      return m.operate(`torch.${name}`, call) as TensorValue;
    };
    return pair(of("amin"), of("amax"), ["min", "max"]);
  }),
  operation(
    "torch.quantile T.quantile torch.nanquantile T.nanquantile",
    "input, q, dim?, keepdim?, *, interpolation?, out?",
    quantile,
  ),
  operation(
    "np.quantile np.percentile np.nanquantile np.nanpercentile jnp.quantile jnp.percentile",
    "input, q, dim?, out?, overwrite_input?, method?, keepdim?, *, interpolation?",
    quantile,
  ),
  operation("np.ptp A.ptp", "input, dim?, out?, keepdim?", (g, m) => {
    const [t, dim] = [array(g, m, "input"), g.get("dim")];
    const of = (name: string) =>
      m.operate(name, args([t, ...(dim ? [dim] : [])], g.get("keepdim") ? { keepdims: g.need("keepdim") } : {}));
    return m.binary("-", of("numpy.max"), of("numpy.min"));
  }),
  operation("torch.histc T.histc", "input, bins?, min?, max?, *, out?", (g) =>
    blank(g.tensor("input"), "histc", [g.size("bins", 100)]),
  ),
  operation("np.histogram", "input, bins?, range?, normed?, weights?, density?", (g, m) => {
    const [t, bins] = [array(g, m, "input"), g.get("bins")];
    const edges = bins && bins.kind !== "int" ? needDims(operandTensor(m, "numpy", bins))[0]! : undefined;
    const count: Size = edges === undefined ? g.size("bins", 10) : typeof edges === "number" ? edges - 1 : null;
    const plain = !g.get("weights") && !g.get("density");
    const more = edges ?? (typeof count === "number" ? count + 1 : null);
    return tuple([
      blank(t, "histogram", [count], plain ? "int64" : null),
      blank(t, "histogram", [more], edges === undefined ? "float64" : null),
    ]);
  }),
  operation("torch.searchsorted", "sorted_sequence, input, *, out_int32?, right?, side?, sorter?", (g, m) =>
    places(operandTensor(m, "torch", g.need("input")), g),
  ),
  operation("torch.bucketize", "input, boundaries, *, out_int32?, right?", (g, m) =>
    places(operandTensor(m, "torch", g.need("input")), g),
  ),
  operation("np.searchsorted A.searchsorted", "a, v, side?, sorter?", (g, m) =>
    places(operandTensor(m, "numpy", g.need("v")), g),
  ),
  operation("np.digitize", "input, bins, right?", (g, m) => places(operandTensor(m, "numpy", g.need("input")), g)),
  operation("np.argpartition A.argpartition np.partition", "input, kth, dim?, kind?, order?", (g, m) => {
    const t = array(g, m, "input");
    return blank(t, "partition", dimsOf(t), g.path.includes("arg") ? "int64" : undefined);
  }),
  operation("np.isin np.in1d jnp.isin torch.isin", "input, test_elements, *more, **options", (g, m) => {
    const t = array(g, m, "input");
    const flat = (): Size[] => [needDims(t).reduce<Size>((count, size) => m.symbols.multiply(count, size), 1)];
    return blank(t, "isin", g.path.endsWith("in1d") ? flat() : dimsOf(t), "bool");
  }),
  operation("torch.cov T.cov torch.corrcoef T.corrcoef np.cov np.corrcoef", "input, *more, **options", (g, m) => {
    const t = array(g, m, "input");
    const dims = needDims(t);
    const size =
      g.rest.length + g.keywords.size > 0
        ? undefined
        : dims.length === 2
          ? [dims[0]!, dims[0]!]
          : dims.length < 2
            ? []
            : undefined;
    const wide = t.framework === "torch" ? undefined : "float64";
    const made = blank(t, "cov", size ?? null, wide);
    made.scalar = t.framework === "numpy" && g.path.endsWith("corrcoef") && size?.length === 0;
    return made;
  }),
  operation("torch.trapz torch.trapezoid np.trapz", "input, x?, dx?, dim?", (g, m) => {
    const t = array(g, m, "input");
    const dtype = t.framework === "torch" ? floatOf("torch", dtypeOf(t)) : "float64";
    return blank(t, "trapezoid", without(t, [g.int("dim", -1)], false), dtype);
  }),
  operation("torch.dist T.dist", "input, other, p?", (g) => {
    const [a, b] = [g.tensor("input"), g.tensor("other")];
    return blank(a, "dist", [], floatOf("torch", promoted("torch", [a, b], rankOf)));
  }),
  operation("torch.logcumsumexp T.logcumsumexp torch.renorm T.renorm", "input, *more, **options", (g) => {
    const t = g.tensor("input");
    return blank(t, "logcumsumexp", dimsOf(t));
  }),
  operation("torch.fmax T.fmax torch.fmin T.fmin np.fmax np.fmin", "input, other, *, out?", (g, m) =>
    m.operate(
      `${g.path.startsWith("numpy") ? "numpy" : "torch"}.${g.path.endsWith("max") ? "maximum" : "minimum"}`,
      g.args,
    ),
  ),
  operation(
    "torch.heaviside T.heaviside torch.gcd T.gcd torch.lcm T.lcm np.gcd np.lcm",
    "input, other, *, out?",
    pairwise,
  ),
  operation(
    "torch.logaddexp T.logaddexp torch.logaddexp2 np.logaddexp jnp.logaddexp np.float_power torch.float_power T.float_power",
    "input, other, *, out?",
    pairwise,
  ),
];

function array(g: Given, m: Machine, name: string): TensorValue {
  const framework = arrayLibrary(g.path);
  return framework ? operandTensor(m, framework, g.need(name)) : g.tensor(name);
}

/** A tensor whose elements are not computed; of the input's dtype where none is said, of no known one where it is null. */
function blank(t: TensorValue, operation: string, dims: readonly Size[] | null, dtype?: DType | null): TensorValue {
  return result({
    framework: t.framework,
    shape: { dims },
    dtype: dtype === undefined ? t.dtype : fixedDType(dtype),
    inputs: [t],
    operation,
    exact: false,
  });
}

function without(t: TensorValue, axes: readonly number[], keep: boolean): Size[] {
  const dims = needDims(t);
  const gone = new Set(axes.map((axis) => axisOf(axis, dims.length)));
  return keep ? dims.map((d, at) => (gone.has(at) ? 1 : d)) : dims.filter((_, at) => !gone.has(at));
}

function pair(first: TensorValue, second: TensorValue, names: readonly [string, string]): Value {
  return { ...tuple([first, second]), names, typeName: "torch.return_types" };
}

/** One result for each quantile that is asked for, in front; without that axis for a number. */
function quantile(g: Given, m: Machine): Value {
  const t = array(g, m, "input");
  const q = g.need("q");
  const front = q.kind === "int" || q.kind === "float" ? [] : needDims(operandTensor(m, t.framework, q));
  const dims = needDims(t);
  const axes = g.get("dim") ? integers(m, g.need("dim")) : dims.map((_, at) => at);
  const made = blank(
    t,
    "quantile",
    [...front, ...without(t, axes, g.flag("keepdim", false))],
    t.framework === "numpy" ? "float64" : undefined,
  );
  if (t.framework === "numpy")
    made.dtype = dtypeFrom(() =>
      t.dtype.dtype === "float32" && front.length === 0 ? "float32" : t.dtype.dtype === "float32" ? null : "float64",
    );
  made.scalar = t.framework === "numpy" && dimsOf(made)?.length === 0;
  return made;
}

/** For each value the number of its place among sorted ones. */
function places(values: TensorValue, g: Given): TensorValue {
  const made = blank(values, "searchsorted", dimsOf(values), g.flag("out_int32", false) ? "int32" : "int64");
  made.scalar = values.framework === "numpy" && dimsOf(values)?.length === 0;
  return made;
}

/** Two operands, broadcast: as their sum, or a float64 power. */
function pairwise(g: Given, m: Machine): Value {
  const framework = arrayLibrary(g.path) ?? "torch";
  const inputs = [operandTensor(m, framework, g.need("input")), operandTensor(m, framework, g.need("other"))];
  const like = m.binary("+", g.need("input"), g.need("other"));
  const shape = like.kind === "tensor" ? like.shape : { dims: [] };
  const common = () => promoted(framework, inputs, rankOf);
  const floats = /logaddexp/.test(g.path);
  const dtype = /float_power/.test(g.path)
    ? fixedDType("float64")
    : dtypeFrom(() => {
        const dtype = common();
        return dtype && floats ? floatOf(framework, dtype) : dtype;
      });
  return result({ framework, shape, dtype, inputs, operation: "pairwise", exact: false });
}
