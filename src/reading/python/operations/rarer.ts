import { type DType, isInteger } from "../../../tensor/dtype.ts";
import { add, type Size } from "../run/dims.ts";
import { type Machine, raise, unclear } from "../run/machine.ts";
import { sizeOfValue } from "../run/scalars.ts";
import { blankTensor, dtypeOf, fixedDType, fixedShape, type TensorValue } from "../run/tensorValue.ts";
import { type InstanceValue, library, none, type Value } from "../run/values.ts";
import { dtypeFrom, floatOf } from "./dtypes.ts";
import { inPlaceResult } from "./elementwise.ts";
import { axisOf, type NumberArray, needDims, result, sameDType, shapeFrom } from "./making.ts";
import { type Given, type Operation, operation } from "./operation.ts";

/** Functions of one tensor whose result has its shape and is a float; their values are not modelled. */
const floats = ["lgamma", "digamma", "logit", "sinc", "i0", "expit", "mvlgamma", "polygamma"];
/** In-place forms that do what the other form does. */
const inPlace = [
  "lgamma",
  "digamma",
  "logit",
  "addcmul",
  "addcdiv",
  "lerp",
  "round",
  "copysign",
  "fmod",
  "remainder",
  "sign",
  "ge",
  "gt",
  "le",
  "lt",
  "eq",
  "ne",
  "fliplr",
  "nan_to_num",
  "atan2",
  "hypot",
  "xlogy",
  "cumsum",
  "cumprod",
  "tan",
  "sinh",
  "cosh",
  "log1p",
  "expm1",
  "log2",
  "log10",
  "exp2",
  "frac",
  "clip",
  "clamp_min",
  "clamp_max",
  "pow",
  "index_add",
  "index_fill",
  "put",
  "where",
];

/** What attention code calls now and then: mostly shapes alone. */
export const rarer: readonly Operation[] = [
  ...floats.map((name) =>
    operation(`torch.${name} T.${name} torch.special.${name}`, "input, *rest, **more", (g) =>
      elementwise(g.tensor("input"), name, true),
    ),
  ),
  ...inPlace.map((name) =>
    operation(`T.${name}_`, "self, *rest, **more", (g, m) => {
      const self = g.tensor("self");
      const value = m.has(`torch.Tensor.${name}`)
        ? m.operate(`torch.Tensor.${name}`, g.args)
        : unclear("python.unsupported", { what: g.path });
      return value.kind === "tensor" ? inPlaceResult(m, self, value) : unclear("python.unsupported", { what: g.path });
    }),
  ),
  operation(
    "operator.invert torch.bitwise_not T.bitwise_not T.__invert__ np.invert np.bitwise_not jnp.invert",
    "input",
    (g) => inverted(g.tensor("input")),
  ),
  operation("T.bitwise_not_", "input", (g, m) => inPlaceResult(m, g.tensor("input"), inverted(g.tensor("input")))),
  operation("torch.diff T.diff np.diff jnp.diff", "input, n?, dim?, **more", (g, m) => shortened(g, m)),
  operation("torch.fliplr T.fliplr np.fliplr torch.flipud T.flipud np.flipud", "input", (g) =>
    elementwise(g.tensor("input"), "flip", false),
  ),
  operation(
    "torch.conj T.conj np.conj np.conjugate jnp.conj torch.conj_physical T.conj_physical torch.resolve_conj T.resolve_conj",
    "input",
    (g) => elementwise(g.tensor("input"), "conj", false),
  ),
  operation("np.pad jnp.pad", "array, pad_width, mode?, constant_values?, **more", numpyPad),
  operation("torch.autograd.Variable torch.autograd.variable.Variable", "data?, requires_grad?, volatile?", (g) =>
    g.need("data"),
  ),
  operation(
    "torch.nn.utils.clip_grad_norm_ torch.nn.utils.clip_grad_norm torch.nn.utils.clip_grad.clip_grad_norm_",
    "parameters, max_norm, *rest, **more",
    () => blankTensor("torch", [], fixedDType("float32"), { code: "python.notComputed" }),
  ),
  operation("torch.nn.utils.clip_grad_value_", "parameters, clip_value, **more", () => none),
  operation(
    "torch.nn.utils.spectral_norm torch.nn.utils.weight_norm torch.nn.utils.parametrizations.weight_norm torch.nn.utils.parametrizations.spectral_norm",
    "module, *rest, **more",
    (g) => g.need("module"),
  ),
  operation(
    "nn.DataParallel nn.parallel.DistributedDataParallel nn.parallel.DataParallel",
    "module, *rest, **more",
    (g) => wrapped(g.need("module")),
  ),
  operation("nn.SyncBatchNorm.convert_sync_batchnorm", "module, process_group?", (g) => g.need("module")),
  operation("nn.Wrapper.forward", "self, *rest, **more", (g, m) => {
    const self = g.need("self");
    const inner = self.kind === "instance" ? self.attributes.get("module") : undefined;
    return inner ? m.call(inner, { ...g.args, positional: g.args.positional.slice(1) }) : unclear("python.undecided");
  }),
];

