import { add, namelessSize, type Size } from "../run/dims.ts";
import { type Machine, raise, unclear } from "../run/machine.ts";
import { numeric, sizeOfValue, sizeValue } from "../run/scalars.ts";
import { concreteDims, dimsOf, dtypeOf, type TensorValue } from "../run/tensorValue.ts";
import { args, list, tuple, type Value } from "../run/values.ts";
import { toTensor } from "./constructors.ts";
import { repeated } from "./decidedByValues.ts";
import { dtypeFrom, promoted } from "./dtypes.ts";
import {
  arrayLibrary,
  arrayOf,
  axisOf,
  libraryOf,
  type NumberArray,
  needDims,
  rankOf,
  result,
  shapeFrom,
  toldLater,
  viewOf,
} from "./making.ts";
import { type Given, type Operation, operation } from "./operation.ts";
import { tell, tellRank, withRankOf } from "./ranks.ts";
import { withCell } from "./shapes.ts";
import { concludeDType } from "./sizes.ts";

interface Parts {
  readonly tensors: readonly TensorValue[];
  /** How many there are is not known. */
  readonly open: boolean;
}

function partsOf(g: Given, m: Machine, name: string): Parts {
  const given = g.need(name);
  const inside = m.iterate(given) ?? unclear(given.kind === "unknown" ? given.why.code : "python.notIterable");
  const framework = arrayLibrary(g.path) ?? "torch";
  const tensors = inside.items.map((item) => {
    if (item.kind === "tensor") return item;
    if (item.kind === "unknown") unclear(item.why.code, item.why.args);
    return framework === "torch"
      ? unclear("python.notTensor", { name: g.path, kind: item.kind })
      : toTensor(m, framework, item, undefined);
  });
  if (tensors.length === 0)
    return inside.open ? unclear("python.undecided") : raise("RuntimeError", "python.nothingToJoin");
  return { tensors, open: inside.open };
}

function joinedDims(m: Machine, shapes: readonly (readonly Size[])[], axis: number, open: boolean): Size[] {
  const some = shapes.filter((s) => !(s.length === 1 && s[0] === 0));
  const first = some[0] ?? shapes[0]!;
  const at = axisOf(axis, first.length);
  for (const shape of some) {
    if (shape.length !== first.length)
      raise("RuntimeError", "python.joinRank", { first: first.length, other: shape.length });
    shape.forEach((d, a) => {
      if (a !== at && !m.symbols.unify(d, first[a]!))
        raise("RuntimeError", "python.join", {
          first: first.map(String).join("×"),
          other: shape.map(String).join("×"),
          axis: at,
        });
    });
  }
  return first.map((d, a) =>
    a === at
      ? open
        ? null
        : some.reduce<Size>((sum, s) => add(sum, s[at]!), 0)
      : (some.map((s) => s[a]!).find((x) => typeof x === "number") ?? d),
  );
}

/** What is put together has one rank and one dtype, where nobody calls. */
function allAlike(m: Machine, tensors: readonly TensorValue[]): void {
  const dtype = tensors.map(dtypeOf).find((d) => d !== null) ?? null;
  if (m.symbolic) for (const t of tensors) concludeDType(m, t, dtype);
  const known = tensors.map(dimsOf).find((dims) => dims !== null && !(dims.length === 1 && dims[0] === 0));
  if (m.symbolic && known) for (const t of tensors) if (dimsOf(t) === null) tellRank(m, t, known.length);
}

function concatenated(g: Given, m: Machine): Value {
  const given = g.get("dim");
  const { tensors, open } = partsOf(g, m, "tensors");
  const axis = given ? g.int("dim") : 0;
  const framework = libraryOf(tensors);
  allAlike(m, tensors);
  const shape = shapeFrom(tensors, (dims) => joinedDims(m, dims, axis, open));
  if (shape.dims === null) shape.follow = (dims) => tellParts(m, tensors, dims, axis);
  return result({
    framework,
    shape,
    dtype: joinedDType(framework, tensors),
    inputs: tensors,
    operation: "cat",
    exact: true,
    details: { axis },
    compute: open
      ? undefined
      : (data, dims, to) =>
          joinElements(
            data,
            tensors.map((t) => concreteDims(t)!),
            axisOf(axis, dims.length),
            dims,
            to,
          ),
  });
}

