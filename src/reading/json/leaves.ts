import type { DType } from "../../tensor/dtype.ts";
import { startsIn, valuesIn } from "./leafRuns.ts";
import { flag, kind, type Tape } from "./tape.ts";
import type { Text } from "./text.ts";
import { fieldOf, flagsOf, kindOf, rangeOf, stringOf } from "./tree.ts";

/** The numbers of an array in document order, with the offset at which each is written; made when first asked for. */
export interface Leaves {
  readonly count: number;
  readonly starts: Int32Array;
  readonly values: Float64Array;
  /** Where the first ones start, at most `count`. */
  firstStarts(count: number): Int32Array;
  /** Strings that are no number among the numbers: the nodes, in order. */
  readonly texts: readonly number[];
  /** `null` among the numbers: JSON.stringify writes NaN and Infinity so. Read as NaN. */
  readonly nulls: readonly number[];
}

/** Numbers as strings, as encoders write them that keep to strict JSON. */
const spelled: ReadonlyMap<string, number> = new Map([
  ["nan", Number.NaN],
  ["inf", Infinity],
  ["+inf", Infinity],
  ["infinity", Infinity],
  ["-inf", -Infinity],
  ["-infinity", -Infinity],
]);

/** The number that a string such as "NaN" or "-inf" spells; undefined for any other. */
export function spelledNumber(text: string): number | undefined {
  return text.length > 9 ? undefined : spelled.get(text.toLowerCase());
}

/** Zero-copy where all elements are numbers or booleans that nobody has edited. */
export function leavesOf(tape: Tape, node: number): Leaves {
  const from = fieldOf(tape, node, "leaf");
  const to = fieldOf(tape, node, "leafEnd");
  let starts: Int32Array | undefined;
  let values: Float64Array | undefined;
  const plain: Leaves = {
    count: to - from,
    get starts() {
      starts ??= startsIn(tape, from, to);
      return starts;
    },
    get values() {
      values ??= valuesIn(tape, from, to);
      return values;
    },
    firstStarts: (count) => startsIn(tape, from, Math.min(to, from + count)),
    texts: [],
    nulls: [],
  };
  return (flagsOf(tape, node) & (flag.string | flag.null)) === 0 ? plain : merged(tape, node, plain);
}

/** Numbers with the strings and nulls between them. */
function merged(tape: Tape, node: number, plain: Leaves): Leaves {
  const others = othersIn(tape, node);
  const starts = new Int32Array(plain.count + others.length);
  const values = new Float64Array(starts.length);
  const texts: number[] = [];
  for (let leaf = 0, other = 0, at = 0; at < starts.length; at++) {
    const next = others[other];
    if (next !== undefined && (leaf === plain.count || rangeOf(tape, next).start < plain.starts[leaf]!)) {
      starts[at] = rangeOf(tape, next).start;
      const value = numberOf(tape, next);
      values[at] = value ?? Number.NaN;
      if (value === undefined) texts.push(next);
      other++;
    } else {
      starts[at] = plain.starts[leaf]!;
      values[at] = plain.values[leaf++]!;
    }
  }
  return {
    count: starts.length,
    firstStarts: (count) => starts.subarray(0, count),
    starts,
    values,
    texts,
    nulls: others.filter((other) => kindOf(tape, other) === kind.null),
  };
}

function othersIn(tape: Tape, node: number): number[] {
  const others: number[] = [];
  const last = fieldOf(tape, node, "next");
  for (let at = node + 1; at < last; at++) {
    const what = kindOf(tape, at);
    if (what === kind.string || what === kind.null) others.push(at);
  }
  return others;
}

function numberOf(tape: Tape, node: number): number | undefined {
  return kindOf(tape, node) === kind.null ? Number.NaN : spelledNumber(stringOf(tape, node));
}

/**
 * The dtype that NumPy would give the numbers: bool where all are booleans, int64 (or uint64) where all are integers
 * that fit, else float64.
 */
export function dtypeOf(tape: Tape, node: number): DType {
  const flags = flagsOf(tape, node);
  if (flags & (flag.float | flag.special | flag.string | flag.null)) return "float64";
  if ((flags & flag.integer) === 0) return flags & flag.boolean ? "bool" : "float64";
  return flags & flag.big ? bigDtype(tape, node) : "int64";
}

function bigDtype(tape: Tape, node: number): DType {
  const { values } = leavesOf(tape, node);
  let [lowest, highest] = [0, 0];
  for (const value of values) {
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  // 2^63 − 1 itself rounds up to 2^63: what is that large is looked at digit by digit.
  if (lowest > -(2 ** 63) && highest < 2 ** 63) return "int64";
  return exactBounds(tape, node, lowest, highest);
}

function exactBounds(tape: Tape, node: number, lowest: number, highest: number): DType {
  if (lowest < -(2 ** 63) || highest > 2 ** 64) return "float64";
  const { starts } = leavesOf(tape, node);
  let [smallest, largest] = [0n, 0n];
  for (const start of starts) {
    const value = integerAt(tape.text, start);
    if (value < smallest) smallest = value;
    if (value > largest) largest = value;
  }
  if (smallest >= -(2n ** 63n) && largest < 2n ** 63n) return "int64";
  return smallest === 0n && largest < 2n ** 64n ? "uint64" : "float64";
}

/** The integer written at `start`, exact; booleans count as 0 and 1. */
export function integerAt(text: Text, start: number): bigint {
  const first = text.charCodeAt(start);
  if (first === 116) return 1n;
  if (first === 102) return 0n;
  let end = start + 1;
  while (text.charCodeAt(end) >= 48 && text.charCodeAt(end) <= 57) end++;
  return BigInt(text.slice(start, end));
}
