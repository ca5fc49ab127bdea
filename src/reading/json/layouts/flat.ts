import { type DType, isFloat, isInteger, storage, type TensorData } from "../../../tensor/dtype.ts";
import { message } from "../../../tensor/message.ts";
import { roundTo } from "../../../tensor/rounding.ts";
import { sizeOf, type Tensor, tensor } from "../../../tensor/tensor.ts";
import { decodeBase64, isBase64 } from "../../binary/base64.ts";
import { decode, itemSize } from "../../binary/decode.ts";
import type { ReadingProblem, TensorEntry } from "../../document.ts";
import { roleOf } from "../../roles.ts";
import { changed } from "../derive.ts";
import { integers, isWide } from "../integers.ts";
import { dtypeOf, type Leaves, leavesOf } from "../leaves.ts";
import { flatPlaces } from "../places.ts";
import { nestingOf } from "../shape.ts";
import type { Source } from "../source.ts";
import { flag, kind, type Tape } from "../tape.ts";
import { identityOf, type JsonTensor, tensorOf } from "../tensors.ts";
import { flagsOf, keyOf, kindOf, rangeOf, scalarOf, stringOf } from "../tree.ts";
import { dtypeNamed } from "./dtypes.ts";

/*
 * A tensor as an object: its numbers in one list, or as base64, with their shape beside them.
 *   {"dtype": "float32", "shape": [2, 3], "data": [1, 2, 3, 4, 5, 6]}            test cases of ONNX, dumps of all kinds
 *   {"name": "Q", "datatype": "FP32", "shape": [2, 3], "data": [...]}            KServe v2, Triton
 *   {"shape": [2, 3], "values": "AACAPwAAAEA…", "info": {…}}                     Inspectus: base64, float32
 *   {"type": "float32", "dims": [2, 3], "data": [[1, 2, 3], [4, 5, 6]]}          ONNX Runtime Web, transformer-explainer
 */
export const dataKeys = ["data", "values", "vals", "b64", "base64", "data_b64", "__ndarray__"];
const shapeKeys = ["shape", "dims", "size"];
const dtypeKeys = ["dtype", "datatype", "data_type", "type"];

/** The tensor that an object is, or null if it is none. */
export function objectTensor(source: Source, node: number): JsonTensor | null {
  const members = source.members(node);
  const data = first(members, dataKeys);
  if (data === undefined) return null;
  const shape = shapeIn(source.tape, first(members, shapeKeys));
  const dtype =
    first(members, dtypeKeys) === undefined ? null : dtypeNamed(scalarOf(source.tape, first(members, dtypeKeys)));
  const what = kindOf(source.tape, data);
  if (what === kind.string && shape) return fromBase64(source, node, data, shape, dtype ?? "float32");
  if (what !== kind.array || flagsOf(source.tape, data) & (flag.object | flag.open)) return null;
  if (shape && isNumeric(source.tape, data) && (dtype || isMeant(source, members, data, shape)))
    return fromList(source, node, data, shape, dtype);
  return isNumeric(source.tape, data) && (dtype || hasRole(source, node))
    ? fromNested(source, node, data, dtype)
    : null;
}

function first(members: ReadonlyMap<string, number>, keys: readonly string[]): number | undefined {
  for (const key of keys) if (members.has(key)) return members.get(key);
  return undefined;
}

/** `size` is many things: without a dtype it is a shape only where it fits the numbers. */
function isMeant(source: Source, members: ReadonlyMap<string, number>, data: number, shape: SizedNode): boolean {
  if (members.has("shape") || members.has("dims")) return true;
  return sizeOf(shape.sizes) === leavesOf(source.tape, data).count;
}

/** A list of sizes. */
function shapeIn(tape: Tape, node: number | undefined): { readonly sizes: number[]; readonly node: number } | null {
  if (node === undefined || kindOf(tape, node) !== kind.array) return null;
  if (flagsOf(tape, node) & ~flag.integer) return null;
  return { sizes: [...leavesOf(tape, node).values], node };
}

function isNumeric(tape: Tape, data: number): boolean {
  const leaves = leavesOf(tape, data);
  return leaves.texts.length === 0;
}

function hasRole(source: Source, node: number): boolean {
  const key = keyOf(source.tape, node);
  return key >= 0 && roleOf(stringOf(source.tape, key)) !== null;
}

