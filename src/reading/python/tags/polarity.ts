import { concreteDims, dtypeOf, elements, type TensorValue } from "../run/tensorValue.ts";

/** What true means in a boolean mask, or 1 in one of numbers: the key may be attended to, or it may not. */
export type Polarity = "keep" | "drop";

const other: Readonly<Record<Polarity, Polarity>> = { keep: "drop", drop: "keep" };

/** Operations that move or copy a mask, but leave what it means. */
const passing: ReadonlySet<string> = new Set([
  "copy",
  "convert",
  "contiguous",
  "clone",
  "to",
  "detach",
  "identity",
  "parameter",
  "view",
  "reshape",
  "expand",
  "repeat",
  "unsqueeze",
  "squeeze",
  "transpose",
  "permute",
  "index",
  "rearrange",
  "flatten",
  "either",
  "slice",
]);

/**
 * What a mask means, by how it was made: a lower triangle keeps, what lies above it drops, `ids != padding` keeps,
 * `ids == padding` drops, and a negation turns it round. null where that does not tell.
 */
export function polarityOf(mask: TensorValue): Polarity | null {
  let turned = false;
  let at = mask;
  for (let steps = 0; steps < 32; steps++) {
    const found = meaningOf(at);
    if (found) return turned ? other[found] : found;
    const { by } = at;
    const [first, second] = by?.inputs ?? [];
    if (!by || !first) return null;
    if (by.operation === "logical_not" || by.operation === "invert" || isZeroTest(by.operation, first, second))
      turned = !turned;
    else if (by.operation === "and" || by.operation === "or" || by.operation.startsWith("logical_")) {
      const [a, b] = [polarityOf(first), second ? polarityOf(second) : null];
      return a !== null && a === b ? (turned ? other[a] : a) : null;
    } else if (!passing.has(by.operation) && !isOneTest(by.operation, second)) return null;
    at = first;
  }
  return null;
}

/** `mask == 0` of a mask of numbers. */
function isZeroTest(operation: string, mask: TensorValue, number: TensorValue | undefined): boolean {
  return operation === "eq" && scalarOf(number) === 0 && comesOfTriangle(mask);
}

/** `mask == 1`, `mask > 0`, `mask != 0`. */
function isOneTest(operation: string, number: TensorValue | undefined): boolean {
  const value = scalarOf(number);
  return (operation === "eq" && value === 1) || ((operation === "gt" || operation === "ne") && value === 0);
}

function comesOfTriangle(t: TensorValue): boolean {
  for (let at: TensorValue | undefined = t; at?.by; at = at.by.inputs[0])
    if (at.by.operation === "tril" || at.by.operation === "triu") return true;
  return false;
}

function scalarOf(t: TensorValue | undefined): number | null {
  const data = t && concreteDims(t)?.every((d) => d === 1) ? elements(t) : null;
  return data?.length === 1 ? Number(data[0]) : null;
}

function meaningOf(t: TensorValue): Polarity | null {
  return ofTriangle(t) ?? ofPadding(t) ?? ofValues(t);
}

function ofTriangle({ by }: TensorValue): Polarity | null {
  const diagonal = by?.details.diagonal;
  if (by?.operation === "tril" && diagonal === 0) return "keep";
  return by?.operation === "triu" && diagonal === 1 ? "drop" : null;
}

/** Numbers of tokens compared with that of the padding. */
function ofPadding({ by }: TensorValue): Polarity | null {
  const [ids, padding] = by?.inputs ?? [];
  if (!by || !ids || !padding || comesOfTriangle(ids) || concreteDims(padding)?.length !== 0) return null;
  if (dtypeOf(ids) !== "int64" && dtypeOf(ids) !== "int32") return null;
  return by.operation === "eq" ? "drop" : by.operation === "ne" ? "keep" : null;
}

/** A square of known values that is a triangle, such as a comparison of positions gives it. */
function ofValues(t: TensorValue): Polarity | null {
  const dims = concreteDims(t);
  const [rows, columns] = dims?.slice(-2) ?? [];
  if (!dims || rows === undefined || rows !== columns || rows < 2 || dtypeOf(t) !== "bool") return null;
  const data = elements(t);
  if (!data) return null;
  const isTrueWhere = (wanted: (row: number, column: number) => boolean): boolean =>
    Array.from({ length: rows * rows }, (_, at) => at).every(
      (at) => Boolean(data[at]) === wanted(Math.floor(at / rows), at % rows),
    );
  if (isTrueWhere((row, column) => column <= row)) return "keep";
  return isTrueWhere((row, column) => column > row) ? "drop" : null;
}
