import { type DType, isDType } from "../../../tensor/dtype.ts";

/** Names that formats give to dtypes, beside those that NumPy and PyTorch share. */
const aliases: Readonly<Record<string, DType>> = {
  // KServe v2 and safetensors
  BOOL: "bool",
  UINT8: "uint8",
  UINT16: "uint16",
  UINT32: "uint32",
  UINT64: "uint64",
  U8: "uint8",
  U16: "uint16",
  U32: "uint32",
  U64: "uint64",
  INT8: "int8",
  INT16: "int16",
  INT32: "int32",
  INT64: "int64",
  I8: "int8",
  I16: "int16",
  I32: "int32",
  I64: "int64",
  FP16: "float16",
  FP32: "float32",
  FP64: "float64",
  F16: "float16",
  F32: "float32",
  F64: "float64",
  BF16: "bfloat16",
  // array interface, little-endian or without order
  b1: "bool",
  u1: "uint8",
  u2: "uint16",
  u4: "uint32",
  u8: "uint64",
  i1: "int8",
  i2: "int16",
  i4: "int32",
  i8: "int64",
  f2: "float16",
  f4: "float32",
  f8: "float64",
  // PyTorch, Python, ONNX
  half: "float16",
  float: "float32",
  double: "float64",
  long: "int64",
  int: "int64",
  short: "int16",
  boolean: "bool",
};

/** The dtype of a name such as `float32`, `torch.float32`, `FP32`, `<f4`; null for any other. */
export function dtypeNamed(name: unknown): DType | null {
  if (typeof name !== "string") return null;
  const plain = name
    .replace(/^(torch\.|np\.|numpy\.|jnp\.|tf\.|tensor\()/, "")
    .replace(/\)$/, "")
    .replace(/^[<=|]/, "");
  if (isDType(plain)) return plain;
  return Object.hasOwn(aliases, plain) ? aliases[plain]! : null;
}
