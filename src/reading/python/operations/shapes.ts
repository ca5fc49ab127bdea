import type { DType } from "../../../tensor/dtype.ts";
import { rowMajor, sizeOf } from "../../../tensor/tensor.ts";
import { askedSize } from "../run/askedSizes.ts";
import { force, lazily } from "../run/buffer.ts";
import { add, isPolynomial, namelessSize, type Size, same, subtract } from "../run/dims.ts";
import { type Machine, raise, unclear } from "../run/machine.ts";
import { sizeOfValue, sizeValue } from "../run/scalars.ts";
import {
  blankTensor,
  concrete,
  concreteDims,
  contentOf,
  contiguous,
  dimsOf,
  dtypeOf,
  fixedDType,
  fixedShape,
  freshView,
  makeTensor,
  type ShapeCell,
  type TensorValue,
} from "../run/tensorValue.ts";
import { int, list, none, tuple, unknown, type Value } from "../run/values.ts";
import { broadcastShapes } from "./broadcast.ts";
import { shapeArgument } from "./constructors.ts";
import { axisOf, needDims, rankOf, result, shapeFrom, toldLater, viewOf } from "./making.ts";
import { type Given, integers, type Operation, operation } from "./operation.ts";
import { shapeOf } from "./properties.ts";
import { askedOf, dimsOfRank, tell, tellRank, withRankOf } from "./ranks.ts";

/** The same elements in row-major order under another shape: a view where the strides allow it, else a copy. */
export function reshaped(
  t: TensorValue,
  dims: readonly Size[] | null,
  name: string,
  details: Readonly<Record<string, unknown>> = {},
): TensorValue {
  const [from, to] = [concreteDims(t), concrete(dims)];
  if (!from || !to || !t.view) return viewOf(t, dims, null, 0, name, details);
  const strides = viewStrides(from, t.view.strides, to);
  if (strides) return viewOf(t, dims, strides, t.view.offset, name, details);
  const copy = viewOf(t, dims, null, 0, name, details);
  copy.view = freshView(to, contentOf(t));
  return copy;
}

/** Strides that read `to` from memory laid out as `from`, if there are any (PyTorch's computeStride). */
export function viewStrides(
  from: readonly number[],
  strides: readonly number[],
  to: readonly number[],
): number[] | null {
  if (sizeOf(from) === 0) return to.map(() => 0);
  const result = new Array<number>(to.length).fill(0);
  let at = to.length - 1;
  let base = from.length > 0 ? strides.at(-1)! : 1;
  let elements = 1;
  let viewElements = 1;
  for (let axis = from.length - 1; axis >= 0; axis--) {
    elements *= from[axis]!;
    const ends = axis === 0 || (from[axis - 1] !== 1 && strides[axis - 1] !== elements * base);
    if (!ends) continue;
    while (at >= 0 && (viewElements < elements || to[at] === 1)) {
      result[at] = viewElements * base;
      viewElements *= to[at]!;
      at--;
    }
    if (viewElements !== elements) return null;
    if (axis > 0) {
      base = strides[axis - 1]!;
      elements = viewElements = 1;
    }
  }
  if (from.length === 0) return to.map(() => 1);
  return at === -1 ? result : null;
}

/** The sizes with -1 worked out. Sizes that cannot match raise; ones that are names are taken to match. */
export function inferred(m: Machine, from: readonly Size[] | null, wanted: readonly Size[]): Size[] {
  const at = wanted.indexOf(-1);
  const known = wanted.filter((_, axis) => axis !== at);
  if (!from) return wanted.map((d, axis) => (d === -1 ? (m.symbolic ? m.symbols.fresh(namelessSize(axis)) : null) : d));
  const total = m.symbols.product(from);
  const rest = m.symbols.product(known);
  if (known.some((d) => typeof d === "number" && d < 0)) badReshape(from, wanted);
  if (at < 0) {
    if (total !== null && rest !== null && !m.symbols.unify(rest, total)) badReshape(from, wanted);
    return solveOne(m, from, [...wanted]);
  }
  if (typeof total === "number" && typeof rest === "number" && (rest === 0 ? total !== 0 : total % rest !== 0))
    badReshape(from, wanted);
  return wanted.map((d, axis) => (axis === at ? missingSize(m, from, known, total, rest) : d));
}

/** What -1 stands for; sizes that both sides have are left out first, so that one unknown among them does no harm. */
function missingSize(m: Machine, from: readonly Size[], known: readonly Size[], total: Size, rest: Size): Size {
  if (total !== null && rest !== null && rest !== 0) {
    const quotient = m.symbols.quotient(total, rest);
    if (typeof quotient !== "number") m.symbols.assumeDivides(rest, total);
    return quotient;
  }
  const left = [...from];
  const more = known.filter((d) => {
    const found = left.findIndex((f) => d !== null && same(f, d));
    if (found >= 0) left.splice(found, 1);
    return found < 0;
  });
  const [a, b] = [m.symbols.product(left), m.symbols.product(more)];
  return a !== null && b !== null && b !== 0 ? m.symbols.quotient(a, b) : null;
}