/** Its name is the key that it stands under, or what it says its name is. */
function identity(source: Source, node: number): ReturnType<typeof identityOf> {
  const own = identityOf(source.tape, node);
  const nameNode = source.members(node).get("name");
  const name = scalarOf(source.tape, nameNode);
  if (own.nameRange || nameNode === undefined || typeof name !== "string" || name === "") return own;
  return { ...own, name, nameRange: rangeOf(source.tape, nameNode) };
}

type SizedNode = NonNullable<ReturnType<typeof shapeIn>>;

function fromList(source: Source, node: number, data: number, shape: SizedNode, named: DType | null): JsonTensor {
  const { tape } = source;
  const leaves = leavesOf(tape, data);
  const dtype = named ?? dtypeOf(tape, data);
  const problem = lengthProblem(tape, shape, leaves.count) ?? integerProblem(tape, data, leaves, dtype);
  let values: Tensor | null = null;
  const entry: TensorEntry = {
    ...identity(source, node),
    range: rangeOf(tape, node),
    shape: shape.sizes,
    dtype,
    get values() {
      if (!problem && !values) values = tensor(dtype, shape.sizes, converted(tape, leaves, dtype));
      return values;
    },
    ...(problem ? { why: problem.message, flat: tensor("float64", [leaves.count], leaves.values) } : {}),
    origin: "literal",
    exact: !problem,
    places: flatPlaces(tape, leaves, shape.sizes.at(-1) || 1),
  };
  return { entry, node, problems: problem ? [problem] : [] };
}

function lengthProblem(tape: Tape, { sizes, node }: SizedNode, got: number): ReadingProblem | null {
  if (sizeOf(sizes) === got) return null;
  const args = { shape: sizes, expected: sizeOf(sizes), got };
  return { severity: "error", range: rangeOf(tape, node), message: message("json.flatLength", args) };
}

/** A number that is none of its integer dtype would lose its fraction. */
function integerProblem(tape: Tape, data: number, leaves: Leaves, dtype: DType): ReadingProblem | null {
  if (!isInteger(dtype) || (flagsOf(tape, data) & ~flag.integer) === 0) return null;
  const at = leaves.values.findIndex((x) => !Number.isInteger(x));
  if (at < 0) return null;
  const range = { start: leaves.starts[at]!, end: leaves.starts[at]! + 1 };
  return { severity: "error", range, message: message("json.noInteger", { dtype, got: leaves.values[at]! }) };
}

/** Numbers as their dtype holds them: rounded to float32, float16, bfloat16; integers as they are written; 0 is false. */
function converted(tape: Tape, leaves: Leaves, dtype: DType): TensorData {
  if (isWide(dtype)) return integers(tape, dtype, leaves);
  if (dtype === "float64") return leaves.values;
  const out = storage(dtype, leaves.count);
  if (dtype === "bool") return Uint8Array.from(leaves.values, (x) => (x === 0 ? 0 : 1));
  for (let at = 0; at < out.length; at++)
    out[at] = isFloat(dtype) ? roundTo(dtype, leaves.values[at]!) : leaves.values[at]!;
  return out;
}

/** Rows as they are nested, with the name of the object around them. */
function fromNested(source: Source, node: number, data: number, named: DType | null): JsonTensor | null {
  const { tape } = source;
  const inner = tensorOf(tape, data);
  const nesting = nestingOf(tape, data);
  if (nesting.shape.length < 2 && !named) return null;
  if (nesting.ragged.length || nesting.tooDeep || !named) {
    return { ...inner, node, entry: changed(inner.entry, identity(source, node)) };
  }
  return fromList(source, node, data, { sizes: nesting.shape as number[], node: data }, named);
}

function fromBase64(source: Source, node: number, data: number, shape: SizedNode, dtype: DType): JsonTensor | null {
  const { tape } = source;
  const { start, end } = rangeOf(tape, data);
  const text = tape.text.slice(start + 1, end - 1);
  if (!isBase64(text) || itemSize(dtype) === 0) return null;
  const bytes = decodeBase64(text);
  const problem = lengthProblem(tape, shape, bytes.length / itemSize(dtype));
  if (problem && !first(source.members(node), dtypeKeys)) return null;
  let values: Tensor | null = null;
  const entry: TensorEntry = {
    ...identity(source, node),
    range: rangeOf(tape, node),
    shape: shape.sizes,
    dtype,
    get values() {
      if (!problem && !values) values = tensor(dtype, shape.sizes, decode(bytes, dtype));
      return values;
    },
    ...(problem ? { why: problem.message } : {}),
    origin: "literal",
    exact: !problem,
    places: null,
  };
  return { entry, node, problems: problem ? [problem] : [] };
}
