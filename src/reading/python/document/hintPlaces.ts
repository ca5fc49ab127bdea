import type { ExpressionEntry, TextRange } from "../../document.ts";
import type { Symbols } from "../run/dims.ts";
import { type Expr, rangeOf } from "../syntax/ast.ts";
import { assignmentsOf, entriesOf } from "./expressions.ts";
import type { Records } from "./records.ts";

/**
 * Every place where a shape can be told behind the text that it is of: names that are bound, and expressions whose end
 * shows what they are. `Q @ K.T` ends as `K.T` does, so a shape behind it would be read as that of `K.T`: operators are told
 * where they stand in parentheses, or by the name that they are bound to.
 */
export function hintPlaces(records: Records, symbols: Symbols, text: string): ExpressionEntry[] {
  const names = assignmentsOf(records, symbols);
  const told = records.told("tensors");
  const values = boundValues(names, [...told.keys()], text);
  const place = (e: Expr) => {
    const { start, end } = rangeOf(e);
    const closed = isOperator(e) ? closing(text, start, end) : end;
    return closed === null || values.has(e) ? null : { start, end: closed };
  };
  return [...names, ...longest(entriesOf(told, symbols, place))];
}

/** The expressions that are all that a name is bound to. */
function boundValues(names: readonly ExpressionEntry[], all: readonly Expr[], text: string): Set<Expr> {
  const longestAt = new Map<number, Expr>();
  for (const e of all) {
    const known = longestAt.get(rangeOf(e).start);
    if (!known || known.end < e.end) longestAt.set(rangeOf(e).start, e);
  }
  const first = ({ range }: ExpressionEntry) => valueStarts(text, range).find((start) => longestAt.has(start));
  return new Set(names.flatMap((name) => longestAt.get(first(name) ?? -1) ?? []));
}

/** Of expressions that end at the same place only the longest: `x` in `self.x` and `self.x` would both be told. */
function longest(expressions: readonly ExpressionEntry[]): ExpressionEntry[] {
  const byEnd = new Map<number, ExpressionEntry>();
  for (const expression of expressions) {
    const known = byEnd.get(expression.range.end);
    if (!known || expression.range.start < known.range.start) byEnd.set(expression.range.end, expression);
  }
  return [...byEnd.values()];
}

function isOperator({ kind }: Expr): boolean {
  return !["name", "call", "attribute", "subscript"].includes(kind);
}

/** Behind the parentheses that an expression has for itself; null where it has none, or they are those of a call. */
function closing(text: string, start: number, end: number): number | null {
  const before = /(^|[^\w)\]\s])\s*\($/.test(text.slice(Math.max(0, start - 40), start).trimEnd());
  const after = /^\s*\)/.exec(text.slice(end, end + 40));
  return before && after ? end + after[0].length : null;
}

/** Where the value may begin that a name is bound to, with its parentheses and without; nowhere for one of several names. */
function valueStarts(text: string, name: TextRange): number[] {
  if (/,\s*$/.test(text.slice(Math.max(0, name.start - 40), name.start))) return [];
  const between = /^(\s*(?::[^=\n]*)?=\s*)(\(*)/.exec(text.slice(name.end, name.end + 200));
  if (!between) return [];
  const [, before, parentheses] = between;
  const start = name.end + before!.length;
  return Array.from({ length: parentheses!.length + 1 }, (_, at) => start + at);
}
