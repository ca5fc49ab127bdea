import type { DType } from "../../../tensor/dtype.ts";
import type { Library } from "../run/tensorValue.ts";
import { bool, float, none, string, type Value } from "../run/values.ts";

function dtype(framework: Library | "python", name: DType): Value {
  return { kind: "dtype", framework, dtype: name };
}

const torchDTypes: Readonly<Record<string, DType>> = {
  float32: "float32",
  float: "float32",
  float64: "float64",
  double: "float64",
  float16: "float16",
  half: "float16",
  bfloat16: "bfloat16",
  int8: "int8",
  uint8: "uint8",
  int16: "int16",
  short: "int16",
  int32: "int32",
  int: "int32",
  int64: "int64",
  long: "int64",
  bool: "bool",
  complex64: "complex64",
  cfloat: "complex64",
  complex128: "complex128",
  cdouble: "complex128",
};

const numpyDTypes: Readonly<Record<string, DType>> = {
  float16: "float16",
  half: "float16",
  float32: "float32",
  single: "float32",
  float64: "float64",
  double: "float64",
  float_: "float64",
  int8: "int8",
  byte: "int8",
  uint8: "uint8",
  ubyte: "uint8",
  int16: "int16",
  uint16: "uint16",
  int32: "int32",
  intc: "int32",
  uint32: "uint32",
  int64: "int64",
  int_: "int64",
  intp: "int64",
  uint64: "uint64",
  bool_: "bool",
  complex64: "complex64",
  complex128: "complex128",
};

const numbers: Readonly<Record<string, number>> = {
  pi: Math.PI,
  e: Math.E,
  tau: 2 * Math.PI,
  inf: Number.POSITIVE_INFINITY,
  Inf: Number.POSITIVE_INFINITY,
  Infinity: Number.POSITIVE_INFINITY,
  nan: Number.NaN,
  NaN: Number.NaN,
  euler_gamma: 0.5772156649015329,
};

const single: Readonly<Record<string, Value>> = {
  "numpy.newaxis": none,
  "jax.numpy.newaxis": none,
  "tensorflow.newaxis": none,
  "typing.TYPE_CHECKING": bool(false),
  "torch.strided": string("strided"),
  "torch.contiguous_format": string("contiguous_format"),
  "builtins.NotImplemented": none,
  "builtins.__name__": string("__main__"),
  "builtins.__debug__": bool(true),
  "sys.maxsize": { kind: "int", value: 9223372036854775807n },
  "numpy.ndarray": { kind: "library", path: "numpy.ndarray" },
  "torch.float8_e4m3fn": {
    kind: "unknown",
    why: { code: "python.unsupported", args: { what: "float8" } },
    type: "other",
  },
};

/** A constant of a library by its full name. */
export function constant(path: string): Value | undefined {
  const known = single[path];
  if (known) return known;
  const at = path.lastIndexOf(".");
  const [module, name] = [path.slice(0, at), path.slice(at + 1)];
  if (module === "torch" && torchDTypes[name]) return dtype("torch", torchDTypes[name]);
  if ((module === "numpy" || module === "jax.numpy") && numpyDTypes[name])
    return dtype(module === "numpy" ? "numpy" : "jax", numpyDTypes[name]);
  if (name === "bfloat16" && (module === "jax.numpy" || module === "tensorflow"))
    return dtype(module === "tensorflow" ? "tensorflow" : "jax", name);
  if (module === "tensorflow" && numpyDTypes[name]) return dtype("tensorflow", numpyDTypes[name]);
  if (module === "tensorflow" && name === "bool") return dtype("tensorflow", "bool");
  if (name in numbers && /^(math|numpy|torch|jax\.numpy)$/.test(module)) return float(numbers[name]!);
  return undefined;
}

const exceptions = /^builtins\.(\w*(Error|Exception|Warning|Exit|Interrupt|StopIteration))$/;

/** Built-in names that are not operations. */
export function isBuiltinName(path: string): boolean {
  return (
    exceptions.test(path) ||
    [
      "builtins.property",
      "builtins.staticmethod",
      "builtins.classmethod",
      "builtins.super",
      "builtins.Ellipsis",
      "builtins.complex",
    ].includes(path)
  );
}
