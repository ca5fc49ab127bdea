import { unclear } from "../run/machine.ts";
import { sizeValue } from "../run/scalars.ts";
import { type BuiltinValue, bool, float, none, tuple, unknown, type Value } from "../run/values.ts";
import { broadcastShapes } from "./broadcast.ts";
import { shapeArgument } from "./constructors.ts";
import { type Operation, operation } from "./operation.ts";

const extremes: Readonly<Record<string, readonly [max: number, eps: number, tiny: number]>> = {
  float16: [65504, 0.0009765625, 6.103515625e-5],
  bfloat16: [3.3895313892515355e38, 0.0078125, 1.1754943508222875e-38],
  float32: [3.4028234663852886e38, 1.1920928955078125e-7, 1.1754943508222875e-38],
  float64: [1.7976931348623157e308, 2.220446049250313e-16, 2.2250738585072014e-308],
};

const context: Value = {
  kind: "instance",
  type: { kind: "library", path: "torch.context" },
  attributes: new Map(),
  data: {},
  open: false,
};

/** A context manager that is a decorator as well: calling it gives back what it is given. */
function manager(): BuiltinValue {
  return { kind: "builtin", name: "context", call: (given) => given.positional[0] ?? context };
}

/** What is around the tensors of PyTorch: devices, dtypes' limits, contexts, flags. */
export const torchMisc: readonly Operation[] = [
  operation(
    "torch.no_grad torch.enable_grad torch.inference_mode torch.set_grad_enabled torch.autograd.no_grad torch.autograd.set_detect_anomaly torch.backends.cuda.sdp_kernel torch.nn.attention.sdpa_kernel contextlib.nullcontext",
    "*x, **more",
    (g) => {
      const [first] = g.rest;
      return first?.kind === "function" ? first : manager();
    },
  ),
  operation(
    "torch.autocast torch.amp.autocast torch.amp.autocast_mode.autocast torch.cpu.amp.autocast torch.cuda.amp.autocast",
    "device_type?, *x, enabled?, **more",
    (g) => {
      const device = g.get("device_type");
      const elsewhere = g.path.includes("cuda") || (device?.kind === "string" && device.value.startsWith("cuda"));
      const isOff = [g.get("enabled"), device].some((each) => each?.kind === "bool" && each.value === false);
      return elsewhere || isOff ? manager() : { ...manager(), autocast: true };
    },
  ),
  operation("torch.finfo np.finfo jnp.finfo", "dtype?", (g) => {
    const dtype = g.get("dtype");
    const name = dtype?.kind === "dtype" ? dtype.dtype : dtype?.kind === "library" ? "float64" : null;
    const known = name ? extremes[name] : g.has("dtype") ? undefined : extremes.float32;
    const value = (at: 0 | 1 | 2, sign = 1): Value =>
      known ? float(sign * known[at]) : unknown("python.unknownDType", undefined, "float");
    return {
      kind: "instance",
      type: { kind: "library", path: "torch.finfo" },
      attributes: new Map([
        ["max", value(0)],
        ["min", value(0, -1)],
        ["eps", value(1)],
        ["tiny", value(2)],
        ["smallest_normal", value(2)],
      ]),
      data: {},
      open: false,
    };
  }),
  operation("torch.iinfo np.iinfo", "dtype", () => ({
    kind: "instance",
    type: { kind: "library", path: "torch.iinfo" },
    attributes: new Map(),
    data: {},
    open: true,
  })),
  operation("torch.device", "type, index?", (g) => {
    const type = g.get("type");
    return { kind: "device", name: type?.kind === "string" ? type.value : type?.kind === "device" ? type.name : "?" };
  }),
  operation(
    "torch.cuda.is_available torch.backends.mps.is_available torch.cuda.is_bf16_supported torch.distributed.is_initialized torch.distributed.is_available torch.xpu.is_available",
    "",
    () => unknown("python.device", undefined, "bool"),
  ),
  operation(
    "torch.cuda.device_count torch.get_num_threads torch.cuda.memory_allocated torch.cuda.max_memory_allocated torch.cuda.current_device",
    "*x",
    () => unknown("python.device", undefined, "int"),
  ),
  operation("torch.cuda.get_device_name torch.cuda.get_device_capability torch.cuda.get_device_properties", "*x", () =>
    unknown("python.device", undefined, "other"),
  ),
  operation(
    "torch.set_num_threads torch.set_printoptions np.set_printoptions torch.cuda.synchronize torch.cuda.empty_cache torch.use_deterministic_algorithms torch.set_float32_matmul_precision torch.save torch.cuda.set_device torch.cuda.reset_peak_memory_stats torch._assert np.testing.assert_allclose np.testing.assert_array_equal np.testing.assert_array_almost_equal np.testing.assert_almost_equal torch.testing.assert_close torch.onnx.export torch.set_deterministic",
    "*x, **more",
    () => none,
  ),
  operation(
    "torch.is_grad_enabled torch.jit.is_scripting torch.jit.is_tracing torch.is_autocast_enabled torch._dynamo.is_compiling torch.compiler.is_compiling",
    "",
    (g) => (g.path.includes("jit") ? bool(false) : unknown("python.undecided", undefined, "bool")),
  ),
  operation("torch.get_default_dtype", "", () => ({ kind: "dtype", framework: "torch", dtype: "float32" })),
  operation(
    "torch.compile torch.jit.script torch.jit.ignore torch.jit.export torch.jit.unused torch.compiler.disable jax.jit jax.checkpoint tf.function torch.jit.trace torch.nn.utils.weight_norm torch.nn.utils.weight_norm.weight_norm torch.nn.utils.spectral_norm.spectral_norm torch.nn.utils.spectral_norm torch.nn.utils.parametrizations.weight_norm torch.nn.DataParallel torch.nn.parallel.DistributedDataParallel",
    "x?, *more, **options",
    (g) => g.get("x") ?? { kind: "builtin", name: "decorator", call: (given) => given.positional[0] ?? none },
  ),
  operation("torch.utils.checkpoint.checkpoint", "f, *x, use_reentrant?, preserve_rng_state?, **more", (g, m) =>
    m.call(g.need("f"), { positional: g.rest, named: g.keywords, open: false, at: g.args.at }),
  ),
  operation("torch.Size", "x", (g, m) =>
    tuple((shapeArgument(m, [g.need("x")]) ?? unclear("python.unknownRank")).map(sizeValue)),
  ),
  operation("torch.broadcast_shapes np.broadcast_shapes", "*shapes", (g, m) =>
    tuple(
      broadcastShapes(
        m.symbols,
        g.rest.map((s) => shapeArgument(m, [s]) ?? unclear("python.unknownRank")),
      ).map(sizeValue),
    ),
  ),
  operation("torch.promote_types torch.result_type np.result_type np.promote_types", "*x", () =>
    unknown("python.unknownDType", undefined, "other"),
  ),
  operation("np.dtype", "x", (g) => {
    const x = g.need("x");
    return x.kind === "dtype" ? x : unknown("python.unknownDType", undefined, "other");
  }),
  operation("np.isscalar", "x", (g) => bool(["int", "float", "bool", "string"].includes(g.need("x").kind))),
  operation("np.errstate np.printoptions", "*x, **more", () => context),
  operation(
    "torch.vmap torch.func.vmap jax.vmap jax.pmap jax.grad jax.value_and_grad torch.func.grad np.vectorize torch.autograd.grad",
    "f, *x, **more",
    () => unclear("python.unsupported", { what: "vmap" }),
  ),
  operation("np.apply_along_axis", "f, *x, **more", () =>
    unclear("python.unsupported", { what: "numpy.apply_along_axis" }),
  ),
];
