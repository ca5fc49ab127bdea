import type { DType } from "../../tensor/dtype.ts";
import { type Message, message } from "../../tensor/message.ts";
import { type Tensor, tensor } from "../../tensor/tensor.ts";
import type { ReadingProblem, TensorEntry } from "../document.ts";
import { integers, isWide } from "./integers.ts";
import { dtypeOf, type Leaves, leavesOf } from "./leaves.ts";
import { literalEnd } from "./number.ts";
import { placesOf } from "./places.ts";
import { type Nesting, nestingOf } from "./shape.ts";
import type { Tape } from "./tape.ts";
import { fieldOf, keyOf, pathOf, rangeOf, stringOf } from "./tree.ts";

/** A tensor of a JSON text. */
export interface JsonTensor {
  readonly entry: TensorEntry;
  /** The value in the text that it is. */
  readonly node: number;
  /** Values in the text whose elements are this tensor's, where it is put together from several; absent: `node`. */
  readonly covers?: readonly number[];
  readonly problems: readonly ReadingProblem[];
}

/** The tensor that an array of numbers is. Its values are made when they are first asked for. */
export function tensorOf(tape: Tape, node: number): JsonTensor {
  const nesting = nestingOf(tape, node);
  const leaves = leavesOf(tape, node);
  const dtype = dtypeOf(tape, node);
  const why = whyNot(tape, node, nesting, leaves);
  const shape = nesting.tooDeep ? null : nesting.shape;
  let values: Tensor | null = null;
  const entry: TensorEntry = {
    ...identityOf(tape, node),
    range: rangeOf(tape, node),
    shape,
    dtype,
    get values() {
      if (!why && !values) values = tensor(dtype, shape as number[], dataOf(tape, dtype, leaves));
      return values;
    },
    ...(why ? { why, flat: tensor("float64", [leaves.count], leaves.values) } : {}),
    origin: "literal",
    exact: !why,
    places: placesOf(tape, leaves),
    decimals: () => decimalsOf(tape, leaves.firstStarts(100)),
  };
  return { entry, node, problems: problemsOf(tape, entry, nesting, leaves) };
}

function whyNot(tape: Tape, node: number, nesting: Nesting, leaves: Leaves): Message | null {
  const text = leaves.texts[0];
  if (text !== undefined) return textAmong(tape, text, nameOf(tape, node));
  if (nesting.tooDeep) return message("json.tooDeep");
  return nesting.ragged.length ? message("json.raggedTensor") : null;
}

function textAmong(tape: Tape, text: number, tensor: string): Message {
  return message("json.text", { text: stringOf(tape, text).slice(0, 40), tensor });
}

/** Id, name, path and the range of the name. */
export function identityOf(tape: Tape, node: number): Pick<TensorEntry, "id" | "name" | "path" | "nameRange"> {
  const path = pathOf(tape, node);
  const key = keyOf(tape, node);
  return { id: path, name: nameOf(tape, node), path, ...(key >= 0 ? { nameRange: rangeOf(tape, key) } : {}) };
}

/** The key; for an element of an array the name of the array with its index; `$` for the text itself. */
function nameOf(tape: Tape, node: number): string {
  let indices = "";
  for (let at = node; at >= 0; at = fieldOf(tape, at, "parent")) {
    const key = keyOf(tape, at);
    if (key >= 0) return stringOf(tape, key) + indices;
    if (fieldOf(tape, at, "parent") >= 0 || tape.lines) indices = `[${fieldOf(tape, at, "index")}]${indices}`;
  }
  return `$${indices}`;
}

function dataOf(tape: Tape, dtype: DType, leaves: Leaves): Tensor["data"] {
  if (dtype === "bool") return Uint8Array.from(leaves.values);
  return isWide(dtype) ? integers(tape, dtype, leaves) : leaves.values;
}

/** Most digits behind the point, of the first hundred elements; 17 where one has an exponent. */
function decimalsOf(tape: Tape, starts: Int32Array): number {
  let most = 0;
  for (const start of starts) {
    const literal = tape.text.slice(start, literalEnd(tape.text, start));
    if (/[eE]/.test(literal)) return 17;
    most = Math.max(most, literal.includes(".") ? literal.length - literal.indexOf(".") - 1 : 0);
  }
  return most === 0 ? 17 : most;
}

/** Rows of unequal length, text among the numbers, nulls. */
function problemsOf(tape: Tape, { name, range }: TensorEntry, nesting: Nesting, leaves: Leaves): ReadingProblem[] {
  const problems: ReadingProblem[] = nesting.ragged.map((row) => ({
    severity: "error",
    range: rangeOf(tape, row.node),
    message: message(row.byLength ? "json.ragged" : "json.mixed", {
      row: pathOf(tape, row.node),
      length: row.length,
      expected: row.expected,
    }),
  }));
  for (const text of leaves.texts.slice(0, 10)) {
    problems.push({ severity: "error", range: rangeOf(tape, text), message: textAmong(tape, text, name) });
  }
  const [first] = leaves.nulls;
  if (first !== undefined && nesting.shape.length > 1) {
    const args = { count: leaves.nulls.length, tensor: name };
    problems.push({ severity: "information", range: rangeOf(tape, first), message: message("json.null", args) });
  }
  if (nesting.tooDeep) {
    const start = { start: range.start, end: range.start + 1 };
    problems.push({ severity: "warning", range: start, message: message("json.tooDeep") });
  }
  return problems;
}
