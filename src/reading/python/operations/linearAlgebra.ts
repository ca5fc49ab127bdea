import type { Size } from "../run/dims.ts";
import { type Machine, raise } from "../run/machine.ts";
import {
  concreteDims,
  type DTypeCell,
  dimsOf,
  dtypeOf,
  fixedDType,
  type ShapeCell,
  type TensorValue,
} from "../run/tensorValue.ts";
import { args, int, type Value } from "../run/values.ts";
import { broadcastShapes, broadcastStrides } from "./broadcast.ts";
import { toTensor } from "./constructors.ts";
import { category, dtypeFrom, promoted } from "./dtypes.ts";
import { inPlaceResult } from "./elementwise.ts";
import { arrayLibrary, arrayOf, libraryOf, type NumberArray, rankOf, result, shapeFrom } from "./making.ts";
import { type Given, integers, type Operation, operation } from "./operation.ts";
import { dimsOfRank, sameRankSource, withRankOf } from "./ranks.ts";

/** Operands of a product and of a softmax are floats: where nothing tells which, the default dtype. */
export function mustFloat(m: Machine, t: TensorValue): void {
  if (t.dtype.open && dtypeOf(t) === null)
    m.state.set(t.dtype, "dtype", t.framework === "numpy" ? "float64" : "float32");
}

/** The shape of `a @ b`: batch axes broadcast, the last of a is summed with the one but last of b. */
function productShape(m: Machine, a: readonly Size[], b: readonly Size[], names: string): Size[] {
  if (a.length === 0 || b.length === 0) raise("RuntimeError", "python.matmulScalar");
  const [inner, other] = [a.at(-1)!, b.length === 1 ? b[0]! : b.at(-2)!];
  if (!m.symbols.unify(inner, other))
    raise("RuntimeError", "python.matmul", {
      left: a.map(String).join("×"),
      right: b.map(String).join("×"),
      operation: names,
    });
  const batch = broadcastShapes(m.symbols, [a.slice(0, -2), b.slice(0, -2)]);
  return [...batch, ...(a.length > 1 ? [a.at(-2)!] : []), ...(b.length > 1 ? [b.at(-1)!] : [])];
}

/** Operands whose dtype is not known yet have the other's: PyTorch multiplies only equal dtypes. */
function productDType(m: Machine, a: TensorValue, b: TensorValue): DTypeCell {
  if (libraryOf([a, b]) === "torch") {
    for (const [x, y] of [
      [a, b],
      [b, a],
    ] as const)
      if (x.dtype.open && dtypeOf(x) === null && dtypeOf(y) !== null) m.state.set(x.dtype, "dtype", dtypeOf(y));
    mustFloat(m, a);
    mustFloat(m, b);
    if (a.dtype === b.dtype) return a.dtype;
    const [x, y] = [dtypeOf(a), dtypeOf(b)];
    if (x !== null && y !== null && x !== y) raise("RuntimeError", "python.dtypes", { left: x, right: y });
    return x !== null ? fixedDType(x) : y !== null ? fixedDType(y) : dtypeFrom(() => dtypeOf(a) ?? dtypeOf(b));
  }
  return dtypeFrom(() => promoted(libraryOf([a, b]), [a, b], () => 1));
}

/** `a @ b` with NumPy's rules for vectors and batches. */
export function product(m: Machine, a: TensorValue, b: TensorValue, name: string): TensorValue {
  const made = result({
    framework: libraryOf([a, b]),
    shape: productCell(m, a, b, name),
    dtype: productDType(m, a, b),
    inputs: [a, b],
    operation: "matmul",
    exact: false,
    details: { contracted: dimsOf(a)?.at(-1) ?? null },
    work: productWork(a, b),
    compute: ([x, y], _dims, to) =>
      multiplied(x!, concreteDims(a)!, y!, concreteDims(b)!, to.startsWith("float32") ? "float32" : to),
  });
  made.scalar = made.framework === "numpy" && dimsOf(made)?.length === 0;
  return made;
}

