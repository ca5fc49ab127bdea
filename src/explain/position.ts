import type { Dim } from "../reading/document.ts";
import { numberText } from "../tensor/print.ts";
import { name, number, type Text } from "./blocks.ts";

/** A position on an axis, with its word where it has one: `3`, `3 sat`. */
export function position(at: number, token: string | undefined): Text {
  return token === undefined ? [number(String(at))] : [number(String(at)), { text: " " }, name(token)];
}

/** A weight in a column of weights: four decimals, so that they line up; tiny ones keep their size. */
export function weightText(weight: number): string {
  return weight >= 0.00005 && weight <= 1 ? weight.toFixed(4) : numberText(weight, 3);
}

/** A size that is an expression stands in brackets: `B×(C // H)`. */
export function bracketed<Size extends Dim>(size: Size): Size | string {
  return typeof size === "string" && /\W/.test(size) ? `(${size})` : size;
}

/** An expression over sizes that stands in a list: `C//heads`, closer than code has it. */
export function compact<Size extends Dim>(size: Size): Size | string {
  return typeof size === "string" ? size.replace(/ (\/\/|[-+*%]) /g, "$1") : size;
}
