import { type DType, isDType } from "../../tensor/dtype.ts";
import { done, failed, type Outcome } from "../../tensor/message.ts";
import { rowMajor, sizeOf, type Tensor } from "../../tensor/tensor.ts";
import type { ByteSource } from "../byteSource.ts";
import { itemSize, readElements } from "./decode.ts";

/** What the head of a .npy file says. */
export interface NpyHeader {
  readonly dtype: DType;
  readonly littleEndian: boolean;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Where the elements start, in bytes from the start of the file. */
  readonly start: number;
}

/** Longer headers belong to no tensor that we know: NumPy itself refuses more than 10,000 characters. */
const longestHeader = 64 * 1024;

/**
 * Reads the head of a .npy file, versions 1.0 to 3.0. Format: NumPy Enhancement Proposal 1, `numpy.lib.format`.
 *
 * Fails with `binary.notNpy` where the magic or the header is not NumPy's, `binary.dtype` (dtype) for elements that are no
 * plain numbers: records, strings, objects, dates, complex and long doubles; `binary.short` (expected, got: bytes).
 */
export function npyHeader(source: ByteSource): Outcome<NpyHeader> {
  const head = source.read(0, 12).slice();
  if (head.length < 10 || String.fromCharCode(...head.subarray(1, 6)) !== "NUMPY" || head[0] !== 0x93)
    return failed("binary.notNpy");
  const wide = head[6]! >= 2;
  if (wide && head.length < 12) return failed("binary.notNpy");
  const view = new DataView(head.buffer);
  const length = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  const from = wide ? 12 : 10;
  if (length > longestHeader || from + length > source.size) return failed("binary.notNpy");
  const text = new TextDecoder("utf-8").decode(source.read(from, length));
  return parsed(text, from + length, source.size);
}

/** `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`, keys in any order. */
function parsed(text: string, start: number, size: number): Outcome<NpyHeader> {
  const descr = /['"]descr['"]\s*:\s*(?:['"]([^'"]*)['"]|(\[))/.exec(text);
  const order = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(text);
  const axes = /['"]shape['"]\s*:\s*\(([\d\s,L]*)\)/.exec(text);
  if (!descr || !order || !axes) return failed("binary.notNpy");
  const dtype = dtypeOf(descr[1] ?? "");
  if (!dtype) return failed("binary.dtype", { dtype: descr[1] ?? "record" });
  const shape = axes[1]!
    .split(",")
    .map((axis) => axis.trim().replace("L", ""))
    .filter((axis) => axis !== "")
    .map(Number);
  const expected = sizeOf(shape) * itemSize(dtype);
  if (start + expected > size) return failed("binary.short", { expected, got: size - start });
  return done({ dtype, littleEndian: !descr[1]!.startsWith(">"), fortranOrder: order[1] === "True", shape, start });
}

/** Kinds of NumPy's array interface: b, i, u, f and the bytes an element takes. */
function dtypeOf(descr: string): DType | null {
  const match = /^[<>=|]?([biuf])(\d+)$/.exec(descr);
  if (!match) return null;
  const bits = Number(match[2]) * 8;
  const name = match[1] === "b" ? "bool" : `${{ i: "int", u: "uint", f: "float" }[match[1]!]}${bits}`;
  return isDType(name) && itemSize(name) > 0 ? name : null;
}

/** The elements, read from the source and copied; null where it has become shorter. Fortran order stays, told by the strides. */
export function npyTensor(source: ByteSource, header: NpyHeader): Tensor | null {
  const { dtype, shape, start, littleEndian, fortranOrder } = header;
  const data = readElements(source, start, sizeOf(shape), dtype, littleEndian);
  return data && { dtype, shape, strides: fortranOrder ? columnMajor(shape) : rowMajor(shape), offset: 0, data };
}

function columnMajor(shape: readonly number[]): number[] {
  let stride = 1;
  return shape.map((size) => {
    const own = stride;
    stride *= size;
    return own;
  });
}
