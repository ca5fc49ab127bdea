import { type DType, isFloat, isInteger } from "../../../tensor/dtype.ts";
import { quietly, raise } from "../run/machine.ts";
import { numeric } from "../run/scalars.ts";
import { type DTypeCell, dtypeOf, fixedDType, type Library, type TensorValue } from "../run/tensorValue.ts";
import type { Value } from "../run/values.ts";
import { promoteJax, type WeakType } from "./jaxPromotion.ts";

const ranks: Readonly<Record<string, number>> = {
  bool: 0,
  uint8: 1,
  int8: 1,
  int16: 2,
  int32: 3,
  int64: 4,
  float16: 5,
  bfloat16: 5,
  float32: 6,
  float64: 7,
  complex64: 8,
  complex128: 9,
};

/** bool < integer < float < complex. */
export function category(dtype: DType): number {
  return dtype === "bool" ? 0 : isInteger(dtype) ? 1 : isFloat(dtype) ? 2 : 3;
}

/** What PyTorch promotes two dtypes of one category of operands to (c10's table). */
export function promoteTorch(a: DType, b: DType): DType {
  if (a === b) return a;
  const [low, high] = (ranks[a] ?? 0) <= (ranks[b] ?? 0) ? [a, b] : [b, a];
  if (low === "uint8" && high === "int8") return "int16";
  if (low === "int8" && high === "uint8") return "int16";
  if ((a === "float16" && b === "bfloat16") || (a === "bfloat16" && b === "float16")) return "float32";
  if (high === "complex64" && low === "float64") return "complex128";
  return high;
}

const bits: Readonly<Record<string, number>> = {
  bool: 1,
  uint8: 8,
  int8: 8,
  uint16: 16,
  int16: 16,
  uint32: 32,
  int32: 32,
  uint64: 64,
  int64: 64,
  float16: 16,
  float32: 32,
  float64: 64,
};

/** numpy.promote_types. */
export function promoteNumpy(a: DType, b: DType): DType {
  if (a === b) return a;
  if (a === "bool") return b;
  if (b === "bool") return a;
  const [x, y] = [category(a), category(b)];
  if (x === 3 || y === 3)
    return a === "complex128" || b === "complex128" || bits[a]! > 32 || bits[b]! > 32 ? "complex128" : "complex64";
  if (x === 1 && y === 1) return promoteIntegers(a, b);
  if (x === 2 && y === 2) return bits[a]! >= bits[b]! ? a : b;
  const [whole, real] = x === 1 ? [a, b] : [b, a];
  const needed = bits[whole]! <= 8 ? 16 : bits[whole]! <= 16 ? 32 : 64;
  return `float${Math.max(needed, bits[real]!)}` as DType;
}

function promoteIntegers(a: DType, b: DType): DType {
  const unsigned = (d: DType) => d.startsWith("u");
  if (unsigned(a) === unsigned(b)) return bits[a]! >= bits[b]! ? a : b;
  const [u, s] = unsigned(a) ? [a, b] : [b, a];
  if (bits[s]! > bits[u]!) return s;
  return bits[u]! >= 64 ? "float64" : (`int${bits[u]! * 2}` as DType);
}

/** How an operand takes part in promotion. */
interface Operand {
  readonly dtype: DType;
  /** A Python number or, for PyTorch, a tensor without axes: it changes the dtype only by being of a higher category. */
  readonly weak: 0 | 1 | 2;
  /** The number itself, if it is one and known. */
  readonly value?: number | null;
}

const defaults: Readonly<Record<number, DType>> = { 0: "bool", 1: "int64", 2: "float32", 3: "complex64" };

/** The dtype of an elementwise operation in PyTorch: operands with axes, then those without, then Python numbers. */
export function promoteOperandsTorch(operands: readonly Operand[]): DType {
  let result: DType | null = null;
  for (const weak of [0, 1, 2] as const) {
    let level: DType | null = null;
    for (const o of operands)
      if (o.weak === weak) level = level === null ? leveled(o, weak) : promoteTorch(level, leveled(o, weak));
    if (level === null) continue;
    if (result === null) result = level;
    else if (category(level) > category(result)) result = raised(result, level, weak);
  }
  return result ?? "float32";
}

function leveled(o: Operand, weak: number): DType {
  return weak === 2 ? (defaults[category(o.dtype)] ?? o.dtype) : o.dtype;
}

