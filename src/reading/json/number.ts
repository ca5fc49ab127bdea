import type { Text } from "./text.ts";

/** Powers of ten that a double holds exactly. */
const exactPowers = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
  1e21, 1e22,
];

/**
 * digits · 10^exponent as the nearest double, or NaN where one rounding does not give it: then the literal goes to
 * `Number()`. Exact whenever both factors are exact doubles (W. D. Clinger, "How to read floating point numbers
 * accurately", PLDI 1990).
 */
export function exactProduct(digits: number, exponent: number): number {
  if (digits > Number.MAX_SAFE_INTEGER) return Number.NaN;
  if (exponent === 0) return digits;
  if (exponent < 0) return exponent >= -22 ? digits / exactPowers[-exponent]! : Number.NaN;
  return exponent <= 22 ? digits * exactPowers[exponent]! : Number.NaN;
}

/** Characters that a number, a boolean or one of Python's NaN, Infinity, -Infinity is written with. */
function isLiteral(code: number): boolean {
  return (
    (code >= 48 && code <= 57) ||
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    code === 43 ||
    code === 45 ||
    code === 46
  );
}

/** Where the literal that starts at `start` ends. */
export function literalEnd(text: Text, start: number): number {
  let end = start;
  while (end < text.length && isLiteral(text.charCodeAt(end))) end++;
  return end;
}
