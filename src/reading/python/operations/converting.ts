import type { DType } from "../../../tensor/dtype.ts";
import { unclear } from "../run/machine.ts";
import { numeric } from "../run/scalars.ts";
import {
  concreteDims,
  contentOf,
  dimsOf,
  dtypeOf,
  fixedDType,
  freshView,
  makeTensor,
  type TensorValue,
} from "../run/tensorValue.ts";
import { bool, none, type Value } from "../run/values.ts";
import { converted, dtypeArgument, dtypeCell, toTensor } from "./constructors.ts";
import { operandTensor } from "./elementwise.ts";
import { viewOf } from "./making.ts";
import { type Given, type Operation, operation } from "./operation.ts";

const casts: Readonly<Record<string, DType>> = {
  float: "float32",
  double: "float64",
  half: "float16",
  bfloat16: "bfloat16",
  long: "int64",
  int: "int32",
  short: "int16",
  bool: "bool",
  byte: "uint8",
  char: "int8",
};

/** The tensor itself where it has the dtype already, else a converted copy. */
function cast(t: TensorValue, dtype: DType | "open"): TensorValue {
  if (dtype !== "open" && dtypeOf(t) === dtype) return t;
  const made = converted(t, fixedDType(dtype === "open" ? null : dtype), t.framework);
  made.requiresGrad = t.requiresGrad;
  return made;
}

/** `x.to(…)`: dtype, device or another tensor, in any place. */
function movedTo(g: Given): Value {
  const t = g.tensor("input");
  const given = [...g.rest, ...g.keywords.values()];
  for (const value of [g.get("dtype"), ...given]) {
    if (!value) continue;
    if (value.kind === "dtype") return cast(t, value.dtype);
    if (value.kind === "tensor") return withCellOf(t, value);
    if (value.kind === "library" && dtypeArgument(value, "torch") !== "open")
      return cast(t, dtypeArgument(value, "torch")!);
    if (value.kind === "unknown" && value.type !== "string" && !/device/.test(value.why.code))
      return value.why.code === "python.unknownDType" || value.type === "other" || value.type === undefined
        ? maybeCast(t, value)
        : t;
  }
  return t;
}

/** An unknown argument is a device or a dtype: the shape stays, the dtype is not known. */
function maybeCast(t: TensorValue, value: Value): TensorValue {
  const device =
    value.kind === "unknown" &&
    /device|unknownAttribute/.test(`${value.why.code}${value.why.args?.name ?? ""}`) &&
    value.why.args?.name === "device";
  if (device) return t;
  const made = viewOf(t, dimsOf(t), null, 0, "to");
  made.shape = t.shape;
  made.dtype = fixedDType(null);
  made.why = { code: "python.unknownDType" };
  return made;
}

function withCellOf(t: TensorValue, like: TensorValue): TensorValue {
  const dtype = dtypeOf(like);
  if (dtype) return cast(t, dtype);
  const made = viewOf(t, dimsOf(t), null, 0, "to");
  made.shape = t.shape;
  made.dtype = like.dtype;
  return made;
}

function sharing(t: TensorValue, framework: TensorValue["framework"], requiresGrad: boolean): TensorValue {
  const dims = concreteDims(t);
  const made = makeTensor({
    framework,
    shape: t.shape,
    dtype: t.dtype,
    view: dims ? t.view : null,
    origin: t.origin,
    exact: t.exact,
    why: t.why,
    by: { operation: "detach", inputs: [t], details: {}, at: null },
  });
  made.requiresGrad = requiresGrad;
  made.literal = t.literal;
  return made;
}

