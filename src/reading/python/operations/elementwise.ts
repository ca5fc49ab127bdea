import type { DType } from "../../../tensor/dtype.ts";
import { sizeOf } from "../../../tensor/tensor.ts";
import { force, rounder, unknownContent, written } from "../run/buffer.ts";
import { type Machine, raise, unclear } from "../run/machine.ts";
import { floorQuotient, isNumber, numeric } from "../run/scalars.ts";
import {
  blankTensor,
  concreteDims,
  contentOf,
  dimsOf,
  dimsOfCell,
  dtypeOf,
  fixedDType,
  fixedShape,
  freshView,
  knownTensor,
  type Library,
  makeTensor,
  type TensorValue,
  walk,
} from "../run/tensorValue.ts";
import { int, none, type Value } from "../run/values.ts";
import { broadcastShapes, expanded } from "./broadcast.ts";
import { roundHalfEven } from "./builtins.ts";
import { convertElements, converted, dtypeArgument, toTensor } from "./constructors.ts";
import { category, dtypeFrom, floatOf, promoted } from "./dtypes.ts";
import { erf, erfInverse } from "./errorFunction.ts";
import { arrayLibrary, arrayOf, libraryOf, type NumberArray, rankOf, result, shapeFrom } from "./making.ts";
import { type Given, type Operation, operation } from "./operation.ts";
import { rankByMeeting, sameRankSource, tellRank, withRankOf } from "./ranks.ts";

/** A function of one number. */
export interface Unary {
  readonly of: (x: number) => number;
  /** Integers give floats. */
  readonly floats: boolean;
  /** The result is the correctly rounded one on every machine. */
  readonly exact: boolean;
  readonly bool?: boolean;
}

/** A function of two numbers. */
export interface Binary {
  readonly of: (x: number, y: number) => number;
  readonly exact: boolean;
  /** What becomes of the promoted dtype. */
  readonly dtype: "same" | "float" | "bool";
}

const rounding = { floats: false, exact: true } as const;
const transcendental = { floats: true, exact: false } as const;
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** Functions of one number by name. */
export const unaryFunctions: Readonly<Record<string, Unary>> = {
  neg: { of: (x) => -x, ...rounding },
  pos: { of: (x) => x, ...rounding },
  abs: { of: Math.abs, ...rounding },
  sign: { of: Math.sign, ...rounding },
  floor: { of: Math.floor, ...rounding },
  ceil: { of: Math.ceil, ...rounding },
  round: { of: roundHalfEven, ...rounding },
  trunc: { of: Math.trunc, ...rounding },
  square: { of: (x) => x * x, ...rounding },
  relu: { of: (x) => (x > 0 || Number.isNaN(x) ? x : 0), ...rounding },
  relu6: { of: (x) => Math.min(Math.max(x, 0), 6), ...rounding },
  sqrt: { of: Math.sqrt, floats: true, exact: true },
  reciprocal: { of: (x) => 1 / x, floats: true, exact: true },
  rsqrt: { of: (x) => 1 / Math.sqrt(x), ...transcendental },
  exp: { of: Math.exp, ...transcendental },
  exp2: { of: (x) => 2 ** x, ...transcendental },
  expm1: { of: Math.expm1, ...transcendental },
  log: { of: Math.log, ...transcendental },
  log2: { of: Math.log2, ...transcendental },
  log10: { of: Math.log10, ...transcendental },
  log1p: { of: Math.log1p, ...transcendental },
  sin: { of: Math.sin, ...transcendental },
  cos: { of: Math.cos, ...transcendental },
  tan: { of: Math.tan, ...transcendental },
  asin: { of: Math.asin, ...transcendental },
  acos: { of: Math.acos, ...transcendental },
  atan: { of: Math.atan, ...transcendental },
  sinh: { of: Math.sinh, ...transcendental },
  cosh: { of: Math.cosh, ...transcendental },
  tanh: { of: Math.tanh, ...transcendental },
  sigmoid: { of: sigmoid, ...transcendental },
  erf: { of: erf, ...transcendental },
  erfc: { of: (x) => 1 - erf(x), ...transcendental },
  erfinv: { of: erfInverse, ...transcendental },
  silu: { of: (x) => x * sigmoid(x), ...transcendental },
  mish: { of: (x) => x * Math.tanh(Math.log1p(Math.exp(x))), ...transcendental },
  logsigmoid: { of: (x) => -Math.log1p(Math.exp(-x)), ...transcendental },
  softsign: { of: (x) => x / (1 + Math.abs(x)), ...transcendental },
  hardswish: { of: (x) => (x * Math.min(Math.max(x + 3, 0), 6)) / 6, ...transcendental },
  hardsigmoid: { of: (x) => Math.min(Math.max(x / 6 + 0.5, 0), 1), ...transcendental },
  deg2rad: { of: (x) => (x * Math.PI) / 180, ...transcendental },
  selu: { of: (x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x)), ...transcendental },
  logical_not: { of: (x) => Number(x === 0), floats: false, exact: true, bool: true },
  isnan: { of: (x) => Number(Number.isNaN(x)), floats: false, exact: true, bool: true },
  isinf: { of: (x) => Number(Math.abs(x) === Number.POSITIVE_INFINITY), floats: false, exact: true, bool: true },
  isfinite: { of: (x) => Number(Number.isFinite(x)), floats: false, exact: true, bool: true },
};

const plain = { exact: true, dtype: "same" } as const;
const compared = { exact: true, dtype: "bool" } as const;
const bit = (of: (x: bigint, y: bigint) => bigint) => (x: number, y: number) => Number(of(BigInt(x), BigInt(y)));
/** By fewer than 0 or more than 31 places, processors shift differently. */
const shift = (of: (x: bigint, y: bigint) => bigint) => (x: number, y: number) =>
  y >= 0 && y < 32 ? bit(of)(x, y) : Number.NaN;

