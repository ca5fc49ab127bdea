import { done, failed, type Outcome } from "../tensor/message.ts";
import type { Language, TextRange } from "./document.ts";
import type { PieceText } from "./pieceText.ts";

/** One replacement in a text; everything outside of `range` stays as it is, byte for byte. */
export interface NumberEdit {
  readonly range: TextRange;
  readonly text: string;
}

export interface EditOptions {
  readonly language: Language;
  /**
   * `drag`: rounded to the decimals that the literal has, as a hand moves it. `exact`: at least these decimals, and as
   * many more as the value needs to be read back to the bit.
   */
  readonly precision: "drag" | "exact";
}

/** How a number is written, apart from its value. */
interface Style {
  /** Digits behind the point; null: an integer. */
  readonly decimals: number | null;
  /** `.5` rather than `0.5`, as Python allows. */
  readonly bare: boolean;
  /** null: no exponent. */
  readonly exponent: { readonly mark: string; readonly plus: boolean; readonly digits: number } | null;
}

/**
 * Writes `value` instead of the number at `range`, in the manner of what stands there: decimals and trailing zeros,
 * exponent form with its letter, sign and padding; booleans stay booleans. JSON numbers and those of Python.
 *
 * Fails with `edit.notNumber` (text) where no number or boolean stands, `edit.boolean` (value) for anything but 0 and 1
 * in place of a boolean, `edit.special` (value) for NaN and infinities in Python, where they are no literals.
 */
export function replaceNumber(
  text: string | PieceText,
  range: TextRange,
  value: number,
  options: EditOptions,
): Outcome<NumberEdit> {
  const literal = text.slice(range.start, range.end);
  if (/^(true|false)$/i.test(literal)) return replaceBoolean(literal, range, value);
  const style = styleOf(literal);
  if (!style && !isSpecial(literal)) return failed("edit.notNumber", { text: literal.slice(0, 40) });
  if (!Number.isFinite(value)) {
    return options.language === "python"
      ? failed("edit.special", { value: String(value) })
      : done({ range, text: String(value) });
  }
  return done({ range, text: style ? written(value, style, options.precision) : shortest(value, 1) });
}

function replaceBoolean(literal: string, range: TextRange, value: number): Outcome<NumberEdit> {
  if (value !== 0 && value !== 1) return failed("edit.boolean", { value });
  const text = value === 1 ? "true" : "false";
  return done({ range, text: /^[TF]/.test(literal) ? text[0]!.toUpperCase() + text.slice(1) : text });
}

/** What stands for a number without digits: `NaN`, `-Infinity`, and strings that spell them. */
function isSpecial(literal: string): boolean {
  return /^"?[+-]?(nan|inf|infinity)"?$/i.test(literal);
}

function styleOf(literal: string): Style | null {
  const match = /^[+-]?(\d[\d_]*)?(?:(\.)(\d[\d_]*)?)?(?:([eE])([+-]?)(\d+))?$/.exec(literal);
  if (!match || (match[1] === undefined && match[3] === undefined)) return null;
  const [, whole, point, fraction, mark, sign, power] = match;
  return {
    decimals: point ? (fraction ?? "").replaceAll("_", "").length : null,
    bare: whole === undefined,
    exponent: mark ? { mark, plus: sign === "+", digits: power!.length } : null,
  };
}

function written(value: number, style: Style, precision: EditOptions["precision"]): string {
  const text = style.exponent
    ? inExponentForm(value, style, style.exponent, precision)
    : inPlainForm(value, style, precision);
  const signed = precision === "drag" && Number(text) === 0 ? text.replace("-", "") : text;
  return style.bare ? signed.replace(/^(-?)0\./, "$1.") : signed;
}

function inPlainForm(value: number, { decimals }: Style, precision: EditOptions["precision"]): string {
  const places = decimals ?? 0;
  if (Math.abs(value) >= 1e21 || places > 100) return shortest(value, places);
  const rounded = fixed(value, places, decimals !== null);
  return precision === "drag" || Object.is(Number(rounded), value) ? rounded : shortest(value, places);
}

/** With `decimals` places; the point of `1.` stays. */
function fixed(value: number, decimals: number, point: boolean): string {
  const text = (Object.is(value, -0) ? "-" : "") + value.toFixed(decimals);
  return point && decimals === 0 ? `${text}.` : text;
}

/** The fewest digits that are read back as `value`, and at least `decimals` places. */
function shortest(value: number, decimals: number): string {
  const text = Object.is(value, -0) ? "-0" : String(value);
  if (/e/.test(text) || decimals === 0) return text;
  const places = text.includes(".") ? text.length - text.indexOf(".") - 1 : 0;
  return places >= decimals ? text : `${text}${places === 0 ? "." : ""}${"0".repeat(decimals - places)}`;
}

function inExponentForm(
  value: number,
  { decimals }: Style,
  { mark, plus, digits }: NonNullable<Style["exponent"]>,
  precision: EditOptions["precision"],
): string {
  const sign = Object.is(value, -0) ? "-" : "";
  const places = Math.min(decimals ?? 0, 100);
  const rounded = value.toExponential(places);
  const enough = precision === "drag" || Object.is(Number(sign + rounded), value);
  const [mantissa, power] = (enough ? rounded : value.toExponential()).split("e") as [string, string];
  const size = power.replace(/^[+-]/, "").padStart(digits, "0");
  const point = decimals === 0 && !mantissa.includes(".") ? "." : "";
  return `${sign}${mantissa}${point}${mark}${power.startsWith("-") ? "-" : plus ? "+" : ""}${size}`;
}
