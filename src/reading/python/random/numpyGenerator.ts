import type { TensorData } from "../../../tensor/dtype.ts";
import { type Draw, drawn, drawnBig, maskFor, shuffled, weightedChoice } from "./draw.ts";
import { pieceBits } from "./numpyLegacy.ts";
import { Pcg64 } from "./pcg64.ts";
import { normal, singleNormal, singleUniform } from "./ziggurat.ts";

/**
 * NumPy's `default_rng` (Generator over PCG64). Bit for bit, but for the last bit of normal numbers beyond ±3.65.
 * Source: outputs of NumPy 1.24; the methods are those that NumPy's documentation names.
 */
export class NumpyGenerator {
  private readonly bits: Pcg64;

  private constructor(bits: Pcg64) {
    this.bits = bits;
  }

  /** `default_rng(seed)`: a non-negative integer or a list of them. */
  static seeded(seed: bigint | readonly bigint[]): NumpyGenerator {
    return new NumpyGenerator(Pcg64.fromEntropy(seed));
  }

  /** random and uniform(low, high); float32 only for random. */
  uniform(draw: Draw, low = 0, high = 1): TensorData | null {
    if (draw.dtype === "float32") return drawn(draw, () => singleUniform(this.bits));
    const range = high - low;
    return drawn(draw, () => low + range * this.bits.double());
  }

  /** standard_normal (float64 or float32) and normal(mean, deviation) (float64). */
  normal(draw: Draw, mean = 0, deviation = 1): TensorData | null {
    if (draw.dtype === "float32") return drawn(draw, () => singleNormal(this.bits));
    return drawn(draw, () => mean + deviation * normal(this.bits));
  }

  /** integers from `low` to `high`, both included, in the order that `draw.dtype` asks for. */
  integers(draw: Draw, low: bigint, high: bigint): TensorData | null {
    const range = high - low;
    const piece = pieceBits(draw.dtype);
    if (range > 0 && piece !== null) return this.smallIntegers(draw, Number(low), Number(range), piece);
    if (range > 0xffffffffn) return drawnBig(draw, () => low + this.wideBelow(range));
    const [from, limit] = [Number(low), Number(range)];
    return drawn(draw, () => from + this.below(limit));
  }

  /** The order into which `shuffle` and `permutation` bring `count` things. */
  order(count: number): number[] {
    return shuffled(count, (limit) => this.maskedBelow(limit));
  }

  /** Places of `count` of `population` things chosen without return; `shuffle` is NumPy's argument of that name. */
  sample(population: number, count: number, shuffle = true): number[] {
    const cutoff = shuffle ? 50 : 20;
    if (population > 10000 && count > Math.floor(population / cutoff)) return this.tailShuffle(population, count);
    const chosen = new Set<number>();
    for (let last = population - count; last < population; last++) {
      const value = this.below(last);
      chosen.add(chosen.has(value) ? last : value);
    }
    const found = [...chosen];
    if (shuffle) this.shuffleFrom(found, 1);
    return found;
  }

  /** `choice` with weights: places of the chosen. Null if they are fewer than are to be chosen without return. */
  weightedChoice(count: number, weights: readonly number[], withReturn: boolean): number[] | null {
    return weightedChoice(count, weights, withReturn, (n) => this.doubles(n));
  }

  copy(): NumpyGenerator {
    return new NumpyGenerator(this.bits.copy());
  }

  /** True if both will give the same numbers from here on. */
  equals(other: NumpyGenerator): boolean {
    return this.bits.equals(other.bits);
  }

  private doubles(count: number): number[] {
    return Array.from({ length: count }, () => this.bits.double());
  }

  private tailShuffle(population: number, count: number): number[] {
    const all = Array.from({ length: population }, (_, i) => i);
    this.shuffleFrom(all, Math.max(population - count, 1));
    return all.slice(population - count);
  }

  private shuffleFrom(list: number[], first: number): void {
    for (let i = list.length - 1; i >= first; i--) {
      const j = this.below(i);
      [list[i], list[j]] = [list[j]!, list[i]!];
    }
  }

  /** D. Lemire's unbiased multiplication, in 32 bits. Source: ACM TOMACS 29 (2019), arXiv:1805.10941. */
  private below(limit: number): number {
    if (limit === 0) return 0;
    if (limit === 0xffffffff) return this.bits.next32();
    return multiplied(limit, 32, () => this.bits.next32());
  }

  private wideBelow(limit: bigint): bigint {
    const next = (): bigint => {
      const [high, low] = this.bits.next64();
      return (BigInt(high) << 32n) | BigInt(low);
    };
    const all = (1n << 64n) - 1n;
    if (limit === all) return next();
    const threshold = (all - limit) % (limit + 1n);
    for (;;) {
      const product = next() * (limit + 1n);
      if ((product & all) >= threshold) return product >> 64n;
    }
  }

  private maskedBelow(limit: number): number {
    const mask = maskFor(limit);
    for (;;) {
      const value = (this.bits.next32() & mask) >>> 0;
      if (value <= limit) return value;
    }
  }

  /** Types below 32 bits take the pieces of one 32-bit word, lowest first; what is left at the end is dropped. */
  private smallIntegers(draw: Draw, low: number, limit: number, size: number): TensorData | null {
    let [word, left] = [0, 0];
    const piece = (): number => {
      if (left === 0) [word, left] = [this.bits.next32(), 32 / size];
      else word >>>= size;
      left--;
      return word & (2 ** size - 1);
    };
    if (limit === 2 ** size - 1) return drawn(draw, () => low + piece());
    return drawn(draw, () => low + multiplied(limit, size, piece));
  }
}

/** ⌊next·(limit+1) / 2^bits⌋, drawn again where the remainder would favour some results. */
function multiplied(limit: number, bits: number, next: () => number): number {
  const size = 2 ** bits;
  const threshold = (size - 1 - limit) % (limit + 1);
  for (;;) {
    const word = next();
    const low = bits === 32 ? Math.imul(word, limit + 1) >>> 0 : (word * (limit + 1)) % size;
    if (low >= threshold) return Math.round((word / size) * (limit + 1) - low / size);
  }
}