/** Parts of unknown rank have the sizes of the whole, but along the axis that joins them. */
function tellParts(m: Machine, tensors: readonly TensorValue[], dims: readonly Size[], axis: number): void {
  const at = axisOf(axis, dims.length);
  for (const t of tensors)
    if (dimsOf(t) === null)
      tell(
        t,
        dims.map((d, a) => (a === at ? m.symbols.fresh(namelessSize(at)) : d)),
        m,
      );
}

function joinedDType(framework: TensorValue["framework"], tensors: readonly TensorValue[]): TensorValue["dtype"] {
  if (tensors.every((t) => t.dtype === tensors[0]!.dtype)) return tensors[0]!.dtype;
  return dtypeFrom(() => promoted(framework, tensors, framework === "torch" ? rankOf : () => 1));
}

function joinElements(
  data: readonly NumberArray[],
  shapes: readonly (readonly number[])[],
  axis: number,
  out: readonly number[],
  dtype: Parameters<typeof arrayOf>[0],
): NumberArray {
  const size = (list: readonly number[]) => list.reduce((n, d) => n * d, 1);
  const made = arrayOf(dtype, size(out));
  const outer = size(out.slice(0, axis));
  const whole = size(out.slice(axis));
  let from = 0;
  data.forEach((part, at) => {
    const shape = shapes[at]!;
    if (shape.length === 1 && shape[0] === 0 && out.length !== 1) return;
    const block = size(shape.slice(axis));
    for (let o = 0; o < outer; o++) made.set(part.subarray(o * block, (o + 1) * block) as never, o * whole + from);
    from += block;
  });
  return made;
}

function stacked(g: Given, m: Machine): Value {
  const { tensors, open } = partsOf(g, m, "tensors");
  allAlike(m, tensors);
  const axis = g.int("dim", 0);
  const framework = libraryOf(tensors);
  const place = (rank: number) => {
    const at = axis < 0 ? axis + rank + 1 : axis;
    if (at < 0 || at > rank) raise("IndexError", "python.axisRange", { axis, rank: rank + 1 });
    return at;
  };
  const shape = shapeFrom(tensors, (dims) => {
    const first = [...dims[0]!];
    for (const shape of dims) {
      if (shape.length !== first.length)
        raise("RuntimeError", "python.joinRank", { first: first.length, other: shape.length });
      shape.forEach((d, a) => {
        if (!m.symbols.unify(d, first[a]!))
          raise("RuntimeError", "python.join", {
            first: first.map(String).join("×"),
            other: shape.map(String).join("×"),
            axis,
          });
        if (typeof d === "number") first[a] = d;
      });
    }
    first.splice(place(first.length), 0, open ? null : dims.length);
    return first;
  });
  if (shape.dims === null)
    shape.follow = (dims) => {
      for (const t of tensors) tell(t, dims.toSpliced(place(dims.length - 1), 1), m);
    };
  return result({
    framework,
    shape,
    dtype: joinedDType(
      framework,
      tensors.map((t) => (framework === "numpy" && t.scalar ? { ...t, scalar: false } : t)),
    ),
    inputs: tensors,
    operation: "stack",
    exact: true,
    details: { axis },
    compute: open
      ? undefined
      : (data, dims, to) => {
          const at = place(dims.length - 1);
          const shapes = tensors.map((t) => {
            const d = [...concreteDims(t)!];
            d.splice(at, 0, 1);
            return d;
          });
          return joinElements(data, shapes, at, dims, to);
        },
  });
}

