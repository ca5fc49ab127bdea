const size = 624;
const shift = 397;

/**
 * The Mersenne Twister MT19937, which NumPy's legacy functions, Python's `random` and PyTorch on the CPU all draw from.
 * Source: M. Matsumoto, T. Nishimura, "Mersenne Twister", ACM TOMACS 8 (1998).
 */
export class Mt19937 {
  private readonly words: Uint32Array;
  private used: number;
  /** Outputs that are still to be passed over: nobody has asked for a number since. */
  private skipped = 0;

  private constructor(words: Uint32Array, used: number) {
    this.words = words;
    this.used = used;
  }

  /** Seeded by the low 32 bits of one integer. */
  static fromSeed(seed: number): Mt19937 {
    const words = new Uint32Array(size);
    words[0] = seed;
    for (let i = 1; i < size; i++) {
      const before = words[i - 1]!;
      words[i] = Math.imul(1812433253, before ^ (before >>> 30)) + i;
    }
    return new Mt19937(words, size);
  }

  /** Seeded by an array of 32-bit words (the reference code's `init_by_array`); `key` must not be empty. */
  static fromKey(key: readonly number[]): Mt19937 {
    const { words } = Mt19937.fromSeed(19650218);
    let i = 1;
    const step = (factor: number, plus: number): void => {
      const before = words[i - 1]!;
      words[i] = (words[i]! ^ Math.imul(before ^ (before >>> 30), factor)) + plus;
      if (++i < size) return;
      words[0] = words[size - 1]!;
      i = 1;
    };
    for (let k = 0; k < Math.max(size, key.length); k++) step(1664525, key[k % key.length]! + (k % key.length));
    for (let k = 1; k < size; k++) step(1566083941, -i);
    words[0] = 0x80000000;
    return new Mt19937(words, size);
  }

  /** The next 32-bit output, 0 … 2³²−1. */
  next(): number {
    if (this.skipped > 0) this.catchUp();
    if (this.used === size) this.twist();
    let y = this.words[this.used++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  /** The next 64-bit output: the first 32 bits are the high ones. */
  next64(): bigint {
    const high = this.next();
    return (BigInt(high) << 32n) | BigInt(this.next());
  }

  /** A double in [0, 1) with 53 random bits, as `genrand_res53` makes it from two outputs. */
  double(): number {
    const high = this.next() >>> 5;
    return (high * 67108864 + (this.next() >>> 6)) / 9007199254740992;
  }

  /** Passes over `outputs` outputs; costs nothing until a number is asked for. */
  advance(outputs: number): void {
    this.skipped += outputs;
  }

  copy(): Mt19937 {
    const copy = new Mt19937(this.words.slice(), this.used);
    copy.skipped = this.skipped;
    return copy;
  }

  /** True if both will give the same numbers from here on. */
  equals(other: Mt19937): boolean {
    if (this.skipped !== other.skipped) for (const one of [this, other]) one.catchUp();
    return this.used === other.used && this.words.every((word, i) => word === other.words[i]);
  }

  private catchUp(): void {
    let left = this.skipped;
    this.skipped = 0;
    while (left > size - this.used) {
      left -= size - this.used;
      this.twist();
    }
    this.used += left;
  }

  private twist(): void {
    const { words } = this;
    for (let i = 0; i < size; i++) {
      const y = (words[i]! & 0x80000000) | (words[(i + 1) % size]! & 0x7fffffff);
      words[i] = words[(i + shift) % size]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.used = 0;
  }
}
