import type { ByteSource } from "../byteSource.ts";
import type { FilePlace, Language } from "../document.ts";
import { lastPlace } from "./begun.ts";
import { scan } from "./scanner.ts";
import type { Tape, TapeProblem } from "./tape.ts";
import { TapeWriter } from "./tapeWriter.ts";
import type { FileText, PieceStarts } from "./text.ts";

/** How far behind the place at which the fast scanner gave up the readable one may look, in UTF-16 code units. */
const lookAhead = 1000;

/** A longer stretch without a complete element is not read again. */
const longestStretch = 2 ** 20;

/**
 * What is wrong in a file whose reading gave up at `failure`, and where: only the stretch from the last complete element on
 * is read again, behind a text that brings the readable scanner to the same state. `open` is the container that was being
 * read, or -1. null where that stretch is too long to tell, or what is missing comes after it.
 */
export function mistakeIn(tape: Tape, open: number, failure: number, language: Language): TapeProblem | null {
  const writer = TapeWriter.of({ ...tape, nodes: tape.nodes.slice() }, open);
  const { at, empty } = lastPlace(writer, tape.text);
  if (failure - at > longestStretch) return null;
  const begun = before(writer, empty);
  const stretch = tape.text.slice(at, failure + lookAhead);
  const found = scan(begun + stretch, language).problems.find(({ broken }) => broken);
  if (!found) return null;
  const moved = at - begun.length;
  const range = { start: found.range.start + moved, end: found.range.end + moved };
  const isCut = stretch.length === failure + lookAhead - at;
  return isCut && range.end >= at + stretch.length ? null : { ...found, range };
}

/** The shortest text that leaves a scanner inside such a container, with or without something in it. */
function before(tape: TapeWriter, empty: boolean): string {
  if (tape.open < 0) return tape.nodeCount > 0 ? '""' : "";
  if (tape.inArray) return empty ? "[" : '[""';
  return empty ? "{" : '{"":""';
}

/** Where an offset of a file is for who has no editor for it: the line, and the byte, both counted from 1. */
export function filePlace(
  source: ByteSource,
  text: FileText,
  { bytes, units }: PieceStarts,
  offset: number,
): FilePlace {
  const inLast = new TextEncoder().encode(text.slice(units.at(-1)!, offset)).length;
  const byte = bytes.at(-1)! + inLast;
  let line = 1;
  for (let at = 0; at < byte; at += longestStretch) {
    const piece = source.read(at, Math.min(longestStretch, byte - at));
    for (let found = piece.indexOf(10); found >= 0; found = piece.indexOf(10, found + 1)) line++;
  }
  return { line, byte: byte + 1 };
}
