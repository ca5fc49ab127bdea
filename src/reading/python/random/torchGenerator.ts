import { storage, type TensorData } from "../../../tensor/dtype.ts";
import { accurateLog, twoProduct, twoSum } from "./accurateLog.ts";
import { type Draw, drawn, drawnBig } from "./draw.ts";
import { Mt19937 } from "./mt19937.ts";
import { fusedSingle, singleLog, singleSinCos } from "./singleMath.ts";

const single = Math.fround;
/** From this many elements on, PyTorch makes normal numbers of a contiguous tensor in blocks of this size. */
const block = 16;

/**
 * PyTorch's random numbers on the CPU: `torch.manual_seed`, `torch.Generator().manual_seed`. float32 and integers bit for
 * bit as on x86 with AVX2, float64 normal numbers within the last bit.
 * Source: outputs of PyTorch 1.13.
 */
export class TorchGenerator {
  private readonly bits: Mt19937;
  /** The second number of a pair of normal ones. */
  private kept: number | null = null;

  private constructor(bits: Mt19937) {
    this.bits = bits;
  }

  /** `manual_seed(seed)`; only the low 32 bits count, negative seeds in two's complement. */
  static seeded(seed: bigint): TorchGenerator {
    return new TorchGenerator(Mt19937.fromSeed(Number(BigInt.asUintN(32, seed))));
  }

  /** rand, rand_like, uniform_(low, high): float32 or float64. Null, and nothing drawn, for other types. */
  uniform(draw: Draw, low = 0, high = 1): TensorData | null {
    if (draw.dtype === "float64") return this.doubleUniform(draw, low, high);
    if (!draw.keep) {
      this.bits.advance(draw.count);
      return null;
    }
    const from = single(low);
    const range = single(single(high) - from);
    return drawn(draw, () => fusedSingle(this.singleUniform(), range, from));
  }

  /**
   * randn, randn_like, normal_(mean, deviation), torch.normal with numbers: float32 or float64.
   * `contiguous`: whether the tensor that is filled is; if not, it is filled in the order of its memory.
   */
  normal(draw: Draw, mean = 0, deviation = 1, contiguous = true): TensorData | null {
    if (draw.count < block || !contiguous) return drawn(draw, () => fusedDouble(this.gauss(), deviation, mean));
    if (!draw.keep) {
      this.bits.advance((draw.count + (draw.count % block ? block : 0)) * (draw.dtype === "float64" ? 2 : 1));
      return null;
    }
    return draw.dtype === "float64" ? this.doubleBlocks(draw, mean, deviation) : this.blocks(draw, mean, deviation);
  }

  /** randint(low, high), random_(low, high): integers below `high`. */
  integers(draw: Draw, low: bigint, high: bigint): TensorData | null {
    const range = high - low;
    if (range > 0xffffffffn) return drawnBig(draw, () => low + (this.bits.next64() % range));
    if (!draw.keep) {
      this.bits.advance(draw.count);
      return null;
    }
    const [from, size] = [Number(low), Number(range)];
    return drawn(draw, () => from + (this.bits.next() % size));
  }

  /** randperm(count): one number is drawn for each place but the last. */
  permutation(draw: Draw): TensorData | null {
    const { count } = draw;
    if (!draw.keep) {
      if (count > 0) this.bits.advance(count - 1);
      return null;
    }
    const order = Array.from({ length: count }, (_, i) => i);
    for (let i = 0; i < count - 1; i++) {
      const j = i + (this.bits.next() % (count - i));
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    let at = 0;
    return drawn(draw, () => order[at++]!);
  }

  copy(): TorchGenerator {
    const copy = new TorchGenerator(this.bits.copy());
    copy.kept = this.kept;
    return copy;
  }

  /** True if both will give the same numbers from here on. */
  equals(other: TorchGenerator): boolean {
    return this.kept === other.kept && this.bits.equals(other.bits);
  }

  private doubleUniform(draw: Draw, low: number, high: number): TensorData | null {
    if (draw.keep) return drawn(draw, () => fusedDouble(this.double(), high - low, low));
    this.bits.advance(2 * draw.count);
    return null;
  }

  private singleUniform(): number {
    return (this.bits.next() & 0xffffff) / 16777216;
  }

  private double(): number {
    const high = this.bits.next() & 0x1fffff;
    return (high * 4294967296 + this.bits.next()) / 9007199254740992;
  }

  /** Box and Muller; the sine's number is kept for the next call. */
  private gauss(): number {
    if (this.kept !== null) {
      const number = this.kept;
      this.kept = null;
      return number;
    }
    const angle = 2 * Math.PI * this.double();
    const radius = Math.sqrt(-2 * accurateLog(1 - this.double()));
    this.kept = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  private blocks(draw: Draw, mean: number, deviation: number): TensorData {
    const [shift, factor] = [single(mean), single(deviation)];
    const finish = (x: number): number => fusedSingle(x, factor, shift);
    return this.inBlocks(
      draw,
      () => this.singleUniform(),
      (u, v) => {
        const radius = single(Math.sqrt(single(-2 * singleLog(single(1 - u)))));
        const [sine, cosine] = singleSinCos(single(single(2 * Math.PI) * v));
        return [finish(single(radius * cosine)), finish(single(radius * sine))];
      },
    );
  }

  private doubleBlocks(draw: Draw, mean: number, deviation: number): TensorData {
    const finish = (x: number): number => fusedDouble(x, deviation, mean);
    return this.inBlocks(
      draw,
      () => this.double(),
      (u, v) => {
        const radius = Math.sqrt(-2 * accurateLog(1 - u));
        const angle = 2 * Math.PI * v;
        return [finish(radius * Math.cos(angle)), finish(radius * Math.sin(angle))];
      },
    );
  }

  /** Uniform numbers everywhere, then pairs eight apart made normal; a rest is drawn anew into the last 16 places. */
  private inBlocks(
    draw: Draw,
    next: () => number,
    pair: (u: number, v: number) => readonly [number, number],
  ): TensorData {
    const data = storage(draw.dtype, draw.count) as Float64Array | Float32Array;
    for (let i = 0; i < draw.count; i++) data[i] = next();
    const transform = (from: number): void => {
      for (let i = from; i < from + 8; i++) [data[i], data[i + 8]] = pair(data[i]!, data[i + 8]!);
    };
    for (let from = 0; from + block <= draw.count; from += block) transform(from);
    if (draw.count % block === 0) return data;
    for (let i = draw.count - block; i < draw.count; i++) data[i] = next();
    transform(draw.count - block);
    return data;
  }
}

/** a·b + c, rounded once, as compilers fuse it; the plain sum where that is exact. */
function fusedDouble(a: number, b: number, c: number): number {
  if (c === 0 || b === 1) return a * b + c;
  const [product, productLow] = twoProduct(a, b);
  const [sum, sumLow] = twoSum(product, c);
  return sum + (sumLow + productLow);
}
