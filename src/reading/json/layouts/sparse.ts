import { type DType, storage } from "../../../tensor/dtype.ts";
import { type Message, message } from "../../../tensor/message.ts";
import { flatOf, sizeOf, type Tensor, tensor } from "../../../tensor/tensor.ts";
import type { ElementPlaces, ReadingProblem, TensorEntry } from "../../document.ts";
import { dtypeOf, leavesOf } from "../leaves.ts";
import { placesOf } from "../places.ts";
import { nestingOf } from "../shape.ts";
import type { Source } from "../source.ts";
import { flag, kind, type Tape } from "../tape.ts";
import { identityOf, type JsonTensor } from "../tensors.ts";
import { flagsOf, kindOf, rangeOf } from "../tree.ts";

/*
 * Sparse tensors in coordinate form. Entries that are not listed are 0; entries listed twice add up, as in SciPy and PyTorch.
 *   {"shape": [3, 4], "row": [0, 2], "col": [1, 3], "data": [0.5, 0.25]}          SciPy coo_matrix
 *   {"shape": [3, 4], "indices": [[0, 2], [1, 3]], "values": [0.5, 0.25]}         PyTorch sparse_coo: a row for each axis
 *   {"shape": [3, 4], "entries": [[0, 1, 0.5], [2, 3, 0.25]]}                     triples
 */
export const tripleKeys = ["entries", "triples", "triplets", "coo"];

/** More elements than this are not made dense. */
const maximumSize = 2 ** 24;

/** Where the coordinates and values of a sparse tensor stand: `count` entries. */
interface Coordinates {
  readonly count: number;
  /** Coordinate of entry `at` along `axis`. */
  index(at: number, axis: number): number;
  readonly values: Float64Array;
  readonly starts: Int32Array;
  readonly dtype: DType;
}

/** The tensor that an object with coordinates is, or null if it is none. */
export function sparseTensor(source: Source, node: number): JsonTensor | null {
  const members = source.members(node);
  const shapeNode = members.get("shape") ?? members.get("size");
  if (shapeNode === undefined || !isNumeric(source.tape, shapeNode)) return null;
  const shape = [...leavesOf(source.tape, shapeNode).values];
  if (shape.some((axis) => !Number.isInteger(axis) || axis < 0)) return null;
  const found = coordinatesIn(source, members, shape.length);
  return found ? sparse(source.tape, node, shape, found) : null;
}

function isNumeric(tape: Tape, node: number | undefined): node is number {
  if (node === undefined || kindOf(tape, node) !== kind.array) return false;
  return (flagsOf(tape, node) & (flag.string | flag.null | flag.object | flag.open)) === 0;
}

function coordinatesIn(source: Source, members: ReadonlyMap<string, number>, rank: number): Coordinates | null {
  const { tape } = source;
  const values = members.get("data") ?? members.get("values");
  const [rows, columns] = [members.get("row") ?? members.get("rows"), members.get("col") ?? members.get("cols")];
  if (rank === 2 && isNumeric(tape, rows) && isNumeric(tape, columns) && isNumeric(tape, values)) {
    return listed([leavesOf(tape, rows).values, leavesOf(tape, columns).values], tape, values);
  }
  const indices = members.get("indices");
  if (isNumeric(tape, indices) && isNumeric(tape, values)) return fromIndices(tape, indices, values, rank);
  const triples = tripleKeys.map((key) => members.get(key)).find((found) => found !== undefined);
  return isNumeric(tape, triples) ? fromTriples(tape, triples, rank) : null;
}

function listed(axes: readonly Float64Array[], tape: Tape, values: number): Coordinates | null {
  const leaves = leavesOf(tape, values);
  if (axes.some((axis) => axis.length !== leaves.count)) return null;
  return { index: (at, axis) => axes[axis]![at]!, ...leaves, dtype: sparseDtype(dtypeOf(tape, values)) };
}

/** Sums of large integers would not be exact as doubles: uint64 is read as float64. */
function sparseDtype(dtype: DType): DType {
  return dtype === "bool" || dtype === "int64" ? dtype : "float64";
}