/** Functions of two numbers by name. */
export const binaryFunctions: Readonly<Record<string, Binary>> = {
  add: { of: (x, y) => x + y, ...plain },
  sub: { of: (x, y) => x - y, ...plain },
  mul: { of: (x, y) => x * y, ...plain },
  truediv: { of: (x, y) => x / y, exact: true, dtype: "float" },
  floordiv: { of: floorQuotient, ...plain },
  truncdiv: { of: (x, y) => Math.trunc(x / y), ...plain },
  mod: { of: modulo, ...plain },
  fmod: { of: (x, y) => x % y, ...plain },
  pow: { of: (x, y) => x ** y, exact: false, dtype: "same" },
  maximum: { of: (x, y) => (Number.isNaN(x) || Number.isNaN(y) ? Number.NaN : Math.max(x, y)), ...plain },
  minimum: { of: (x, y) => (Number.isNaN(x) || Number.isNaN(y) ? Number.NaN : Math.min(x, y)), ...plain },
  lt: { of: (x, y) => Number(x < y), ...compared },
  le: { of: (x, y) => Number(x <= y), ...compared },
  gt: { of: (x, y) => Number(x > y), ...compared },
  ge: { of: (x, y) => Number(x >= y), ...compared },
  eq: { of: (x, y) => Number(x === y), ...compared },
  ne: { of: (x, y) => Number(x !== y), ...compared },
  and: { of: bit((x, y) => x & y), ...plain },
  or: { of: bit((x, y) => x | y), ...plain },
  xor: { of: bit((x, y) => x ^ y), ...plain },
  lshift: { of: shift((x, y) => x << y), ...plain },
  rshift: { of: shift((x, y) => x >> y), ...plain },
  logical_and: { of: (x, y) => Number(x !== 0 && y !== 0), ...compared },
  logical_or: { of: (x, y) => Number(x !== 0 || y !== 0), ...compared },
  logical_xor: { of: (x, y) => Number((x !== 0) !== (y !== 0)), ...compared },
  atan2: { of: Math.atan2, exact: false, dtype: "float" },
  hypot: { of: Math.hypot, exact: false, dtype: "float" },
  isclose: { of: (x, y) => Number(Math.abs(x - y) <= 1e-8 + 1e-5 * Math.abs(y)), ...compared },
};

function modulo(x: number, y: number): number {
  const rest = x % y;
  return rest !== 0 && rest < 0 !== y < 0 ? rest + y : rest;
}

/** Applies a function of one number to every element. */
export function unaryResult(
  m: Machine,
  x: TensorValue,
  name: string,
  f: Unary,
  details: Readonly<Record<string, unknown>> = {},
): TensorValue {
  void m;
  const { framework } = x;
  const dtype = f.bool
    ? fixedDType("bool")
    : f.floats
      ? category(dtypeOf(x) ?? "float32") >= 2 && dtypeOf(x)
        ? x.dtype
        : dtypeFrom(() => floatOf(framework, dtypeOf(x)))
      : name === "abs"
        ? dtypeFrom(() => lengthType(dtypeOf(x)))
        : dtypeFrom(() => keptType(framework, name, dtypeOf(x)));
  const made = result({
    framework,
    shape: x.shape,
    dtype,
    inputs: [x],
    operation: name,
    details,
    exact: f.exact,
    compute: ([data], _dims, to) => {
      const out = arrayOf(to, data!.length);
      for (let at = 0; at < out.length; at++) out[at] = f.of(data![at]!);
      return out;
    },
  });
  made.scalar = x.scalar || (framework === "numpy" && dimsOf(x)?.length === 0);
  made.weak = x.weak;
  return made;
}

/** NumPy 1 rounds integers to floats, NumPy 2 leaves them; PyTorch's square of bools is a whole number. */
function keptType(framework: Library, name: string, dtype: DType | null): DType | null {
  if (dtype === null || category(dtype) >= 2) return dtype;
  if (framework === "numpy" && /^(floor|ceil|trunc)$/.test(name)) return null;
  return dtype === "bool" && name === "square" ? (framework === "torch" ? "int64" : "int8") : dtype;
}

/** The lengths of complex numbers are real. */
function lengthType(dtype: DType | null): DType | null {
  return dtype === "complex64" ? "float32" : dtype === "complex128" ? "float64" : dtype;
}

/** An operand as a tensor of the library: numbers without axes, lists where NumPy takes them. */
export function operandTensor(m: Machine, framework: Library, value: Value): TensorValue {
  if (value.kind === "tensor") return value;
  const made = operandFrom(m, framework, value);
  made.weak = value.kind !== "list" && value.kind !== "tuple";
  return made;
}

function operandFrom(m: Machine, framework: Library, value: Exclude<Value, TensorValue>): TensorValue {
  const number = numeric(value);
  if (number !== null && !(value.kind === "int" && typeof value.value === "bigint")) {
    return knownTensor(
      framework,
      [],
      value.kind === "bool" ? "bool" : value.kind === "int" ? "int64" : "float64",
      Float64Array.of(number),
      "literal",
      true,
    );
  }
  if (isNumber(value))
    return makeTensor({
      framework,
      shape: fixedShape([]),
      dtype: fixedDType("int64"),
      view: freshView([], unknownContent(1, { code: "python.symbolicNumber" })),
    });
  if (value.kind === "unknown" && (value.type === "int" || value.type === "float" || value.type === "bool")) {
    return makeTensor({
      framework,
      shape: fixedShape([]),
      dtype: fixedDType(value.type === "float" ? "float64" : value.type === "int" ? "int64" : "bool"),
      view: freshView([], unknownContent(1, value.why)),
      why: value.why,
    });
  }
  if (value.kind === "unknown") unclear(value.why.code, value.why.args);
  if ((value.kind === "list" || value.kind === "tuple" || value.kind === "range") && framework !== "torch")
    return toTensor(m, framework, value, undefined);
  return unclear("python.notTensor", { name: "operator", kind: value.kind });
}