/** A stretch of an axis as a view. */
function stretch(t: TensorValue, axis: number, start: number | null, length: Size, operation: string): TensorValue {
  const dims = needDims(t);
  const view = t.view && start !== null && typeof length === "number";
  return viewOf(
    t,
    dims.map((d, a) => (a === axis ? length : d)),
    view ? t.view!.strides : null,
    view ? t.view!.offset + start * t.view!.strides[axis]! : 0,
    operation,
    { axis },
  );
}

/** More pieces than this are not listed: what one of them is like must do. */
const mostPieces = 4096;

/** Pieces of an axis whose lengths are given. */
function pieces(t: TensorValue, axis: number, lengths: readonly Size[], operation: string): TensorValue[] {
  let start: number | null = 0;
  return lengths.map((length) => {
    const made = stretch(t, axis, start, length, operation);
    start = start === null || typeof length !== "number" ? null : start + length;
    return made;
  });
}

function split(g: Given, m: Machine): Value {
  const t = g.tensor("input");
  const dims = dimsOf(t);
  const by = g.get("split_size") ?? g.get("split_size_or_sections") ?? unclear("python.undecided");
  if (!dims) return splitLater(g, m, t, by);
  const axis = axisOf(g.int("dim", 0), dims.length);
  if (by.kind === "list" || by.kind === "tuple") {
    const inside = m.iterate(by);
    if (!inside || inside.open) return openPieces(t);
    const lengths = inside.items.map(sizeOfValue);
    const total = lengths.reduce<Size>((sum, d) => add(sum, d), 0);
    if (total !== null && !m.symbols.unify(total, dims[axis]!))
      raise("RuntimeError", "python.split", { total: String(total), size: String(dims[axis]) });
    return tuple(pieces(t, axis, lengths, "split"));
  }
  const [size, step] = [dims[axis]!, sizeOfValue(by)];
  if (step === null || size === null) return openPieces(t, axis, step);
  if (typeof size === "number" && typeof step === "number" && step > 0) {
    const count = Math.max(1, Math.ceil(size / step));
    if (count > mostPieces) return openPieces(t, axis, size % step === 0 ? step : null);
    return tuple(
      pieces(
        t,
        axis,
        Array.from({ length: count }, (_, i) => Math.min(step, size - i * step)),
        "split",
      ),
    );
  }
  const count = m.symbols.quotient(size, step);
  const even = m.symbols.equal(m.symbols.multiply(count, step), size);
  if (typeof count === "number" && even === true)
    return tuple(
      pieces(
        t,
        axis,
        Array.from({ length: count }, () => step),
        "split",
      ),
    );
  return openPieces(t, axis, even === true ? step : null);
}

/** Pieces of a tensor whose rank is not known yet. */
function splitLater(g: Given, m: Machine, t: TensorValue, by: Value): Value {
  const given = g.int("dim", 0);
  const piece = (length: Size): TensorValue => {
    const derive = () => dimsOf(t)?.map((d, a) => (a === axisOf(given, dimsOf(t)!.length) ? length : d)) ?? null;
    return withCell(t, withRankOf(t, 0, { dims: null, derive }), "split");
  };
  const lengths = by.kind === "list" || by.kind === "tuple" ? m.iterate(by) : null;
  if (lengths && !lengths.open) return tuple(lengths.items.map((length) => piece(sizeOfValue(length))));
  return { ...tuple([piece(null)]), open: true };
}

/** Pieces of which nobody knows how many there are. */
function openPieces(t: TensorValue, axis?: number, length: Size = null): Value {
  const dims = dimsOf(t);
  if (!dims || axis === undefined) return { ...tuple([withCell(t, { dims: null }, "split")]), open: true };
  return { ...tuple([stretch(t, axis, null, length, "split")]), open: true };
}

