import type { DType } from "../../../tensor/dtype.ts";
import type { Dim, ExpressionEntry, TextRange } from "../../document.ts";
import type { Symbols } from "../run/dims.ts";
import { dimsOf, dtypeOf, type TensorValue } from "../run/tensorValue.ts";
import { type Expr, rangeOf, targetRange } from "../syntax/ast.ts";
import { dimOf } from "./entry.ts";
import { isCommented, type Records } from "./records.ts";

/** Every expression that gave a tensor, in the order of the text, with the shapes that it had. NumPy's scalars are none. */
export function expressionsOf(records: Records, symbols: Symbols): ExpressionEntry[] {
  return entriesOf(records.told("tensors"), symbols, rangeOf);
}

/** Every name and attribute that was bound to a tensor, with the shapes that it got. */
export function assignmentsOf(records: Records, symbols: Symbols): ExpressionEntry[] {
  return entriesOf(records.told("targets"), symbols, targetRange);
}

/** An entry for each expression that has a place. */
export function entriesOf(
  noted: ReadonlyMap<Expr, readonly TensorValue[]>,
  symbols: Symbols,
  place: (e: Expr) => TextRange | null,
): ExpressionEntry[] {
  const found: ExpressionEntry[] = [];
  for (const [expression, tensors] of noted) {
    const range = place(expression);
    if (!range) continue;
    const seen = distinct(
      tensors.filter((t) => !t.scalar),
      symbols,
    );
    if (seen.length === 0) continue;
    found.push({ range, shapes: seen.map((s) => s.shape), dtypes: seen.map((s) => s.dtype) });
  }
  return found.sort((a, b) => a.range.start - b.range.start || b.range.end - a.range.end);
}

interface Seen {
  readonly shape: readonly Dim[] | null;
  readonly dtype: DType | null;
}

function distinct(tensors: readonly TensorValue[], symbols: Symbols): Seen[] {
  const seen = new Map<string, Seen>();
  for (const t of tensors) {
    const shape = isCommented(t) ? null : (dimsOf(t)?.map((size) => dimOf(symbols.resolve(size))) ?? null);
    const dtype = dtypeOf(t);
    seen.set(JSON.stringify([shape, dtype]), { shape, dtype });
  }
  return [...seen.values()];
}
