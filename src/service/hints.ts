import type { Hints, HintsRequest } from "../protocol/core.ts";
import type { ExpressionEntry } from "../reading/document.ts";
import type { MirroredDocument } from "./documents.ts";

/** More places than this in one stretch of text are cut off: nobody reads them. */
const limit = 1000;

/** Shapes to show at the ends of names, or of every expression, of a stretch of the text. */
export function hintsOf({ reading, readVersion }: MirroredDocument, { start, end, of }: HintsRequest): Hints {
  const { assignments = [], expressions = [] } = reading;
  const places = of === "assignments" ? assignments : outermost(expressions);
  const seen = places.filter(({ range }) => range.end >= start && range.end <= end && range.end > range.start);
  return {
    version: readVersion,
    hints: seen.slice(0, limit).map(({ range, shapes, dtypes }) => ({ offset: range.end, shapes, dtypes })),
  };
}

/** Of expressions that end at the same place only the longest: `x` in `self.x` and `self.x` would both be told. */
function outermost(expressions: readonly ExpressionEntry[]): ExpressionEntry[] {
  const byEnd = new Map<number, ExpressionEntry>();
  for (const expression of expressions) {
    const known = byEnd.get(expression.range.end);
    if (!known || expression.range.start < known.range.start) byEnd.set(expression.range.end, expression);
  }
  return [...byEnd.values()].sort((a, b) => a.range.end - b.range.end);
}
