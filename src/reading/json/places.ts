import type { ElementPlaces, TextRange } from "../document.ts";
import type { Leaves } from "./leaves.ts";
import { literalEnd } from "./number.ts";
import type { Tape } from "./tape.ts";
import type { Text } from "./text.ts";
import { fieldOf, lastStarting, leafAt, rangeOf } from "./tree.ts";

/** Places of elements written at `starts`, ascending; asked for the starts only when asked for a place. */
export function placesOf(tape: Tape, leaves: Pick<Leaves, "starts">): ElementPlaces {
  const endOf = (start: number): number => elementEnd(tape.text, start);
  return {
    range: (flat) => ({ start: leaves.starts[flat]!, end: endOf(leaves.starts[flat]!) }),
    row: (flat) => rowAround(tape, leaves.starts[flat]!),
    at: (offset) => leafAt(leaves.starts, offset, endOf),
  };
}

/** Places of a tensor whose numbers stand in a flat list, `width` to a row. */
export function flatPlaces(tape: Tape, leaves: Pick<Leaves, "starts">, width: number): ElementPlaces {
  const places = placesOf(tape, leaves);
  return {
    ...places,
    row: (flat) => {
      const first = flat - (flat % width);
      return { start: places.range(first).start, end: places.range(first + width - 1).end };
    },
  };
}

/** Where an element ends: a literal, or a string that spells a number. */
function elementEnd(text: Text, start: number): number {
  if (text.charCodeAt(start) !== 34) return literalEnd(text, start);
  // The few words that spell numbers have no escapes.
  let end = start + 1;
  while (end < text.length && text.charCodeAt(end) !== 34) end++;
  return end + 1;
}

/** The innermost array around an element. */
function rowAround(tape: Tape, start: number): TextRange {
  let node = lastStarting(tape, start);
  while (fieldOf(tape, node, "end") <= start || fieldOf(tape, node, "start") === start) {
    const parent = fieldOf(tape, node, "parent");
    if (parent < 0) break;
    node = parent;
  }
  return rangeOf(tape, node);
}
