import { type DType, isInteger } from "../../../tensor/dtype.ts";
import { force, lazily } from "../run/buffer.ts";
import { add, type Size, same, subtract } from "../run/dims.ts";
import { type Machine, raise, Unclear, unclear } from "../run/machine.ts";
import { sizeOfValue, sizeValue } from "../run/scalars.ts";
import { sliceBounds } from "../run/subscripts.ts";
import {
  concrete,
  concreteDims,
  contentOf,
  dimsOf,
  dtypeOf,
  elements,
  freshView,
  type TensorValue,
} from "../run/tensorValue.ts";
import { args, int, none, type SliceValue, type Value } from "../run/values.ts";
import { broadcastShapes, expanded } from "./broadcast.ts";
import { toTensor } from "./constructors.ts";
import { sure } from "./decidedByValues.ts";
import { assignInto, operandTensor, remade } from "./elementwise.ts";
import { arrayOf, axisOf, needDims, rankOf, result, shapeFrom, toldLater, viewOf } from "./making.ts";
import { type Given, type Operation, operation } from "./operation.ts";
import { dimsOfRank, withRankOf } from "./ranks.ts";
import { withCell } from "./shapes.ts";
import { concludeDType } from "./sizes.ts";
import { windowOf } from "./windows.ts";

/** What one part of an index does. */
type Part =
  | { readonly kind: "int"; readonly at: number | null }
  | { readonly kind: "slice"; readonly value: SliceValue }
  | { readonly kind: "new" }
  | { readonly kind: "rest" }
  | { readonly kind: "tensor"; readonly tensor: TensorValue };

function parts(m: Machine, t: TensorValue, index: Value): Part[] {
  const given = index.kind === "tuple" && !index.sizesOf ? index.items : [index];
  if (index.kind === "tuple" && index.open) unclear("python.undecided");
  return given.map((item) => part(m, t, item));
}

function part(m: Machine, t: TensorValue, item: Value): Part {
  switch (item.kind) {
    case "none":
      return { kind: "new" };
    case "ellipsis":
      return { kind: "rest" };
    case "slice":
      return { kind: "slice", value: item };
    case "int":
      return { kind: "int", at: Number(item.value) };
    case "symbol":
      return { kind: "int", at: null };
    case "bool":
      return unclear("python.unsupported", { what: "bool index" });
    case "unknown":
      return item.type === "int" ? { kind: "int", at: null } : unclear(item.why.code, item.why.args);
    case "list":
    case "tuple":
    case "range":
      return { kind: "tensor", tensor: indexTensor(m, t, item) };
    case "tensor":
      return scalarIndex(item) ?? { kind: "tensor", tensor: item };
    default:
      return unclear("python.unsupported", { what: `[${item.kind}]` });
  }
}

/** A tensor without axes that holds an integer indexes like an int. */
function scalarIndex(item: TensorValue): Part | null {
  const [dims, dtype] = [dimsOf(item), dtypeOf(item)];
  if (dims?.length !== 0 || !dtype || !isInteger(dtype)) return null;
  const data = item.view?.store.content.data === null ? null : elements(item);
  return { kind: "int", at: data ? Number(data[0]) : null };
}

function indexTensor(m: Machine, t: TensorValue, item: Value): TensorValue {
  return toTensor(m, t.framework, item, undefined);
}

/** A state of basic indexing: what has been taken, and what of the tensor is left. */
interface Taking {
  dims: Size[];
  strides: number[] | null;
  offset: number;
  /** Where advanced indexes go: position in `dims` and the index. */
  advanced: { readonly at: number; readonly tensor: TensorValue }[];
  /** Positions in the written index, to see whether advanced ones stand together. */
  order: boolean[];
}

/** `t[index]`: views for ints, slices, None and Ellipsis; copies where tensors or lists index. */
export function getItem(m: Machine, t: TensorValue, index: Value): Value {
  const all = parts(m, t, index);
  const dims = dimsOf(t);
  if (!dims) return unknownRank(m, t, all);
  const taken = take(m, t, dims, all);
  const view = viewOf(t, taken.dims, taken.strides, taken.offset, "index", { index: all.map((p) => p.kind) });
  const made = taken.advanced.length === 0 ? view : advanced(m, view, taken);
  made.scalar =
    t.framework === "numpy" &&
    dimsOf(made)?.length === 0 &&
    taken.advanced.length === 0 &&
    all.every((p) => p.kind === "int");
  made.framework satisfies string;
  return made;
}

