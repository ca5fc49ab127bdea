import { type DType, storage, type TensorData } from "../../tensor/dtype.ts";
import type { ByteSource } from "../byteSource.ts";
import { fromBfloat16, fromHalf } from "./half.ts";

/** Bytes an element of a dtype takes in files; 0 for complex numbers, which are not read. */
export function itemSize(dtype: DType): number {
  if (dtype === "bool") return 1;
  return dtype.startsWith("complex") ? 0 : Number(/\d+$/.exec(dtype)![0]) / 8;
}

/**
 * Elements of a dtype from their little-endian (or big-endian) bytes, as files of NumPy, PyTorch and safetensors hold
 * them. Copies; 16-bit floats are widened. Bytes that do not make a whole element are left out.
 */
export function decode(bytes: Uint8Array, dtype: DType, littleEndian = true): TensorData {
  const size = itemSize(dtype);
  const count = size === 0 ? 0 : Math.floor(bytes.length / size);
  const out = storage(dtype, count);
  if ((littleEndian || size === 1) && size === out.BYTES_PER_ELEMENT) {
    new Uint8Array(out.buffer).set(bytes.subarray(0, count * size));
    if (dtype === "bool") for (let at = 0; at < count; at++) out[at] = out[at] ? 1 : 0;
    return out;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (dtype === "float16" || dtype === "bfloat16") return widened(view, dtype, count, littleEndian);
  const read = elementReader(view, dtype, littleEndian);
  for (let at = 0; at < count; at++) out[at] = read(at * size) as never;
  return out;
}

/** 16-bit floats, of which there are no more than 65,536: beyond that a table is faster. */
function widened(view: DataView, dtype: "float16" | "bfloat16", count: number, little: boolean): Float32Array {
  const number = dtype === "float16" ? fromHalf : fromBfloat16;
  const table = count > 2 ** 16 ? Float32Array.from({ length: 2 ** 16 }, (_, bits) => number(bits)) : null;
  const out = new Float32Array(count);
  for (let at = 0; at < count; at++) {
    const bits = view.getUint16(at * 2, little);
    out[at] = table ? table[bits]! : number(bits);
  }
  return out;
}

/** Bytes that are read at a time: what a source reads into stays as large. */
const piece = 2 ** 24;

/** `count` elements that start at byte `start`, read piece by piece; null where the source ends before. */
export function readElements(
  source: ByteSource,
  start: number,
  count: number,
  dtype: DType,
  littleEndian = true,
): TensorData | null {
  const size = itemSize(dtype);
  const out = storage(dtype, count);
  const step = piece / size;
  for (let from = 0; from < count; from += step) {
    const wanted = Math.min(step, count - from);
    const part = decode(source.read(start + from * size, wanted * size), dtype, littleEndian);
    if (part.length < wanted) return null;
    out.set(part as never, from);
  }
  return out;
}

function elementReader(view: DataView, dtype: DType, little: boolean): (at: number) => number | bigint {
  const readers: Partial<Record<DType, (at: number) => number | bigint>> = {
    uint16: (at) => view.getUint16(at, little),
    int16: (at) => view.getInt16(at, little),
    uint32: (at) => view.getUint32(at, little),
    int32: (at) => view.getInt32(at, little),
    uint64: (at) => view.getBigUint64(at, little),
    int64: (at) => view.getBigInt64(at, little),
    float32: (at) => view.getFloat32(at, little),
    float64: (at) => view.getFloat64(at, little),
  };
  return readers[dtype] ?? ((at) => view.getUint8(at));
}