/** Applies a function of two numbers to elements matched by broadcasting. */
export function binaryResult(m: Machine, left: Value, right: Value, name: string, f: Binary): TensorValue {
  const given = [left, right].filter((v): v is TensorValue => v.kind === "tensor");
  const framework = libraryOf(given);
  const inputs = [left, right].map((v) => operandTensor(m, framework, v));
  const shape =
    inputs.length === 2 && inputs[0]!.shape !== inputs[1]!.shape
      ? broadcastCell(m, inputs as [TensorValue, TensorValue])
      : inputs[0]!.shape;
  const dtype = f.dtype === "bool" ? fixedDType("bool") : arithmeticDType(framework, left, right, f);
  const [a, b] = inputs as [TensorValue, TensorValue];
  const made = result({
    framework,
    shape,
    dtype,
    inputs,
    operation: name,
    exact: f.exact || isSquare(name, right),
    compute: ([x, y], dims, to) => {
      // Both are first converted to what they are computed in: 0.1 beside float32 is the float32 nearest to it.
      const common = f.dtype === "bool" ? promoted(framework, [left, right], rankOf) : to;
      const [p, q] = [
        expanded(inPrecision(x!, dtypeOf(a), common), concreteDims(a)!, dims),
        expanded(inPrecision(y!, dtypeOf(b), common), concreteDims(b)!, dims),
      ];
      const out = arrayOf(to, p.length);
      const counts = category(to) === 1;
      // PyTorch divides a number by a tensor as the tensor's reciprocal, rounded, times the number.
      const inverted = name === "truediv" && framework === "torch" && left.kind !== "tensor";
      const inverse = inverted
        ? inPrecision(
            Float64Array.from(q, (y) => 1 / y),
            null,
            to,
          )
        : null;
      for (let at = 0; at < out.length; at++) {
        const made = inverse ? inverse[at]! * p[at]! : f.of(p[at]!, q[at]!);
        // A division by zero, or more than float64 holds: what wraps from it is not known.
        if (counts && !Number.isSafeInteger(made)) return null;
        out[at] = made;
      }
      return to === "bool" ? out.map((value) => Number(value !== 0)) : out;
    },
  });
  made.scalar =
    framework === "numpy" &&
    inputs.every((t) => t.scalar || !given.includes(t) || dimsOf(t)?.length === 0) &&
    dimsOf(made)?.length === 0;
  made.weak = given.every((t) => t.weak);
  return made;
}

function inPrecision(data: NumberArray, from: DType | null, to: DType | null): NumberArray {
  if (from === to || (to !== "float32" && to !== "float16" && to !== "bfloat16")) return data;
  return to === "float32" ? Float32Array.from(data) : Float32Array.from(data, rounder(to));
}

function isSquare(name: string, right: Value): boolean {
  return name === "pow" && numeric(right) === 2;
}

function broadcastCell(m: Machine, inputs: readonly [TensorValue, TensorValue]) {
  const [a, b] = inputs;
  if (dimsOf(b)?.length === 0 && dimsOf(a) === null) return a.shape;
  if (dimsOf(a)?.length === 0 && dimsOf(b) === null) return b.shape;
  meet(m, a, b);
  meet(m, b, a);
  const cell = shapeFrom(inputs, ([x, y]) => broadcastShapes(m.symbols, [x!, y!]));
  const ranks = [dimsOf(a)?.length, dimsOf(b)?.length] as const;
  if (ranks[0] !== undefined) return withRankOf(b, 0, cell, { above: ranks[0], inFront: ranks[0] === 1 });
  if (ranks[1] !== undefined) return withRankOf(a, 0, cell, { above: ranks[1], inFront: ranks[1] === 1 });
  const larger = sameRankSource(a, b);
  return larger ? withRankOf(larger, 0, cell) : cell;
}

/** Concludes the rank of an operand from where its axes meet those of the other one. */
function meet(m: Machine, t: TensorValue, other: TensorValue): void {
  const dims = dimsOf(other);
  const rank = m.symbolic && dims && dimsOf(t) === null ? rankByMeeting(m, t, dims) : null;
  if (rank !== null) tellRank(m, t, rank);
}

function arithmeticDType(framework: Library, left: Value, right: Value, f: Binary): TensorValue["dtype"] {
  const kept = keptCell(left, right, f) ?? keptCell(right, left, f);
  if (kept) return kept;
  return dtypeFrom(() => {
    const dtype = promoted(framework, [left, right], rankOf);
    return f.dtype === "float" ? trueDivision(framework, dtype) : dtype;
  });
}

function trueDivision(framework: Library, dtype: DType | null): DType | null {
  if (dtype === null || category(dtype) >= 2) return dtype;
  if (framework === "tensorflow") {
    if (dtype === "bool") raise("TypeError", "python.needsFloat", { dtype });
    return /^u?int(8|16)$/.test(dtype) ? "float32" : "float64";
  }
  return framework === "numpy" ? "float64" : "float32";
}

/** A tensor whose dtype is not known yet keeps its cell through `x + 1` if the number can not raise its category. */
function keptCell(tensor: Value, other: Value, f: Binary): TensorValue["dtype"] | null {
  if (tensor.kind !== "tensor" || dtypeOf(tensor) !== null) return null;
  if (other.kind === "tensor") return other.dtype === tensor.dtype && f.dtype === "same" ? tensor.dtype : null;
  return (other.kind === "int" || other.kind === "symbol") && f.dtype === "same" ? tensor.dtype : null;
}

