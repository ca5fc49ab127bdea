import { add, type Size } from "../run/dims.ts";
import { unclear } from "../run/machine.ts";
import type { ShapeCell, TensorValue } from "../run/tensorValue.ts";
import { args, int, library, list, none, type SliceValue, tuple, type Value } from "../run/values.ts";
import { broadcastShapes } from "./broadcast.ts";
import { dtypeFrom, promoted } from "./dtypes.ts";
import { operandTensor } from "./elementwise.ts";
import { arrayLibrary, axisOf, needDims, rankOf, result, shapeFrom } from "./making.ts";
import { type Operation, operation } from "./operation.ts";

/** Triangles of larger matrices are not written out. */
const most = 2 ** 16;
const whole: SliceValue = { kind: "slice", lower: none, upper: none, step: none };

/** What stands in few programs, most of it in terms of what stands in many. */
export const lessUsed: readonly Operation[] = [
  operation("torch.select T.select", "input, dim, index", (g, m) => {
    const t = g.tensor("input");
    const axis = axisOf(g.int("dim"), needDims(t).length);
    return m.subscript(t, tuple([...Array.from({ length: axis }, () => whole), g.need("index")]));
  }),
  operation("torch.take T.take", "input, index", (g, m) => {
    return m.subscript(m.operate("torch.flatten", args([g.tensor("input")])), g.tensor("index"));
  }),
  operation("torch.take_along_dim T.take_along_dim", "input, indices, dim?", (g, m) => {
    const flat = (t: TensorValue): Value => m.operate("torch.flatten", args([t]));
    const [t, indices, dim] = [g.tensor("input"), g.tensor("indices"), g.get("dim")];
    return m.operate("torch.gather", args(dim ? [t, dim, indices] : [flat(t), int(0), flat(indices)]));
  }),
  operation("np.append jnp.append", "arr, values, axis?", (g, m) => {
    const framework = arrayLibrary(g.path) ?? "numpy";
    const parts = [g.need("arr"), g.need("values")].map((value) => operandTensor(m, framework, value));
    const axis = g.get("axis");
    const joined = axis ? parts : parts.map((part) => m.operate("numpy.ravel", args([part])));
    return m.operate("numpy.concatenate", args([list([...joined]), axis ?? int(0)]));
  }),
  operation("torch.dstack np.dstack", "tensors, *, out?", (g, m) => {
    const deep = [...m.iterate(g.need("tensors"))!.items].map((part) => {
      const rank = part.kind === "tensor" ? rankOf(part) : null;
      const row = rank === 1 ? m.operate("torch.unsqueeze", args([part, int(0)])) : part;
      return rank === 1 || rank === 2 ? m.operate("torch.unsqueeze", args([row, int(2)])) : row;
    });
    return m.operate("torch.cat", args([list(deep), int(2)]));
  }),
  operation("np.rollaxis", "a, axis, start?", (g, m) => {
    const t = g.tensor("a");
    const rank = needDims(t).length;
    const axis = axisOf(g.int("axis"), rank);
    const start = g.int("start", 0);
    const before = start < 0 ? start + rank : start;
    const order = Array.from({ length: rank }, (_, at) => at).filter((at) => at !== axis);
    order.splice(axis < before ? before - 1 : before, 0, axis);
    return m.operate("numpy.transpose", args([t, tuple(order.map(int))]));
  }),
  operation("torch.tril_indices torch.triu_indices", "row, col, offset?, *, dtype?, device?, layout?", (g, m) => {
    const pairs = triangle(g.int("row"), g.int("col"), g.int("offset", 0), g.path.includes("tril"));
    const lines = [0, 1].map((axis) => list(pairs.map((pair) => int(pair[axis]!))));
    return m.operate("torch.tensor", args([list(lines)], { dtype: g.get("dtype") ?? library("torch.LongTensor") }));
  }),
  operation("np.tril_indices np.triu_indices", "n, k?, m?", (g, m) => {
    const [rows, offset] = [g.int("n"), g.int("k", 0)];
    const pairs = triangle(rows, g.int("m", rows), offset, g.path.includes("tril"));
    const line = (axis: number): Value => list(pairs.map((pair) => int(pair[axis]!)));
    return tuple(
      [0, 1].map((axis) => m.operate("numpy.array", args([line(axis)], { dtype: library("builtins.int") }))),
    );
  }),
  operation("torch.kron T.kron", "input, other", (g, m) => {
    const [a, b] = [g.tensor("input"), g.tensor("other")];
    const shape = shapeFrom([a, b], ([left, right]) => {
      const rank = Math.max(left!.length, right!.length);
      const at = (dims: readonly Size[], axis: number): Size => dims[axis - (rank - dims.length)] ?? 1;
      return Array.from({ length: rank }, (_, axis) => m.symbols.multiply(at(left!, axis), at(right!, axis)));
    });
    return shapeAlone("kron", [a, b], shape);
  }),
  operation("torch.cross T.cross torch.linalg.cross", "input, other, dim?, *, out?", (g, m) => {
    const [a, b] = [g.tensor("input"), g.tensor("other")];
    const shape = shapeFrom([a, b], (dims) => broadcastShapes(m.symbols, dims));
    return shapeAlone("cross", [a, b], shape);
  }),
  operation("torch.block_diag", "*tensors", (g, m) => {
    const tensors = g.rest.filter((each): each is TensorValue => each.kind === "tensor");
    const matrices = tensors.map((t) => (rankOf(t) === 2 ? t : unclear("python.unsupported", { what: g.path })));
    const shape = shapeFrom(matrices, (all) =>
      [0, 1].map((axis) => all.reduce<Size>((sum, dims) => m.symbols.resolve(add(sum, dims[axis]!)), 0)),
    );
    return shapeAlone("block_diag", matrices, shape);
  }),
];

/** Rows and columns of a triangle of a matrix, row by row. */
function triangle(rows: number, columns: number, offset: number, lower: boolean): [number, number][] {
  const pairs: [number, number][] = [];
  if (rows * columns > most) unclear("python.unsupported", { what: "triangle" });
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      if (lower ? column - row <= offset : column - row >= offset) pairs.push([row, column]);
  return pairs;
}

/** A tensor of PyTorch's whose elements are not computed. */
function shapeAlone(operation: string, inputs: readonly TensorValue[], shape: ShapeCell): TensorValue {
  const dtype = dtypeFrom(() => promoted("torch", inputs, rankOf));
  return result({ framework: "torch", shape, dtype, inputs, operation, exact: false });
}