/** Conversions of dtype, device, library and gradient. */
export const converting: readonly Operation[] = [
  operation("T.to", "input, *rest, dtype?, **more", movedTo),
  ...Object.entries(casts).map(([name, dtype]) =>
    operation(`T.${name}`, "input, memory_format?", (g) => cast(g.tensor("input"), dtype)),
  ),
  operation("T.type T.astype", "input, dtype?, non_blocking?", (g) => {
    const dtype = g.get("dtype");
    if (!dtype) unclear("python.type", undefined, "string");
    if (dtype.kind === "string") {
      const named = {
        "torch.FloatTensor": "float32",
        "torch.LongTensor": "int64",
        "torch.cuda.FloatTensor": "float32",
        "torch.DoubleTensor": "float64",
        "torch.HalfTensor": "float16",
        "torch.IntTensor": "int32",
        "torch.BoolTensor": "bool",
      }[dtype.value];
      return named ? cast(g.tensor("input"), named as DType) : maybeCast(g.tensor("input"), dtype);
    }
    const wanted = dtypeArgument(dtype, "torch");
    return cast(g.tensor("input"), wanted ?? "open");
  }),
  operation("T.type_as", "input, other", (g) => withCellOf(g.tensor("input"), g.tensor("other"))),
  operation("A.astype J.astype tf.cast jnp.astype", "input, dtype, order?, casting?, copy?, name?", (g, m) => {
    const value = g.need("input");
    const t = value.kind === "tensor" ? value : toTensor(m, "tensorflow", value, undefined);
    const copy = g.get("copy");
    if (copy?.kind === "bool" && !copy.value && dtypeArgument(g.need("dtype"), t.framework) === dtypeOf(t)) return t;
    const made = converted(t, dtypeCell(dtypeArgument(g.need("dtype"), t.framework)), t.framework);
    made.scalar = t.scalar;
    return made;
  }),
  operation("T.numpy T.__array__ TT.numpy", "input, *more, **options", (g) =>
    sharing(g.tensor("input"), "numpy", false),
  ),
  operation("T.detach tf.stop_gradient jax.lax.stop_gradient", "input", (g) =>
    sharing(g.tensor("input"), g.tensor("input").framework, false),
  ),
  operation(
    "T.requires_grad_ T.detach_ T.retain_grad T.pin_memory T.share_memory_ T.rename J.block_until_ready T.refine_names",
    "input, *flag, **more",
    (g, m) => {
      const t = g.tensor("input");
      if (g.path.endsWith("requires_grad_")) m.state.set(t, "requiresGrad", numeric(g.rest[0] ?? bool(true)) !== 0);
      return t;
    },
  ),
  operation("T.backward", "input, *more, **options", (g, m) => {
    for (const leaf of leaves(g.tensor("input"))) m.state.set(leaf, "grad", gradientOf(leaf));
    return none;
  }),
  operation(
    "T.register_hook T.is_floating_point T.is_complex torch.is_tensor torch.is_floating_point T.has_names T.is_sparse T.data_ptr T.element_size T.get_device T.is_pinned T.is_shared T.__len__",
    "input, *more",
    (g) => {
      if (g.path.endsWith("is_tensor"))
        return g.need("input").kind === "unknown"
          ? unclear("python.undecided", undefined, "bool")
          : bool(g.need("input").kind === "tensor");
      return unclear("python.outside", undefined, g.path.includes("is_") ? "bool" : "other");
    },
  ),
  operation("tensor.__setattr__", "input, name, value", (g, m) => {
    const [t, name, value] = [g.tensor("input"), g.text("name"), g.values.get("value")!];
    if (name === "data" || name === "shape") m.freeze(t);
    if (name === "data" && value.kind === "tensor") {
      m.state.set(t, "shape", value.shape);
      m.state.set(t, "view", value.view);
      m.state.set(t, "dtype", value.dtype);
    } else if (name === "requires_grad") m.state.set(t, "requiresGrad", m.truth(value) !== false);
    else if (name === "grad") m.state.set(t, "grad", value.kind === "tensor" ? value : null);
    else if (name === "shape") {
      const made = m.operate("numpy.reshape", { positional: [t, value], named: new Map(), open: false, at: null });
      if (made.kind === "tensor") {
        m.state.set(t, "shape", made.shape);
        m.state.set(t, "view", made.view);
      }
    }
    return none;
  }),
  ...(
    [
      "float32",
      "float64",
      "float16",
      "int64",
      "int32",
      "int16",
      "int8",
      "uint8",
      "uint16",
      "uint32",
      "uint64",
      "bool",
    ] as const
  ).map((dtype) =>
    operation(`numpy.scalar.${dtype}`, "x?", (g, m) => {
      const x = g.get("x") ?? { kind: "int", value: 0 };
      const t =
        x.kind === "list" || x.kind === "tuple"
          ? toTensor(m, "numpy", x, dtype)
          : converted(operandTensor(m, "numpy", x), fixedDType(dtype), "numpy");
      t.scalar = dimsOf(t)?.length === 0;
      return t;
    }),
  ),
];

/** Tensors without inputs that a gradient arrives at. */
function leaves(from: TensorValue): Set<TensorValue> {
  const found = new Set<TensorValue>();
  const seen = new Set<TensorValue>();
  const waiting = [from];
  for (let t = waiting.pop(); t && seen.size < 5000; t = waiting.pop()) {
    if (seen.has(t)) continue;
    seen.add(t);
    if (t.requiresGrad && (!t.by || t.by.inputs.length === 0 || t.parameter)) found.add(t);
    else waiting.push(...(t.by?.inputs ?? []));
  }
  return found;
}

function gradientOf(leaf: TensorValue): TensorValue {
  const made = viewOf(leaf, dimsOf(leaf), null, 0, "grad");
  made.shape = leaf.shape;
  made.requiresGrad = false;
  const dims = concreteDims(leaf);
  if (dims)
    made.view = freshView(dims, {
      ...contentOf(leaf),
      data: null,
      why: { code: "python.gradient" },
      compute: null,
      base: null,
      apply: null,
    });
  return made;
}
