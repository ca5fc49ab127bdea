import { roleOf } from "../roles.ts";
import { dataKeys, objectTensor } from "./layouts/flat.ts";
import { sparseTensor, tripleKeys } from "./layouts/sparse.ts";
import { spelledNumber } from "./leaves.ts";
import type { Source } from "./source.ts";
import { flag, kind, type Tape } from "./tape.ts";
import { type JsonTensor, tensorOf } from "./tensors.ts";
import { children, fieldOf, flagsOf, isComplete, keyOf, kindOf, stringOf } from "./tree.ts";

/** Deeper in objects and arrays than this, tensors are not looked for. */
const maximumDepth = 512;

/** An object with more members than this is no description of one tensor. */
const maximumMembers = 16;

/** The tensors of a text, in order. `tooDeep`: the first node below which none was looked for, or -1. */
export function findTensors(
  source: Source,
  limit: number,
): { readonly tensors: JsonTensor[]; readonly tooDeep: number; readonly tooMany: number } {
  const { tape } = source;
  const tensors: JsonTensor[] = [];
  const ends: number[] = [];
  let tooDeep = -1;
  for (let node = 0; node < tape.nodeCount; ) {
    if (tensors.length === limit) return { tensors, tooDeep, tooMany: node };
    while (ends.length && ends[ends.length - 1]! <= node) ends.pop();
    const next = fieldOf(tape, node, "next");
    const tensor = tensorAt(source, node);
    if (tensor) tensors.push(tensor);
    const deep = ends.length >= maximumDepth && !tensor && next > node + 1;
    if (deep && tooDeep < 0) tooDeep = node;
    if (tensor || deep || isHalf(tape, node)) node = next;
    else {
      if (next > node + 1) ends.push(next);
      node++;
    }
  }
  return { tensors, tooDeep, tooMany: -1 };
}

/** The tensor that a value is; null where it is none. */
export function tensorAt(source: Source, node: number): JsonTensor | null {
  const what = kindOf(source.tape, node);
  if (what === kind.array) return isTensor(source.tape, node) ? tensorOf(source.tape, node) : null;
  if (what !== kind.object || !isComplete(source.tape, node) || !mayBeTensor(source.tape, node)) return null;
  return sparseTensor(source, node) ?? objectTensor(source, node);
}

/** Looked at before anything is made of an object: most have none of these keys. */
function mayBeTensor(tape: Tape, object: number): boolean {
  if (fieldOf(tape, object, "size") > maximumMembers) return false;
  for (const value of children(tape, object)) {
    const key = stringOf(tape, value - 1);
    if (dataKeys.includes(key) || tripleKeys.includes(key)) return true;
  }
  return false;
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
function isTensor(tape: Tape, node: number): boolean {
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
