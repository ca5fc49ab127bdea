import { mostLeaves } from "../operations/constructors.ts";
import { numeric } from "../run/scalars.ts";
import { knownTensor, type TensorValue } from "../run/tensorValue.ts";
import type { Value } from "../run/values.ts";

/** Lists nested deeper are no tensors; one that holds itself is nested without end. */
const deepest = 16;

/** Plain nested lists of numbers, of two axes or more, as the tensor that they would make; null for anything else. */
export function listTensors(value: Value): TensorValue | null {
  const dims: number[] = [];
  for (let at: Value | undefined = value; at?.kind === "list" || at?.kind === "tuple"; at = at.items[0]) {
    if (dims.length >= deepest || (at.kind === "tuple" && (at.sizesOf || at.names))) return null;
    dims.push(at.items.length);
  }
  if (dims.length < 2 || dims.reduce((n, size) => n * size, 1) > mostLeaves) return null;
  const leaves: Value[] = [];
  if (!collect(value, dims, 0, leaves)) return null;
  const floats = leaves.some((l) => l.kind === "float");
  const data = Float64Array.from(leaves, (l) => numeric(l)!);
  const bools = leaves.length > 0 && leaves.every((l) => l.kind === "bool");
  const made = bools
    ? knownTensor("numpy", dims, "bool", Uint8Array.from(data), "literal", true)
    : knownTensor("numpy", dims, floats ? "float64" : "int64", data, "literal", true);
  made.literal = value.kind === "list" || value.kind === "tuple" ? (value.literal ?? null) : null;
  return made;
}

function collect(value: Value, dims: readonly number[], depth: number, into: Value[]): boolean {
  if (depth === dims.length) {
    if (numeric(value) === null || (value.kind === "int" && typeof value.value === "bigint")) return false;
    into.push(value);
    return true;
  }
  if ((value.kind !== "list" && value.kind !== "tuple") || value.open || value.items.length !== dims[depth])
    return false;
  return value.items.every((item) => collect(item, dims, depth + 1, into));
}
