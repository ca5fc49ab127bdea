import type { Language, TextRange } from "../document.ts";
import type { TextChange } from "../pieceText.ts";
import { type Part, spliced } from "./splice.ts";
import { containerAround, type Stretch, stretchIn } from "./stretch.ts";
import { kind, type Tape } from "./tape.ts";
import type { Text } from "./text.ts";
import { fieldOf, kindOf, rangeOf } from "./tree.ts";
import type { FastScan } from "./wasmScanner.ts";

/** What edits have done to a text, taken together: this range of it was replaced by so many code units. */
export interface Replaced extends TextRange {
  readonly length: number;
}

/** Of longer stretches the text is read anew as a whole. */
const longest = 2 ** 18;

/** How many containers, from the innermost outwards, are looked at: an edit that closes one and opens another needs two. */
const mostContainers = 4;

/**
 * The tape of `text`, which edits made of the text of `tape` by replacing one range, made by scanning no more than the elements
 * or members that the range touches. Equal to what scanning all of `text` gives. null where that has to be done: one of
 * the texts has a mistake in it, numbers around the range are worth a note, the range is in no container, or too long.
 */
export function reread(
  tape: Tape,
  replaced: Replaced,
  text: Text,
  language: Language,
  scanText: FastScan,
): Tape | null {
  const moved = replaced.length - (replaced.end - replaced.start);
  if (text.length !== tape.text.length + moved || isBroken(tape)) return null;
  let touched: TextRange = replaced;
  let container = containerAround(tape, touched);
  for (let tried = 0; tried < mostContainers && container >= 0; tried++) {
    const stretch = stretchIn(tape, container, touched);
    if (Math.max(stretch.end - stretch.start, stretch.end - stretch.start + moved) > longest) return null;
    const after = partOf(tape, stretch, text.slice(stretch.start, stretch.end + moved), language, scanText);
    const before = after && partOf(tape, stretch, tape.text.slice(stretch.start, stretch.end), language, scanText);
    const edited = before && spliced(tape, stretch, before, after, moved);
    if (edited) return { ...edited, text };
    touched = rangeOf(tape, container);
    container = fieldOf(tape, container, "parent");
  }
  return null;
}

/** One more edit, in the text after those before it. */
export function together(before: Replaced | null, { offset, length, text }: TextChange): Replaced {
  if (!before) return { start: offset, end: offset + length, length: text.length };
  const moved = before.length - (before.end - before.start);
  const start = Math.min(before.start, offset);
  const end = Math.max(before.start + before.length, offset + length);
  return { start, end: end - moved, length: end - start + text.length - length };
}

export function isBroken({ problems }: Tape): boolean {
  return problems.some(({ broken }) => broken);
}

/** Stand for the children on both sides of a stretch. No text between them can become part of one, nor end in one. */
const standIns = {
  array: { before: "[[]", behind: "[]]", nodes: 1 },
  object: { before: '{"":[]', behind: '"":[]}', nodes: 2 },
} as const;

/**
 * What is between two children of a container, scanned as what is between two children that are as short as can be. null
 * where it does not lead from the one to the other, or something in it is worth a note.
 */
function partOf(tape: Tape, stretch: Stretch, text: string, language: Language, scanText: FastScan): Part | null {
  const { before, behind, nodes } = standIns[kindOf(tape, stretch.container) === kind.array ? "array" : "object"];
  const front = stretch.hasBefore ? before : before[0]!;
  const whole = front + text + (stretch.hasBehind ? behind : behind.at(-1)!);
  const part = scanText(whole, language);
  const nodeFrom = stretch.hasBefore ? 1 + nodes : 1;
  const nodeTo = stretch.hasBehind ? part.nodeCount - nodes : part.nodeCount;
  if (part.problems.length > 0 || fieldOf(part, 0, "end") < whole.length || nodeTo < nodeFrom) return null;
  // The child behind is where it was put, not in a string or a comment that began in the text.
  if (stretch.hasBehind && !isDirectly(part, nodeTo, front.length + text.length)) return null;
  return {
    tape: part,
    nodeFrom,
    nodeTo,
    front: front.length,
    before: Number(stretch.hasBefore),
    size: sizeOf(part, stretch),
  };
}

function sizeOf(part: Tape, { hasBefore, hasBehind }: Stretch): number {
  return fieldOf(part, 0, "size") - Number(hasBefore) - Number(hasBehind);
}

function isDirectly(part: Tape, node: number, start: number): boolean {
  return fieldOf(part, node, "start") === start && fieldOf(part, node, "parent") === 0;
}
