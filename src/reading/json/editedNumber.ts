import type { TextChange } from "../pieceText.ts";
import { leafAtMost, startsIn, withEdit } from "./leafEdits.ts";
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
 * mistake: its value is noted, places behind the number are moved. Equal to what scanning `text` gives; null where that has to
 * be done: the change touches anything else, or what the tape says of the arrays around the number (whether all are
 * integers, which numbers are infinite) may change with it.
 */
export function withEditedNumber(tape: Tape, change: TextChange, text: Text): Tape | null {
  const leaf = leafAtMost(tape, change.offset);
  const moved = change.text.length - change.length;
  if (leaf < 0 || text.length !== tape.text.length + moved || tape.problems.some(({ broken }) => broken)) return null;
  const start = startsIn(tape, leaf, leaf + 1)[0]!;
  const end = literalEnd(tape.text, start);
  if (change.offset + change.length > end || end - start + moved > longest) return null;
  const before = tape.text.slice(start, end);
  const after = text.slice(start, end + moved);
  if (!number.test(before) || !number.test(after) || flagOf(before) !== flagOf(after)) return null;
  if (!Number.isFinite(Number(before)) || !Number.isFinite(Number(after))) return null;
  const edited = { ...tape, text, ...withEdit(tape, { leaf, value: Number(after), moved }) };
  return moved === 0 ? edited : { ...edited, ...movedBehind(tape, start, moved) };
}

/** What the tape notes of a number, for the arrays around it. */
function flagOf(literal: string): number {
  if (/[.eE]/.test(literal) || literal === "-0") return flag.float;
  return literal.length - (literal[0] === "-" ? 1 : 0) >= bigDigits ? flag.big : flag.integer;
}

/** Nodes and problems with everything behind `start` moved by so many code units. */
function movedBehind(tape: Tape, start: number, by: number): Pick<Tape, "nodes" | "problems"> {
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
  return { nodes, problems };
}
