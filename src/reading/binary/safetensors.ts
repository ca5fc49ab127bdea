import type { DType } from "../../tensor/dtype.ts";
import { done, failed, type Outcome } from "../../tensor/message.ts";
import { sizeOf } from "../../tensor/tensor.ts";
import type { ByteSource } from "../byteSource.ts";
import { itemSize } from "./decode.ts";

/** A tensor of a .safetensors file. `start` counts from the start of the file. */
export interface SafeTensor {
  readonly name: string;
  /** null: a dtype that is not read (8-bit floats). */
  readonly dtype: DType | null;
  readonly dtypeName: string;
  readonly shape: readonly number[];
  readonly start: number;
  readonly end: number;
}

const dtypes: Readonly<Record<string, DType>> = {
  BOOL: "bool",
  U8: "uint8",
  I8: "int8",
  U16: "uint16",
  I16: "int16",
  U32: "uint32",
  I32: "int32",
  U64: "uint64",
  I64: "int64",
  F16: "float16",
  BF16: "bfloat16",
  F32: "float32",
  F64: "float64",
};

/** The format's own limit. */
const longestHeader = 100_000_000;

/**
 * The tensors that the head of a .safetensors file lists: eight bytes with the length of a JSON object, the object, the
 * elements. Format: github.com/huggingface/safetensors, README.
 *
 * Fails with `binary.notSafetensors` where the head is none, or names bytes that are not there.
 */
export function safeTensors(source: ByteSource): Outcome<SafeTensor[]> {
  const head = source.read(0, 8).slice();
  const length = head.length === 8 ? Number(new DataView(head.buffer).getBigUint64(0, true)) : 0;
  if (length < 2 || length > longestHeader || 8 + length > source.size) return failed("binary.notSafetensors");
  const header = jsonOf(source.read(8, length));
  if (typeof header !== "object" || header === null || Array.isArray(header)) return failed("binary.notSafetensors");
  const tensors: SafeTensor[] = [];
  for (const [name, said] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    const tensor = tensorOf(name, said, 8 + length, source.size);
    if (!tensor) return failed("binary.notSafetensors");
    tensors.push(tensor);
  }
  return done(tensors.sort((a, b) => a.start - b.start));
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return null;
  }
}

function tensorOf(name: string, said: unknown, base: number, size: number): SafeTensor | null {
  const { dtype: dtypeName, shape, data_offsets: offsets } = (said ?? {}) as Record<string, unknown>;
  if (typeof dtypeName !== "string" || !areSizes(shape) || !areSizes(offsets) || offsets.length !== 2) return null;
  const [start, end] = [base + offsets[0]!, base + offsets[1]!];
  const dtype = Object.hasOwn(dtypes, dtypeName) ? dtypes[dtypeName]! : null;
  if (start > end || end > size || (dtype && end - start !== sizeOf(shape) * itemSize(dtype))) return null;
  return { name, dtype, dtypeName, shape, start, end };
}

function areSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}