/** Changes `target`'s elements in place to those of `value`, which has been computed and broadcasts to it. */
export function assignInto(m: Machine, target: TensorValue, value: TensorValue): TensorValue {
  const dims = concreteDims(target);
  const from = concreteDims(value);
  if (!target.view || !dims || !from) return target;
  const { store, strides, offset } = target.view;
  const source = contentOf(value);
  const to = dtypeOf(target);
  const next =
    to === null
      ? unknownContent(store.content.length, null)
      : written(store.content, [source], (data) => {
          const values = force(source);
          if (
            !values ||
            data instanceof BigInt64Array ||
            data instanceof BigUint64Array ||
            values instanceof BigInt64Array ||
            values instanceof BigUint64Array
          )
            return false;
          const all = convertElements(expanded(values, from, dims), dtypeOf(value), to);
          if (!all) return false;
          walk(dims, strides, offset, (flat, at) => {
            data[at] = all[flat]!;
          });
          return true;
        });
  m.state.set(store, "content", next);
  m.state.set(target, "exact", target.exact && value.exact);
  if (target.origin === "literal" || target.origin === "seeded") m.state.set(target, "origin", "derived");
  return target;
}

/** An in-place operation: `x += y`, `x.add_(y)`. The result must fit the target's shape and kind of numbers. */
export function inPlaceResult(m: Machine, target: TensorValue, value: TensorValue): TensorValue {
  const [dims, from] = [dimsOf(target), dimsOf(value)];
  if (dims && from && from.length > dims.length) raise("RuntimeError", "python.inPlaceShape");
  fitsInto(target, value);
  remade(m, target, value);
  return assignInto(m, target, value);
}

/** What is written in place may be of no higher kind than what it is written into: no float goes into integers. */
export function fitsInto(target: TensorValue, value: TensorValue): void {
  const [to, from] = [dtypeOf(target), dtypeOf(value)];
  if (!to || !from || !/^(torch|numpy)$/.test(target.framework)) return;
  const signed = target.framework === "numpy" && to.startsWith("u") && from.startsWith("int");
  if (category(from) > category(to) || signed) raise("TypeError", "python.dtypes", { left: to, right: from });
}

/** What an in-place step may lead from scores to weights by. */
const steps: ReadonlySet<string> = new Set([
  "matmul",
  "einsum",
  "mul",
  "truediv",
  "add",
  "sub",
  "masked_fill",
  "where",
  "tanh",
]);

/** From now on `target` is made as `value` was, out of what it was until now. */
export function remade(m: Machine, target: TensorValue, value: TensorValue): void {
  const { by, view } = target;
  if (!by || !value.by || !steps.has(by.operation)) return;
  m.freeze(target);
  const before = { ...target, view: view && { ...view, store: { content: view.store.content } } };
  m.state.set(target, "by", {
    ...value.by,
    inputs: value.by.inputs.map((input) => (input === target ? before : input)),
  });
}

const unaryNames: Readonly<Record<string, string>> = {
  neg: "torch.neg T.neg torch.negative T.negative np.negative jnp.negative operator.neg",
  pos: "np.positive",
  abs: "torch.abs T.abs np.abs np.absolute np.fabs jnp.abs tf.abs tf.math.abs torch.absolute T.absolute",
  sign: "torch.sign T.sign np.sign jnp.sign tf.sign",
  floor: "torch.floor T.floor np.floor jnp.floor tf.floor",
  ceil: "torch.ceil T.ceil np.ceil jnp.ceil tf.math.ceil",
  round: "jnp.round tf.round",
  trunc: "torch.trunc T.trunc np.trunc torch.fix np.fix",
  square: "torch.square T.square np.square jnp.square tf.square tf.math.square",
  relu: "F.relu torch.relu T.relu tf.nn.relu jax.nn.relu",
  relu6: "F.relu6 jax.nn.relu6",
  sqrt: "torch.sqrt T.sqrt np.sqrt jnp.sqrt tf.sqrt tf.math.sqrt",
  reciprocal: "torch.reciprocal T.reciprocal np.reciprocal",
  rsqrt: "torch.rsqrt T.rsqrt tf.math.rsqrt jax.lax.rsqrt",
  exp: "torch.exp T.exp np.exp jnp.exp tf.exp tf.math.exp",
  exp2: "torch.exp2 np.exp2 T.exp2",
  expm1: "torch.expm1 np.expm1 T.expm1 torch.special.expm1",
  log: "torch.log T.log np.log jnp.log tf.math.log",
  log2: "torch.log2 T.log2 np.log2",
  log10: "torch.log10 T.log10 np.log10",
  log1p: "torch.log1p T.log1p np.log1p jnp.log1p torch.special.log1p",
  sin: "torch.sin T.sin np.sin jnp.sin tf.sin tf.math.sin",
  cos: "torch.cos T.cos np.cos jnp.cos tf.cos tf.math.cos",
  tan: "torch.tan np.tan T.tan",
  asin: "torch.asin torch.arcsin np.arcsin",
  acos: "torch.acos torch.arccos np.arccos T.acos",
  atan: "torch.atan torch.arctan np.arctan T.atan",
  sinh: "torch.sinh np.sinh",
  cosh: "torch.cosh np.cosh",
  tanh: "torch.tanh T.tanh F.tanh np.tanh jnp.tanh tf.tanh tf.math.tanh tf.nn.tanh jax.nn.tanh",
  sigmoid:
    "torch.sigmoid T.sigmoid F.sigmoid tf.sigmoid tf.nn.sigmoid tf.math.sigmoid jax.nn.sigmoid torch.special.expit",
  erf: "torch.erf T.erf torch.special.erf",
  erfc: "torch.erfc T.erfc torch.special.erfc",
  erfinv: "torch.erfinv T.erfinv torch.special.erfinv",
  silu: "F.silu jax.nn.silu F.swish tf.nn.silu tf.nn.swish jax.nn.swish",
  mish: "F.mish",
  logsigmoid: "F.logsigmoid",
  softsign: "F.softsign",
  hardswish: "F.hardswish",
  hardsigmoid: "F.hardsigmoid",
  selu: "F.selu",
  deg2rad: "np.deg2rad np.radians torch.deg2rad",
  logical_not: "torch.logical_not T.logical_not np.logical_not jnp.logical_not tf.logical_not",
  isnan: "torch.isnan T.isnan np.isnan jnp.isnan",
  isinf: "torch.isinf T.isinf np.isinf",
  isfinite: "torch.isfinite np.isfinite T.isfinite",
};

