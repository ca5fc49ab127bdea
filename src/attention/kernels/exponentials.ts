import { valueAt } from "../../tensor/tensor.ts";
import type { Plan } from "../plan.ts";
import type { Kernel } from "./instance.ts";

/** e^2x of larger numbers, multiplied with another one, could leave float32. */
const largest = 18;

/**
 * Replaces rows that lie at `address`, x, by e^(2x + 2b), for the additive score: tanh(q + k + b) then takes one division.
 * False where a number is too large for that; NaN stays.
 */
export function exponentiate(kernel: Kernel, address: number, rows: number, size: number, bias: Float64Array): boolean {
  const { floats } = kernel;
  let at = address >>> 2;
  for (let row = 0; row < rows; row++) {
    for (let c = 0; c < size; c++, at++) {
      const x = floats[at]! + bias[c]!;
      if (Math.abs(x) > largest) return false;
      floats[at] = Math.exp(2 * x);
    }
  }
  return true;
}

/** The additive score's vector and bias, as numbers; null for other scores. */
export function additiveOf({
  problem: { score },
  sizes: { size },
}: Plan): { vector: Float64Array; bias: Float64Array } | null {
  if (score?.kind !== "additive") return null;
  const { vector, bias } = score;
  const numbers = (read: (at: number) => number): Float64Array =>
    Float64Array.from({ length: size }, (_, at) => read(at));
  return { vector: numbers((at) => valueAt(vector, at)), bias: numbers((at) => (bias ? valueAt(bias, at) : 0)) };
}
