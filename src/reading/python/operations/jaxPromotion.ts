import type { DType } from "../../../tensor/dtype.ts";

/** A Python number, or an array that only Python numbers have made: it takes the precision of what it meets. */
export type WeakType = "int*" | "float*" | "complex*";

/**
 * What each type may become at once. Two types become the least one that both can become.
 * Source: the lattice of JAX's documentation, "Type promotion semantics".
 */
const wider: Readonly<Record<string, readonly string[]>> = {
  bool: ["int*"],
  "int*": ["uint8", "int8"],
  uint8: ["uint16", "int16"],
  uint16: ["uint32", "int32"],
  uint32: ["uint64", "int64"],
  uint64: ["float*"],
  int8: ["int16"],
  int16: ["int32"],
  int32: ["int64"],
  int64: ["float*"],
  "float*": ["bfloat16", "float16", "complex*"],
  bfloat16: ["float32"],
  float16: ["float32"],
  float32: ["float64", "complex64"],
  float64: ["complex128"],
  "complex*": ["complex64"],
  complex64: ["complex128"],
  complex128: [],
};

/** The dtype of an operation in jax.numpy without x64: 64 bits are never reached. */
export function promoteJax(types: readonly (DType | WeakType)[]): DType {
  return settled(types.reduce((a, b) => least(a, b)));
}

function least(a: DType | WeakType, b: DType | WeakType): DType | WeakType {
  const [fromA, fromB] = [reachable(a), reachable(b)];
  const both = [...fromA].filter((type) => fromB.has(type));
  return both.find((type) => both.every((other) => reachable(type).has(other))) as DType | WeakType;
}

function reachable(type: string): Set<string> {
  const found = new Set([type]);
  for (const next of found) for (const further of wider[next] ?? []) found.add(further);
  return found;
}

/** What a type is when nothing has settled it, and never more than 32 bits. */
function settled(type: DType | WeakType): DType {
  const narrow: Readonly<Record<string, DType>> = {
    "int*": "int32",
    "float*": "float32",
    "complex*": "complex64",
    int64: "int32",
    uint64: "uint32",
    float64: "float32",
    complex128: "complex64",
  };
  return narrow[type] ?? (type as DType);
}
