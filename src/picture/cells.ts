import { type ColorMap, colorIndex } from "./colorMaps.ts";
import type { Scale } from "./scale.ts";

/** What is drawn over a cell whose number has no place on the scale. */
export const cellMarks = ["none", "nan", "positiveInfinity", "negativeInfinity"] as const;
export type CellMark = (typeof cellMarks)[number];

/** NaN and ±∞ are marked by a sign of their own: a colour alone would pass for a number. */
export function cellMark(x: number): CellMark {
  if (Number.isNaN(x)) return "nan";
  return Number.isFinite(x) ? "none" : x > 0 ? "positiveInfinity" : "negativeInfinity";
}

/** Entries of the colour map for numbers, one byte each; NaN gets entry 0 and needs its mark. */
export function colorIndices(
  values: ArrayLike<number>,
  scale: Scale,
  into = new Uint8Array(values.length),
): Uint8Array {
  for (let i = 0; i < values.length; i++) into[i] = colorIndex(scale(values[i]!));
  return into;
}

/** What NaN and +∞ are painted in: a colour that no map has, on which white can be read (4.9 : 1). */
export const alarmColor = "#c800c8";
const alarm = [0xc8, 0x00, 0xc8] as const;

/**
 * RGBA of numbers, row-major, as `ImageData` wants it. −∞ is left transparent: whoever draws puts a hatch there. NaN
 * and +∞, which no scale has a place for, are painted in the colour of alarm.
 */
export function paintCells(values: ArrayLike<number>, map: ColorMap, scale: Scale, into: Uint8ClampedArray): void {
  const { table } = map;
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!;
    const at = i * 4;
    if (x - x !== 0) {
      into.set(alarm, at);
      into[at + 3] = x === Number.NEGATIVE_INFINITY ? 0 : 255;
      continue;
    }
    const entry = colorIndex(scale(x)) * 3;
    into[at] = table[entry]!;
    into[at + 1] = table[entry + 1]!;
    into[at + 2] = table[entry + 2]!;
    into[at + 3] = 255;
  }
}