/** One unknown size among known ones follows from the number of elements. */
function solveOne(m: Machine, from: readonly Size[], wanted: Size[]): Size[] {
  const unknowns = wanted.filter((d) => d === null).length;
  if (unknowns !== 1) return wanted;
  const total = m.symbols.product(from);
  const rest = m.symbols.product(wanted.filter((d) => d !== null));
  if (typeof total === "number" && typeof rest === "number" && rest > 0 && total % rest === 0)
    wanted[wanted.indexOf(null)] = total / rest;
  return wanted;
}

function badReshape(from: readonly Size[], to: readonly Size[]): never {
  return raise("RuntimeError", "python.reshape", { from: from.map(String).join("×"), to: to.map(String).join("×") });
}

/**
 * `x.view(batch, -1, heads, size)`, `x.view(-1, x.size(1), heads, size)`: where the rank of x is not known, it has one axis
 * between the first and the last, which is split. Not so where a part is a size of x itself: then axes change places; nor
 * where all parts are 1: they are there for broadcasting.
 */
function tellSplit(m: Machine, t: TensorValue, wanted: readonly Size[]): void {
  const [first, second, ...parts] = wanted;
  if (
    dimsOf(t) !== null ||
    parts.length < 2 ||
    parts.includes(-1) ||
    parts.every((part) => part === 1) ||
    !first ||
    !second
  )
    return;
  const asked = askedOf(m, t);
  if (parts.some((part) => [...asked.values()].some((size) => same(size, m.symbols.resolve(part))))) return;
  const named = (size: Size, axis: number): Size => (size === -1 ? m.symbols.fresh(namelessSize(axis)) : size);
  if (second === -1 ? isPolynomial(first) : same(asked.get(1) ?? null, m.symbols.resolve(second)))
    tell(t, [named(first, 0), named(second, 1), m.symbols.product(parts)], m);
}

/** Who gives a size for each axis up to the last that was asked for means all axes: `x.repeat(1, x.size(1), 1)`. */
function tellEach(m: Machine, t: TensorValue, given: readonly unknown[] | null): void {
  if (m.symbolic && given && dimsOf(t) === null && Math.max(...askedOf(m, t).keys()) === given.length - 1)
    tellRank(m, t, given.length);
}

function reshapeTo(m: Machine, t: TensorValue, wanted: readonly Size[] | null, name: string): TensorValue {
  if (!wanted) return withCell(t, { dims: null }, name);
  if (m.symbolic) tellSplit(m, t, wanted);
  const from = dimsOf(t);
  if (!from && wanted.includes(-1) && !m.symbolic)
    return withCell(
      t,
      toldLater(t, (later) => inferred(m, later, wanted)),
      name,
    );
  const dims = inferred(m, from, wanted);
  return reshaped(t, dims, name, { symbols: m.symbols });
}

/** A tensor whose shape is told later, with the elements of another. */
export function withCell(
  t: TensorValue,
  shape: ShapeCell,
  name: string,
  details: Readonly<Record<string, unknown>> = {},
): TensorValue {
  const made = makeTensor({
    framework: t.framework,
    shape,
    dtype: t.dtype,
    origin: "unknown",
    why: t.why ?? { code: "python.unknownRank" },
    by: { operation: name, inputs: [t], details, at: null },
  });
  made.requiresGrad = t.requiresGrad;
  return made;
}

function viewCall(g: Given, m: Machine): Value {
  const t = g.tensor("input");
  const first = g.rest[0] ?? g.values.get("shape");
  if (first?.kind === "dtype") return reread(t, first.dtype);
  const given = g.rest.length > 0 ? g.rest : first ? [first] : [];
  return reshapeTo(m, t, shapeArgument(m, given), g.path.endsWith("view") ? "view" : "reshape");
}

/** The same bytes as another dtype: the last axis gets shorter or longer, and the numbers others. */
function reread(t: TensorValue, dtype: DType): TensorValue {
  const from = dtypeOf(t);
  if (from === dtype) return t;
  const ratio = from ? byteLength(from) / byteLength(dtype) : null;
  const last = (d: Size): Size => (ratio === 1 ? d : typeof d === "number" && ratio ? d * ratio : null);
  const shape = shapeFrom([t], ([dims]) => dims!.map((d, at) => (at === dims!.length - 1 ? last(d) : d)));
  return result({
    framework: t.framework,
    shape,
    dtype: fixedDType(dtype),
    inputs: [t],
    operation: "view",
    exact: false,
  });
}

function byteLength(dtype: DType): number {
  return dtype === "bool" ? 1 : Number(/\d+/.exec(dtype)?.[0]) / 8;
}