/** Of a tensor whose rank is not known: told when it is. */
function unknownRank(m: Machine, t: TensorValue, all: readonly Part[]): Value {
  if (all.some((p) => p.kind === "tensor")) return withCell(t, { dims: null }, "index");
  const shape = toldLater(t, (dims) => (axesUsed(all) <= dims.length ? take(m, t, dims, all).dims : null));
  const count = (kind: Part["kind"]): number => all.filter((p) => p.kind === kind).length;
  return withCell(t, withRankOf(t, count("new") - count("int"), shape), "index");
}

function axesUsed(all: readonly Part[]): number {
  let used = 0;
  for (const p of all) {
    if (p.kind === "int" || p.kind === "slice") used++;
    else if (p.kind === "tensor") used += dtypeOf(p.tensor) === "bool" ? needDims(p.tensor).length : 1;
  }
  return used;
}

function take(m: Machine, t: TensorValue, dims: readonly Size[], all: readonly Part[]): Taking {
  const used = axesUsed(all);
  if (used > dims.length) raise("IndexError", "python.tooManyIndices", { used, rank: dims.length });
  const state: Taking = { dims: [], strides: t.view ? [] : null, offset: t.view?.offset ?? 0, advanced: [], order: [] };
  let axis = 0;
  const keepAxes = (count: number): void => {
    for (let i = 0; i < count; i++, axis++) {
      state.dims.push(dims[axis]!);
      state.strides?.push(t.view!.strides[axis]!);
    }
  };
  const withRest = all.some((p) => p.kind === "rest") ? all : [...all, { kind: "rest" } as const];
  for (const p of withRest) {
    // PyTorch takes single positions first; to NumPy they are advanced indexes beside others.
    if (p.kind !== "int") state.order.push(p.kind === "tensor");
    else if (t.framework !== "torch") state.order.push(all.some((q) => q.kind === "tensor"));
    if (p.kind === "rest") keepAxes(dims.length - used);
    else if (p.kind === "new") {
      state.dims.push(1);
      state.strides?.push(1);
    } else if (p.kind === "tensor") {
      state.advanced.push({ at: state.dims.length, tensor: p.tensor });
      keepAxes(dtypeOf(p.tensor) === "bool" ? needDims(p.tensor).length : 1);
    } else {
      if (p.kind === "int") takeInt(state, t, dims[axis]!, axis, p.at);
      else takeSlice(m, state, t, dims[axis]!, axis, p.value);
      axis++;
    }
  }
  return state;
}

function takeInt(state: Taking, t: TensorValue, size: Size, axis: number, at: number | null): void {
  if (at === null || (typeof size !== "number" && at < 0)) {
    state.strides = null;
    return;
  }
  if (typeof size === "number" && (at >= size || at < -size))
    raise("IndexError", "python.indexRange", { index: at, length: size });
  if (state.strides) state.offset += (at < 0 ? at + (size as number) : at) * t.view!.strides[axis]!;
}

function takeSlice(m: Machine, state: Taking, t: TensorValue, size: Size, axis: number, slice: SliceValue): void {
  const bounds = typeof size === "number" ? sliceBounds(slice, size) : null;
  if (bounds) {
    if (bounds.step < 0 && t.framework === "torch") raise("ValueError", "python.negativeStep");
    state.dims.push(bounds.count);
    if (state.strides) {
      state.strides.push(t.view!.strides[axis]! * bounds.step);
      state.offset += (bounds.count > 0 ? bounds.start : 0) * t.view!.strides[axis]!;
    }
    return;
  }
  const window = typeof size === "number" ? windowOf(slice, size) : null;
  if (window !== null) {
    state.dims.push(window);
    state.strides = null;
    return;
  }
  const whole = slice.lower.kind === "none" && slice.upper.kind === "none";
  state.dims.push(whole ? steppedSize(m, size, slice.step) : slicedSize(m, t, size, slice));
  state.strides = null;
}

function steppedSize(m: Machine, size: Size, step: Value): Size {
  const by = step.kind === "none" ? 1 : sizeOfValue(step);
  if (by === 1 || by === -1) return size;
  return typeof by === "number" && by > 1 ? m.symbols.quotient(add(size, by - 1), by) : null;
}