function wrapped(module: Value): InstanceValue {
  return {
    kind: "instance",
    type: library("torch.nn.Wrapper"),
    attributes: new Map([["module", module]]),
    data: {},
    open: false,
  };
}

function elementwise(input: TensorValue, name: string, real: boolean): TensorValue {
  const dtype = real ? dtypeFrom(() => floatOf(input.framework, dtypeOf(input))) : sameDType(input);
  return result({
    framework: input.framework,
    shape: input.shape,
    dtype,
    inputs: [input],
    operation: name,
    exact: false,
  });
}

/** `~`: not, for booleans; all bits turned, for integers. */
function inverted(input: TensorValue): TensorValue {
  const own = dtypeOf(input);
  if (own !== null && own !== "bool" && !isInteger(own)) raise("TypeError", "python.operandTypes", { operator: "~" });
  const flip = (x: number, dtype: DType): number =>
    dtype === "bool" ? (x ? 0 : 1) : dtype.startsWith("u") ? 2 ** Number(dtype.slice(4)) - 1 - x : -1 - x;
  return result({
    framework: input.framework,
    shape: input.shape,
    dtype: sameDType(input),
    inputs: [input],
    operation: "invert",
    exact: true,
    compute: ([data], _dims, dtype) => data!.map((x: number) => flip(x, dtype)) as NumberArray,
  });
}

function less(m: Machine, size: Size, by: Size): Size {
  const left = m.symbols.resolve(add(size, by, -1));
  return typeof left === "number" ? Math.max(0, left) : left;
}

function shortened(g: Given, m: Machine): TensorValue {
  if (g.keywords.has("prepend") || g.keywords.has("append")) unclear("python.unsupported", { what: g.path });
  const input = g.tensor("input");
  const by = g.get("n") ? g.size("n") : 1;
  const axis = g.get("dim") ? g.int("dim") : -1;
  const shape = shapeFrom([input], ([dims]) =>
    dims!.map((size, at) => (at === axisOf(axis, dims!.length) ? less(m, size, by) : size)),
  );
  return result({
    framework: input.framework,
    shape,
    dtype: input.dtype,
    inputs: [input],
    operation: "diff",
    exact: false,
  });
}

/** One amount for all, a pair for all, or a pair for each axis. */
function numpyPad(g: Given, m: Machine): Value {
  const array = g.tensor("array");
  const dims = needDims(array);
  const pairs = pairsOf(m, g.need("pad_width"), dims.length);
  const shape = dims.map((size, axis) => m.symbols.resolve(add(add(size, pairs[axis]![0]), pairs[axis]![1])));
  return result({
    framework: array.framework,
    shape: fixedShape(shape),
    dtype: array.dtype,
    inputs: [array],
    operation: "pad",
    exact: false,
  });
}

function pairsOf(m: Machine, width: Value, rank: number): (readonly [Size, Size])[] {
  const items = width.kind === "tuple" || width.kind === "list" ? (m.iterate(width)?.items ?? []) : null;
  if (!items) return new Array<readonly [Size, Size]>(rank).fill([sizeOfValue(width), sizeOfValue(width)]);
  const nested = items.map((item) =>
    item.kind === "tuple" || item.kind === "list" ? (m.iterate(item)?.items ?? []).map(sizeOfValue) : null,
  );
  if (nested.every((pair) => pair === null))
    return new Array<readonly [Size, Size]>(rank).fill([sizeOfValue(items[0]!), sizeOfValue(items.at(-1)!)]);
  const pairs = nested.map((pair): readonly [Size, Size] => [pair?.[0] ?? null, pair?.at(-1) ?? null]);
  return pairs.length === rank
    ? pairs
    : pairs.length === 1
      ? new Array<readonly [Size, Size]>(rank).fill(pairs[0]!)
      : unclear("python.undecided");
}