/** Other sizes, the same elements as far as they go. */
function resized(m: Machine, t: TensorValue, dims: readonly Size[] | null): TensorValue {
  const [numbers, before] = [concrete(dims), concreteDims(t)];
  const fits = numbers && before && t.view && contiguous(before, t.view) && sizeOf(numbers) <= sizeOf(before);
  const view = fits ? { ...t.view!, strides: rowMajor(numbers) } : null;
  const blank = blankTensor(t.framework, dims, t.dtype, { code: "python.notComputed" });
  return becomes(m, t, fits ? { ...blank, view } : blank);
}

/** Axes in another order. */
export function permuted(m: Machine, t: TensorValue, axes: readonly number[], name: string): TensorValue {
  const dims = m.symbolic ? dimsOfRank(m, t, axes.length) : dimsOf(t);
  if (!dims)
    return withCell(
      t,
      toldLater(t, (later) =>
        later.length === axes.length ? axes.map((a) => later[a < 0 ? a + axes.length : a]!) : null,
      ),
      name,
      { axes },
    );
  const order = axes.map((a) => axisOf(a, dims.length));
  if (order.length !== dims.length || new Set(order).size !== order.length)
    raise("RuntimeError", "python.permute", { axes: order.join(", "), rank: dims.length });
  const strides = t.view ? order.map((a) => t.view!.strides[a]!) : null;
  return viewOf(
    t,
    order.map((a) => dims[a]!),
    strides,
    t.view?.offset ?? 0,
    name,
    { axes: order },
  );
}

function swapped(m: Machine, t: TensorValue, a: number, b: number): TensorValue {
  const dims = dimsOf(t);
  if (!dims) {
    const shape = withRankOf(
      t,
      0,
      toldLater(t, (later) => swapDims(later, a, b)),
    );
    return withCell(t, shape, "transpose", { axes: [a, b] });
  }
  if (dims.length === 0) return t;
  const order = dims.map((_, axis) => axis);
  const [x, y] = [axisOf(a, dims.length), axisOf(b, dims.length)];
  [order[x], order[y]] = [order[y]!, order[x]!];
  return permuted(m, t, order, "transpose");
}

function swapDims(dims: readonly Size[], a: number, b: number): Size[] {
  const out = [...dims];
  const [x, y] = [a < 0 ? a + dims.length : a, b < 0 ? b + dims.length : b];
  [out[x], out[y]] = [out[y]!, out[x]!];
  return out;
}

function reversedAxes(m: Machine, t: TensorValue): TensorValue {
  const dims = dimsOf(t);
  if (!dims) {
    const shape = withRankOf(
      t,
      0,
      toldLater(t, (later) => later.toReversed()),
    );
    return withCell(t, shape, "transpose", { reversed: true });
  }
  return permuted(
    m,
    t,
    dims.map((_, axis) => dims.length - 1 - axis),
    "transpose",
  );
}

function insertAxis(t: TensorValue, dims: readonly Size[], at: number): TensorValue {
  const to = [...dims.slice(0, at), 1, ...dims.slice(at)];
  const strides = t.view ? [...t.view.strides.slice(0, at), 1, ...t.view.strides.slice(at)] : null;
  return viewOf(t, to, strides, t.view?.offset ?? 0, "unsqueeze", { axis: at });
}

function unsqueezed(g: Given, m: Machine): TensorValue {
  const t = g.tensor("input");
  const axes = integers(m, g.need("dim"));
  const dims = dimsOf(t);
  if (!dims) {
    const shape = withRankOf(
      t,
      axes.length,
      toldLater(t, (later) => unsqueezeDims(later, axes)),
    );
    return withCell(t, shape, "unsqueeze");
  }
  let made = t;
  const rank = dims.length + axes.length;
  for (const at of axes.map((a) => (a < 0 ? a + rank : a)).sort((a, b) => a - b)) {
    const now = dimsOf(made)!;
    if (at < 0 || at > now.length) raise("IndexError", "python.axisRange", { axis: at, rank: now.length + 1 });
    made = insertAxis(made, now, at);
  }
  return made;
}

function unsqueezeDims(dims: readonly Size[], axes: readonly number[]): Size[] {
  const out = [...dims];
  for (const axis of axes) out.splice(axis < 0 ? axis + out.length + 1 : axis, 0, 1);
  return out;
}