/** A slice with names in it, where what the program means is plain: `x[:n]` has n if it fits, which it is taken to. */
function slicedSize(m: Machine, t: TensorValue, size: Size, slice: SliceValue): Size {
  const step = slice.step.kind === "none" ? 1 : sizeOfValue(slice.step);
  if (step !== 1) return null;
  const lower = slice.lower.kind === "none" ? 0 : sizeOfValue(slice.lower);
  const upper = slice.upper.kind === "none" ? size : sizeOfValue(slice.upper);
  if (lower === null || upper === null) return null;
  if (isNegative(lower) && slice.upper.kind === "none" && typeof lower !== "number")
    return lastOnes(m, subtract(0, lower), size);
  if (isNegative(lower) && typeof lower !== "number") return null;
  const fromEnd = (x: Size): Size => (isNegative(x) ? m.symbols.resolve(add(size, x)) : x);
  const [from, to] = [fromEnd(lower), fromEnd(upper)];
  const length = m.symbols.resolve(subtract(to, from));
  if (slice.upper.kind === "none" || same(to, size))
    return from === 0
      ? size
      : typeof lower === "number" && lower < 0 && size !== null
        ? boundedAbove(m, -lower, size)
        : knownShorter(m, from, size, length);
  if (typeof length === "number" && length < 0) return null;
  return typeof upper === "number" && upper < 0
    ? from === 0 || typeof from === "number"
      ? length
      : null
    : fits(m, to, size) || (size !== null && typeof to !== "number" && isTable(t))
      ? length
      : null;
}

/** Counted from the end: a negative number, or a sum of sizes each taken off. */
function isNegative(x: Size): boolean {
  if (typeof x === "number") return x < 0;
  return x !== null && [...x.terms.values()].every((count) => count < 0);
}

/** `x[-n:]` has n if there are so many, which it is taken to have where the axis is a number or n itself. */
function lastOnes(m: Machine, count: Size, size: Size): Size {
  return fits(m, count, size) ? m.symbols.resolve(count) : null;
}

/** `x[-1:]` has one element if x has any. */
function boundedAbove(m: Machine, count: number, size: Size): Size {
  void m;
  return count === 1 || typeof size !== "number" ? count : Math.min(count, size);
}

function knownShorter(_m: Machine, from: Size, size: Size, length: Size): Size {
  return typeof from === "number" && typeof size === "number" ? Math.max(0, size - from) : length;
}

/** Whether a named bound lies within the axis. With a number against a name nothing is sure. */
function fits(m: Machine, to: Size, size: Size): boolean {
  if (same(m.symbols.resolve(to), m.symbols.resolve(size))) return true;
  return size === null ? false : typeof to !== "number" && typeof size === "number";
}

/** A table that the program makes itself, such as positions up to a maximum: what it takes of it, it has. */
function isTable(t: TensorValue): boolean {
  const waiting = [t];
  for (let seen = 0; seen < waiting.length && seen < 64; seen++) {
    const { by, why } = waiting[seen]!;
    if (!by && why?.code === "python.uncalled") return false;
    waiting.push(...(by?.inputs ?? []));
  }
  return true;
}

/** Indexing by tensors: their broadcast shape replaces the axes that they index. */
function advanced(m: Machine, view: TensorValue, taken: Taking): TensorValue {
  const masks = taken.advanced.filter(({ tensor }) => dtypeOf(tensor) === "bool");
  if (masks.length > 0) return masked(m, view, taken);
  const indexes = taken.advanced.map(({ tensor }) => tensor);
  if (indexes.some((t) => dtypeOf(t) === null)) unclear("python.unknownDType");
  const shape = shapeFrom([view, ...indexes], ([dims, ...rest]) => advancedDims(m, dims!, rest, taken));
  return result({
    framework: view.framework,
    shape,
    dtype: view.dtype,
    inputs: [view, ...indexes],
    operation: "index",
    exact: true,
    compute: ([data, ...given], dims, to) => gathered(m, data!, concreteDims(view)!, given, indexes, taken, dims, to),
  });
}

/** Advanced indexes that stand apart put their axes in front. */
function together(taken: Taking): boolean {
  const first = taken.order.indexOf(true);
  const last = taken.order.lastIndexOf(true);
  return taken.order.slice(first, last + 1).every(Boolean);
}

