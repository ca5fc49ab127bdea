import type { ElementPlaces, TextRange } from "../../document.ts";
import { type Expr, rangeOf } from "../syntax/ast.ts";

/** Where the elements of a nested literal are written; null where it is not numbers in lists of equal length. */
export function literalPlaces(literal: Expr): ElementPlaces | null {
  const leaves: Expr[] = [];
  const width = rowWidth(literal, leaves);
  if (width === null || leaves.length === 0) return null;
  return {
    range: (flat) => rangeOf(leaf(leaves, flat)),
    row: (flat) => {
      const first = Math.floor(flat / width) * width;
      return { start: rangeOf(leaf(leaves, first)).start, end: rangeOf(leaf(leaves, first + width - 1)).end };
    },
    at: (offset) => leafAt(leaves, offset),
  };
}

function leaf(leaves: readonly Expr[], flat: number): Expr {
  const found = leaves[flat];
  if (!found) throw new RangeError(`element ${flat} of ${leaves.length}`);
  return found;
}

/** Collects the innermost expressions; the length of the last axis, null where a list has parts of other kinds. */
function rowWidth(e: Expr, leaves: Expr[]): number | null {
  if (e.kind !== "list" && e.kind !== "tuple") return null;
  const isRow = e.items.every((item) => item.kind !== "list" && item.kind !== "tuple");
  if (isRow) {
    if (!e.items.every(isNumber)) return null;
    leaves.push(...e.items);
    return e.items.length;
  }
  const widths = new Set(e.items.map((item) => rowWidth(item, leaves)));
  const [only] = widths;
  return widths.size === 1 && only !== undefined ? only : null;
}

function isNumber(e: Expr): boolean {
  if (e.kind === "unary") return isNumber(e.operand);
  return (
    e.kind === "int" ||
    e.kind === "float" ||
    e.kind === "name" ||
    e.kind === "attribute" ||
    e.kind === "call" ||
    e.kind === "binary" ||
    (e.kind === "constant" && typeof e.value === "boolean")
  );
}

/** The leaf at an offset by bisection: leaves are in the order of the text. */
function leafAt(leaves: readonly Expr[], offset: number): number {
  let [low, high] = [0, leaves.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const { start, end } = rangeOf(leaves[middle]!);
    if (offset < start) high = middle - 1;
    else if (offset > end) low = middle + 1;
    else return middle;
  }
  return -1;
}

/** A row of a literal that is longer or shorter than the first of its list. */
export interface RaggedRow {
  readonly range: TextRange;
  readonly row: number;
  readonly length: number;
  readonly expected: number;
}

/** The first row whose length differs from its list's first, depth first; null where there is none. */
export function raggedRow(e: Expr): RaggedRow | null {
  if (e.kind !== "list" && e.kind !== "tuple") return null;
  const first = e.items[0];
  for (const [row, item] of e.items.entries()) {
    const inner = raggedRow(item);
    if (inner) return inner;
    const [expected, length] = [lengthOf(first!), lengthOf(item)];
    if (expected !== length) return { range: rangeOf(item), row, length: length ?? 0, expected: expected ?? 0 };
  }
  return null;
}

function lengthOf(e: Expr): number | null {
  return e.kind === "list" || e.kind === "tuple" ? e.items.length : null;
}
