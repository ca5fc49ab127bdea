import { accurateLog } from "./accurateLog.ts";
import type { Pcg64 } from "./pcg64.ts";
import { layerEdges, layerHeights, layerInsides } from "./zigguratTables.ts";

const single = Math.fround;
const tailStart = layerEdges[255]!;
const singleTailStart = single(tailStart);
const singleTailInverse = single(0.27366123732975828);
const singleWidths = layerEdges.map((edge) => single(edge / 2 ** 23));
const singleHeights = layerHeights.map(single);
const singleInsides = layerInsides.map((inside) => Math.floor(inside / 2 ** 29 + 0.5));

/**
 * A normal number as NumPy's `Generator.standard_normal` draws it in float64. Bit for bit, but for the last bit in the
 * tail beyond 3.65.
 * Source: G. Marsaglia, W. W. Tsang, "The Ziggurat Method", J. Stat. Softw. 5 (2000), with NumPy's order of bits.
 */
export function normal(bits: Pcg64): number {
  for (;;) {
    const [high, low] = bits.next64();
    const layer = low & 255;
    const inside = (high & 0x1fffffff) * 8388608 + (low >>> 9);
    const x = ((low & 256) === 0 ? inside : -inside) * (layerEdges[layer]! / 4503599627370496);
    if (inside < layerInsides[layer]!) return x;
    if (layer === 0) return tail(bits, (low & 0x20000) !== 0);
    const [above, here] = [layerHeights[layer - 1]!, layerHeights[layer]!];
    if ((above - here) * bits.double() + here < Math.exp(-0.5 * x * x)) return x;
  }
}

function tail(bits: Pcg64, negative: boolean): number {
  for (;;) {
    const x = -0.27366123732975828 * accurateLog(1 - bits.double());
    const y = -accurateLog(1 - bits.double());
    if (y + y > x * x) return negative ? -(tailStart + x) : tailStart + x;
  }
}

/** `normal` in float32, from 32-bit draws. */
export function singleNormal(bits: Pcg64): number {
  for (;;) {
    const word = bits.next32();
    const layer = word & 255;
    const inside = word >>> 9;
    const x = single((word & 256 ? -inside : inside) * singleWidths[layer]!);
    if (inside < singleInsides[layer]!) return x;
    if (layer === 0) return singleTail(bits, (word & 0x20000) !== 0);
    const [above, here] = [singleHeights[layer - 1]!, singleHeights[layer]!];
    const height = single(single(single(above - here) * singleUniform(bits)) + here);
    if (height < Math.exp(-0.5 * x * x)) return x;
  }
}

function singleTail(bits: Pcg64, negative: boolean): number {
  for (;;) {
    const x = single(-singleTailInverse * single(Math.log1p(-singleUniform(bits))));
    const y = -single(Math.log1p(-singleUniform(bits)));
    if (single(y + y) > single(x * x)) return negative ? -single(singleTailStart + x) : single(singleTailStart + x);
  }
}

/** A float32 in [0, 1) with 24 random bits. */
export function singleUniform(bits: Pcg64): number {
  return (bits.next32() >>> 8) / 16777216;
}
