import type { Message } from "../../tensor/message.ts";
import type { FilePlace, Severity, TextRange } from "../document.ts";
import type { LeafRun } from "./leafRuns.ts";
import type { Text } from "./text.ts";

/**
 * What scanning a JSON text yields, in typed arrays so that ten million numbers cost no objects.
 *
 * Numbers and booleans are *leaves*: `values[n]` is the value (true is 1) and `starts[n]` the offset at which it is
 * written. Everything else is a *node*, a record of `stride` integers in document order (a container comes before what
 * it holds, a key directly before its value). Numbers and booleans have a node as well where they are the value of a
 * key or stand alone, never inside an array.
 */
export interface Tape {
  readonly text: Text;
  readonly nodes: Int32Array;
  readonly nodeCount: number;
  readonly starts: Int32Array;
  readonly values: Float64Array;
  readonly leafCount: number;
  /** Where the text was edited, leaves lie in several runs: `leafRuns.ts` reads these instead of `starts` and `values`. */
  readonly runs?: readonly LeafRun[] | undefined;
  readonly problems: readonly TapeProblem[];
  /** One value a line (jsonl): several nodes have no parent, and their `index` counts them. */
  readonly lines: boolean;
}

/** What the scanner found wrong, or worth saying. `broken`: the text ends being JSON there. */
export interface TapeProblem {
  readonly severity: Severity;
  readonly range: TextRange;
  readonly message: Message;
  readonly broken: boolean;
  /** In a file that no editor shows. */
  readonly place?: FilePlace;
}

/** Integers a node takes. */
export const stride = 9;

/** Fields of a node. */
export const field = {
  /** Kind in the low 4 bits, flags above. */
  kind: 0,
  start: 1,
  /** Behind the last character. */
  end: 2,
  /** The node behind this one and all it holds. */
  next: 3,
  /** Leaves inside, from `leaf` up to but without `leafEnd`. */
  leaf: 4,
  leafEnd: 5,
  /** The container, or -1. */
  parent: 6,
  /** Elements of an array, members of an object. */
  size: 7,
  /** Place among the elements or members of the parent. */
  index: 8,
} as const;

export const kind = { object: 1, array: 2, string: 3, key: 4, null: 5, number: 6, boolean: 7 } as const;
export const kindMask = 15;

/** Flags of an array say what is somewhere inside it; those of a scalar say what it is. */
export const flag = {
  integer: 1 << 4,
  /** A literal with a point or an exponent, or -0. */
  float: 1 << 5,
  boolean: 1 << 6,
  /** NaN, Infinity, -Infinity. */
  special: 1 << 7,
  /** An integer of 16 digits or more, perhaps not exact as a double. */
  big: 1 << 8,
  string: 1 << 9,
  null: 1 << 10,
  object: 1 << 11,
  /** Arrays inside. */
  array: 1 << 12,
  /** A string with a backslash in it. */
  escape: 1 << 13,
  /** The text broke off before this container was closed. */
  open: 1 << 14,
} as const;

/** Flags that a container takes over from what it holds. */
export const inherited =
  flag.integer |
  flag.float |
  flag.boolean |
  flag.special |
  flag.big |
  flag.string |
  flag.null |
  flag.object |
  flag.array;