/** The shape of `a @ b`, which tells the rank of an operand where that of the other one is known to be less. */
function productCell(m: Machine, a: TensorValue, b: TensorValue, name: string): ShapeCell {
  const cell = shapeFrom([a, b], ([x, y]) => productShape(m, x!, y!, name));
  const [left, right] = [dimsOf(a), dimsOf(b)];
  if (left) return withRankOf(b, 0, cell, { above: Math.max(2, left.length) });
  if (right)
    return withRankOf(a, 0, cell, right.length === 2 ? { inFront: true } : { above: Math.max(2, right.length) });
  const larger = sameRankSource(a, b);
  return larger ? withRankOf(larger, 0, cell) : cell;
}

function productWork(a: TensorValue, b: TensorValue): number {
  const [x, y] = [concreteDims(a), concreteDims(b)];
  if (!x || !y) return 0;
  const batch = Math.max(
    x.slice(0, -2).reduce((n, d) => n * d, 1),
    y.slice(0, -2).reduce((n, d) => n * d, 1),
  );
  return batch * (x.length > 1 ? x.at(-2)! : 1) * (x.at(-1) ?? 1) * (y.length > 1 ? y.at(-1)! : 1);
}

/** Elements of the product, summed in float64. */
export function multiplied(
  x: NumberArray,
  xDims: readonly number[],
  y: NumberArray,
  yDims: readonly number[],
  dtype: Parameters<typeof arrayOf>[0],
): NumberArray {
  const [a, b] = [xDims.length === 1 ? [1, ...xDims] : xDims, yDims.length === 1 ? [...yDims, 1] : yDims];
  const [rows, inner, columns] = [a.at(-2)!, a.at(-1)!, b.at(-1)!];
  const batch = broadcastNumbers(a.slice(0, -2), b.slice(0, -2));
  const count = batch.reduce((n, d) => n * d, 1);
  const out = arrayOf(dtype, count * rows * columns);
  const [left, right] = [broadcastStrides(a.slice(0, -2), batch), broadcastStrides(b.slice(0, -2), batch)];
  for (let at = 0; at < count; at++) {
    const [p, q] = [blockOf(at, batch, left) * rows * inner, blockOf(at, batch, right) * inner * columns];
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        let sum = 0;
        for (let k = 0; k < inner; k++) sum += x[p + row * inner + k]! * y[q + k * columns + column]!;
        out[(at * rows + row) * columns + column] = sum;
      }
    }
  }
  return out;
}

function broadcastNumbers(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const [x, y] = [a[axis - rank + a.length] ?? 1, b[axis - rank + b.length] ?? 1];
    return x === 1 ? y : x;
  });
}

function blockOf(flat: number, dims: readonly number[], strides: readonly number[]): number {
  let [rest, at] = [flat, 0];
  for (let axis = dims.length - 1; axis >= 0; axis--) {
    at += (rest % dims[axis]!) * strides[axis]!;
    rest = Math.floor(rest / dims[axis]!);
  }
  return at;
}

function pair(g: Given, m: Machine): [TensorValue, TensorValue] {
  const of = (name: string): TensorValue => {
    const value = g.need(name);
    const framework = /^numpy|^operator/.test(g.path) ? "numpy" : /^jax/.test(g.path) ? "jax" : "tensorflow";
    return value.kind === "list" && !g.path.startsWith("torch")
      ? toTensor(m, framework, value, undefined)
      : g.tensor(name);
  };
  return [of("input"), of("other")];
}

/** Both operands must have this rank. */
function ranked(m: Machine, a: TensorValue, b: TensorValue, ranks: readonly [number, number], name: string): void {
  if (m.symbolic) for (const [at, t] of [a, b].entries()) dimsOfRank(m, t, ranks[at]!);
  const [x, y] = [rankOf(a), rankOf(b)];
  if ((x !== null && x !== ranks[0]) || (y !== null && y !== ranks[1]))
    raise("RuntimeError", "python.rank", {
      operation: name,
      expected: ranks[0],
      got: x === ranks[0] ? (y ?? 0) : (x ?? 0),
    });
}

function dot(g: Given, m: Machine): Value {
  const [a, b] = pair(g, m);
  const [x, y] = [rankOf(a), rankOf(b)];
  if (x === 0 || y === 0) return m.binary("*", a, b);
  if (x === null || y === null || y <= 2) return product(m, a, b, "dot");
  const made = shapeFrom([a, b], ([p, q]) => [...p!.slice(0, -1), ...q!.slice(0, -2), q!.at(-1)!]);
  return result({
    framework: libraryOf([a, b]),
    shape: made,
    dtype: productDType(m, a, b),
    inputs: [a, b],
    operation: "tensordot",
    exact: false,
  });
}

