import { twoSum } from "./accurateLog.ts";

// The float32 polynomials with which PyTorch on x86 turns uniform numbers into normal ones, eight at a time: Cephes'
// logf and sincosf, with a fused multiply-add wherever the compiler put one. Every operation rounds to float32.
// Source: S. L. Moshier, "Cephes Mathematical Library"; the order of roundings was read off PyTorch 1.13's results.

const single = Math.fround;
const bits = (pattern: number): number => new Float32Array(Uint32Array.of(pattern).buffer)[0]!;
const logTerms = [
  0x3d9021bb, 0xbdebd1b8, 0x3def251a, 0xbdfe5d4f, 0x3e11e9bf, 0xbe2aae50, 0x3e4cceac, 0xbe7ffffc, 0x3eaaaaaa,
].map(bits);
const [ln2Low, ln2High, rootHalf] = [bits(0xb95e8083), bits(0x3f318000), bits(0x3f3504f3)];
const fourByPi = bits(0x3fa2f983);
const quarterPis = [0xbf490000, 0xb97da000, 0xb3222169].map(bits);
const cosineTerms = [0x37ccf5ce, 0xbab6061a, 0x3d2aaaa5].map(bits);
const sineTerms = [0xb94ca1f9, 0x3c08839e, 0xbe2aaaa3].map(bits);

/** a·b + c of float32 numbers, rounded once to float32. */
export function fusedSingle(a: number, b: number, c: number): number {
  const product = a * b;
  const sum = product + c;
  const rounded = single(sum);
  const off = sum - rounded;
  if (off === 0 || Number.isNaN(off)) return rounded;
  const other = rounded + 2 * off;
  return single(other) === other && twoSum(product, c)[1] * off > 0 ? other : rounded;
}

/** ln x for a positive float32. */
export function singleLog(x: number): number {
  const pattern = new Uint32Array(Float32Array.of(Math.max(x, 2 ** -126)).buffer)[0]!;
  const mantissa = bits((pattern & 0x7fffff) | 0x3f000000);
  const small = mantissa < rootHalf;
  const exponent = (pattern >>> 23) - 126 - (small ? 1 : 0);
  const m = single(single(mantissa - 1) + (small ? mantissa : 0));
  const square = single(m * m);
  const rest = fusedSingle(single(m * polynomial(logTerms, m)), square, single(exponent * ln2Low));
  return fusedSingle(exponent, ln2High, single(m + fusedSingle(-0.5, square, rest)));
}

/** [sin x, cos x] for a float32 x ≥ 0 that is not large. */
export function singleSinCos(x: number): readonly [number, number] {
  const octant = (Math.trunc(single(x * fourByPi)) + 1) & ~1;
  const reduced = quarterPis.reduce((sum, part) => fusedSingle(octant, part, sum), x);
  const square = single(reduced * reduced);
  const cosine = cosineOf(square);
  const sine = fusedSingle(single(square * polynomial(sineTerms, square)), reduced, reduced);
  const [s, c] = (octant & 2) === 0 ? [sine, cosine] : [cosine, sine];
  return [(octant & 4) === 0 ? s : -s, ((octant - 2) & 4) === 0 ? -c : c];
}

function cosineOf(square: number): number {
  const rest = fusedSingle(single(square * polynomial(cosineTerms, square)), square, -single(square * 0.5));
  return single(rest + 1);
}

/** Horner's rule, fused. */
function polynomial(terms: readonly number[], x: number): number {
  return terms.reduce((sum, term) => fusedSingle(sum, x, term));
}