function chunked(g: Given, m: Machine): Value {
  const t = g.tensor("input");
  const count = numeric(g.need("chunks"));
  const dims = dimsOf(t);
  if (count === null || count <= 0 || count > mostPieces) return openPieces(t);
  const given = g.int("dim", 0);
  if (!dims) {
    const later = () =>
      withRankOf(
        t,
        0,
        toldLater(t, (known) => chunkDims(m, known, given, count)),
      );
    return tuple(Array.from({ length: count }, () => withCell(t, later(), "chunk")));
  }
  const axis = axisOf(given, dims.length);
  const size = dims[axis]!;
  if (typeof size !== "number") {
    const part = m.symbols.quotient(size, count);
    m.symbols.assumeDivides(count, size);
    return tuple(
      pieces(
        t,
        axis,
        Array.from({ length: count }, () => part),
        "chunk",
      ),
    );
  }
  const step = Math.ceil(size / count);
  const real = step === 0 ? count : Math.ceil(size / step);
  return tuple(
    pieces(
      t,
      axis,
      Array.from({ length: real }, (_, i) => Math.min(step, size - i * step)),
      "chunk",
    ),
  );
}

function chunkDims(m: Machine, dims: readonly Size[], axis: number, count: number): Size[] {
  const at = axisOf(axis, dims.length);
  return dims.map((d, a) => (a === at ? m.symbols.quotient(d, count) : d));
}

function unbound(g: Given, m: Machine): Value {
  const t = g.tensor("input");
  const dims = dimsOf(t);
  if (!dims) {
    const given = g.int("dim", 0);
    const derive = () => dimsOf(t)?.filter((_, a) => a !== axisOf(given, dimsOf(t)!.length)) ?? null;
    return { ...tuple([withCell(t, withRankOf(t, -1, { dims: null, derive }), "unbind")]), open: true };
  }
  const axis = axisOf(g.int("dim", 0), dims.length);
  const size = m.symbols.resolve(dims[axis]!);
  const one = (at: number | null): TensorValue => {
    const keep = dims.map((_, a) => a).filter((a) => a !== axis);
    const view = t.view && at !== null;
    return viewOf(
      t,
      keep.map((a) => dims[a]!),
      view ? keep.map((a) => t.view!.strides[a]!) : null,
      view ? t.view!.offset + at * t.view!.strides[axis]! : 0,
      "unbind",
      { axis },
    );
  };
  return typeof size === "number" && size <= mostPieces
    ? tuple(Array.from({ length: size }, (_, at) => one(at)))
    : { ...tuple([one(null)]), open: true };
}

/** np.split: equal parts, or at given places. */
function numpySplit(g: Given, m: Machine): Value {
  const t = g.tensor("input");
  const dims = needDims(t);
  const axis = axisOf(g.int("dim", /hsplit/.test(g.path) ? Math.min(1, dims.length - 1) : 0), dims.length);
  const size = dims[axis]!;
  const by = g.need("sections");
  const count = numeric(by);
  if (count !== null && count > mostPieces) return openPieces(t, axis);
  if (count !== null) {
    const part = m.symbols.quotient(size, count);
    if (typeof size === "number" && size % count !== 0) {
      if (!g.path.includes("array_split"))
        raise("ValueError", "python.split", { total: String(count), size: String(size) });
      return list(
        pieces(
          t,
          axis,
          Array.from({ length: count }, (_, i) => Math.floor(size / count) + (i < size % count ? 1 : 0)),
          "split",
        ),
      );
    }
    return list(
      pieces(
        t,
        axis,
        Array.from({ length: count }, () => part),
        "split",
      ),
    );
  }
  const places = m.iterate(by)?.items.map(numeric);
  if (!places || places.includes(null) || typeof size !== "number") return { ...openPieces(t) } as Value;
  const bounds = [0, ...(places as number[]), size];
  return list(
    pieces(
      t,
      axis,
      bounds.slice(1).map((b, i) => Math.max(0, b - bounds[i]!)),
      "split",
    ),
  );
}