function squeezed(g: Given, m: Machine): TensorValue {
  const t = g.tensor("input");
  const dims = dimsOf(t);
  const given = g.get("dim");
  if (!dims)
    return withCell(
      t,
      toldLater(t, (later) => (given ? squeezeDims(m, later, integers(m, given)) : null)),
      "squeeze",
    );
  const axes = given ? integers(m, given).map((a) => axisOf(a, dims.length)) : dims.map((_, axis) => axis);
  const resolved = dims.map((d) => m.symbols.resolve(d));
  // Who squeezes expects that an axis has size 1: a name may stand for it, unless there is one that surely has.
  if (axes.some((a) => typeof resolved[a] !== "number") && (given || !resolved.some((d) => d === 1)))
    return withCell(t, { dims: null }, "squeeze");
  const drop = new Set(axes.filter((a) => resolved[a] === 1));
  if (
    given &&
    /^(numpy|jax|tensorflow)/.test(g.path) &&
    axes.some((a) => typeof resolved[a] === "number" && resolved[a] !== 1)
  )
    raise("ValueError", "python.squeeze");
  const keep = dims.map((_, axis) => axis).filter((axis) => !drop.has(axis));
  return viewOf(
    t,
    keep.map((a) => dims[a]!),
    t.view ? keep.map((a) => t.view!.strides[a]!) : null,
    t.view?.offset ?? 0,
    "squeeze",
    { axes },
  );
}

function squeezeDims(m: Machine, dims: readonly Size[], axes: readonly number[]): Size[] | null {
  const drop = new Set(axes.map((a) => (a < 0 ? a + dims.length : a)));
  const sizes = dims.map((d) => m.symbols.resolve(d));
  if (sizes.some((d, axis) => drop.has(axis) && typeof d !== "number")) return null;
  return dims.filter((_, axis) => !(drop.has(axis) && sizes[axis] === 1));
}

function flattened(m: Machine, t: TensorValue, start: number, end: number): TensorValue {
  const dims = dimsOf(t);
  if (!dims)
    return withCell(
      t,
      toldLater(t, (later) => flatDims(m, later, start, end)),
      "flatten",
    );
  return reshaped(t, flatDims(m, dims, start, end), "flatten", { symbols: m.symbols });
}

function flatDims(m: Machine, dims: readonly Size[], start: number, end: number): Size[] {
  if (dims.length === 0) return [1];
  const [from, to] = [axisOf(start, dims.length), axisOf(end, dims.length)];
  return [...dims.slice(0, from), m.symbols.product(dims.slice(from, to + 1)), ...dims.slice(to + 1)];
}

/** `expand`: axes of size 1 are repeated without copying, new ones come in front; -1 leaves an axis as it is. */
export function expandedTo(m: Machine, t: TensorValue, wanted: readonly Size[] | null): TensorValue {
  tellEach(m, t, wanted);
  const dims = dimsOf(t);
  if (!wanted) return withCell(t, { dims: null }, "expand");
  if (!dims) return withCell(t, fixedShape(wanted.map((d) => (d === -1 ? null : d))), "expand");
  const more = wanted.length - dims.length;
  if (more < 0)
    raise("RuntimeError", "python.expand", { from: dims.map(String).join("×"), to: wanted.map(String).join("×") });
  const to = wanted.map((d, axis) =>
    d === -1 ? (dims[axis - more] ?? null) : axis < more ? d : expandedSize(m, dims[axis - more]!, d),
  );
  const strides = t.view
    ? to.map((d, axis) => (axis < more || (dims[axis - more] === 1 && d !== 1) ? 0 : t.view!.strides[axis - more]!))
    : null;
  return viewOf(t, to, strides, t.view?.offset ?? 0, "expand");
}

function expandedSize(m: Machine, from: Size, to: Size): Size {
  if (typeof from === "number" && typeof to === "number" && from !== 1 && from !== to)
    raise("RuntimeError", "python.expand", { from: String(from), to: String(to) });
  if (to === null) return typeof from === "number" && from !== 1 ? from : null;
  if (from !== 1 && from !== null) m.symbols.unify(from, to);
  return to;
}

function repeatedBy(m: Machine, t: TensorValue, times: readonly Size[] | null): TensorValue {
  tellEach(m, t, times);
  const dims = dimsOf(t);
  if (!dims || !times)
    return withCell(t, times && !dims ? fixedShape(times.map(() => null)) : { dims: null }, "repeat");
  const rank = Math.max(dims.length, times.length);
  const padded = [...Array<number>(rank - dims.length).fill(1), ...dims];
  const counts = [...Array<number>(rank - times.length).fill(1), ...times];
  const to = padded.map((d, axis) => m.symbols.multiply(d, counts[axis]!));
  const made = viewOf(t, to, null, 0, "repeat", { times: counts });
  const [numbers, from] = [concrete(to), concrete(padded)];
  if (numbers && from && t.view)
    made.view = freshView(
      numbers,
      lazily(sizeOf(numbers), [contentOf(t)], () => tiled(t, from, numbers)),
    );
  return made;
}