/** Products of tensors. */
export const linearAlgebra: readonly Operation[] = [
  operation(
    "operator.matmul torch.matmul T.matmul T.__matmul__ np.matmul jnp.matmul tf.matmul tf.linalg.matmul",
    "input, other, transpose_a?, transpose_b?, *, out?, name?, precision?",
    (g, m) => {
      const [a, b] = pair(g, m);
      const flip = (t: TensorValue, flag: string) =>
        g.flag(flag, false)
          ? (m.operate("torch.Tensor.mT", { positional: [t], named: new Map(), open: false, at: null }) as TensorValue)
          : t;
      return product(m, flip(a, "transpose_a"), flip(b, "transpose_b"), "matmul");
    },
  ),
  operation("operator.imatmul", "input, other", (g, m) => product(m, ...pair(g, m), "matmul")),
  operation("torch.bmm T.bmm", "input, other, *, out?", (g, m) => {
    const [a, b] = pair(g, m);
    ranked(m, a, b, [3, 3], "bmm");
    return product(m, a, b, "bmm");
  }),
  operation("torch.mm T.mm torch.spmm torch.sparse.mm T.spmm", "input, other, *, out?", (g, m) => {
    const [a, b] = pair(g, m);
    ranked(m, a, b, [2, 2], "mm");
    return product(m, a, b, "mm");
  }),
  operation("torch.mv T.mv", "input, other", (g, m) => product(m, ...pair(g, m), "mv")),
  operation("torch.dot T.dot torch.inner torch.vdot", "input, other", (g, m) => product(m, ...pair(g, m), "dot")),
  operation("np.dot A.dot jnp.dot J.dot", "input, other, out?", dot),
  operation("np.inner jnp.inner", "input, other", (g, m) => {
    const [a, b] = pair(g, m);
    return rankOf(b) === 2
      ? product(
          m,
          a,
          m.operate("torch.Tensor.mT", { positional: [b], named: new Map(), open: false, at: null }) as TensorValue,
          "inner",
        )
      : product(m, a, b, "inner");
  }),
  operation("np.vdot", "input, other", (g, m) => {
    const flat = (t: TensorValue) =>
      m.operate("numpy.ravel", { positional: [t], named: new Map(), open: false, at: null }) as TensorValue;
    const [a, b] = pair(g, m);
    return product(m, flat(a), flat(b), "vdot");
  }),
  operation("torch.outer T.outer np.outer jnp.outer torch.ger T.ger", "input, other", (g, m) => {
    const [a, b] = pair(g, m).map((t) =>
      arrayLibrary(g.path) && rankOf(t) !== 1 ? (m.operate("numpy.ravel", args([t])) as TensorValue) : t,
    ) as [TensorValue, TensorValue];
    const column = m.operate("torch.unsqueeze", {
      positional: [a, { kind: "int", value: -1 }],
      named: new Map(),
      open: false,
      at: null,
    });
    return m.binary("*", column, b);
  }),
  operation(
    "torch.baddbmm T.baddbmm torch.addmm T.addmm torch.addbmm",
    "input, batch1, batch2, *, beta?, alpha?, out?",
    (g, m) => {
      const one: Value = { kind: "int", value: 1 };
      const products = product(m, g.tensor("batch1"), g.tensor("batch2"), "baddbmm");
      const summed = g.path.endsWith("addbmm") && !g.path.endsWith("baddbmm");
      const scaled = m.binary(
        "*",
        summed ? m.operate("torch.sum", args([products, int(0)])) : products,
        g.get("alpha") ?? one,
      );
      const beta = g.get("beta");
      if (beta?.kind === "int" && beta.value === 0) return scaled;
      return m.binary("+", m.binary("*", g.tensor("input"), beta ?? one), scaled);
    },
  ),
  operation("T.baddbmm_ T.addmm_", "input, batch1, batch2, *, beta?, alpha?", (g, m) =>
    inPlaceResult(m, g.tensor("input"), product(m, g.tensor("batch1"), g.tensor("batch2"), "baddbmm")),
  ),
  operation("torch.tensordot np.tensordot jnp.tensordot tf.tensordot", "input, other, dims?, axes?, out?", tensordot),
  operation("torch.chain_matmul torch.linalg.multi_dot np.linalg.multi_dot", "*tensors", (g, m) => {
    const all = g.rest.length === 1 ? (m.iterate(g.rest[0]!)?.items ?? []) : g.rest;
    return all.slice(1).reduce((left, right) => m.binary("@", left, right), all[0]!);
  }),
  operation("torch.kron np.kron", "input, other", (g, m) => {
    const [a, b] = pair(g, m);
    return result({
      framework: a.framework,
      shape: shapeFrom([a, b], ([x, y]) =>
        x!.length === y!.length ? x!.map((d, axis) => m.symbols.multiply(d, y![axis]!)) : null,
      ),
      dtype: productDType(m, a, b),
      inputs: [a, b],
      operation: "kron",
      exact: false,
    });
  }),
  operation("np.linalg.inv torch.inverse torch.linalg.inv T.inverse np.linalg.pinv torch.linalg.pinv", "input", (g) => {
    const t = g.tensor("input");
    return result({
      framework: t.framework,
      shape: g.path.includes("pinv")
        ? shapeFrom([t], ([d]) => [...matrix(d!).slice(0, -2), d!.at(-1)!, d!.at(-2)!])
        : t.shape,
      dtype: t.dtype,
      inputs: [t],
      operation: "inverse",
      exact: false,
    });
  }),
  operation("np.trace torch.trace T.trace", "input", (g) => {
    const t = g.tensor("input");
    return result({
      framework: t.framework,
      shape: shapeFrom([t], ([d]) => matrix(d!).slice(2)),
      dtype: dtypeFrom(() => (category(dtypeOf(t) ?? "float32") < 2 ? "int64" : dtypeOf(t))),
      inputs: [t],
      operation: "trace",
      exact: false,
    });
  }),
  operation("torch.cdist", "input, other, p?, compute_mode?", (g, m) => {
    const [a, b] = [g.tensor("input"), g.tensor("other")];
    return result({
      framework: "torch",
      shape: shapeFrom([a, b], ([x, y]) => [
        ...broadcastShapes(m.symbols, [matrix(x!).slice(0, -2), matrix(y!).slice(0, -2)]),
        x!.at(-2)!,
        y!.at(-2)!,
      ]),
      dtype: a.dtype,
      inputs: [a, b],
      operation: "cdist",
      exact: false,
    });
  }),
];