const binaryNames: Readonly<Record<string, string>> = {
  sub: "operator.sub np.subtract jnp.subtract tf.subtract",
  mul: "operator.mul torch.mul T.mul torch.multiply T.multiply np.multiply jnp.multiply tf.multiply",
  floordiv: "operator.floordiv torch.floor_divide T.floor_divide np.floor_divide",
  mod: "operator.mod torch.remainder T.remainder np.mod np.remainder",
  fmod: "torch.fmod np.fmod T.fmod",
  pow: "operator.pow torch.pow T.pow np.power jnp.power tf.pow",
  maximum: "torch.maximum T.maximum np.maximum jnp.maximum tf.maximum",
  minimum: "torch.minimum T.minimum np.minimum jnp.minimum tf.minimum",
  lt: "operator.lt torch.lt T.lt np.less torch.less T.less",
  le: "operator.le torch.le T.le np.less_equal",
  gt: "operator.gt torch.gt T.gt np.greater torch.greater T.greater",
  ge: "operator.ge torch.ge T.ge np.greater_equal",
  eq: "operator.eq torch.eq T.eq np.equal tf.equal jnp.equal tf.math.equal",
  ne: "operator.ne torch.ne T.ne np.not_equal tf.not_equal tf.math.not_equal",
  and: "operator.and torch.bitwise_and T.bitwise_and np.bitwise_and",
  or: "operator.or torch.bitwise_or T.bitwise_or np.bitwise_or",
  xor: "operator.xor torch.bitwise_xor np.bitwise_xor",
  lshift: "operator.lshift torch.bitwise_left_shift np.left_shift",
  rshift: "operator.rshift torch.bitwise_right_shift np.right_shift",
  logical_and: "torch.logical_and T.logical_and np.logical_and jnp.logical_and tf.logical_and",
  logical_or: "torch.logical_or T.logical_or np.logical_or jnp.logical_or tf.logical_or",
  logical_xor: "torch.logical_xor T.logical_xor np.logical_xor",
  atan2: "torch.atan2 T.atan2 np.arctan2 torch.arctan2",
  hypot: "np.hypot torch.hypot",
  isclose: "torch.isclose np.isclose",
};

const pathsOf = (names: Readonly<Record<string, string>>) =>
  new Set(Object.values(names).flatMap((all) => all.split(" ")));
const unaryPaths = pathsOf(unaryNames);
const binaryPaths = pathsOf({ ...binaryNames, add: "np.add", truediv: "np.divide np.true_divide" });

const inPlaceNames: Readonly<Record<string, string>> = {
  neg: "T.neg_ torch.neg_",
  abs: "T.abs_ torch.abs_",
  floor: "T.floor_ torch.floor_",
  ceil: "T.ceil_ torch.ceil_",
  round: "T.round_ torch.round_",
  square: "T.square_ torch.square_",
  relu: "T.relu_ torch.relu_ F.relu_",
  sqrt: "T.sqrt_ torch.sqrt_",
  rsqrt: "T.rsqrt_ torch.rsqrt_",
  reciprocal: "T.reciprocal_ torch.reciprocal_",
  exp: "T.exp_ torch.exp_",
  log: "T.log_ torch.log_",
  sin: "T.sin_ torch.sin_",
  cos: "T.cos_ torch.cos_",
  tanh: "T.tanh_ torch.tanh_",
  sigmoid: "T.sigmoid_ torch.sigmoid_",
  trunc: "T.trunc_ torch.trunc_",
  logical_not: "T.logical_not_ torch.logical_not_",
  erf: "T.erf_ torch.erf_",
  erfinv: "T.erfinv_",
};

function one(g: Given, m: Machine): TensorValue {
  const x = g.need("input");
  if (x.kind === "tensor") return x;
  const framework = arrayLibrary(g.path) ?? "torch";
  if (framework === "torch") return g.tensor("input");
  const made = operandTensor(m, framework, x);
  made.scalar = framework === "numpy" && dimsOf(made)?.length === 0;
  return made;
}

function unaryOperations(): Operation[] {
  const found: Operation[] = [];
  for (const [name, names] of Object.entries(unaryNames)) {
    found.push(
      operation(names, "input, inplace?, *, out?, dtype?, where?, name?", (g, m) =>
        asAsked(g, m, [one(g, m)], ([x]) =>
          maybeInPlace(g, m, unaryResult(m, x as TensorValue, name, unaryFunctions[name]!)),
        ),
      ),
    );
  }
  for (const [name, names] of Object.entries(inPlaceNames))
    found.push(
      operation(names, "input", (g, m) =>
        inPlaceResult(m, g.tensor("input"), unaryResult(m, g.tensor("input"), name, unaryFunctions[name]!)),
      ),
    );
  return found;
}

/** Computed in the type that `dtype=` asks for, and only where `where=` says so. */
function asAsked(g: Given, m: Machine, inputs: readonly Value[], make: (inputs: readonly Value[]) => Value): Value {
  const [dtype, where] = [g.get("dtype"), g.get("where")];
  const made = dtype ? inDType(m, dtypeArgument(dtype, "numpy"), inputs, make) : make(inputs);
  if (!where || made.kind !== "tensor" || (where.kind === "bool" && where.value)) return made;
  const mask = operandTensor(m, made.framework, where);
  const shape = shapeFrom([made, mask], (dims) => broadcastShapes(m.symbols, dims));
  return blankTensor(made.framework, dimsOfCell(shape), made.dtype, { code: "python.notComputed" });
}

