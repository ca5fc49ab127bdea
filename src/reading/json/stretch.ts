import type { TextRange } from "../document.ts";
import { leafAtMost, startAt } from "./leafRuns.ts";
import { literalEnd } from "./number.ts";
import { kind, type Tape } from "./tape.ts";
import { fieldOf, kindOf, lastStarting, rangeOf } from "./tree.ts";

/**
 * A part of what a container holds: all between the end of one child and the start of another, or the container's own
 * brackets, of which an edit has touched neither.
 */
export interface Stretch extends TextRange {
  readonly container: number;
  /** There is a child in front of it, and one behind it. */
  readonly hasBefore: boolean;
  readonly hasBehind: boolean;
  /** What of the tape lies in it. */
  readonly nodeFrom: number;
  readonly nodeTo: number;
  readonly leafFrom: number;
  readonly leafTo: number;
}

/** A member with its key, or an element that is a node; its range in the text. */
interface Unit extends TextRange {
  readonly first: number;
  readonly last: number;
}

/** The innermost array or object of which this range touches neither bracket; -1 for none. */
export function containerAround(tape: Tape, { start, end }: TextRange): number {
  let node = lastStarting(tape, start - 1);
  while (node >= 0 && !(isContainer(tape, node) && fieldOf(tape, node, "end") > end))
    node = fieldOf(tape, node, "parent");
  return node;
}

/** The smallest stretch in a container with the range in it. */
export function stretchIn(tape: Tape, container: number, touched: TextRange): Stretch {
  const before = childBefore(tape, container, touched.start);
  const behind = childBehind(tape, container, touched.end);
  const range = rangeOf(tape, container);
  const start = before.end ?? range.start + 1;
  const end = behind.start ?? range.end - 1;
  return {
    container,
    start,
    end,
    hasBefore: before.end !== null,
    hasBehind: behind.start !== null,
    nodeFrom: before.nodeEnd,
    nodeTo: behind.node,
    leafFrom: leafAtMost(tape, start - 1) + 1,
    leafTo: leafAtMost(tape, end - 1) + 1,
  };
}

/** Where the last child ends that an edit at the offset does not touch, and where its last node does. */
function childBefore(tape: Tape, container: number, offset: number): { end: number | null; nodeEnd: number } {
  let unit = unitAt(tape, container, offset);
  let limit = offset;
  if (unit && (unit.end > offset || (unit.end === offset && isWord(tape, unit.last)))) {
    limit = unit.start;
    unit = unitBefore(tape, container, unit.first);
  }
  const first = Math.max(fieldOf(tape, container, "leaf"), unit ? fieldOf(tape, unit.last, "leafEnd") : 0);
  let leaf = leafAtMost(tape, limit - 1);
  // Whatever is written directly behind a number becomes part of it.
  if (leaf >= first && literalEnd(tape.text, startAt(tape, leaf)) >= limit) leaf--;
  const nodeEnd = unit ? fieldOf(tape, unit.last, "next") : container + 1;
  if (leaf >= first) return { end: literalEnd(tape.text, startAt(tape, leaf)), nodeEnd };
  return { end: unit?.end ?? null, nodeEnd };
}

/** Where the first child starts that an edit up to the offset does not touch, and the first node not in front of it. */
function childBehind(tape: Tape, container: number, offset: number): { start: number | null; node: number } {
  const unit = unitAt(tape, container, offset);
  const isTouched = unit !== null && (unit.start < offset || isWord(tape, unit.last));
  const node = !unit ? container + 1 : isTouched ? fieldOf(tape, unit.last, "next") : unit.first;
  const next = node < fieldOf(tape, container, "next") ? fieldOf(tape, node, "start") : null;
  const leaf = leafBehind(tape, container, Math.max(offset, unit && isTouched ? unit.end : 0));
  const start = leaf < fieldOf(tape, container, "leafEnd") ? startAt(tape, leaf) : null;
  return { start: start !== null && (next === null || start < next) ? start : next, node };
}

/** The first leaf behind the offset that nothing in front of the offset can become part of. */
function leafBehind(tape: Tape, container: number, offset: number): number {
  const leaf = leafAtMost(tape, offset);
  return Math.max(leaf + 1, fieldOf(tape, container, "leaf"));
}

/** The last unit in the container that starts at or before the offset, leaves of arrays left out. */
function unitAt(tape: Tape, container: number, offset: number): Unit | null {
  return unitOf(tape, container, lastStarting(tape, offset));
}

function unitBefore(tape: Tape, container: number, first: number): Unit | null {
  return unitOf(tape, container, first - 1);
}

/** The unit that a node somewhere in the container belongs to. */
function unitOf(tape: Tape, container: number, node: number): Unit | null {
  if (node <= container) return null;
  let at = node;
  while (fieldOf(tape, at, "parent") !== container) at = fieldOf(tape, at, "parent");
  const isArray = kindOf(tape, container) === kind.array;
  const first = isArray || kindOf(tape, at) === kind.key ? at : at - 1;
  const last = isArray ? at : first + 1;
  return { first, last, start: fieldOf(tape, first, "start"), end: fieldOf(tape, last, "end") };
}

function isContainer(tape: Tape, node: number): boolean {
  const what = kindOf(tape, node);
  return what === kind.array || what === kind.object;
}

/** Written without a sign that ends it. */
function isWord(tape: Tape, node: number): boolean {
  const what = kindOf(tape, node);
  return what === kind.null || what === kind.number || what === kind.boolean;
}
