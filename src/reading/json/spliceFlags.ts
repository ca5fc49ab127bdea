import { flag, inherited, kind, type Tape } from "./tape.ts";
import { children, fieldOf, flagsOf, kindOf } from "./tree.ts";

/** In a container, nodes `from` … `to` − 1 and the leaves beside them, `size` elements in all, give way to others. */
export interface Replacement {
  readonly from: number;
  readonly to: number;
  readonly size: number;
  /** Flags that those which go and those which come hand on to the container. */
  readonly gone: number;
  readonly come: number;
}

/** Flags that numbers and booleans in an array hand on to it. */
const ofLeaves = flag.integer | flag.float | flag.boolean | flag.special | flag.big;

/** What a node says to the container around it of what is inside. */
export function handedOn(tape: Tape, node: number): number {
  return (flagsOf(tape, node) & inherited) | ownKind(tape, node);
}

export function ownKind(tape: Tape, node: number): number {
  const what = kindOf(tape, node);
  return what === kind.array ? flag.array : what === kind.object ? flag.object : 0;
}

/** What a container says of what is inside, once something in it was replaced. null where its other numbers would have to be read. */
export function flagsAfter(tape: Tape, container: number, { from, to, size, gone, come }: Replacement): number | null {
  const flags = flagsOf(tape, container) & inherited;
  const lost = gone & ~come;
  if (lost === 0) return flags | come;
  let [rest, leaves] = [0, fieldOf(tape, container, "size") - size];
  for (const child of children(tape, container)) {
    if (child >= from && child < to) continue;
    rest |= handedOn(tape, child);
    leaves--;
  }
  const isOpen = leaves > 0 && (lost & ~rest & ofLeaves) !== 0;
  return isOpen ? null : (flags & ~lost) | come | (rest & lost);
}