function fromIndices(tape: Tape, indices: number, values: number, rank: number): Coordinates | null {
  const { shape } = nestingOf(tape, indices);
  const all = leavesOf(tape, indices).values;
  const count = shape[1];
  if (shape.length !== 2 || shape[0] !== rank || typeof count !== "number") return null;
  return listed(
    Array.from({ length: rank }, (_, axis) => all.subarray(axis * count, (axis + 1) * count)),
    tape,
    values,
  );
}

function fromTriples(tape: Tape, triples: number, rank: number): Coordinates | null {
  const { shape } = nestingOf(tape, triples);
  const count = shape[0];
  if (shape.length !== 2 || shape[1] !== rank + 1 || typeof count !== "number") return null;
  const all = leavesOf(tape, triples);
  const last = (at: number): number => at * (rank + 1) + rank;
  return {
    count,
    index: (at, axis) => all.values[at * (rank + 1) + axis]!,
    values: Float64Array.from({ length: count }, (_, at) => all.values[last(at)]!),
    starts: Int32Array.from({ length: count }, (_, at) => all.starts[last(at)]!),
    dtype: sparseDtype(dtypeOf(tape, triples)),
  };
}

function sparse(tape: Tape, node: number, shape: readonly number[], entries: Coordinates): JsonTensor {
  const problem = wrongIndex(tape, shape, entries);
  const why = problem?.message ?? tooLarge(shape);
  const flats = why ? new Float64Array(0) : flatNumbers(shape, entries);
  let values: Tensor | null = null;
  const entry: TensorEntry = {
    ...identityOf(tape, node),
    range: rangeOf(tape, node),
    shape,
    dtype: entries.dtype,
    get values() {
      if (!why && !values) values = dense(shape, flats, entries);
      return values;
    },
    ...(why ? { why } : {}),
    origin: "literal",
    exact: !why,
    places: why ? null : sparsePlaces(tape, node, flats, entries),
  };
  return { entry, node, problems: problem ? [problem] : [] };
}

function tooLarge(shape: readonly number[]): Message | null {
  return sizeOf(shape) > maximumSize ? message("json.sparseSize", { shape, limit: maximumSize }) : null;
}

/** An entry outside of the shape. */
function wrongIndex(tape: Tape, shape: readonly number[], entries: Coordinates): ReadingProblem | null {
  for (let at = 0; at < entries.count; at++) {
    const index = shape.map((_, axis) => entries.index(at, axis));
    if (index.every((i, axis) => Number.isInteger(i) && i >= 0 && i < shape[axis]!)) continue;
    const start = entries.starts[at]!;
    const range = { start, end: placesOf(tape, entries).range(at).end };
    return { severity: "error", range, message: message("json.sparseIndex", { index: index.join(", "), shape }) };
  }
  return null;
}

function flatNumbers(shape: readonly number[], entries: Coordinates): Float64Array {
  return Float64Array.from({ length: entries.count }, (_, at) =>
    flatOf(
      shape,
      shape.map((_, axis) => entries.index(at, axis)),
    ),
  );
}

function dense(shape: readonly number[], flats: Float64Array, entries: Coordinates): Tensor {
  const sums = new Float64Array(sizeOf(shape));
  for (const [at, flat] of flats.entries()) sums[flat] = sums[flat]! + entries.values[at]!;
  if (entries.dtype === "float64") return tensor("float64", shape, sums);
  const data = storage(entries.dtype, sums.length);
  for (const flat of flats) data[flat] = data instanceof BigInt64Array ? BigInt(sums[flat]!) : Math.min(1, sums[flat]!);
  return tensor(entries.dtype, shape, data);
}

/** An element that is not listed is written nowhere: its place is the whole object. */
function sparsePlaces(tape: Tape, node: number, flats: Float64Array, entries: Coordinates): ElementPlaces {
  const listedPlaces = placesOf(tape, entries);
  const entryOf = new Map([...flats].map((flat, at) => [flat, at]));
  const range = (flat: number) => (entryOf.has(flat) ? listedPlaces.range(entryOf.get(flat)!) : rangeOf(tape, node));
  return {
    range,
    row: (flat) => (entryOf.has(flat) ? listedPlaces.row(entryOf.get(flat)!) : rangeOf(tape, node)),
    at: (offset) => flats[listedPlaces.at(offset)] ?? -1,
  };
}
