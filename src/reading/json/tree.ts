import type { TextRange } from "../document.ts";
import { lastAtMost } from "../lines.ts";
import { valueAt } from "./leafRuns.ts";
import { field, flag, kind, kindMask, stride, type Tape } from "./tape.ts";

/** Reading a tape as a tree. Nodes are numbers; -1 is no node. */

export function kindOf(tape: Tape, node: number): number {
  return tape.nodes[node * stride]! & kindMask;
}

export function flagsOf(tape: Tape, node: number): number {
  return tape.nodes[node * stride]! & ~kindMask;
}

export function fieldOf(tape: Tape, node: number, name: keyof typeof field): number {
  return tape.nodes[node * stride + field[name]]!;
}

export function rangeOf(tape: Tape, node: number): TextRange {
  return { start: fieldOf(tape, node, "start"), end: fieldOf(tape, node, "end") };
}

/** Whether the text of this container goes to its end. */
export function isComplete(tape: Tape, node: number): boolean {
  return (flagsOf(tape, node) & flag.open) === 0;
}

/** The key in front of a value, or -1. */
export function keyOf(tape: Tape, node: number): number {
  const parent = fieldOf(tape, node, "parent");
  return parent >= 0 && kindOf(tape, parent) === kind.object ? node - 1 : -1;
}

/** The nodes directly inside a container, keys left out; numbers of an array are not nodes. */
export function* children(tape: Tape, node: number): Generator<number> {
  const end = fieldOf(tape, node, "next");
  for (let child = node + 1; child < end; child = fieldOf(tape, child, "next")) {
    if (kindOf(tape, child) !== kind.key) yield child;
  }
}

/** Key and value of every member. Of equal keys all come, in order. */
export function* members(tape: Tape, object: number): Generator<readonly [key: string, value: number]> {
  if (kindOf(tape, object) !== kind.object) return;
  for (const value of children(tape, object)) yield [stringOf(tape, value - 1), value];
}

/** The members of an object by key; the last of equal keys counts, as in JSON.parse and in Python. */
export function memberMap(tape: Tape, object: number): ReadonlyMap<string, number> {
  return new Map(members(tape, object));
}

/** What a string or a key says, its escapes resolved. */
export function stringOf(tape: Tape, node: number): string {
  const { start, end } = rangeOf(tape, node);
  if ((flagsOf(tape, node) & flag.escape) === 0) return tape.text.slice(start + 1, end - 1);
  return JSON.parse(tape.text.slice(start, end)) as string;
}

/** The string, number or boolean that a node is; null for anything else. */
export function scalarOf(tape: Tape, node: number | undefined): string | number | boolean | null {
  if (node === undefined || node < 0) return null;
  const what = kindOf(tape, node);
  if (what === kind.string) return stringOf(tape, node);
  if (what !== kind.number && what !== kind.boolean) return null;
  const value = valueAt(tape, fieldOf(tape, node, "leaf"));
  return what === kind.number ? value : value === 1;
}

/** `$.layers[0].Q`: where a node is, keys that are no identifiers in brackets. */
export function pathOf(tape: Tape, node: number): string {
  const steps: string[] = [];
  for (let at = node; at >= 0; at = fieldOf(tape, at, "parent")) steps.push(stepOf(tape, at));
  return `$${steps.reverse().join("")}`;
}

function stepOf(tape: Tape, node: number): string {
  const key = keyOf(tape, node);
  if (key >= 0) return memberStep(stringOf(tape, key));
  return fieldOf(tape, node, "parent") >= 0 || tape.lines ? `[${fieldOf(tape, node, "index")}]` : "";
}

export function memberStep(key: string): string {
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

/** The innermost node that the offset is inside or directly behind; -1 for none. */
export function nodeAt(tape: Tape, offset: number): number {
  let node = lastStarting(tape, offset);
  while (node >= 0 && fieldOf(tape, node, "end") < offset) node = fieldOf(tape, node, "parent");
  return node;
}

/** The last node that starts at or before the offset; -1 for none. */
export function lastStarting(tape: Tape, offset: number): number {
  let [low, high] = [0, tape.nodeCount];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (fieldOf(tape, middle, "start") <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The element among ascending `starts` that the offset is inside or directly behind, given where each ends; -1 for none. */
export function leafAt(starts: Int32Array, offset: number, end: (start: number) => number): number {
  const leaf = lastAtMost(starts, offset);
  return leaf >= 0 && offset <= end(starts[leaf]!) ? leaf : -1;
}
