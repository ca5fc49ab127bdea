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
