import type { Place } from "../reading/document.ts";

/** How far, in characters, the first number of a row may be from its bracket. */
const reach = 200;

/** The first element of the row that a place is, such as its bracket or a comma in it; null where it is no row. */
export function rowAt({ tensor: { places }, range }: Place): number | null {
  if (!places) return null;
  for (let offset = range.start; offset < Math.min(range.end, range.start + reach); offset++) {
    const element = places.at(offset);
    if (element >= 0) return places.row(element)?.start === range.start ? element : null;
  }
  return null;
}
