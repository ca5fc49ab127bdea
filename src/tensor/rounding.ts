import type { DType } from "./dtype.ts";

/** The value of float16 next to x, ties to even; beyond 65,504 it becomes ±∞ from 65,520 on (IEEE 754 binary16). */
export function roundToFloat16(x: number): number {
  const size = Math.abs(x);
  if (!Number.isFinite(x) || size === 0) return x;
  if (size >= 65520) return x > 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  return toGrid(x, 10, -14);
}

/** The value of bfloat16 next to x, ties to even: float32's range with 8 significant bits. */
export function roundToBfloat16(x: number): number {
  if (!Number.isFinite(x) || x === 0) return x;
  const rounded = toGrid(x, 7, -126);
  return Math.abs(rounded) >= 2 ** 128 ? rounded * Number.POSITIVE_INFINITY : rounded;
}

/** The value that `dtype` can hold next to x; integers and booleans are left as they are. */
export function roundTo(dtype: DType, x: number): number {
  if (dtype === "float16") return roundToFloat16(x);
  if (dtype === "bfloat16") return roundToBfloat16(x);
  return dtype === "float32" ? Math.fround(x) : x;
}

/** Rounds to `bits` binary places after the leading one; below 2^least the places stay where they are (subnormals). */
function toGrid(x: number, bits: number, least: number): number {
  const exponent = Math.max(least, exponentOf(Math.abs(x)));
  const step = 2 ** (exponent - bits);
  return roundHalfEven(x / step) * step;
}

function exponentOf(size: number): number {
  const guess = Math.floor(Math.log2(size));
  return 2 ** guess > size ? guess - 1 : 2 ** (guess + 1) <= size ? guess + 1 : guess;
}

function roundHalfEven(x: number): number {
  const down = Math.floor(x);
  const rest = x - down;
  if (rest !== 0.5) return Math.round(x);
  return down % 2 === 0 ? down : down + 1;
}