function tiled(t: TensorValue, from: readonly number[], to: readonly number[]) {
  const data = contentOf(t);
  const elements = force(data);
  if (!elements) return null;
  const out: NonNullable<typeof elements> = new (
    elements.constructor as new (
      n: number,
    ) => NonNullable<typeof elements>
  )(sizeOf(to));
  const index = new Array<number>(to.length).fill(0);
  for (let flat = 0; flat < out.length; flat++) {
    let at = 0;
    for (let axis = 0; axis < to.length; axis++) at = at * from[axis]! + (index[axis]! % from[axis]!);
    out[flat] = elements[at]!;
    for (let axis = to.length - 1; axis >= 0; axis--) {
      if (++index[axis]! < to[axis]!) break;
      index[axis] = 0;
    }
  }
  return out;
}

function moveAxes(m: Machine, t: TensorValue, source: readonly number[], destination: readonly number[]): TensorValue {
  const dims = needDims(t);
  const [from, to] = [source.map((a) => axisOf(a, dims.length)), destination.map((a) => axisOf(a, dims.length))];
  const rest = dims.map((_, axis) => axis).filter((axis) => !from.includes(axis));
  const order: number[] = [];
  for (let axis = 0; axis < dims.length; axis++) {
    const at = to.indexOf(axis);
    order.push(at >= 0 ? from[at]! : rest.shift()!);
  }
  return permuted(m, t, order, "permute");
}

function permuteCall(g: Given, m: Machine): Value {
  const given = g.rest.length === 1 ? g.rest[0]! : g.rest.length > 1 ? tuple([...g.rest]) : g.get("dims");
  return given ? permuted(m, g.tensor("input"), integers(m, given), "permute") : reversedAxes(m, g.tensor("input"));
}

function sizeCall(g: Given, m: Machine): Value {
  const t = g.tensor("input");
  if (!g.get("dim")) return shapeOf(t);
  const dims = dimsOf(t);
  if (!dims) return askedSize(m, t, g.int("dim"));
  return sizeValue(dims[axisOf(g.int("dim"), dims.length)]!);
}

function numel(g: Given, m: Machine): Value {
  const dims = dimsOf(g.tensor("input"));
  return dims ? sizeValue(m.symbols.product(dims)) : unknown("python.unknownRank", undefined, "int");
}

/** Replaces what an in-place shape method changed: `x.squeeze_()`, `x.t_()`. */
function becomes(m: Machine, t: TensorValue, made: TensorValue): TensorValue {
  m.freeze(t);
  m.state.set(t, "shape", made.shape);
  m.state.set(t, "view", made.view);
  return t;
}

function copyOf(t: TensorValue): TensorValue {
  const made = viewOf(t, dimsOf(t), null, 0, "contiguous");
  made.shape = t.shape;
  const dims = concreteDims(t);
  if (dims && t.view) made.view = freshView(dims, contentOf(t));
  made.literal = t.literal;
  return made;
}