function inDType(
  m: Machine,
  asked: DType | "open" | undefined,
  inputs: readonly Value[],
  make: (inputs: readonly Value[]) => Value,
): Value {
  const dtype = asked === "open" || asked === undefined ? null : asked;
  const made = make(inputs);
  if (made.kind !== "tensor" || dtypeOf(made) === dtype) return made;
  const cast = inputs.map((x) => converted(operandTensor(m, "numpy", x), fixedDType(dtype), "numpy"));
  const again = dtype === null || dtypeOf(made) === "bool" ? null : make(cast);
  if (again?.kind === "tensor" && dtypeOf(again) === dtype) return again;
  return blankTensor(made.framework, dimsOf(made), fixedDType(null), { code: "python.notComputed" });
}

/** Written into the input where `inplace=True` says so, or the function's name. */
function maybeInPlace(g: Given, m: Machine, made: TensorValue): TensorValue {
  const flag = g.get("inplace");
  const wanted = g.path.endsWith("_") || (flag && flag.kind !== "tensor" && g.flag("inplace", false));
  return wanted ? inPlaceResult(m, g.tensor("input"), made) : made;
}

/** To so many digits behind the point, in the precision of the dtype. */
function rounded(g: Given, m: Machine): TensorValue {
  const t = one(g, m);
  const decimals = g.int("decimals", 0);
  const scale = 10 ** Math.abs(decimals);
  const precision = (x: number): number => (dtypeOf(t) === "float32" ? Math.fround(x) : x);
  const up = (x: number): number => precision(x * scale);
  const down = (x: number): number => precision(x / scale);
  const [before, after] = decimals < 0 ? [down, up] : [up, down];
  return unaryResult(m, t, "round", {
    of: decimals === 0 ? roundHalfEven : (x) => after(roundHalfEven(before(x))),
    floats: false,
    exact: decimals === 0,
  });
}

function checkPair(g: Given): [Value, Value] {
  const [a, b] = [g.need("input"), g.need("other")];
  if (a.kind === "unknown" && b.kind !== "tensor") unclear(a.why.code, a.why.args);
  return [a, b];
}

function both(g: Given, m: Machine, a: Value, b: Value, name: string): Value {
  if (a.kind !== "tensor" && b.kind !== "tensor") return numpyPair(g, m, a, b, name);
  return binaryResult(m, a, b, name, binaryFunctions[name]!);
}

function numpyPair(g: Given, m: Machine, a: Value, b: Value, name: string): Value {
  const framework = /^numpy/.test(g.path)
    ? "numpy"
    : /^jax/.test(g.path)
      ? "jax"
      : unclear("python.notTensor", { name: g.path, kind: a.kind });
  const first = operandTensor(m, framework, a);
  first.scalar = framework === "numpy" && dimsOf(first)?.length === 0;
  return binaryResult(m, first, b, name, binaryFunctions[name]!);
}

function binaryOperations(): Operation[] {
  const found: Operation[] = [];
  for (const [name, names] of Object.entries(binaryNames))
    found.push(
      operation(names, "input, other, *, out?, dtype?, where?, name?, rtol?, atol?", (g, m) =>
        asAsked(g, m, checkPair(g), ([a, b]) => both(g, m, a!, b!, name)),
      ),
    );
  return found;
}

/** `torch.add(x, y, alpha=2)`. */
function scaledOther(g: Given, m: Machine, a: Value, b: Value, name: "add" | "sub"): Value {
  const alpha = g.get("alpha");
  const other = alpha ? m.binary("*", b, alpha) : b;
  return a.kind !== "tensor" && other.kind !== "tensor"
    ? numpyPair(g, m, a, other, name)
    : binaryResult(m, a, other, name, binaryFunctions[name]!);
}

function divided(g: Given, m: Machine, a: Value, b: Value): Value {
  const mode = g.word("rounding_mode");
  const name = mode === "floor" ? "floordiv" : mode === "trunc" ? "truncdiv" : "truediv";
  return a.kind !== "tensor" && b.kind !== "tensor"
    ? numpyPair(g, m, a, b, name)
    : binaryResult(m, a, b, name, binaryFunctions[name]!);
}

const inPlaceBinary: Readonly<Record<string, string>> = {
  add: "operator.iadd T.add_",
  sub: "operator.isub T.sub_ T.subtract_",
  mul: "operator.imul T.mul_ T.multiply_",
  truediv: "operator.itruediv T.div_ T.divide_",
  floordiv: "operator.ifloordiv T.floor_divide_",
  mod: "operator.imod T.remainder_",
  pow: "operator.ipow T.pow_",
  and: "operator.iand T.bitwise_and_ T.logical_and_",
  or: "operator.ior T.bitwise_or_ T.logical_or_",
  xor: "operator.ixor",
  lshift: "operator.ilshift",
  rshift: "operator.irshift",
  eq: "T.eq_",
  ne: "T.ne_",
  lt: "T.lt_",
  gt: "T.gt_",
};

function inPlaceOperations(): Operation[] {
  return Object.entries(inPlaceBinary).map(([name, names]) =>
    operation(names, "input, other, *, alpha?, rounding_mode?", (g, m) => {
      const target = g.tensor("input");
      const other = g.get("alpha") ? m.binary("*", g.need("other"), g.need("alpha")) : g.need("other");
      const value = binaryResult(m, target, other, name, binaryFunctions[name]!);
      if (target.framework === "jax" || target.framework === "tensorflow" || target.scalar) return value;
      return inPlaceResult(m, target, value);
    }),
  );
}

/** How many operands a function of NumPy's has before it takes `out` by position; null: it is none of these. */
export function operandsOf(path: string): number | null {
  const short = path.replace("numpy", "np");
  return unaryPaths.has(short) ? 1 : binaryPaths.has(short) ? 2 : null;
}