function advancedDims(m: Machine, dims: readonly Size[], indexes: readonly (readonly Size[])[], taken: Taking): Size[] {
  const shape = broadcastShapes(m.symbols, indexes);
  const axes = new Set(taken.advanced.map(({ at }) => at));
  const rest = dims.map((d, axis) => ({ d, axis })).filter(({ axis }) => !axes.has(axis));
  const place = together(taken) ? rest.filter(({ axis }) => axis < taken.advanced[0]!.at).length : 0;
  const kept = rest.map(({ d }) => d);
  return [...kept.slice(0, place), ...shape, ...kept.slice(place)];
}

function gathered(
  m: Machine,
  data: ArrayLike<number>,
  dims: readonly number[],
  given: readonly (ArrayLike<number> & { length: number })[],
  indexes: readonly TensorValue[],
  taken: Taking,
  out: readonly number[],
  to: DType,
) {
  const indexDims = indexes.map((t) => concreteDims(t)!);
  const shape = concrete(broadcastShapes(m.symbols, indexDims))!;
  const spread = given.map((g, at) => expanded(g as Float64Array, indexDims[at]!, shape));
  const strides = dims.map((_, axis) => dims.slice(axis + 1).reduce((n, d) => n * d, 1));
  const axes = taken.advanced.map(({ at }) => at);
  const rest = dims.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const place = together(taken) ? rest.filter((axis) => axis < axes[0]!).length : 0;
  const outStrides = [...rest.slice(0, place), ...shape.map(() => -1), ...rest.slice(place)];
  const made = arrayOf(
    to,
    out.reduce((n, d) => n * d, 1),
  );
  const index = new Array<number>(out.length).fill(0);
  for (let flat = 0; flat < made.length; flat++) {
    let [at, which] = [0, 0];
    for (let axis = 0; axis < out.length; axis++) {
      if (outStrides[axis] === -1) which = which * out[axis]! + index[axis]!;
      else at += index[axis]! * strides[outStrides[axis]!]!;
    }
    for (let k = 0; k < axes.length; k++) {
      const i = spread[k]![which]!;
      const size = dims[axes[k]!]!;
      if (i >= size || i < -size) return null;
      at += (i < 0 ? i + size : i) * strides[axes[k]!]!;
    }
    made[flat] = data[at]!;
    for (let axis = out.length - 1; axis >= 0; axis--) {
      if (++index[axis]! < out[axis]!) break;
      index[axis] = 0;
    }
  }
  return made;
}

/** A boolean mask alone: how many are true is known only where the mask is. */
function masked(m: Machine, view: TensorValue, taken: Taking): TensorValue {
  if (taken.advanced.length > 1) return withCell(view, { dims: null }, "index");
  const [{ at, tensor }] = taken.advanced as [{ at: number; tensor: TensorValue }];
  const dims = needDims(view);
  const rank = needDims(tensor).length;
  needDims(tensor).forEach((d, axis) => {
    if (!m.symbols.unify(d, dims[at + axis]!))
      raise("IndexError", "python.maskShape", {
        mask: needDims(tensor).map(String).join("×"),
        tensor: dims.map(String).join("×"),
      });
  });
  const chosen = sure(tensor)?.flatMap((x, flat) => (x ? [flat] : [])) ?? null;
  const to = [...dims.slice(0, at), chosen ? chosen.length : null, ...dims.slice(at + rank)];
  const made = viewOf(view, to, null, 0, "index", { mask: true });
  const [numbers, from] = [concrete(to), concrete(dims)];
  if (numbers && from && chosen) {
    const content = contentOf(view);
    made.view = freshView(
      numbers,
      lazily(
        numbers.reduce((n, d) => n * d, 1),
        [content],
        () => maskedElements(force(content), from, at, rank, chosen),
      ),
    );
  }
  return made;
}

function maskedElements<
  T extends { readonly length: number; slice(from?: number, to?: number): T; [at: number]: number | bigint },
>(data: T | null, dims: readonly number[], at: number, rank: number, chosen: readonly number[]): T | null {
  if (!data) return null;
  const size = (list: readonly number[]) => list.reduce((n, d) => n * d, 1);
  const [outer, middle, inner] = [
    size(dims.slice(0, at)),
    size(dims.slice(at, at + rank)),
    size(dims.slice(at + rank)),
  ];
  const out = data.slice(0, outer * chosen.length * inner);
  let to = 0;
  for (let o = 0; o < outer; o++)
    for (const c of chosen) for (let i = 0; i < inner; i++) out[to++] = data[(o * middle + c) * inner + i]!;
  return out;
}