/** Functions that change how elements are laid out, not what they are. */
export const shapes: readonly Operation[] = [
  operation(
    "T.view T.reshape A.reshape J.reshape np.reshape torch.reshape jnp.reshape tf.reshape",
    "input, *shape, order?, name?, copy?",
    (g, m) => {
      const order = g.word("order");
      if (order && order !== "C") unclear("python.unsupported", { what: "order" });
      const named = g.keywords.get("shape") ?? g.keywords.get("newshape") ?? g.keywords.get("size");
      return viewCall(named ? Object.assign(Object.create(Object.getPrototypeOf(g)), g, { rest: [named] }) : g, m);
    },
  ),
  operation("T.view_as T.reshape_as", "input, other", (g, m) =>
    reshapeTo(m, g.tensor("input"), needDims(g.tensor("other")), "view"),
  ),
  operation(
    "T.transpose torch.transpose T.swapaxes torch.swapaxes T.swapdims torch.swapdims np.swapaxes A.swapaxes jnp.swapaxes J.swapaxes",
    "input, dim0, dim1",
    (g, m) => swapped(m, g.tensor("input"), g.int("dim0"), g.int("dim1")),
  ),
  operation("T.transpose_", "input, dim0, dim1", (g, m) =>
    becomes(m, g.tensor("input"), swapped(m, g.tensor("input"), g.int("dim0"), g.int("dim1"))),
  ),
  operation("T.t torch.t", "input", (g, m) =>
    rankOf(g.tensor("input")) === 1 ? g.tensor("input") : swapped(m, g.tensor("input"), 0, 1),
  ),
  operation("T.t_", "input", (g, m) => becomes(m, g.tensor("input"), swapped(m, g.tensor("input"), 0, 1))),
  operation("tensor.T", "input", (g, m) => reversedAxes(m, g.tensor("input"))),
  operation("T.mT torch.adjoint", "input", (g, m) => swapped(m, g.tensor("input"), -1, -2)),
  operation("np.transpose jnp.transpose tf.transpose", "input, axes?, perm?, conjugate?, name?", (g, m) => {
    const axes = g.get("axes") ?? g.get("perm");
    return axes ? permuted(m, g.tensor("input"), integers(m, axes), "transpose") : reversedAxes(m, g.tensor("input"));
  }),
  operation("T.permute A.transpose J.transpose", "input, *axes, dims?", permuteCall),
  operation("torch.permute", "input, dims", (g, m) =>
    permuted(m, g.tensor("input"), integers(m, g.need("dims")), "permute"),
  ),
  operation(
    "torch.movedim T.movedim np.moveaxis torch.moveaxis jnp.moveaxis T.moveaxis",
    "input, source, destination",
    (g, m) => moveAxes(m, g.tensor("input"), integers(m, g.need("source")), integers(m, g.need("destination"))),
  ),
  operation(
    "T.unsqueeze torch.unsqueeze np.expand_dims jnp.expand_dims tf.expand_dims",
    "input, dim, name?",
    unsqueezed,
  ),
  operation("T.unsqueeze_", "input, dim", (g, m) => becomes(m, g.tensor("input"), unsqueezed(g, m))),
  operation(
    "T.squeeze torch.squeeze np.squeeze A.squeeze jnp.squeeze J.squeeze tf.squeeze",
    "input, dim?, name?",
    squeezed,
  ),
  operation("T.squeeze_", "input, dim?", (g, m) => becomes(m, g.tensor("input"), squeezed(g, m))),
  operation("T.flatten torch.flatten", "input, start_dim?, end_dim?", (g, m) =>
    flattened(m, g.tensor("input"), g.int("start_dim", 0), g.int("end_dim", -1)),
  ),
  operation("np.ravel A.ravel A.flatten torch.ravel T.ravel jnp.ravel J.flatten J.ravel", "input, order?", (g, m) => {
    const flat = flattened(m, g.tensor("input"), 0, -1);
    return g.path.endsWith("flatten") ? copyOf(flat) : flat;
  }),
  operation("T.resize_ T.resize", "input, *sizes, memory_format?", (g, m) =>
    resized(m, g.tensor("input"), shapeArgument(m, g.rest)),
  ),
  operation("T.resize_as_ T.set_", "input, other", (g, m) => {
    const other = g.tensor("other");
    if (g.path.endsWith("set_")) return becomes(m, g.tensor("input"), other);
    return resized(m, g.tensor("input"), needDims(other));
  }),
  operation("A.resize", "input, *sizes, refcheck?", (g, m) => {
    resized(m, g.tensor("input"), shapeArgument(m, g.rest));
    return none;
  }),
  operation("T.unflatten torch.unflatten", "input, dim, sizes", (g, m) => {
    const t = g.tensor("input");
    const dims = needDims(t);
    const axis = axisOf(g.int("dim"), dims.length);
    const sizes = shapeArgument(m, [g.need("sizes")]);
    if (!sizes) return withCell(t, { dims: null }, "unflatten");
    return reshaped(
      t,
      [...dims.slice(0, axis), ...inferred(m, [dims[axis]!], sizes), ...dims.slice(axis + 1)],
      "view",
      {
        symbols: m.symbols,
      },
    );
  }),
  operation("T.expand T.broadcast_to", "input, *size", (g, m) => {
    const named = g.keywords.get("size");
    return expandedTo(m, g.tensor("input"), shapeArgument(m, named ? [named] : g.rest));
  }),
  operation("torch.broadcast_to np.broadcast_to jnp.broadcast_to tf.broadcast_to", "input, size, name?", (g, m) =>
    expandedTo(m, g.tensor("input"), shapeArgument(m, [g.need("size")])),
  ),
  operation("T.expand_as", "input, other", (g, m) => expandedTo(m, g.tensor("input"), needDims(g.tensor("other")))),
  operation("torch.broadcast_tensors np.broadcast_arrays", "*tensors", (g, m) => {
    const all = g.rest.map((t) =>
      t.kind === "tensor" ? t : unclear("python.notTensor", { name: g.path, kind: t.kind }),
    );
    const dims = broadcastShapes(m.symbols, all.map(needDims));
    return list(all.map((t) => expandedTo(m, t, dims)));
  }),
  operation("T.repeat", "input, *sizes", (g, m) => {
    const named = g.keywords.get("repeats") ?? g.keywords.get("sizes");
    return repeatedBy(m, g.tensor("input"), shapeArgument(m, named ? [named] : g.rest));
  }),
  operation("torch.tile T.tile np.tile jnp.tile tf.tile", "input, *reps", (g, m) =>
    repeatedBy(
      m,
      g.tensor("input"),
      shapeArgument(m, g.rest.length > 0 ? g.rest : [g.keywords.get("reps") ?? g.keywords.get("dims") ?? int(1)]),
    ),
  ),
  operation(
    "T.contiguous np.copy A.copy torch.clone T.clone jnp.copy tf.identity T.cpu T.cuda copy.copy.tensor J.copy",
    "input, *more, **options",
    (g) => {
      const t = g.tensor("input");
      const dims = concreteDims(t);
      if (g.path.endsWith("contiguous") && dims && t.view && contiguous(dims, t.view)) return t;
      if (g.path.endsWith("cpu") || g.path.endsWith("cuda")) return t;
      return copyOf(t);
    },
  ),
  operation("T.size", "input, dim?", sizeCall),
  operation("T.dim T.ndimension torch.Tensor.ndim np.ndim tf.rank", "input", (g) => {
    const rank = rankOf(g.tensor("input"));
    return rank === null ? unknown("python.unknownRank", undefined, "int") : int(rank);
  }),
  operation("T.numel torch.numel T.nelement np.size", "input", numel),
  operation("np.shape jnp.shape", "input", (g) => {
    const input = g.need("input");
    return input.kind === "tensor"
      ? shapeOf(input)
      : unclear("python.notTensor", { name: "numpy.shape", kind: input.kind });
  }),
  operation("tf.shape", "input, out_type?, name?", (g) => shapeOf(g.tensor("input"))),
  operation("T.is_contiguous", "input, memory_format?", (g) => {
    const [t, dims] = [g.tensor("input"), concreteDims(g.tensor("input"))];
    return dims && t.view
      ? { kind: "bool", value: contiguous(dims, t.view) }
      : unknown("python.undecided", undefined, "bool");
  }),
  operation(
    "torch.atleast_1d torch.atleast_2d torch.atleast_3d np.atleast_1d np.atleast_2d np.atleast_3d",
    "input",
    (g) => {
      const t = g.tensor("input");
      const rank = Number(g.path.at(-2));
      const dims = needDims(t);
      if (dims.length >= rank) return t;
      if (rank === 3) unclear("python.unsupported", { what: g.path });
      return insertAxis(t, dims, 0);
    },
  ),
  operation(
    "torch.flip T.flip np.flip jnp.flip tf.reverse np.flipud np.fliplr torch.fliplr torch.flipud",
    "input, *dims, axis?",
    (g, m) => flipped(g, m),
  ),
  operation("torch.roll T.roll np.roll jnp.roll tf.roll", "input, shifts, dims?, axis?", (g, m) => rolled(g, m)),
  operation("T.stride A.strides", "input, dim?", (g) => {
    const [t, dims] = [g.tensor("input"), concreteDims(g.tensor("input"))];
    if (!dims || !t.view) return unknown("python.undecided", undefined, "other");
    return g.get("dim") ? int(t.view.strides[axisOf(g.int("dim"), dims.length)]!) : tuple(t.view.strides.map(int));
  }),
  operation("torch.as_strided T.as_strided", "input, size, stride, storage_offset?", (g, m) => {
    const t = g.tensor("input");
    const dims = shapeArgument(m, [g.need("size")]);
    const strides = shapeArgument(m, [g.need("stride")]);
    const offset = g.get("storage_offset") ? g.size("storage_offset") : (t.view?.offset ?? null);
    const known = strides?.every((s) => typeof s === "number") && typeof offset === "number";
    return viewOf(t, dims, known ? (strides as readonly number[]) : null, known ? offset : 0, "as_strided");
  }),
  operation("np.lib.stride_tricks.as_strided", "x, shape?, strides?, subok?, writeable?", (g, m) => {
    const t = g.tensor("x");
    const given = g.get("shape");
    return viewOf(t, given ? shapeArgument(m, [given]) : dimsOf(t), null, 0, "as_strided");
  }),
  operation("T.unfold", "input, dimension, size, step", (g, m) => {
    const t = g.tensor("input");
    const dims = needDims(t);
    const [axis, size, step] = [axisOf(g.int("dimension"), dims.length), g.size("size"), g.size("step")];
    const span = m.symbols.quotient(subtract(dims[axis]!, size), step);
    const count = add(span, 1);
    const to = [...dims.slice(0, axis), count, ...dims.slice(axis + 1), size];
    const strides =
      t.view && typeof step === "number"
        ? [
            ...t.view.strides.slice(0, axis),
            t.view.strides[axis]! * step,
            ...t.view.strides.slice(axis + 1),
            t.view.strides[axis]!,
          ]
        : null;
    return viewOf(t, to, strides, t.view?.offset ?? 0, "unfold");
  }),
  operation("T.narrow torch.narrow", "input, dim, start, length", (g, m) => {
    const t = g.tensor("input");
    const dims = needDims(t);
    const axis = axisOf(g.int("dim"), dims.length);
    const [from, length] = [g.size("start"), g.size("length")];
    const start = typeof from === "number" && from < 0 ? m.symbols.resolve(add(dims[axis]!, from)) : from;
    const to = dims.map((d, at) => (at === axis ? length : d));
    return viewOf(
      t,
      to,
      t.view && typeof start === "number" ? t.view.strides : null,
      t.view && typeof start === "number" ? t.view.offset + start * t.view.strides[axis]! : 0,
      "slice",
    );
  }),
  operation("torch.diagonal T.diagonal np.diagonal A.diagonal", "input, offset?, dim1?, dim2?, axis1?, axis2?", (g) => {
    const t = g.tensor("input");
    const dims = needDims(t);
    const [a, b] = [
      axisOf(g.int("dim1", g.int("axis1", 0)), dims.length),
      axisOf(g.int("dim2", g.int("axis2", 1)), dims.length),
    ];
    const offset = g.int("offset", 0);
    const [x, y] = [dims[a]!, dims[b]!];
    const length =
      typeof x === "number" && typeof y === "number"
        ? Math.max(0, offset >= 0 ? Math.min(x, y - offset) : Math.min(x + offset, y))
        : offset === 0 && same(x, y)
          ? x
          : null;
    const keep = dims.map((_, axis) => axis).filter((axis) => axis !== a && axis !== b);
    const strides = t.view ? [...keep.map((k) => t.view!.strides[k]!), t.view.strides[a]! + t.view.strides[b]!] : null;
    const start = t.view
      ? t.view.offset + (offset >= 0 ? offset * t.view.strides[b]! : -offset * t.view.strides[a]!)
      : 0;
    return viewOf(t, [...keep.map((k) => dims[k]!), length], strides, start, "diagonal");
  }),
];