/** The sizes of what must have the axes of a matrix. */
function matrix(dims: readonly Size[]): readonly Size[] {
  return dims.length >= 2 ? dims : raise("RuntimeError", "python.rank", { expected: 2, rank: dims.length });
}

function tensordot(g: Given, m: Machine): Value {
  const [a, b] = pair(g, m);
  const axes = g.get("dims") ?? g.get("axes");
  const lists = axes && axes.kind !== "int" ? m.iterate(axes)?.items.map((v) => integers(m, v)) : null;
  const count = axes?.kind === "int" ? Number(axes.value) : 2;
  const shape = shapeFrom([a, b], ([x, y]) => {
    const [left, right] = lists
      ? [lists[0]!.map((d) => (d < 0 ? d + x!.length : d)), lists[1]!.map((d) => (d < 0 ? d + y!.length : d))]
      : [Array.from({ length: count }, (_, i) => x!.length - count + i), Array.from({ length: count }, (_, i) => i)];
    left!.forEach((axis, at) => {
      if (!m.symbols.unify(x![axis]!, y![right![at]!]!))
        raise("RuntimeError", "python.matmul", {
          left: x!.map(String).join("×"),
          right: y!.map(String).join("×"),
          operation: "tensordot",
        });
    });
    return [...x!.filter((_, axis) => !left!.includes(axis)), ...y!.filter((_, axis) => !right!.includes(axis))];
  });
  return result({
    framework: libraryOf([a, b]),
    shape,
    dtype: productDType(m, a, b),
    inputs: [a, b],
    operation: "tensordot",
    exact: false,
  });
}
