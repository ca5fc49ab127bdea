const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;

/**
 * The natural logarithm of a positive, normal double, wrong by at most 0.51 units in the last place, so that it nearly
 * always equals that of the C libraries which NumPy and PyTorch call (`Math.log` may be off by one).
 * ln x = k·ln 2 + 2·artanh(s), s = (m−1)/(m+1), x = m·2ᵏ, √½ < m ≤ √2; the leading term is carried in two doubles.
 */
export function accurateLog(x: number): number {
  if (!(x > 0) || x === Number.POSITIVE_INFINITY) return Math.log(x);
  let exponent = Math.floor(Math.log2(x));
  let m = x / 2 ** exponent;
  if (m > Math.SQRT2) {
    m /= 2;
    exponent++;
  }
  const [s, sLow] = quotient(m - 1, m + 1, m + 1 - 1 - m);
  const rest = 2 * s * tail(s * s);
  const [a, b] = twoSum(exponent * ln2High, 2 * s);
  return a + (b + (2 * sLow + exponent * ln2Low + rest));
}

/** artanh(s)/s − 1 as a series in s². */
function tail(square: number): number {
  let sum = 0;
  for (let n = 29; n >= 3; n -= 2) sum = square * (1 / n + sum);
  return sum;
}

/** p / (q − error) as a sum of two doubles; `error` is what rounding added to q. */
function quotient(p: number, q: number, error: number): readonly [number, number] {
  const high = p / q;
  const [product, productLow] = twoProduct(high, q);
  return [high, (p - product - productLow + high * error) / q];
}

/** a·b as a sum of two doubles (Dekker). */
export function twoProduct(a: number, b: number): readonly [number, number] {
  const [ah, al] = split(a);
  const [bh, bl] = split(b);
  const product = a * b;
  return [product, al * bl - (product - ah * bh - al * bh - ah * bl)];
}

/** a + b as a sum of two doubles (Knuth). */
export function twoSum(a: number, b: number): readonly [number, number] {
  const sum = a + b;
  const back = sum - a;
  return [sum, a - (sum - back) + (b - back)];
}

function split(a: number): readonly [number, number] {
  const c = 134217729 * a;
  const high = c - (c - a);
  return [high, a - high];
}
