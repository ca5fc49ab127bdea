import type { TensorData } from "../../../tensor/dtype.ts";
import { accurateLog } from "./accurateLog.ts";
import { bigMaskFor, type Draw, drawn, drawnBig, maskFor, shuffled, weightedChoice } from "./draw.ts";
import { Mt19937 } from "./mt19937.ts";

/**
 * NumPy's legacy random functions: `np.random.seed` and what hangs below `np.random`, and `RandomState`. Uniform numbers
 * and integers bit for bit, normal ones within the last bit. Source: NumPy's documented guarantee that this stream never
 * changes, and outputs of NumPy 1.24.
 */
export class NumpyLegacy {
  private readonly bits: Mt19937;
  /** The second number of a pair of normal ones. */
  private kept: number | null = null;

  private constructor(bits: Mt19937) {
    this.bits = bits;
  }

  /** `np.random.seed(seed)`: 0 … 2³² − 1 (others raise ValueError in NumPy: not for here), or an array of such numbers. */
  static seeded(seed: number | readonly number[]): NumpyLegacy {
    return new NumpyLegacy(typeof seed === "number" ? Mt19937.fromSeed(seed) : Mt19937.fromKey(seed));
  }

  /** rand, random, random_sample, ranf, sample (0, 1) and uniform(low, high). */
  uniform(draw: Draw, low = 0, high = 1): TensorData | null {
    if (!draw.keep) {
      this.bits.advance(2 * draw.count);
      return null;
    }
    const range = high - low;
    return drawn(draw, () => low + range * this.bits.double());
  }

  /** randn, standard_normal (0, 1) and normal(mean, deviation). */
  normal(draw: Draw, mean = 0, deviation = 1): TensorData | null {
    if (!draw.keep) return this.skipGauss(draw.count);
    return drawn(draw, () => mean + deviation * this.gauss());
  }

  /** standard_exponential and exponential(scale). */
  exponential(draw: Draw, scale = 1): TensorData | null {
    return drawn(draw, () => scale * -accurateLog(1 - this.bits.double()));
  }

  /** randint: integers from `low` to `high`, both included, in the order that `draw.dtype` asks for. */
  integers(draw: Draw, low: bigint, high: bigint): TensorData | null {
    const range = high - low;
    if (range === 0n) return drawnBig({ ...draw }, () => low);
    const piece = pieceBits(draw.dtype);
    if (piece !== null) return this.smallIntegers(draw, Number(low), Number(range), piece);
    if (range > 0xffffffffn) return drawnBig(draw, () => low + this.wideBelow(range));
    const [from, limit] = [Number(low), Number(range)];
    return drawn(draw, () => from + this.below(limit));
  }

  /** The order into which `shuffle` and `permutation` bring `count` things along their first axis. */
  order(count: number): number[] {
    return shuffled(count, (limit) => this.below(limit));
  }

  /** `choice` with weights: places of the chosen. Null if they are fewer than are to be chosen without return. */
  weightedChoice(count: number, weights: readonly number[], withReturn: boolean): number[] | null {
    return weightedChoice(count, weights, withReturn, (n) => this.doubles(n));
  }

  copy(): NumpyLegacy {
    const copy = new NumpyLegacy(this.bits.copy());
    copy.kept = this.kept;
    return copy;
  }

  /** True if both will give the same numbers from here on. */
  equals(other: NumpyLegacy): boolean {
    return this.kept === other.kept && this.bits.equals(other.bits);
  }

  private doubles(count: number): number[] {
    return Array.from({ length: count }, () => this.bits.double());
  }

  /** The polar method; the second number of each pair is given first and the first one kept. */
  private gauss(): number {
    if (this.kept !== null) {
      const number = this.kept;
      this.kept = null;
      return number;
    }
    const [x, y, square] = this.pointInCircle();
    const factor = Math.sqrt((-2 * accurateLog(square)) / square);
    this.kept = factor * x;
    return factor * y;
  }

  /** As many calls of `gauss`, of which nobody wants to know what they give: no pair but the last needs its logarithm. */
  private skipGauss(count: number): null {
    let left = count;
    if (left > 0 && this.kept !== null) {
      this.kept = null;
      left--;
    }
    for (; left > 1; left -= 2) this.pointInCircle();
    if (left === 1) this.gauss();
    return null;
  }

  /** x, y and x² + y² of the next point that lies in the unit circle. */
  private pointInCircle(): readonly [number, number, number] {
    for (;;) {
      const x = 2 * this.bits.double() - 1;
      const y = 2 * this.bits.double() - 1;
      const square = x * x + y * y;
      if (square < 1 && square !== 0) return [x, y, square];
    }
  }

  private below(limit: number): number {
    if (limit === 0) return 0;
    const mask = maskFor(limit);
    for (;;) {
      const value = (this.bits.next() & mask) >>> 0;
      if (value <= limit) return value;
    }
  }

  private wideBelow(limit: bigint): bigint {
    const mask = bigMaskFor(limit);
    for (;;) {
      const value = this.bits.next64() & mask;
      if (value <= limit) return value;
    }
  }

  /** Types below 32 bits take the pieces of one output, lowest first; what is left after the last number is dropped. */
  private smallIntegers(draw: Draw, low: number, limit: number, size: number): TensorData | null {
    const mask = maskFor(limit);
    let [word, left] = [0, 0];
    return drawn(draw, () => {
      for (;;) {
        if (left === 0) [word, left] = [this.bits.next(), 32 / size];
        else word >>>= size;
        left--;
        const value = word & mask;
        if (value <= limit) return low + value;
      }
    });
  }
}

/** The bits that one number of a small type takes from an output; null for the larger types. */
export function pieceBits(dtype: string): number | null {
  if (dtype === "bool") return 1;
  if (dtype === "int8" || dtype === "uint8") return 8;
  return dtype === "int16" || dtype === "uint16" ? 16 : null;
}
