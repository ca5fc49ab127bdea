import { isDigit, isWord } from "./characters.ts";
import type { Noted } from "./notes.ts";
import { literalEnd } from "./number.ts";
import { field, kind, kindMask, stride } from "./tape.ts";
import type { TapeWriter } from "./tapeWriter.ts";
import type { Text } from "./text.ts";

/** A text that one scanner has read up to a place: all that another needs to go on from there. */
export interface Begun {
  /** What is complete, and the containers around the place. */
  readonly tape: TapeWriter;
  readonly at: number;
  /** The container that is open has nothing in it yet. */
  readonly empty: boolean;
  /** Of numbers in front of the place. */
  readonly notes: readonly Noted[];
  readonly counts: ReadonlyMap<Noted["code"], number>;
}

/**
 * The last place at which a container was just opened, or an element or a member complete, in a tape that stopped somewhere
 * behind it. What was begun behind that place is taken off the tape.
 */
export function lastPlace(tape: TapeWriter, text: Text): Pick<Begun, "at" | "empty"> {
  takeOffHalf(tape);
  const last = lastChild(tape);
  const leaf = tape.leafCount - 1;
  const { open } = tape;
  const firstLeaf = fieldOf(tape, last < 0 ? open : last, last < 0 ? "leaf" : "leafEnd");
  if (tape.inArray && leaf >= firstLeaf) return { at: leafEnd(text, tape.starts[leaf]!), empty: false };
  if (last >= 0) return { at: fieldOf(tape, last, "end"), empty: false };
  return open < 0 ? { at: 0, empty: false } : { at: fieldOf(tape, open, "start") + 1, empty: true };
}

/** Words end before a sign that follows them, numbers cannot be followed by one. */
function leafEnd(text: Text, start: number): number {
  if (isDigit(text.charCodeAt(start)) || isDigit(text.charCodeAt(start + 1))) return literalEnd(text, start);
  let end = start + 1;
  while (isWord(text.charCodeAt(end))) end++;
  return end;
}

/** A string that is not closed, and a key whose value is not there. */
function takeOffHalf(tape: TapeWriter): void {
  const isHalf = (node: number) =>
    fieldOf(tape, node, "end") === 0 || (fieldOf(tape, node, "kind") & kindMask) === kind.key;
  for (let last = lastChild(tape); last >= 0 && isHalf(last); last = lastChild(tape)) tape.takeOff();
}

/** The last node directly inside the open container; -1 for none. */
function lastChild(tape: TapeWriter): number {
  let node = tape.nodeCount - 1;
  while (node > tape.open && fieldOf(tape, node, "parent") !== tape.open) node = fieldOf(tape, node, "parent");
  return node > tape.open ? node : -1;
}

function fieldOf({ nodes }: TapeWriter, node: number, name: keyof typeof field): number {
  return nodes[node * stride + field[name]]!;
}
