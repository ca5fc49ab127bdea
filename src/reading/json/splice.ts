import { withLeaves } from "./leafRuns.ts";
import { flagsAfter, handedOn, ownKind } from "./spliceFlags.ts";
import type { Stretch } from "./stretch.ts";
import { field, flag, inherited, stride, type Tape } from "./tape.ts";
import { children, fieldOf, flagsOf } from "./tree.ts";

/** What of a stretch was scanned: in a container of its own, with stand-ins for the children around it. */
export interface Part {
  readonly tape: Tape;
  /** Its nodes, without the container and the stand-ins. */
  readonly nodeFrom: number;
  readonly nodeTo: number;
  /** Where it starts in the text that was scanned. */
  readonly front: number;
  /** How many stand-ins are in front of it. */
  readonly before: number;
  /** Elements or members. */
  readonly size: number;
}

/** How far what stands behind a stretch is moved: code units, nodes, leaves, and the index of the container's children. */
interface Moves {
  readonly units: number;
  readonly nodes: number;
  readonly leaves: number;
  readonly index: number;
}

/**
 * A tape in which a stretch that reads `before` reads `after`, but for its text. null where what the tape says of the
 * containers around (whether all numbers are integers) cannot be told without reading more of them.
 */
export function spliced(tape: Tape, stretch: Stretch, before: Part, after: Part, units: number): Tape | null {
  const moves: Moves = {
    units,
    nodes: after.nodeTo - after.nodeFrom - (stretch.nodeTo - stretch.nodeFrom),
    leaves: after.tape.leafCount - (stretch.leafTo - stretch.leafFrom),
    index: after.size - before.size,
  };
  const nodes = nodesAfter(tape, stretch, after, moves);
  if (!markContainers(tape, nodes, stretch, before, after)) return null;
  const starts = after.tape.starts.slice(0, after.tape.leafCount);
  for (let at = 0; at < starts.length; at++) starts[at]! += stretch.start - after.front;
  const leaves = { starts, values: after.tape.values.slice(0, starts.length) };
  const shifted = (offset: number) => (offset >= stretch.end ? offset + units : offset);
  return {
    ...tape,
    ...withLeaves(tape, stretch.leafFrom, stretch.leafTo, leaves, units),
    nodes,
    nodeCount: tape.nodeCount + moves.nodes,
    problems: tape.problems.map((problem) => ({
      ...problem,
      range: { start: shifted(problem.range.start), end: shifted(problem.range.end) },
    })),
  };
}

function nodesAfter(tape: Tape, stretch: Stretch, after: Part, moves: Moves): Int32Array {
  const nodes = new Int32Array((tape.nodeCount + moves.nodes) * stride);
  nodes.set(tape.nodes.subarray(0, stretch.nodeFrom * stride));
  const behind = (stretch.nodeTo + moves.nodes) * stride;
  nodes.set(tape.nodes.subarray(stretch.nodeTo * stride, tape.nodeCount * stride), behind);
  moveBehind(nodes, behind, stretch, moves);
  for (let node = stretch.container; node >= 0; node = fieldOf(tape, node, "parent")) {
    nodes[node * stride + field.end]! += moves.units;
    nodes[node * stride + field.next]! += moves.nodes;
    nodes[node * stride + field.leafEnd]! += moves.leaves;
  }
  nodes[stretch.container * stride + field.size]! += moves.index;
  if (after.nodeTo > after.nodeFrom) copyPart(tape, nodes, stretch, after);
  return nodes;
}

function moveBehind(nodes: Int32Array, from: number, { container, nodeTo }: Stretch, moves: Moves): void {
  for (let at = from; at < nodes.length; at += stride) {
    nodes[at + field.start]! += moves.units;
    nodes[at + field.end]! += moves.units;
    nodes[at + field.next]! += moves.nodes;
    nodes[at + field.leaf]! += moves.leaves;
    nodes[at + field.leafEnd]! += moves.leaves;
    const parent = nodes[at + field.parent]!;
    if (parent >= nodeTo) nodes[at + field.parent]! += moves.nodes;
    else if (parent === container) nodes[at + field.index]! += moves.index;
  }
}

function copyPart(
  tape: Tape,
  nodes: Int32Array,
  stretch: Stretch,
  { tape: part, nodeFrom, nodeTo, front, before }: Part,
): void {
  const to = stretch.nodeFrom * stride;
  nodes.set(part.nodes.subarray(nodeFrom * stride, nodeTo * stride), to);
  const index = elementsBefore(tape, stretch) - before;
  for (let at = to; at < to + (nodeTo - nodeFrom) * stride; at += stride) {
    nodes[at + field.start]! += stretch.start - front;
    nodes[at + field.end]! += stretch.start - front;
    nodes[at + field.next]! += stretch.nodeFrom - nodeFrom;
    nodes[at + field.leaf]! += stretch.leafFrom;
    nodes[at + field.leafEnd]! += stretch.leafFrom;
    const isDirectly = nodes[at + field.parent] === 0;
    if (isDirectly) nodes[at + field.index]! += index;
    nodes[at + field.parent] = isDirectly ? stretch.container : nodes[at + field.parent]! + stretch.nodeFrom - nodeFrom;
  }
}

/** How many elements or members of the container stand in front of the stretch. */
function elementsBefore(tape: Tape, { container, nodeFrom, leafFrom }: Stretch): number {
  let [count, leaves] = [0, leafFrom - fieldOf(tape, container, "leaf")];
  for (const child of children(tape, container)) {
    if (child >= nodeFrom) break;
    count++;
    leaves -= fieldOf(tape, child, "leafEnd") - fieldOf(tape, child, "leaf");
  }
  return count + leaves;
}

/** Says anew of the container, and of those around it, what is somewhere inside. False where that cannot be told. */
function markContainers(tape: Tape, nodes: Int32Array, stretch: Stretch, before: Part, after: Part): boolean {
  let [from, to, size] = [stretch.nodeFrom, stretch.nodeTo, before.size];
  let [gone, come] = [flagsIn(before), flagsIn(after)];
  for (let node = stretch.container; node >= 0 && gone !== come; node = fieldOf(tape, node, "parent")) {
    const flags = flagsAfter(tape, node, { from, to, size, gone, come });
    if (flags === null) return false;
    nodes[node * stride] = (nodes[node * stride]! & ~inherited) | flags;
    gone = handedOn(tape, node);
    come = flags | ownKind(tape, node);
    [from, to, size] = [node, fieldOf(tape, node, "next"), 1];
  }
  return true;
}

/** Flags that a part hands on to its container; the stand-ins are empty arrays. */
function flagsIn({ tape, nodeFrom, nodeTo }: Part): number {
  let flags = flagsOf(tape, 0) & inherited & ~flag.array;
  for (let node = nodeFrom; node < nodeTo; node = fieldOf(tape, node, "next")) flags |= handedOn(tape, node);
  return flags;
}
