import { bareName, isNameless, type Size, type Symbols } from "../run/dims.ts";
import { Raised } from "../run/machine.ts";
import type { NumberArray } from "./making.ts";

/** The shape of an elementwise operation; raises where two sizes cannot be matched. */
export function broadcastShapes(symbols: Symbols, shapes: readonly (readonly Size[])[]): Size[] {
  const rank = Math.max(0, ...shapes.map((s) => s.length));
  return Array.from({ length: rank }, (_, axis) => {
    let size: Size = 1;
    for (const shape of shapes) {
      const at = axis - (rank - shape.length);
      if (at >= 0) size = broadcastSizes(symbols, size, shape[at]!, shapes);
    }
    return size;
  });
}

/** A named size against a number above 1 is that number: it could only be it or 1. Two names that differ give unknown. */
function broadcastSizes(symbols: Symbols, first: Size, second: Size, shapes: readonly (readonly Size[])[]): Size {
  const [a, b] = [symbols.resolve(first), symbols.resolve(second)];
  if (a === 1) return b;
  if (b === 1) return a;
  if (a === null || b === null) return typeof a === "number" ? a : typeof b === "number" ? b : null;
  const equal = symbols.equal(a, b);
  if (equal === true) return typeof a === "number" ? a : b;
  if (typeof a === "number" && typeof b === "number") {
    throw new Raised("RuntimeError", {
      code: "python.broadcast",
      args: { shapes: shapes.map((s) => s.map(String).join("×")) },
    });
  }
  return typeof a === "number" ? a : typeof b === "number" ? b : named(a, b);
}

/**
 * Of two sizes that are not the same by what is known: where one is only asked for, or computed, the other one. Neither
 * is likely to be 1, but of two names that the code gives itself one may well be.
 */
function named(a: Size, b: Size): Size {
  const [x, y] = [bareName(a), bareName(b)];
  if (x !== null && y !== null) return isNameless(x) ? b : isNameless(y) ? a : null;
  return x !== null ? a : b;
}

/** Strides for reading row-major elements of `shape` as if they had the shape `out`; 0 where they are repeated. */
export function broadcastStrides(shape: readonly number[], out: readonly number[]): number[] {
  const strides = new Array<number>(out.length).fill(0);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1) strides[axis + out.length - shape.length] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/** Row-major elements of `shape` repeated to fill `out`; the array itself where there is nothing to repeat. */
export function expanded(data: NumberArray, shape: readonly number[], out: readonly number[]): NumberArray {
  if (shape.length === out.length && shape.every((d, axis) => d === out[axis])) return data;
  const strides = broadcastStrides(shape, out);
  const size = out.reduce((n, d) => n * d, 1);
  const result = new (data.constructor as new (n: number) => NumberArray)(size);
  const index = new Array<number>(out.length).fill(0);
  let at = 0;
  for (let flat = 0; flat < size; flat++) {
    result[flat] = data[at]!;
    for (let axis = out.length - 1; axis >= 0; axis--) {
      at += strides[axis]!;
      if (++index[axis]! < out[axis]!) break;
      at -= strides[axis]! * out[axis]!;
      index[axis] = 0;
    }
  }
  return result;
}