/** Putting tensors together and taking them apart. */
export const joining: readonly Operation[] = [
  operation(
    "torch.cat torch.concat torch.concatenate np.concatenate jnp.concatenate tf.concat",
    "tensors, dim?, *, out?, name?, dtype?",
    concatenated,
  ),
  operation("torch.stack np.stack jnp.stack tf.stack", "tensors, dim?, *, out?, name?", stacked),
  operation(
    "torch.vstack np.vstack jnp.vstack torch.row_stack np.row_stack torch.hstack np.hstack jnp.hstack np.column_stack torch.column_stack",
    "tensors, *, out?",
    (g, m) => {
      const { tensors } = partsOf(g, m, "tensors");
      const vertical = /vstack|row_stack/.test(g.path);
      const column = /column_stack/.test(g.path);
      const flat = tensors.every((t) => needDims(t).length === 1);
      if (!flat)
        return m.operate("torch.cat", {
          positional: [list([...tensors]), { kind: "int", value: vertical ? 0 : 1 }],
          named: new Map(),
          open: false,
          at: null,
        });
      const name = vertical || column ? "torch.stack" : "torch.cat";
      return m.operate(name, {
        positional: [list([...tensors]), { kind: "int", value: column ? 1 : 0 }],
        named: new Map(),
        open: false,
        at: null,
      });
    },
  ),
  operation(
    "torch.split T.split torch.split_with_sizes",
    "input, split_size?, dim?, *, split_size_or_sections?",
    split,
  ),
  operation("torch.chunk T.chunk", "input, chunks, dim?", chunked),
  operation("torch.unbind T.unbind tf.unstack", "input, dim?", unbound),
  operation(
    "np.split np.array_split jnp.split np.hsplit np.vsplit torch.tensor_split T.tensor_split",
    "input, sections, dim?",
    numpySplit,
  ),
  operation("tf.split", "input, sections, dim?, name?", numpySplit),
  operation(
    "torch.repeat_interleave T.repeat_interleave np.repeat A.repeat jnp.repeat tf.repeat",
    "input, repeats?, dim?, output_size?",
    (g, m) => repeatInterleaved(g, m),
  ),
];

function repeatInterleaved(g: Given, m: Machine): Value {
  const given = g.tensor("input");
  // torch.repeat_interleave(repeats) repeats the numbers from 0 on.
  const input = g.get("repeats")
    ? given
    : (m.operate("torch.arange", args([sizeValue(needDims(given)[0]!)])) as TensorValue);
  const repeats = g.get("repeats") ?? given;
  const dim = g.get("dim");
  const t = dim ? input : (m.operate("numpy.ravel", args([input])) as TensorValue);
  const axis = dim ? g.int("dim") : 0;
  const several =
    repeats.kind === "list" || repeats.kind === "tuple" ? toTensor(m, t.framework, repeats, "int64") : repeats;
  if (several.kind === "tensor" && dimsOf(several)?.length !== 0) return repeated(m, t, axis, several);
  const times = sizeOfValue(repeats);
  const shape = shapeFrom([t], ([dims]) =>
    dims!.map((d, a) => (a === axisOf(axis, dims!.length) ? m.symbols.multiply(d, times) : d)),
  );
  return result({
    framework: t.framework,
    shape,
    dtype: t.dtype,
    inputs: [t],
    operation: "repeat_interleave",
    exact: true,
    compute:
      typeof times !== "number"
        ? undefined
        : ([data], dims, to) => {
            const at = axisOf(axis, dims.length);
            const stride = dims.slice(at + 1).reduce((n, d) => n * d, 1);
            const out = arrayOf(
              to,
              dims.reduce((n, d) => n * d, 1),
            );
            for (let flat = 0; flat < out.length; flat++) {
              const [outer, inner] = [Math.floor(flat / stride), flat % stride];
              out[flat] = data![Math.floor(outer / times) * stride + inner]!;
            }
            return out;
          },
  });
}
