import type { TextRange } from "./document.ts";

/** A place as editors count it: both from 0, characters in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** Turns offsets into lines and characters and back. Lines end with \n, \r\n or a \r alone, as in VS Code. */
export interface Lines {
  readonly count: number;
  /** Offsets outside the text are taken to its nearest end. */
  position(offset: number): Position;
  /** Characters behind the end of a line are taken to its end, before its line break. */
  offset(position: Position): number;
  span(range: TextRange): { readonly start: Position; readonly end: Position };
}

/** Finds the lines of `text` once; look-ups are binary searches. */
export function linesOf(text: string): Lines {
  const starts = lineStarts(text);
  const position = (offset: number): Position => {
    const inside = Math.min(Math.max(0, offset), text.length);
    const line = lastAtMost(starts, inside);
    return { line, character: inside - starts[line]! };
  };
  return {
    count: starts.length,
    position,
    offset: ({ line, character }) => offsetOf(text, starts, line, character),
    span: (range) => ({ start: position(range.start), end: position(range.end) }),
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  const ends = /\r\n|\n|\r/g;
  while (ends.exec(text)) starts.push(ends.lastIndex);
  return starts;
}

function offsetOf(text: string, starts: readonly number[], line: number, character: number): number {
  if (line < 0) return 0;
  if (line >= starts.length) return text.length;
  return Math.min(starts[line]! + Math.max(0, character), lineEnd(text, starts, line));
}

/** Behind the last character of a line, before its line break. */
function lineEnd(text: string, starts: readonly number[], line: number): number {
  const next = starts[line + 1];
  if (next === undefined) return text.length;
  return text.endsWith("\r\n", next) ? next - 2 : next - 1;
}

/** The place of the last entry that is at most `limit`, in an ascending list that starts at or below it; -1 for none. */
export function lastAtMost(ascending: ArrayLike<number>, limit: number, from = 0, to = ascending.length): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1 < from ? -1 : low - 1;
}
