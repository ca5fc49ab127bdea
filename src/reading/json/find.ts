import { roleOf } from "../roles.ts";
import { spelledNumber } from "./leaves.ts";
import { field, flag, kind, stride, type Tape } from "./tape.ts";
import { fieldOf, flagsOf, keyOf, kindOf, stringOf } from "./tree.ts";

/** Deeper in objects and arrays than this, tensors are not looked for. */
const maximumDepth = 512;

/** Arrays that are tensors, in order. `tooDeep`: the first node below which none was looked for, or -1. */
export function tensorNodes(tape: Tape): { readonly nodes: number[]; readonly tooDeep: number } {
  const nodes: number[] = [];
  const ends: number[] = [];
  let tooDeep = -1;
  for (let node = 0; node < tape.nodeCount; ) {
    while (ends.length && ends[ends.length - 1]! <= node) ends.pop();
    const what = kindOf(tape, node);
    const next = tape.nodes[node * stride + field.next]!;
    const whole = what === kind.array && isTensor(tape, node);
    if (whole) nodes.push(node);
    if (ends.length >= maximumDepth && next > node + 1 && tooDeep < 0 && !whole) tooDeep = node;
    if (whole || ends.length >= maximumDepth || isHalf(tape, node)) node = next;
    else {
      if (next > node + 1) ends.push(next);
      node++;
    }
  }
  return { nodes, tooDeep };
}

/** An array of numbers that the text breaks off in: its rows are no tensors of their own. */
function isHalf(tape: Tape, node: number): boolean {
  const flags = flagsOf(tape, node);
  return kindOf(tape, node) === kind.array && (flags & flag.open) !== 0 && (flags & (flag.object | flag.string)) === 0;
}

/**
 * Whether an array is a tensor: all its leaves are numbers or booleans. Strings that spell NaN or an infinity, and
 * nulls, may stand among them; any other string only where the name says that it should be a tensor, so that it can be
 * said what is wrong with it. So may an array without any number.
 */
export function isTensor(tape: Tape, node: number): boolean {
  const flags = flagsOf(tape, node);
  if (flags & (flag.object | flag.open)) return false;
  const empty = fieldOf(tape, node, "leaf") === fieldOf(tape, node, "leafEnd");
  if (empty) return (flags & (flag.string | flag.null)) === 0 && hasRole(tape, node);
  return (flags & flag.string) === 0 || allSpelled(tape, node) || hasRole(tape, node);
}

function hasRole(tape: Tape, node: number): boolean {
  const key = keyOf(tape, node);
  return key >= 0 && roleOf(stringOf(tape, key)) !== null;
}

function allSpelled(tape: Tape, node: number): boolean {
  const end = fieldOf(tape, node, "next");
  for (let at = node + 1; at < end; at++) {
    if (kindOf(tape, at) === kind.string && spelledNumber(stringOf(tape, at)) === undefined) return false;
  }
  return true;
}