function raised(result: DType, level: DType, weak: number): DType {
  if (category(level) === 3 && isFloat(result)) return result === "float64" ? "complex128" : "complex64";
  return weak === 2 ? defaults[category(level)]! : level;
}

/**
 * The dtype of an elementwise operation in NumPy where its versions 1 and 2 agree; null where they do not. Version 1 takes
 * numbers and arrays without axes by their values unless they are of a higher kind than all arrays (bool, integers, then
 * floats and complex numbers); version 2 takes only Python's numbers by their kind, all others by their dtype.
 */
export function promoteOperandsNumpy(operands: readonly Operand[]): DType | null {
  const now = promoteByDType(operands);
  return now === promoteByValue(operands) ? now : null;
}

/** NumPy 1. */
function promoteByValue(operands: readonly Operand[]): DType {
  const arrays = operands.filter((o) => o.weak === 0);
  const scalars = operands.filter((o) => o.weak !== 0);
  const kind = (list: readonly Operand[]) => Math.max(-1, ...list.map((o) => Math.min(category(o.dtype), 2)));
  if (kind(scalars) > kind(arrays)) return operands.map((o) => o.dtype).reduce(promoteNumpy);
  const common = arrays.map((o) => o.dtype).reduce(promoteNumpy);
  return scalars.map((o) => leastFor(o, common)).reduce(promoteNumpy, common);
}

/** NumPy 2; a number that does not fit into the integers of an array raises there. */
function promoteByDType(operands: readonly Operand[]): DType | null {
  const [strong, weak] = [operands.filter((o) => o.weak !== 2), operands.filter((o) => o.weak === 2)];
  if (strong.length === 0) return operands.map((o) => o.dtype).reduce(promoteNumpy);
  const common = strong.map((o) => o.dtype).reduce(promoteNumpy);
  if (weak.some((o) => isInteger(common) && category(o.dtype) === 1 && o.value != null && !holds(common, o.value)))
    return null;
  const highest = weak.reduce((most, o) => Math.max(most, category(o.dtype)), 0);
  if (highest <= category(common)) return common;
  if (highest === 3) return isFloat(common) && common !== "float64" ? "complex64" : "complex128";
  return highest === 2 ? "float64" : "int64";
}

/** The smallest dtype that holds a number, of those that `beside` may have to become for it. */
function leastFor({ dtype, value }: Operand, beside: DType): DType {
  if (category(dtype) === 3) return "complex64";
  if (value == null) return category(dtype) === 0 ? "bool" : category(dtype) === category(beside) ? beside : "int8";
  if (category(dtype) === 0) return "bool";
  if (category(dtype) === 2)
    return Math.abs(value) > 65_504 && Number.isFinite(value)
      ? Math.abs(value) > 3.4028235e38
        ? "float64"
        : "float32"
      : "float16";
  const fitting = value < 0 || beside.startsWith("int") ? ["int8", "int16", "int32", "int64"] : [];
  return ([...fitting, "uint8", "uint16", "uint32", "uint64"] as DType[]).find((d) => holds(d, value)) ?? "uint64";
}

/** Whether a whole number is one of the dtype's. */
export function holds(dtype: DType, value: number): boolean {
  const width = bits[dtype]!;
  return dtype.startsWith("u")
    ? value >= 0 && value < 2 ** width
    : value >= -(2 ** (width - 1)) && value < 2 ** (width - 1);
}

function pythonDType(value: Value): DType | null {
  switch (value.kind) {
    case "bool":
      return "bool";
    case "int":
    case "symbol":
      return "int64";
    case "float":
      return "float64";
    case "complex":
      return "complex128";
    case "unknown":
      return value.type === "int"
        ? "int64"
        : value.type === "float"
          ? "float64"
          : value.type === "bool"
            ? "bool"
            : null;
    default:
      return null;
  }
}

function operandOf(value: Value, rankOf: (t: TensorValue) => number | null): Operand | null {
  if (value.kind !== "tensor") {
    const dtype = pythonDType(value);
    return dtype && { dtype, weak: 2, value: numeric(value) };
  }
  const dtype = dtypeOf(value);
  const rank = rankOf(value);
  if (dtype === null || rank === null) return null;
  return { dtype, weak: value.scalar && value.framework === "numpy" ? 1 : rank === 0 ? 1 : 0 };
}

