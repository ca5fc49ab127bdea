import { accurateLog } from "./accurateLog.ts";
import { Mt19937 } from "./mt19937.ts";

/**
 * Python's own `random` module, seeded by an integer. Integers and uniform numbers bit for bit.
 * Source: the documented algorithm of CPython 3.11, whose `random()` is promised to stay.
 */
export class PythonRandom {
  private readonly bits: Mt19937;
  private kept: number | null = null;

  private constructor(bits: Mt19937) {
    this.bits = bits;
  }

  /** `random.seed(seed)` for an integer; its sign does not count. */
  static seeded(seed: bigint): PythonRandom {
    const key: number[] = [];
    for (let rest = seed < 0n ? -seed : seed; rest > 0n || key.length === 0; rest >>= 32n) {
      key.push(Number(BigInt.asUintN(32, rest)));
    }
    return new PythonRandom(Mt19937.fromKey(key));
  }

  /** `random()` (0, 1) and `uniform(low, high)`. */
  uniform(low = 0, high = 1): number {
    return low + (high - low) * this.bits.double();
  }

  /** `randrange(size)` for 1 ≤ size < 2³²: what randint, choice and shuffle call. */
  below(size: number): number {
    const drop = Math.clz32(size);
    for (;;) {
      const value = this.bits.next() >>> drop;
      if (value < size) return value;
    }
  }

  /** The order into which `shuffle` brings `count` things. */
  order(count: number): number[] {
    const order = Array.from({ length: count }, (_, i) => i);
    for (let i = count - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    return order;
  }

  /** `gauss(mean, deviation)`, within the last bit. */
  gauss(mean = 0, deviation = 1): number {
    const kept = this.kept;
    this.kept = null;
    if (kept !== null) return mean + kept * deviation;
    const angle = this.bits.double() * 2 * Math.PI;
    const radius = Math.sqrt(-2 * accurateLog(1 - this.bits.double()));
    this.kept = Math.sin(angle) * radius;
    return mean + Math.cos(angle) * radius * deviation;
  }

  copy(): PythonRandom {
    const copy = new PythonRandom(this.bits.copy());
    copy.kept = this.kept;
    return copy;
  }

  /** True if both will give the same numbers from here on. */
  equals(other: PythonRandom): boolean {
    return this.kept === other.kept && this.bits.equals(other.bits);
  }
}