/** `t[index] = value`. */
export function setItem(m: Machine, t: TensorValue, index: Value, value: Value): void {
  if (t.framework === "jax" || t.framework === "tensorflow") raise("TypeError", "python.immutable");
  const target = placeOf(m, t, index);
  if (value.kind === "unknown" && value.type === undefined) {
    forget(m, t);
    return;
  }
  const source =
    value.kind === "tensor"
      ? value
      : value.kind === "list" || value.kind === "tuple"
        ? toTensor(m, t.framework, value, undefined)
        : operandTensor(m, t.framework, value);
  if (target) checkFits(m, target, source);
  if (target?.view && target.view.store === t.view?.store) {
    assignInto(m, target, source);
    m.state.set(t, "exact", t.exact && source.exact);
    if (t.origin === "literal" || t.origin === "seeded") m.state.set(t, "origin", "derived");
    return;
  }
  if (!setMasked(m, t, index, source)) forget(m, t);
}

function placeOf(m: Machine, t: TensorValue, index: Value): TensorValue | null {
  try {
    const target = getItem(m, t, index);
    return target.kind === "tensor" ? target : null;
  } catch (error) {
    if (!(error instanceof Unclear)) throw error;
    return null;
  }
}

function checkFits(m: Machine, target: TensorValue, source: TensorValue): void {
  const [to, from] = [dimsOf(target), dimsOf(source)];
  if (to && from && to.every((d) => d !== null)) broadcastShapes(m.symbols, [to, from]);
}

/** `t[mask] = number`. */
function setMasked(m: Machine, t: TensorValue, index: Value, source: TensorValue): boolean {
  if (index.kind !== "tensor" || dtypeOf(index) !== "bool" || dimsOf(source)?.length !== 0) return false;
  const [dims, mask] = [dimsOf(t), dimsOf(index)];
  if (!dims || !mask || mask.length > dims.length) return false;
  let spread: Value = index;
  for (let more = mask.length; more < dims.length; more++)
    spread = m.operate("torch.unsqueeze", {
      positional: [spread, { kind: "int", value: -1 }],
      named: new Map(),
      open: false,
      at: null,
    });
  const made = m.operate("torch.where", { positional: [spread, source, t], named: new Map(), open: false, at: null });
  if (made.kind !== "tensor") return false;
  remade(m, t, made);
  assignInto(m, t, made);
  return true;
}

/** Some elements have changed, nobody knows which. */
function forget(m: Machine, t: TensorValue): void {
  if (!t.view) return;
  const { store } = t.view;
  m.state.set(store, "content", {
    ...store.content,
    data: null,
    why: { code: "python.undecided" },
    compute: null,
    base: null,
    apply: null,
  });
}

/** Along one axis: the indices' shape, or the axis replaced. */
function along(g: Parameters<Operation["run"]>[0], m: Machine): Value {
  const [t, index] = [g.tensor("input"), g.tensor("index")];
  const axis = g.int("dim");
  const rank = dimsOf(t)?.length ?? dimsOf(index)?.length;
  if (m.symbolic && rank !== undefined) for (const part of [t, index]) dimsOfRank(m, part, rank);
  concludeDType(m, index, "int64");
  const made = result({
    framework: t.framework,
    shape: index.shape,
    dtype: t.dtype,
    inputs: [t, index],
    operation: "gather",
    exact: true,
    details: { axis },
    compute: ([data, at], dims, to) => {
      const from = concreteDims(t)!;
      const where = axisOf(axis, from.length);
      const strides = from.map((_, a) => from.slice(a + 1).reduce((n, d) => n * d, 1));
      const out = arrayOf(to, at!.length);
      const index = new Array<number>(dims.length).fill(0);
      for (let flat = 0; flat < out.length; flat++) {
        let position = 0;
        for (let a = 0; a < dims.length; a++) position += (a === where ? at![flat]! : index[a]!) * strides[a]!;
        out[flat] = data![position]!;
        for (let a = dims.length - 1; a >= 0; a--) {
          if (++index[a]! < dims[a]!) break;
          index[a] = 0;
        }
      }
      return out;
    },
  });
  made.shape = index.shape;
  return made;
}

