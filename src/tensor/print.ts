/**
 * A number as a reader wants it: at most `digits` significant digits, no trailing zeros, `NaN`, `∞`, `−∞`, and
 * exponent form outside 1e-4 … 1e6. Minus is U+2212 so that columns of numbers line up.
 */
export function numberText(x: number, digits = 4): string {
  if (Number.isNaN(x)) return "NaN";
  if (!Number.isFinite(x)) return x > 0 ? "∞" : "−∞";
  const size = Math.abs(x);
  const text =
    x === 0 ? (Object.is(x, -0) ? "-0" : "0") : size >= 1e6 || size < 1e-4 ? exponent(x, digits) : fixed(x, digits);
  return text.replaceAll("-", "−");
}

function fixed(x: number, digits: number): string {
  return String(Number(x.toPrecision(digits)));
}

function exponent(x: number, digits: number): string {
  const [mantissa, power] = x.toExponential(digits - 1).split("e") as [string, string];
  return `${Number(mantissa)}e${Number(power)}`;
}

/**
 * Numbers that stand below one another: all with the same decimals, as many as give the largest of them `digits`
 * significant ones and no more than any of them needs. What would be rounded to nothing keeps two digits of its own.
 */
export function columnTexts(numbers: ArrayLike<number>, digits = 4): string[] {
  const all = Array.from(numbers);
  const most = all.reduce((size, x) => (Number.isFinite(x) ? Math.max(size, Math.abs(x)) : size), 0);
  if (most === 0 || most >= 1e6 || most < 1e-4) return all.map((x) => numberText(x, digits));
  const places = Math.max(0, digits - 1 - Math.floor(Math.log10(most)));
  const isShown = (x: number) => Number.isFinite(x) && (x === 0 || Math.abs(x) >= 0.5 / 10 ** places);
  const needed = all.map((x) => (isShown(x) ? decimalsOf(x.toFixed(places)) : 0)).reduce((a, b) => Math.max(a, b), 0);
  return all.map((x) => (isShown(x) ? x.toFixed(needed).replace("-", "−") : numberText(x, 2)));
}

function decimalsOf(text: string): number {
  return /\.(\d*?)0*$/.exec(text)?.[1]?.length ?? 0;
}