/** Elementwise functions of one and two tensors, with broadcasting and type promotion. */
export const elementwise: readonly Operation[] = [
  ...unaryOperations(),
  ...binaryOperations(),
  ...inPlaceOperations(),
  operation(
    "operator.add torch.add T.add np.add jnp.add tf.add",
    "input, other, *, alpha?, out?, name?, dtype?, where?",
    (g, m) => asAsked(g, m, checkPair(g), ([a, b]) => scaledOther(g, m, a!, b!, "add")),
  ),
  operation("torch.sub T.sub torch.subtract T.subtract", "input, other, *, alpha?, out?", (g, m) =>
    scaledOther(g, m, ...checkPair(g), "sub"),
  ),
  operation("torch.rsub T.rsub", "input, other, *, alpha?", (g, m) =>
    binaryResult(m, g.need("other"), g.need("input"), "sub", binaryFunctions.sub!),
  ),
  operation(
    "operator.truediv torch.div T.div torch.divide T.divide torch.true_divide T.true_divide np.divide np.true_divide jnp.divide tf.divide tf.math.divide",
    "input, other, *, rounding_mode?, out?, where?, name?, dtype?",
    (g, m) => asAsked(g, m, checkPair(g), ([a, b]) => divided(g, m, a!, b!)),
  ),
  // PyTorch gives the tensor itself.
  operation("operator.pos torch.positive T.positive", "input", (g, m) => {
    const t = one(g, m);
    return t.framework === "torch" ? t : unaryResult(m, t, "pos", unaryFunctions.pos!);
  }),
  operation("T.fill_ T.copy_", "input, value, non_blocking?", (g, m) =>
    assignInto(m, g.tensor("input"), operandTensor(m, "torch", g.need("value"))),
  ),
  operation("A.fill", "input, value", (g, m) => {
    assignInto(m, g.tensor("input"), operandTensor(m, "numpy", g.need("value")));
    return none;
  }),
  operation("T.zero_", "input", (g, m) =>
    assignInto(m, g.tensor("input"), operandTensor(m, "torch", { kind: "int", value: 0 })),
  ),
  operation("F.gelu jax.nn.gelu tf.nn.gelu", "input, approximate?", (g, m) => {
    const approximate = g.get("approximate");
    const tanh =
      approximate?.kind === "string"
        ? approximate.value === "tanh"
        : g.path.startsWith("jax") || m.truth(approximate ?? none) === true;
    const of = tanh
      ? (x: number) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))
      : (x: number) => 0.5 * x * (1 + erf(x / Math.SQRT2));
    return unaryResult(m, g.tensor("input"), "gelu", { of, floats: true, exact: false });
  }),
  operation(
    "F.leaky_relu F.leaky_relu_ tf.nn.leaky_relu jax.nn.leaky_relu",
    "input, negative_slope?, inplace?",
    (g, m) => {
      const slope = g.number("negative_slope", g.path.startsWith("tensorflow") ? 0.2 : 0.01);
      return bent(g, m, "leaky_relu", slope === null ? null : (x) => (x > 0 ? x : x * slope));
    },
  ),
  operation("F.elu jax.nn.elu tf.nn.elu F.elu_", "input, alpha?, inplace?", (g, m) => {
    const alpha = g.number("alpha", 1);
    return bent(g, m, "elu", alpha === null ? null : (x) => (x > 0 ? x : alpha * Math.expm1(x)));
  }),
  operation("F.celu F.celu_ jax.nn.celu", "input, alpha?, inplace?", (g, m) => {
    const alpha = g.number("alpha", 1);
    return bent(g, m, "celu", alpha === null ? null : (x) => (x > 0 ? x : alpha * Math.expm1(x / alpha)));
  }),
  operation("F.softplus jax.nn.softplus tf.nn.softplus", "input, beta?, threshold?", (g, m) => {
    const [beta, threshold] = [g.number("beta", 1), g.number("threshold", 20)];
    if (beta === null || threshold === null) return bent(g, m, "softplus", null);
    return bent(g, m, "softplus", (x) => (x * beta > threshold ? x : Math.log1p(Math.exp(x * beta)) / beta), true);
  }),
  operation("F.threshold F.threshold_", "input, threshold, value, inplace?", (g, m) => {
    const [threshold, value] = [g.number("threshold", 0), g.number("value", 0)];
    return bent(g, m, "threshold", threshold === null || value === null ? null : (x) => (x > threshold ? x : value));
  }),
  operation("F.tanhshrink", "input", (g, m) => bent(g, m, "tanhshrink", (x) => x - Math.tanh(x), true)),
  operation("F.hardtanh F.hardtanh_", "input, min_val?, max_val?, inplace?", (g, m) => {
    const [low, high] = [g.number("min_val", -1), g.number("max_val", 1)];
    const of = low === null || high === null ? null : (x: number) => Math.min(Math.max(x, low), high);
    return bent(g, m, "clamp", of);
  }),
  operation("F.prelu torch.prelu T.prelu", "input, weight", (g) => {
    const [input, weight] = [g.tensor("input"), g.tensor("weight")];
    return result({
      framework: "torch",
      shape: input.shape,
      dtype: input.dtype,
      inputs: [input, weight],
      operation: "prelu",
      exact: false,
      compute: ([x, w], dims, to) => {
        const out = arrayOf(to, x!.length);
        const inner = w!.length === 1 ? x!.length : sizeOf(dims.slice(2));
        for (let at = 0; at < out.length; at++)
          out[at] = x![at]! > 0 ? x![at]! : w![Math.floor(at / inner) % w!.length]! * x![at]!;
        return out;
      },
    });
  }),
  operation(
    "torch.clamp T.clamp torch.clip T.clip T.clamp_ T.clip_ np.clip A.clip jnp.clip tf.clip_by_value",
    "input, min?, max?, out?, a_min?, a_max?",
    clamped,
  ),
  operation("T.clamp_min torch.clamp_min T.clamp_min_", "input, min", clamped),
  operation("T.clamp_max torch.clamp_max T.clamp_max_", "input, max", clamped),
  operation("torch.round T.round np.round np.around A.round", "input, decimals?, out?", rounded),
  operation("T.masked_fill torch.masked_fill T.masked_fill_", "input, mask, value", maskedFill),
  operation("torch.where np.where jnp.where tf.where", "condition, input?, other?, name?", chosen),
  operation("T.where", "input, condition, other", (g, m) =>
    whereResult(m, g.tensor("condition"), g.need("input"), g.need("other")),
  ),
  operation("torch.lerp T.lerp", "input, end, weight", (g, m) =>
    inexact(
      m.binary(
        "+",
        g.tensor("input"),
        m.binary("*", g.need("weight"), m.binary("-", g.need("end"), g.tensor("input"))),
      ),
    ),
  ),
  operation("torch.addcmul T.addcmul torch.addcdiv T.addcdiv", "input, tensor1, tensor2, *, value?", (g, m) => {
    const factor = m.binary(g.path.endsWith("mul") ? "*" : "/", g.need("tensor1"), g.need("tensor2"));
    return inexact(m.binary("+", g.tensor("input"), m.binary("*", factor, g.get("value") ?? int(1))));
  }),
  operation("torch.nan_to_num T.nan_to_num np.nan_to_num", "input, nan?, posinf?, neginf?, copy?", (g, m) => {
    const t = one(g, m);
    const [nan, above, below] = [
      g.number("nan", 0),
      g.get("posinf") && g.number("posinf", 0),
      g.get("neginf") && g.number("neginf", 0),
    ];
    const most = (): number => largestOf(dtypeOf(t));
    const of = (x: number): number =>
      Number.isNaN(x)
        ? nan!
        : x === Number.POSITIVE_INFINITY
          ? (above ?? most())
          : x === Number.NEGATIVE_INFINITY
            ? (below ?? -most())
            : x;
    return unaryResult(m, t, "nan_to_num", { of, floats: false, exact: false });
  }),
];

