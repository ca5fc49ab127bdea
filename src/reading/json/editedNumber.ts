import { lastAtMost } from "../lines.ts";
import type { TextChange } from "../pieceText.ts";
import { literalEnd } from "./number.ts";
import { field, flag, stride, type Tape } from "./tape.ts";
import type { Text } from "./text.ts";

/** Numbers as JSON writes them. */
const number = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** Digits from which on an integer may not be exact as a double. */
const bigDigits = 16;

/** Longer literals are scanned anew. */
const longest = 1000;

/**
 * The tape of `text`, which `change` made of the text of `tape`, where all it changed is one number, in a text without a
 * mistake: values are copied, places behind the number moved. Equal to what scanning `text` gives; null where that has to
 * be done: the change touches anything else, or what the tape says of the arrays around the number (whether all are
 * integers, which numbers are infinite) may change with it.
 */
export function withEditedNumber(tape: Tape, change: TextChange, text: Text): Tape | null {
  const leaf = lastAtMost(tape.starts, change.offset, 0, tape.leafCount);
  const moved = change.text.length - change.length;
  if (leaf < 0 || text.length !== tape.text.length + moved || tape.problems.some(({ broken }) => broken)) return null;
  const start = tape.starts[leaf]!;
  const end = literalEnd(tape.text, start);
  if (change.offset + change.length > end || end - start + moved > longest) return null;
  const before = tape.text.slice(start, end);
  const after = text.slice(start, end + moved);
  if (!number.test(before) || !number.test(after) || flagOf(before) !== flagOf(after)) return null;
  if (!Number.isFinite(Number(before)) || !Number.isFinite(Number(after))) return null;
  const values = tape.values.slice(0, tape.leafCount);
  values[leaf] = Number(after);
  return moved === 0 ? { ...tape, text, values } : { ...movedBehind(tape, leaf, moved), text, values };
}

/** What the tape notes of a number, for the arrays around it. */
function flagOf(literal: string): number {
  if (/[.eE]/.test(literal) || literal === "-0") return flag.float;
  return literal.length - (literal[0] === "-" ? 1 : 0) >= bigDigits ? flag.big : flag.integer;
}

/** The tape with everything behind the start of a leaf moved by so many code units. */
function movedBehind(tape: Tape, leaf: number, by: number): Tape {
  const start = tape.starts[leaf]!;
  const starts = tape.starts.slice(0, tape.leafCount);
  for (let at = leaf + 1; at < starts.length; at++) starts[at]! += by;
  const nodes = tape.nodes.slice(0, tape.nodeCount * stride);
  for (let at = 0; at < nodes.length; at += stride) {
    if (nodes[at + field.start]! > start) nodes[at + field.start]! += by;
    if (nodes[at + field.end]! > start) nodes[at + field.end]! += by;
  }
  const shifted = (offset: number) => (offset > start ? offset + by : offset);
  const problems = tape.problems.map((problem) => {
    const { range } = problem;
    return { ...problem, range: { start: shifted(range.start), end: shifted(range.end) } };
  });
  return { ...tape, nodes, starts, problems };
}
