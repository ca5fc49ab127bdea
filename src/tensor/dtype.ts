/** Element types, by the names NumPy and PyTorch share. */
export const dtypes = [
  "bool",
  "uint8",
  "int8",
  "uint16",
  "int16",
  "uint32",
  "int32",
  "uint64",
  "int64",
  "float16",
  "bfloat16",
  "float32",
  "float64",
  "complex64",
  "complex128",
] as const;

export type DType = (typeof dtypes)[number];

/** What holds the elements. 16-bit floats are held widened, each value exactly representable in its dtype. */
export type TensorData =
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array
  | BigInt64Array
  | BigUint64Array;

export function isDType(name: string): name is DType {
  return (dtypes as readonly string[]).includes(name);
}

export function isFloat(dtype: DType): boolean {
  return dtype.startsWith("float") || dtype === "bfloat16";
}

export function isInteger(dtype: DType): boolean {
  return dtype.startsWith("int") || dtype.startsWith("uint");
}

/** An empty store for `length` elements of `dtype`; complex numbers are not stored. 64-bit integers are exact (BigInt). */
export function storage(dtype: DType, length: number): TensorData {
  switch (dtype) {
    case "bool":
    case "uint8":
      return new Uint8Array(length);
    case "int8":
      return new Int8Array(length);
    case "uint16":
      return new Uint16Array(length);
    case "int16":
      return new Int16Array(length);
    case "uint32":
      return new Uint32Array(length);
    case "int32":
      return new Int32Array(length);
    case "int64":
      return new BigInt64Array(length);
    case "uint64":
      return new BigUint64Array(length);
    case "float16":
    case "bfloat16":
    case "float32":
      return new Float32Array(length);
    default:
      return new Float64Array(length);
  }
}
