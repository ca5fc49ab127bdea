import type { DType } from "../../tensor/dtype.ts";
import { type Message, message } from "../../tensor/message.ts";
import { type Tensor, tensor } from "../../tensor/tensor.ts";
import type { ElementPlaces, TensorEntry, TextRange } from "../document.ts";
import { dtypeOf, integerAt, type Leaves, leavesOf } from "./leaves.ts";
import { literalEnd } from "./number.ts";
import { type Nesting, nestingOf } from "./shape.ts";
import { flag, type Tape } from "./tape.ts";
import { fieldOf, flagsOf, keyOf, lastStarting, leafAt, pathOf, rangeOf, stringOf } from "./tree.ts";

/** A tensor of a JSON text, with what is checked about it. */
export interface JsonTensor {
  readonly entry: TensorEntry;
  /** The value in the text that it is. */
  readonly node: number;
  readonly nesting: Nesting;
  readonly leaves: Leaves;
}

/** The tensor that an array of numbers is. Its values are made when they are first asked for. */
export function tensorOf(tape: Tape, node: number): JsonTensor {
  const nesting = nestingOf(tape, node);
  const leaves = leavesOf(tape, node);
  const dtype = dtypeOf(tape, node);
  const why = whyNot(tape, nesting, leaves);
  const shape = nesting.tooDeep ? null : nesting.shape;
  let values: Tensor | null = null;
  const entry: TensorEntry = {
    ...identityOf(tape, node),
    range: rangeOf(tape, node),
    shape,
    dtype,
    get values() {
      if (!why && !values) values = tensor(dtype, shape as number[], dataOf(tape, node, dtype, leaves));
      return values;
    },
    get flat() {
      return tensor("float64", [leaves.values.length], leaves.values);
    },
    origin: "literal",
    exact: !why,
    ...(why ? { why } : {}),
    places: placesOf(tape, leaves.starts),
  };
  return { entry, node, nesting, leaves };
}

function whyNot(tape: Tape, nesting: Nesting, leaves: Leaves): Message | null {
  const text = leaves.texts[0];
  if (text !== undefined) return message("json.text", { text: stringOf(tape, text).slice(0, 40) });
  if (nesting.tooDeep) return message("json.tooDeep");
  return nesting.ragged.length ? message("json.raggedTensor", { rows: nesting.ragged.length }) : null;
}

/** Id, name, path and the range of the name. */
export function identityOf(tape: Tape, node: number): Pick<TensorEntry, "id" | "name" | "path" | "nameRange"> {
  const path = pathOf(tape, node);
  const key = keyOf(tape, node);
  return { id: path, name: nameOf(tape, node), path, ...(key >= 0 ? { nameRange: rangeOf(tape, key) } : {}) };
}

/** The key; for an element of an array the name of the array with its index; `$` for the text itself. */
export function nameOf(tape: Tape, node: number): string {
  let indices = "";
  for (let at = node; at >= 0; at = fieldOf(tape, at, "parent")) {
    const key = keyOf(tape, at);
    if (key >= 0) return stringOf(tape, key) + indices;
    if (fieldOf(tape, at, "parent") >= 0 || tape.lines) indices = `[${fieldOf(tape, at, "index")}]${indices}`;
  }
  return `$${indices}`;
}

function dataOf(tape: Tape, node: number, dtype: DType, leaves: Leaves): Tensor["data"] {
  if (dtype === "bool") return Uint8Array.from(leaves.values);
  if (dtype === "int64" || dtype === "uint64")
    return integers(tape, dtype, leaves, (flagsOf(tape, node) & flag.big) !== 0);
  return leaves.values;
}

/** 64-bit integers, exact. Written as two halves, because a BigInt for each would take ten times as long. */
function integers(tape: Tape, dtype: "int64" | "uint64", leaves: Leaves, big: boolean): Tensor["data"] {
  const out = dtype === "int64" ? new BigInt64Array(leaves.values.length) : new BigUint64Array(leaves.values.length);
  const halves = new Int32Array(out.buffer);
  for (const [at, value] of leaves.values.entries()) {
    if (big && Math.abs(value) > Number.MAX_SAFE_INTEGER) {
      out[at] = integerAt(tape.text, leaves.starts[at]!);
    } else {
      halves[2 * at] = value | 0;
      halves[2 * at + 1] = Math.floor(value / 4294967296);
    }
  }
  return out;
}

/** Places of elements written at `starts`, ascending. */
export function placesOf(tape: Tape, starts: Int32Array): ElementPlaces {
  const endOf = (start: number): number => elementEnd(tape.text, start);
  return {
    range: (flat) => ({ start: starts[flat]!, end: endOf(starts[flat]!) }),
    row: (flat) => rowAround(tape, starts[flat]!),
    at: (offset) => leafAt(starts, offset, endOf),
  };
}

/** Where an element ends: a literal, or a string that spells a number. */
function elementEnd(text: string, start: number): number {
  return text[start] === '"' ? text.indexOf('"', start + 1) + 1 : literalEnd(text, start);
}

/** The innermost array around an element. */
function rowAround(tape: Tape, start: number): TextRange {
  let node = lastStarting(tape, start);
  while (fieldOf(tape, node, "end") <= start || fieldOf(tape, node, "start") === start) {
    const parent = fieldOf(tape, node, "parent");
    if (parent < 0) break;
    node = parent;
  }
  return rangeOf(tape, node);
}
