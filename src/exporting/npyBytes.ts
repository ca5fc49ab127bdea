import { type DType, storage } from "../tensor/dtype.ts";
import { isContiguous, position, sizeOf, type Tensor } from "../tensor/tensor.ts";

/** Type codes of NumPy's array interface, little-endian. 16-bit floats are held, and written, widened. */
const codes: Readonly<Partial<Record<DType, string>>> = {
  bool: "|b1",
  uint8: "|u1",
  int8: "|i1",
  uint16: "<u2",
  int16: "<i2",
  uint32: "<u4",
  int32: "<i4",
  uint64: "<u8",
  int64: "<i8",
  float16: "<f4",
  bfloat16: "<f4",
  float32: "<f4",
  float64: "<f8",
};

/**
 * A tensor as the bytes of a .npy file, version 1.0, C order, as `numpy.load` reads them. Complex tensors, which are
 * not stored, throw RangeError. Format: NumPy Enhancement Proposal 1, `numpy.lib.format`.
 */
export function npyBytes(t: Tensor): Uint8Array<ArrayBuffer> {
  const code = codes[t.dtype];
  if (!code) throw new RangeError(`npyBytes: ${t.dtype} is not stored`);
  const data = rowMajorData(t);
  const head = header(code, t.shape);
  const bytes = new Uint8Array(head.length + data.byteLength);
  bytes.set(head);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), head.length);
  return bytes;
}

/** Magic, version, length and a Python dictionary, padded so that the data begins at a multiple of 64. */
function header(code: string, shape: readonly number[]): Uint8Array {
  const axes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const dictionary = `{'descr': '${code}', 'fortran_order': False, 'shape': (${axes}), }`;
  const length = Math.ceil((10 + dictionary.length + 1) / 64) * 64 - 10;
  const text = new TextEncoder().encode(`${dictionary.padEnd(length - 1)}\n`);
  return Uint8Array.from([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, length & 255, length >> 8, ...text]);
}

function rowMajorData(t: Tensor): Tensor["data"] {
  const size = sizeOf(t.shape);
  if (isContiguous(t)) return t.data.subarray(t.offset, t.offset + size);
  const out = storage(t.dtype, size);
  for (let flat = 0; flat < size; flat++) out[flat] = t.data[position(t, flat)]!;
  return out;
}