/** The dtype of an elementwise operation of these operands, as far as it is known now. */
export function promoted(
  framework: Library,
  values: readonly Value[],
  rankOf: (t: TensorValue) => number | null,
): DType | null {
  const operands = values.map((v) => operandOf(v, rankOf));
  if (operands.includes(null)) return sameEverywhere(values);
  const all = operands as Operand[];
  if (framework === "numpy") return promoteOperandsNumpy(all);
  if (framework === "jax") return jaxDType(all, values);
  if (framework === "tensorflow") return tensorflowDType(all, values);
  return promoteOperandsTorch(
    all.map((o) =>
      o.weak === 1 && o.dtype === "float64" && framework === "torch" && isNumpyScalar(values[all.indexOf(o)]!)
        ? { ...o, weak: 2 }
        : o,
    ),
  );
}

function isNumpyScalar(value: Value): boolean {
  return value.kind === "tensor" && value.framework === "numpy" && value.scalar;
}

/** Where ranks are not known: tensors that are all of one float dtype stay so. */
function sameEverywhere(values: readonly Value[]): DType | null {
  const tensors = values.filter((v): v is TensorValue => v.kind === "tensor");
  const first = tensors[0] && dtypeOf(tensors[0]);
  if (!first || !isFloat(first) || tensors.some((t) => dtypeOf(t) !== first)) return null;
  return values.every((v) => v.kind === "tensor" || (pythonDType(v) !== null && category(pythonDType(v)!) <= 2))
    ? first
    : null;
}

/** JAX: Python numbers, and what only they have made, are weak. */
function jaxDType(operands: readonly Operand[], values: readonly Value[]): DType {
  const types = operands.map(({ dtype, weak }, at): DType | WeakType => {
    const value = values[at]!;
    if (weak !== 2 && !(value.kind === "tensor" && value.weak)) return dtype;
    return category(dtype) === 0 ? "bool" : (["int*", "float*", "complex*"] as const)[category(dtype) - 1]!;
  });
  return promoteJax(types);
}

/**
 * TensorFlow promotes nothing: tensors must be of one dtype, and a Python number becomes it where it can. Arrays of NumPy
 * are converted, by rules that depend on their values.
 */
function tensorflowDType(operands: readonly Operand[], values: readonly Value[]): DType | null {
  const own = operands.filter((_, at) => isTensorOf("tensorflow", values[at]!)).map((o) => o.dtype);
  const [first] = own;
  if (first === undefined) return null;
  for (const dtype of own)
    if (dtype !== first) raise("InvalidArgumentError", "python.dtypes", { left: first, right: dtype });
  for (const { dtype, weak } of operands)
    if (weak === 2 && (category(dtype) > category(first) || (category(first) === 0) !== (category(dtype) === 0)))
      raise("TypeError", "python.dtypes", { left: first, right: dtype });
  const foreign = operands.some((o, at) => o.weak !== 2 && !isTensorOf("tensorflow", values[at]!) && o.dtype !== first);
  return foreign ? null : first;
}

function isTensorOf(framework: Library, value: Value): boolean {
  return value.kind === "tensor" && value.framework === framework;
}

export function narrow(dtype: DType): DType {
  return dtype === "float64"
    ? "float32"
    : dtype === "int64"
      ? "int32"
      : dtype === "uint64"
        ? "uint32"
        : dtype === "complex128"
          ? "complex64"
          : dtype;
}

/** A dtype cell that is told from operands now or later. */
export function dtypeFrom(tell: () => DType | null): DTypeCell {
  const dtype = tell();
  return dtype === null ? { dtype: null, derive: () => quietly(tell) } : fixedDType(dtype);
}

/** What a float function (exp, mean, softmax) gives for this dtype: integers become float32, in TensorFlow they may not be given. */
export function floatOf(framework: Library, dtype: DType | null): DType | null {
  if (dtype === null || category(dtype) >= 2) return dtype;
  if (framework === "tensorflow") raise("InvalidArgumentError", "python.needsFloat", { dtype });
  if (framework === "numpy")
    return dtype === "bool" || dtype === "int8" || dtype === "uint8"
      ? "float16"
      : dtype === "int16" || dtype === "uint16"
        ? "float32"
        : "float64";
  return "float32";
}
