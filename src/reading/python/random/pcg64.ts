import { seedWords } from "./seedSequence.ts";

const multiplier = limbsOf(0x2360ed051fc65da44385df649fccf645n);
const top = 65536;

/**
 * PCG64 (XSL-RR 128/64), the bit generator of NumPy's `default_rng`. State and increment are eight 16-bit limbs, lowest
 * first, so that products stay exact in doubles.
 * Source: M. E. O'Neill, "PCG", HMC-CS-2014-0905; seeding as in NumPy.
 */
export class Pcg64 {
  private readonly state: Float64Array;
  private readonly increment: Float64Array;
  /** The high half of a 64-bit output of which only the low half was asked for. */
  private kept: number | null = null;
  /** The last output. */
  private high = 0;
  private low = 0;

  private constructor(state: Float64Array, increment: Float64Array) {
    this.state = state;
    this.increment = increment;
  }

  /** As `np.random.PCG64(entropy)` starts: `entropy` is a non-negative integer or a list of them. */
  static fromEntropy(entropy: bigint | readonly bigint[]): Pcg64 {
    const words = seedWords(entropy, 8).map(BigInt);
    const wide = (from: number): bigint =>
      (words[from + 1]! << 96n) | (words[from]! << 64n) | (words[from + 3]! << 32n) | words[from + 2]!;
    const increment = BigInt.asUintN(128, (wide(4) << 1n) | 1n);
    const start = BigInt.asUintN(128, increment + wide(0));
    const generator = new Pcg64(limbsOf(start), limbsOf(increment));
    generator.step();
    return generator;
  }

  /** The next 64 bits, to be read as `[high, low]`; the kept half is left alone. */
  next64(): readonly [high: number, low: number] {
    this.advance();
    return [this.high, this.low];
  }

  /** The next 32 bits: the low half of a new output, then its high half. */
  next32(): number {
    if (this.kept !== null) {
      const word = this.kept;
      this.kept = null;
      return word;
    }
    this.advance();
    this.kept = this.high;
    return this.low;
  }

  /** A double in [0, 1) with 53 random bits. */
  double(): number {
    this.advance();
    return (this.high * 2097152 + (this.low >>> 11)) / 9007199254740992;
  }

  copy(): Pcg64 {
    const copy = new Pcg64(this.state.slice(), this.increment);
    copy.kept = this.kept;
    return copy;
  }

  /** True if both will give the same numbers from here on. */
  equals(other: Pcg64): boolean {
    return this.kept === other.kept && same(this.state, other.state) && same(this.increment, other.increment);
  }

  private advance(): void {
    this.step();
    const s = this.state;
    const high = word(s, 6) ^ word(s, 2);
    const low = word(s, 4) ^ word(s, 0);
    const turn = s[7]! >>> 10;
    const [from, to] = turn & 32 ? [low, high] : [high, low];
    const bits = turn & 31;
    this.high = (bits ? (from >>> bits) | (to << (32 - bits)) : from) >>> 0;
    this.low = (bits ? (to >>> bits) | (from << (32 - bits)) : to) >>> 0;
  }

  private step(): void {
    const { state, increment } = this;
    for (let limb = 7; limb >= 0; limb--) {
      let sum = increment[limb]!;
      for (let i = 0; i <= limb; i++) sum += state[i]! * multiplier[limb - i]!;
      state[limb] = sum;
    }
    let carry = 0;
    for (let limb = 0; limb < 8; limb++) {
      const sum = state[limb]! + carry;
      carry = Math.floor(sum / top);
      state[limb] = sum - carry * top;
    }
  }
}

function limbsOf(integer: bigint): Float64Array {
  return Float64Array.from({ length: 8 }, (_, i) => Number((integer >> BigInt(16 * i)) & 0xffffn));
}

function word(limbs: Float64Array, at: number): number {
  return (limbs[at]! | (limbs[at + 1]! << 16)) >>> 0;
}

function same(a: Float64Array, b: Float64Array): boolean {
  return a.every((x, i) => x === b[i]);
}