function taken(g: Parameters<Operation["run"]>[0], m: Machine): Value {
  const t = g.tensor("input");
  const given = g.need("indices");
  const dims = needDims(t);
  const axis = g.get("dim") ? axisOf(g.int("dim"), dims.length) : t.framework === "tensorflow" ? 0 : null;
  if (axis === null)
    return getItem(
      m,
      m.operate("numpy.ravel", { positional: [t], named: new Map(), open: false, at: null }) as TensorValue,
      given,
    );
  const index = dims.slice(0, axis).map((): Value => ({ kind: "slice", lower: none, upper: none, step: none }));
  return getItem(m, t, { kind: "tuple", items: [...index, given] });
}

/** Unlike NumPy's `take` it keeps the axis where the index has no axes. */
function selected(g: Given, m: Machine): Value {
  const t = g.tensor("input");
  const index = g.tensor("index");
  const rank = rankOf(index);
  if (rank === null) unclear("python.unknownRank");
  const axis = axisOf(g.int("dim"), needDims(t).length);
  const before = Array.from({ length: axis }, (): Value => ({ kind: "slice", lower: none, upper: none, step: none }));
  const at = rank === 0 ? m.operate("torch.Tensor.reshape", args([index, int(1)])) : index;
  return getItem(m, t, { kind: "tuple", items: [...before, at] });
}

/** `array.flat` is no array, but goes through one. */
function flatOf(g: Given): TensorValue {
  const self = g.need("self");
  const array = self.kind === "instance" ? self.attributes.get("array") : undefined;
  return array?.kind === "tensor" ? array : g.tensor("self");
}

/** Reading and writing parts of tensors. */
export const indexing: readonly Operation[] = [
  operation("tensor.__getitem__", "input, index", (g, m) => getItem(m, g.tensor("input"), g.values.get("index")!)),
  operation("tensor.__setitem__", "input, index, value", (g, m) => {
    setItem(m, g.tensor("input"), g.values.get("index")!, g.values.get("value")!);
    return none;
  }),
  operation("np.flatiter.__getitem__", "self, index", (g, m) => m.subscript(flatOf(g), g.need("index"))),
  operation("np.flatiter.__setitem__", "self, index, value", (g, m) => {
    m.setSubscript(flatOf(g), g.need("index"), g.values.get("value")!);
    return none;
  }),
  operation("np.flatiter.__iter__ np.flatiter.copy", "self", (g) => flatOf(g)),
  operation("np.flatiter.__len__", "self", (g) => sizeValue(dimsOf(flatOf(g))?.[0] ?? null)),
  operation("torch.gather T.gather np.take_along_axis", "input, dim, index, *, sparse_grad?", (g, m) => {
    if (!g.path.startsWith("numpy")) return along(g, m);
    const [t, index, dim] = [g.tensor("input"), g.tensor("dim"), g.need("index")];
    return m.operate("torch.gather", { positional: [t, dim, index], named: new Map(), open: false, at: null });
  }),
  operation("torch.index_select T.index_select", "input, dim, index", (g, m) => selected(g, m)),
  operation("np.take A.take jnp.take tf.gather", "input, indices, dim?, out?, mode?, batch_dims?", taken),
  operation("torch.masked_select T.masked_select", "input, mask", (g, m) =>
    getItem(m, g.tensor("input"), g.tensor("mask")),
  ),
  operation(
    "T.scatter torch.scatter T.scatter_add torch.scatter_add T.index_add T.index_fill T.index_copy T.masked_scatter T.scatter_reduce T.index_put",
    "input, *more, **options",
    (g) => {
      const t = g.tensor("input");
      const made = result({
        framework: t.framework,
        shape: t.shape,
        dtype: t.dtype,
        inputs: [t],
        operation: "scatter",
        exact: false,
      });
      made.shape = t.shape;
      return made;
    },
  ),
  operation("A.put A.itemset A.partition A.byteswap A.setfield", "input, *more, **options", (g, m) => {
    forget(m, g.tensor("input"));
    return none;
  }),
  operation("A.sort", "input, dim?, kind?, order?", (g, m) => {
    const sorted = m.operate("numpy.sort", g.args);
    if (sorted.kind === "tensor") assignInto(m, g.tensor("input"), sorted);
    else forget(m, g.tensor("input"));
    return none;
  }),
  operation(
    "T.scatter_ T.scatter_add_ T.index_add_ T.index_fill_ T.index_copy_ T.masked_scatter_ T.scatter_reduce_ T.index_put_ T.fill_diagonal_",
    "input, *more, **options",
    (g, m) => {
      forget(m, g.tensor("input"));
      return g.tensor("input");
    },
  ),
];