function flipped(g: Given, m: Machine): Value {
  const t = g.tensor("input");
  const dims = needDims(t);
  const given =
    g.rest.length === 1
      ? g.rest[0]!
      : g.rest.length > 1
        ? tuple([...g.rest])
        : (g.get("axis") ?? g.keywords.get("dims"));
  const axes = /lr$/.test(g.path)
    ? [1]
    : /ud$/.test(g.path)
      ? [0]
      : given
        ? integers(m, given).map((a) => axisOf(a, dims.length))
        : dims.map((_, axis) => axis);
  const made = viewOf(t, dims, null, 0, "flip", { axes });
  const numbers = concrete(dims);
  if (numbers && t.view) {
    const strides = t.view.strides.map((s, axis) => (axes.includes(axis) ? -s : s));
    const offset = axes.reduce(
      (at, axis) => at + Math.max(0, numbers[axis]! - 1) * t.view!.strides[axis]!,
      t.view.offset,
    );
    const flippedView = { store: t.view.store, strides, offset };
    made.view = t.framework === "torch" ? freshView(numbers, contentOf({ ...made, view: flippedView })) : flippedView;
  }
  return made;
}

function rolled(g: Given, m: Machine): Value {
  const t = g.tensor("input");
  const dims = needDims(t);
  const given = g.get("dims") ?? g.get("axis");
  const made = viewOf(t, dims, null, 0, "roll");
  made.shape = t.shape;
  const numbers = concreteDims(t);
  if (!numbers || !t.view) return made;
  if (!given) {
    const flat = flattened(m, t, 0, -1);
    // Several numbers turn the same axis one after the other.
    const shifts = m.iterate(g.need("shifts"))?.items ?? [g.need("shifts")];
    const all = shifts.reduce((sum, shift) => m.binary("+", sum, shift));
    const turned = m.operate("torch.roll", {
      positional: [flat, all, int(0)],
      named: new Map(),
      open: false,
      at: null,
    });
    return turned.kind === "tensor" ? reshaped(turned, dims, "roll") : made;
  }
  const axes = integers(m, given).map((a) => axisOf(a, numbers.length));
  const shiftValues = m.iterate(g.need("shifts"))?.items ?? [g.need("shifts")];
  const amounts = shiftValues.map(sizeOfValue);
  // NumPy rolls along several axes by one number.
  const shifts = amounts.length === 1 ? axes.map(() => amounts[0]!) : amounts;
  if (shifts.some((s) => typeof s !== "number")) return made;
  const content = contentOf(t);
  made.view = freshView(
    numbers,
    lazily(sizeOf(numbers), [content], () => rolledElements(force(content), numbers, axes, shifts as number[])),
  );
  return made;
}

function rolledElements<T extends { length: number; slice(): T; [at: number]: number | bigint }>(
  data: T | null,
  dims: readonly number[],
  axes: readonly number[],
  shifts: readonly number[],
): T | null {
  if (!data) return null;
  const out = data.slice();
  const strides = dims.map((_, axis) => dims.slice(axis + 1).reduce((n, d) => n * d, 1));
  for (let flat = 0; flat < data.length; flat++) {
    let to = flat;
    axes.forEach((axis, at) => {
      const index = Math.floor(flat / strides[axis]!) % dims[axis]!;
      const moved = (((index + shifts[at]!) % dims[axis]!) + dims[axis]!) % dims[axis]!;
      to += (moved - index) * strides[axis]!;
    });
    out[to] = data[flat]!;
  }
  return out;
}
