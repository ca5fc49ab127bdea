import type { DType } from "../../../tensor/dtype.ts";
import type { Dim, ExpressionEntry } from "../../document.ts";
import type { Symbols } from "../run/dims.ts";
import { dimsOf, dtypeOf, type TensorValue } from "../run/tensorValue.ts";
import { rangeOf } from "../syntax/ast.ts";
import { dimOf } from "./entry.ts";
import type { Records } from "./records.ts";

/** Every expression that gave a tensor, in the order of the text, with the shapes that it had. NumPy's scalars are none. */
export function expressionsOf(records: Records, symbols: Symbols): ExpressionEntry[] {
  const found: ExpressionEntry[] = [];
  for (const [expression, tensors] of records.tensors) {
    const seen = distinct(
      tensors.filter((t) => !t.scalar),
      symbols,
    );
    if (seen.length === 0) continue;
    found.push({ range: rangeOf(expression), shapes: seen.map((s) => s.shape), dtypes: seen.map((s) => s.dtype) });
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
    const shape = dimsOf(t)?.map((size) => dimOf(symbols.resolve(size))) ?? null;
    const dtype = dtypeOf(t);
    seen.set(JSON.stringify([shape, dtype]), { shape, dtype });
  }
  return [...seen.values()];
}
