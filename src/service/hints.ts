import type { Hints, HintsRequest } from "../protocol/core.ts";
import type { MirroredDocument } from "./documents.ts";

/** More places than this in one stretch of text are cut off: nobody reads them. */
const limit = 1000;

/** Shapes to show at the ends of names, or of every expression, of a stretch of the text. */
export function hintsOf({ reading, readVersion }: MirroredDocument, { start, end, of }: HintsRequest): Hints {
  const places = (of === "assignments" ? reading.assignments : reading.hints) ?? [];
  const seen = places.filter(({ range }) => range.end >= start && range.end <= end && range.end > range.start);
  return {
    version: readVersion,
    hints: [...seen]
      .sort((a, b) => a.range.end - b.range.end)
      .slice(0, limit)
      .map(({ range, shapes, dtypes }) => ({ offset: range.end, shapes, dtypes })),
  };
}
