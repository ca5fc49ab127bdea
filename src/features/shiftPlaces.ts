import type { TextRange } from "../reading/document.ts";
import type { TextChange } from "../reading/pieceText.ts";

/**
 * Where places of a text are after its edits, given in the order of VS Code's event: last place first, each in the text
 * before any of them. An edit inside a place stretches it; one across its border takes it away.
 */
export function shiftPlaces<T extends TextRange>(places: readonly T[], changes: readonly TextChange[]): T[] {
  return changes.reduce<T[]>((moved, change) => moved.flatMap((place) => shifted(place, change)), [...places]);
}

function shifted<T extends TextRange>(place: T, { offset, length, text }: TextChange): T[] {
  const { start, end } = place;
  const growth = text.length - length;
  if (offset + length <= start) return [{ ...place, start: start + growth, end: end + growth }];
  if (offset >= end) return [place];
  return offset >= start && offset + length <= end ? [{ ...place, end: end + growth }] : [];
}