/** A function of each element that may be done in place; null: a number of it is not known. */
function bent(g: Given, m: Machine, name: string, of: ((x: number) => number) | null, floats = false): TensorValue {
  const t = g.tensor("input");
  const made = of
    ? unaryResult(m, t, name, { of, floats, exact: false })
    : result({ framework: t.framework, shape: t.shape, dtype: t.dtype, inputs: [t], operation: name, exact: false });
  return maybeInPlace(g, m, made);
}

/** What is computed in another order, or with fewer roundings, than here. */
function inexact(value: Value): Value {
  if (value.kind === "tensor") value.exact = false;
  return value;
}

function largestOf(dtype: DType | null): number {
  return dtype === "float32" ? 3.4028234663852886e38 : dtype === "float16" ? 65504 : Number.MAX_VALUE;
}

function clamped(g: Given, m: Machine): Value {
  const x = one(g, m);
  const [low, high] = [g.get("min") ?? g.get("a_min"), g.get("max") ?? g.get("a_max")];
  let made = x;
  if (low) made = binaryResult(m, made, low, "clamp", binaryFunctions.maximum!);
  if (high) made = binaryResult(m, made, high, "clamp", binaryFunctions.minimum!);
  if (g.path.endsWith("_")) return inPlaceResult(m, x, made);
  return made;
}

function maskedFill(g: Given, m: Machine): Value {
  const [input, mask] = [g.tensor("input"), g.tensor("mask")];
  const value = operandTensor(m, "torch", g.need("value"));
  const inputs = [input, mask, value];
  const shape = g.path.endsWith("_")
    ? input.shape
    : dimsOf(mask) === null
      ? input.shape
      : shapeFrom([input, mask], ([x, y]) => broadcastShapes(m.symbols, [x!, y!]));
  const made = result({
    framework: "torch",
    shape,
    dtype: input.dtype,
    inputs,
    operation: "masked_fill",
    exact: true,
    details: { value: numeric(g.need("value")) },
    compute: (data, dims, to) =>
      select(
        data[1]!,
        data[2]!,
        data[0]!,
        inputs.map((t) => concreteDims(t)!),
        dims,
        to,
      ),
  });
  return g.path.endsWith("_") ? inPlaceResult(m, input, made) : made;
}

function select(
  condition: ArrayLike<number>,
  yes: ArrayLike<number>,
  no: ArrayLike<number>,
  shapes: readonly (readonly number[])[],
  dims: readonly number[],
  to: DType,
) {
  const [x, c, v] = shapes as [readonly number[], readonly number[], readonly number[]];
  const spread = (data: ArrayLike<number>, shape: readonly number[]) => expanded(data as Float64Array, shape, dims);
  const [chosenData, yesData, noData] = [spread(condition, c), spread(yes, v), spread(no, x)];
  const out = arrayOf(to, sizeOf(dims));
  for (let at = 0; at < out.length; at++) out[at] = chosenData[at] !== 0 ? yesData[at]! : noData[at]!;
  return out;
}

function chosen(g: Given, m: Machine): Value {
  const condition = g.need("condition");
  if (!g.has("input"))
    return m.operate("torch.nonzero_tuple", { ...g.args, positional: [condition], named: new Map() });
  if (condition.kind === "unknown") unclear(condition.why.code, condition.why.args);
  return whereResult(m, condition, g.need("input"), g.need("other"), g.path);
}

function whereResult(m: Machine, condition: Value, yes: Value, no: Value, path = ""): Value {
  const given = [condition, yes, no].filter((v): v is TensorValue => v.kind === "tensor");
  const framework = given.length > 0 ? libraryOf(given) : path.startsWith("numpy") ? "numpy" : "jax";
  const inputs = [condition, yes, no].map((v) => operandTensor(m, framework, v));
  const [c, y, n] = inputs as [TensorValue, TensorValue, TensorValue];
  const dtype = dtypeFrom(() => promoted(framework, [yes, no], rankOf));
  return result({
    framework,
    shape: shapeFrom(inputs, (dims) => broadcastShapes(m.symbols, dims)),
    dtype,
    inputs,
    operation: "where",
    exact: true,
    compute: (data, dims, to) =>
      select(data[0]!, data[1]!, data[2]!, [concreteDims(n)!, concreteDims(c)!, concreteDims(y)!], dims, to),
  });
}
