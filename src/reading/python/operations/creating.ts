import { type DType, isInteger } from "../../../tensor/dtype.ts";
import type { Message } from "../../../tensor/message.ts";
import { sizeOf } from "../../../tensor/tensor.ts";
import { lazily, unknownContent } from "../run/buffer.ts";
import { add, type Size, subtract } from "../run/dims.ts";
import { type Machine, raise, unclear } from "../run/machine.ts";
import { numeric, sizeOfValue } from "../run/scalars.ts";
import {
  concrete,
  type DTypeCell,
  dtypeOf,
  fixedDType,
  fixedShape,
  freshView,
  type Library,
  makeTensor,
  type ShapeCell,
  type TensorValue,
} from "../run/tensorValue.ts";
import { args, list, tuple, unknown, type Value } from "../run/values.ts";
import { dtypeArgument, shapeArgument, toTensor } from "./constructors.ts";
import { dtypeFrom } from "./dtypes.ts";
import { arrayOf, axisOf, type NumberArray, needDims, rankOf, result, shapeFrom } from "./making.ts";
import { type Given, type Operation, operation } from "./operation.ts";
import { expandedTo } from "./shapes.ts";
import { concludeDType } from "./sizes.ts";

function libraryAt(path: string): Library {
  return path.startsWith("numpy")
    ? "numpy"
    : path.startsWith("jax")
      ? "jax"
      : path.startsWith("tensorflow")
        ? "tensorflow"
        : "torch";
}

/** The default float dtype. */
function floating(framework: Library): DType {
  return framework === "numpy" ? "float64" : "float32";
}

function integral(framework: Library): DType {
  return framework === "jax" || framework === "tensorflow" ? "int32" : "int64";
}

function dtypeCell(given: DType | "open" | undefined, otherwise: DType | null): DTypeCell {
  return fixedDType(given === "open" ? null : (given ?? otherwise));
}

/** A tensor whose elements follow from a formula over their row-major number; exact. */
function formula(
  framework: Library,
  shape: ShapeCell,
  dtype: DTypeCell,
  of: ((flat: number, dims: readonly number[]) => number) | null,
  operationName: string,
  unknownBecause: Message = { code: "python.uninitialised" },
): TensorValue {
  const dims = concrete(shape.dims);
  const size = dims ? sizeOf(dims) : 0;
  const known = dims && of && dtype.dtype && !dtype.dtype.startsWith("complex");
  const content = known
    ? lazily(size, [], () => {
        const out = arrayOf(dtype.dtype!, size);
        for (let flat = 0; flat < size; flat++) out[flat] = of(flat, dims);
        return out;
      })
    : unknownContent(size, of ? { code: "python.symbolicShape" } : unknownBecause);
  return makeTensor({
    framework,
    shape,
    dtype,
    view: dims ? freshView(dims, content) : null,
    origin: known ? "derived" : "unknown",
    exact: Boolean(known),
    why: content.why,
    by: { operation: operationName, inputs: [], details: {}, at: null },
  });
}

function grad(g: Given, m: Machine, t: TensorValue): TensorValue {
  if (g.get("requires_grad") && m.truth(g.need("requires_grad")) === true) t.requiresGrad = true;
  return t;
}

function sized(g: Given, m: Machine): readonly Size[] | null {
  const named = g.get("size") ?? g.get("shape");
  const given = g.rest.length > 0 ? g.rest : named ? [named] : [];
  const dims = shapeArgument(m, given);
  if (dims?.some((d) => typeof d === "number" && d < 0)) raise("RuntimeError", "python.negativeSize");
  return dims;
}

const fills: Readonly<Record<string, number | null>> = { zeros: 0, ones: 1, empty: null };

function filling(name: string): number | null {
  return fills[name] ?? null;
}

function constantTensor(
  g: Given,
  m: Machine,
  shape: readonly Size[] | null,
  fill: number | null,
  dtype: DTypeCell,
  name: string,
): TensorValue {
  return grad(g, m, formula(libraryAt(g.path), fixedShape(shape), dtype, fill === null ? null : () => fill, name));
}

function like(g: Given, m: Machine, fill: number | null): TensorValue {
  const source = g.need("input");
  const framework = libraryAt(g.path);
  const t =
    source.kind === "tensor"
      ? source
      : framework === "torch"
        ? g.tensor("input")
        : toTensor(m, framework, source, undefined);
  const given = dtypeArgument(g.get("dtype"), framework);
  const sizes = g.get("shape");
  const shape = sizes ? fixedShape(shapeArgument(m, [sizes])) : t.shape;
  const made = formula(
    framework,
    shape,
    given === undefined ? t.dtype : dtypeCell(given, null),
    fill === null ? null : () => fill,
    "like",
  );
  made.shape = shape;
  return grad(g, m, made);
}

/** The number that `torch.full` fills with decides the dtype. */
function fullDType(framework: Library, value: Value): DType | null {
  const kind = value.kind === "unknown" ? value.type : value.kind;
  if (kind === "bool") return "bool";
  if (kind === "int" || kind === "symbol") return integral(framework);
  if (kind === "float") return floating(framework);
  return value.kind === "tensor" ? dtypeOf(value) : null;
}

function ranged(g: Given, m: Machine): TensorValue {
  const framework = libraryAt(g.path);
  const [a, b, c] = [g.need("start"), g.get("stop"), g.get("step")];
  const [start, stop, step] = b ? [a, b, c] : [{ kind: "int", value: 0 } as Value, a, c];
  const parts = [start, stop, ...(step ? [step] : [])].map((p) =>
    p.kind === "tensor"
      ? m.operate("torch.Tensor.item", { positional: [p], named: new Map(), open: false, at: null })
      : p,
  );
  const floats = parts.some((p) => p.kind === "float" || (p.kind === "unknown" && p.type === "float"));
  const sure = parts.every((p) => p.kind !== "unknown" || p.type !== undefined);
  const given = dtypeArgument(g.get("dtype"), framework);
  const dtype = dtypeCell(given, sure ? (floats ? floating(framework) : integral(framework)) : null);
  const length = rangeLength(m, parts);
  const [from, by] = [numeric(parts[0]!), parts[2] ? numeric(parts[2]) : 1];
  return grad(
    g,
    m,
    formula(
      framework,
      fixedShape([length]),
      dtype,
      from === null || by === null ? null : (flat) => from + flat * by,
      "arange",
    ),
  );
}

/** Unlike `arange` it has its end as well, and floats even where all it is given are whole. */
function closedRange(g: Given, m: Machine): TensorValue {
  const [start, end, step] = [g.need("start"), g.need("end"), g.get("step")];
  const [a, b, c] = [numeric(start), numeric(end), step ? numeric(step) : 1];
  const known = a !== null && b !== null && c !== null && c !== 0;
  const span = subtract(sizeOfValue(end), sizeOfValue(start));
  const length = known ? Math.max(0, Math.floor((b - a) / c) + 1) : c === 1 ? m.symbols.resolve(add(span, 1)) : null;
  return formula(
    "torch",
    fixedShape([length]),
    dtypeCell(dtypeArgument(g.get("dtype"), "torch"), floating("torch")),
    a === null || c === null ? null : (flat) => a + flat * c,
    "arange",
  );
}

function rangeLength(m: Machine, parts: readonly Value[]): Size {
  const [start, stop, step] = [parts[0]!, parts[1]!, parts[2]];
  const [a, b, c] = [numeric(start), numeric(stop), step ? numeric(step) : 1];
  if (a !== null && b !== null && c !== null && c !== 0) return Math.max(0, Math.ceil((b - a) / c));
  const span = subtract(sizeOfValue(stop), sizeOfValue(start));
  if (c === 1) return m.symbols.resolve(span);
  if (typeof c !== "number" || c <= 0) return null;
  if (m.symbols.remainder(span, c) === 0) return m.symbols.quotient(span, c);
  return m.symbols.quotient(add(span, c - 1), c);
}

/** Numbers at equal distances, or powers of one base with such exponents; with `retstep` also their distance. */
function spaced(g: Given): Value {
  const framework = libraryAt(g.path);
  if ([g.need("start"), g.need("end")].some((part) => part.kind === "tensor" && rankOf(part) !== 0))
    unclear("python.unsupported", { what: g.path });
  const [start, end] = [g.number("start", 0), g.number("end", 0)];
  const count = g.size("steps", framework === "torch" ? 100 : 50);
  const closed = g.flag("endpoint", true);
  const dtype = dtypeCell(dtypeArgument(g.get("dtype"), framework), floating(framework));
  const base = g.path.endsWith("logspace") ? g.number("base", 10) : undefined;
  const rounded = dtype.dtype !== null && isInteger(dtype.dtype);
  const at =
    start === null || end === null || base === null || rounded
      ? null
      : (flat: number, dims: readonly number[]) =>
          dims[0] === 1
            ? start
            : flat === dims[0]! - 1 && closed
              ? end
              : start + (flat * (end - start)) / (dims[0]! - (closed ? 1 : 0));
  const of = at && base !== undefined ? (flat: number, dims: readonly number[]) => base! ** at(flat, dims) : at;
  const made = formula(framework, fixedShape([count]), dtype, of, "linspace", { code: "python.notComputed" });
  made.exact = false;
  return g.flag("retstep", false) ? tuple([made, unknown("python.notComputed")]) : made;
}

/** The last axis on a diagonal of two: `torch.diag_embed`. */
function onDiagonal(g: Given): TensorValue {
  const t = g.tensor("input");
  const offset = g.int("offset", 0);
  const [dim1, dim2] = [g.int("dim1", -2), g.int("dim2", -1)];
  const shape = shapeFrom([t], ([dims]) => {
    const rank = dims!.length + 1;
    const axes = [axisOf(dim1, rank), axisOf(dim2, rank)];
    const side = add(dims!.at(-1)!, Math.abs(offset));
    const others = dims!.slice(0, -1);
    return Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? side : others.shift()!));
  });
  return result({ framework: "torch", shape, dtype: t.dtype, inputs: [t], operation: "diag_embed", exact: true });
}

function identity(g: Given): TensorValue {
  const framework = libraryAt(g.path);
  const rows = g.size("n");
  const columns = g.get("m") ? g.size("m") : rows;
  const shift = g.int("k", 0);
  return formula(
    framework,
    fixedShape([rows, columns]),
    dtypeCell(dtypeArgument(g.get("dtype"), framework), floating(framework)),
    (flat, [, width]) => Number(Math.floor(flat / width!) + shift === flat % width!),
    "eye",
  );
}

/** Lower and upper triangles. */
function triangle(g: Given, lower: boolean): TensorValue {
  const t = g.tensor("input");
  const shift = numeric(g.get("diagonal") ?? { kind: "int", value: 0 });
  const made = result({
    framework: t.framework,
    shape: t.shape,
    dtype: t.dtype,
    inputs: [t],
    operation: lower ? "tril" : "triu",
    exact: true,
    details: { diagonal: shift },
    compute:
      shift === null
        ? undefined
        : ([data], dims) => {
            const [height, width] = [dims.at(-2) ?? 1, dims.at(-1)!];
            const out = data!.slice() as NumberArray;
            for (let flat = 0; flat < out.length; flat++) {
              const [row, column] = [Math.floor(flat / width) % height, flat % width];
              if (lower ? column > row + shift : column < row + shift) out[flat] = 0;
            }
            return out;
          },
  });
  made.shape = t.shape;
  return made;
}

/** Keeps `lower` diagonals below the main one and `upper` above it; negative: all of them. */
function band(data: NumberArray, dims: readonly number[], lower: number, upper: number): NumberArray {
  const [height, width] = [dims.at(-2) ?? 1, dims.at(-1)!];
  return data.map((x, flat) => {
    const above = (flat % width) - (Math.floor(flat / width) % height);
    return (lower < 0 || -above <= lower) && (upper < 0 || above <= upper) ? x : 0;
  }) as NumberArray;
}

/** The length of one axis of a grid. */
function gridLength(t: TensorValue): Size {
  const dims = needDims(t);
  return dims.length === 0 ? 1 : dims[0]!;
}

function meshed(g: Given, m: Machine): Value {
  const given = g.rest.length === 1 && g.rest[0]!.kind !== "tensor" ? (m.iterate(g.rest[0]!)?.items ?? []) : g.rest;
  const framework = libraryAt(g.path);
  const axes = given.map((v) =>
    v.kind === "tensor"
      ? v
      : framework === "torch"
        ? unclear("python.notTensor", { name: g.path, kind: v.kind })
        : toTensor(m, framework, v, undefined),
  );
  const word = g.word("indexing") ?? (framework === "torch" ? "ij" : "xy");
  const swap = word === "xy" && axes.length >= 2;
  const lengths = axes.map((t) => gridLength(t));
  const order = swap ? [1, 0, ...axes.slice(2).map((_, i) => i + 2)] : axes.map((_, i) => i);
  const grids = axes.map((t, at) => {
    const place = order.indexOf(at);
    let made: Value = m.operate("torch.reshape", {
      positional: [t, { kind: "int", value: -1 }],
      named: new Map(),
      open: false,
      at: null,
    });
    made = m.operate("torch.reshape", {
      positional: [
        made,
        tuple(axes.map((_, axis): Value => (axis === place ? { kind: "int", value: -1 } : { kind: "int", value: 1 }))),
      ],
      named: new Map(),
      open: false,
      at: null,
    });
    return made.kind === "tensor"
      ? expandedTo(
          m,
          made,
          order.map((axis) => lengths[axis]!),
        )
      : made;
  });
  return framework === "torch" ? tuple(grids) : list(grids);
}

/** Tensors made from sizes and numbers alone. */
export const creating: readonly Operation[] = [
  operation(
    "torch.zeros torch.ones torch.empty",
    "*size, out?, dtype?, layout?, device?, requires_grad?, pin_memory?, memory_format?, names?, **sizes",
    (g, m) => {
      const named = g.keywords.get("size");
      const name = g.path.slice(6);
      return constantTensor(
        g,
        m,
        named ? shapeArgument(m, [named]) : sized(g, m),
        filling(name),
        dtypeCell(dtypeArgument(g.get("dtype"), "torch"), "float32"),
        name,
      );
    },
  ),
  operation(
    "np.zeros np.ones np.empty jnp.zeros jnp.ones jnp.empty tf.zeros tf.ones",
    "shape, dtype?, order?, name?",
    (g, m) => {
      const name = g.path.split(".").at(-1)!;
      const framework = libraryAt(g.path);
      return constantTensor(
        g,
        m,
        sized(g, m),
        filling(name),
        dtypeCell(dtypeArgument(g.get("dtype"), framework), floating(framework)),
        name,
      );
    },
  ),
  operation(
    "torch.zeros_like torch.ones_like torch.empty_like np.zeros_like np.ones_like np.empty_like jnp.zeros_like jnp.ones_like tf.zeros_like tf.ones_like",
    "input, dtype?, *, layout?, device?, requires_grad?, memory_format?, order?, shape?, name?, subok?",
    (g, m) => like(g, m, filling(/zeros|ones|empty/.exec(g.path)![0])),
  ),
  operation("torch.full", "size, fill_value, *, dtype?, layout?, device?, requires_grad?, out?", (g, m) => {
    const value = g.need("fill_value");
    return constantTensor(
      g,
      m,
      shapeArgument(m, [g.need("size")]),
      numeric(value),
      dtypeCell(dtypeArgument(g.get("dtype"), "torch"), fullDType("torch", value)),
      "full",
    );
  }),
  operation("torch.fill T.fill", "input, value", (g, m) => like(g, m, numeric(g.need("value")))),
  operation("np.full jnp.full", "size, fill_value, dtype?, order?", (g, m) => {
    const [framework, value] = [libraryAt(g.path), g.need("fill_value")];
    return constantTensor(
      g,
      m,
      shapeArgument(m, [g.need("size")]),
      numeric(value),
      dtypeCell(dtypeArgument(g.get("dtype"), framework), fullDType(framework, value)),
      "full",
    );
  }),
  operation("tf.fill", "size, fill_value, name?", (g, m) =>
    constantTensor(
      g,
      m,
      shapeArgument(m, [g.need("size")]),
      numeric(g.need("fill_value")),
      fixedDType(fullDType("tensorflow", g.need("fill_value"))),
      "full",
    ),
  ),
  operation(
    "torch.full_like np.full_like jnp.full_like",
    "input, fill_value, dtype?, *, device?, layout?, requires_grad?, memory_format?, shape?",
    (g, m) => like(g, m, numeric(g.need("fill_value"))),
  ),
  operation("T.new", "input, *size", (g, m) =>
    g.rest.length > 0 && g.rest.every((size) => sizeOfValue(size) !== null)
      ? m.operate("torch.Tensor.new_empty", g.args)
      : unclear("python.unsupported", { what: "torch.Tensor.new" }),
  ),
  operation(
    "T.new_zeros T.new_ones T.new_empty T.new_full",
    "input, *size, dtype?, device?, requires_grad?, fill_value?",
    (g, m) => {
      const t = g.tensor("input");
      const full = g.path.endsWith("full");
      const sizes = full ? [g.rest[0]!] : g.rest;
      const fill = full ? numeric(g.rest[1] ?? g.need("fill_value")) : filling(/zeros|ones|empty/.exec(g.path)![0]);
      const given = dtypeArgument(g.get("dtype"), "torch");
      return grad(
        g,
        m,
        formula(
          "torch",
          fixedShape(shapeArgument(m, sizes)),
          given ? dtypeCell(given, null) : t.dtype,
          fill === null ? null : () => fill,
          "new",
        ),
      );
    },
  ),
  operation("T.new_tensor", "input, data, *, dtype?, device?, requires_grad?", (g, m) => {
    const made = toTensor(m, "torch", g.need("data"), dtypeArgument(g.get("dtype"), "torch"));
    return g.get("dtype")
      ? made
      : {
          ...made,
          dtype: g.tensor("input").dtype,
          view: made.view && dtypeOf(made) === dtypeOf(g.tensor("input")) ? made.view : null,
        };
  }),
  operation(
    "torch.arange np.arange jnp.arange tf.range",
    "start, stop?, step?, *, dtype?, device?, requires_grad?, out?, layout?, end?, limit?, delta?, name?, like?",
    (g, m) => ranged((g.get("end") ?? g.get("limit")) ? withStop(g) : g, m),
  ),
  operation("torch.range", "start, end, step?, *, out?, dtype?, layout?, device?, requires_grad?", closedRange),
  operation("torch.linspace", "start, end, steps?, *, dtype?, device?, requires_grad?, out?, layout?", spaced),
  operation("torch.logspace", "start, end, steps?, base?, *, dtype?, device?, requires_grad?, out?, layout?", spaced),
  operation(
    "np.linspace jnp.linspace tf.linspace",
    "start, end, steps?, endpoint?, retstep?, dtype?, axis?, *, device?",
    spaced,
  ),
  operation("np.logspace jnp.logspace", "start, end, steps?, endpoint?, base?, dtype?, axis?", spaced),
  operation(
    "torch.eye np.eye jnp.eye np.identity tf.eye jnp.identity",
    "n, m?, k?, dtype?, *, device?, requires_grad?, N?, M?, num_columns?",
    identity,
  ),
  operation("torch.tril T.tril np.tril jnp.tril", "input, diagonal?, *, k?", (g) => triangle(withDiagonal(g), true)),
  operation("torch.triu T.triu np.triu jnp.triu", "input, diagonal?, *, k?", (g) => triangle(withDiagonal(g), false)),
  operation("np.tri jnp.tri", "n, m?, k?, dtype?", (g) => {
    const [rows, shift] = [g.size("n"), g.int("k", 0)];
    return formula(
      libraryAt(g.path),
      fixedShape([rows, g.get("m") ? g.size("m") : rows]),
      dtypeCell(dtypeArgument(g.get("dtype"), libraryAt(g.path)), floating(libraryAt(g.path))),
      (flat, [, width]) => Number(flat % width! <= Math.floor(flat / width!) + shift),
      "tri",
    );
  }),
  operation("T.tril_ T.triu_", "input, diagonal?", (g, m) =>
    m.operate("torch.Tensor.copy_", {
      positional: [g.tensor("input"), triangle(g, g.path.includes("tril"))],
      named: new Map(),
      open: false,
      at: null,
    }),
  ),
  operation("tf.linalg.band_part", "input, lower, upper, name?", (g) => {
    const t = g.tensor("input");
    const [lower, upper] = [numeric(g.need("lower")), numeric(g.need("upper"))];
    return result({
      framework: t.framework,
      shape: t.shape,
      dtype: t.dtype,
      inputs: [t],
      operation: "band_part",
      exact: true,
      compute: lower === null || upper === null ? undefined : ([data], dims) => band(data!, dims, lower, upper),
    });
  }),
  operation("torch.meshgrid np.meshgrid jnp.meshgrid tf.meshgrid", "*tensors, indexing?, sparse?, copy?", meshed),
  operation("torch.diag np.diag T.diag jnp.diag", "input, diagonal?, *, k?", (g, m) => {
    const t = g.tensor("input");
    if (needDims(t).length === 2)
      return m.operate("torch.diagonal", {
        positional: [t, g.get("diagonal") ?? g.get("k") ?? { kind: "int", value: 0 }],
        named: new Map(),
        open: false,
        at: null,
      });
    const shift = g.int("diagonal", g.int("k", 0));
    return result({
      framework: t.framework,
      shape: shapeFrom([t], ([d]) => [add(d![0]!, Math.abs(shift)), add(d![0]!, Math.abs(shift))]),
      dtype: t.dtype,
      inputs: [t],
      operation: "diag",
      exact: true,
      compute: ([data], dims, to) => {
        const out = arrayOf(to, sizeOf(dims));
        for (let at = 0; at < data!.length; at++)
          out[(at + Math.max(0, -shift)) * dims[1]! + at + Math.max(0, shift)] = data![at]!;
        return out;
      },
    });
  }),
  operation("torch.diag_embed T.diag_embed", "input, offset?, dim1?, dim2?", onDiagonal),
  operation("torch.triu_indices torch.tril_indices", "row, col, offset?, *, dtype?, device?", () =>
    makeTensor({
      framework: "torch",
      shape: fixedShape([2, null]),
      dtype: fixedDType("int64"),
      why: { code: "python.notComputed" },
    }),
  ),
  operation("F.one_hot", "input, num_classes?", (g, m) => {
    const t = g.tensor("input");
    concludeDType(m, t, "int64");
    const classes = g.get("num_classes") ? g.size("num_classes") : null;
    return result({
      framework: "torch",
      shape: shapeFrom([t], ([d]) => [...d!, classes === -1 ? null : classes]),
      dtype: fixedDType("int64"),
      inputs: [t],
      operation: "one_hot",
      exact: true,
      compute: ([data], dims, to) => {
        const width = dims.at(-1)!;
        const out = arrayOf(to, sizeOf(dims));
        for (let at = 0; at < data!.length; at++) out[at * width + data![at]!] = 1;
        return out;
      },
    });
  }),
  operation("jax.nn.one_hot tf.one_hot", "input, num_classes, *more, dtype?, axis?", (g, m) => {
    const t =
      g.get("input")?.kind === "tensor"
        ? g.tensor("input")
        : toTensor(m, libraryAt(g.path), g.need("input"), undefined);
    return result({
      framework: t.framework,
      shape: shapeFrom([t], ([d]) => [...d!, g.size("num_classes")]),
      dtype: fixedDType("float32"),
      inputs: [t],
      operation: "one_hot",
      exact: true,
    });
  }),
  operation(
    "torch.Tensor torch.FloatTensor torch.LongTensor torch.IntTensor torch.BoolTensor torch.ByteTensor torch.DoubleTensor torch.HalfTensor",
    "*given",
    (g, m) => {
      const dtype =
        (
          {
            FloatTensor: "float32",
            LongTensor: "int64",
            IntTensor: "int32",
            BoolTensor: "bool",
            ByteTensor: "uint8",
            DoubleTensor: "float64",
            HalfTensor: "float16",
          } as Readonly<Record<string, DType>>
        )[g.path.slice(6)] ?? "float32";
      const [first] = g.rest;
      const size = g.keywords.get("size");
      if (size) return formula("torch", fixedShape(shapeArgument(m, [size])), fixedDType(dtype), null, "empty");
      if (!first) return formula("torch", fixedShape([0]), fixedDType(dtype), () => 0, "empty");
      // Another tensor keeps its type: this is one more name for it, no conversion.
      if (first.kind === "tensor" && first.framework === "torch" && g.path === "torch.Tensor")
        return m.operate("torch.Tensor.detach", args([first]));
      if (
        g.rest.length === 1 &&
        (first.kind === "list" || first.kind === "tensor" || (first.kind === "tuple" && !first.sizesOf))
      )
        return toTensor(m, "torch", first, dtype);
      return formula("torch", fixedShape(shapeArgument(m, g.rest)), fixedDType(dtype), null, "empty");
    },
  ),
  operation("torch.complex torch.polar", "input, other", (g) => {
    const [a, b] = [g.tensor("input"), g.tensor("other")];
    return result({
      framework: "torch",
      shape: a.shape,
      dtype: dtypeFrom(() => (dtypeOf(a) === "float64" ? "complex128" : dtypeOf(a) ? "complex64" : null)),
      inputs: [a, b],
      operation: "complex",
      exact: false,
    });
  }),
  operation("torch.view_as_complex", "input", (g) => {
    const t = g.tensor("input");
    return result({
      framework: "torch",
      shape: shapeFrom([t], ([d]) => d!.slice(0, -1)),
      dtype: dtypeFrom(() => (dtypeOf(t) === "float64" ? "complex128" : dtypeOf(t) ? "complex64" : null)),
      inputs: [t],
      operation: "complex",
      exact: false,
    });
  }),
  operation("torch.view_as_real", "input", (g) => {
    const t = g.tensor("input");
    return result({
      framework: "torch",
      shape: shapeFrom([t], ([d]) => [...d!, 2]),
      dtype: realOf(t),
      inputs: [t],
      operation: "real",
      exact: false,
    });
  }),
  operation("torch.real torch.imag np.real np.imag torch.angle", "input", (g) => {
    const t = g.tensor("input");
    return result({
      framework: t.framework,
      shape: t.shape,
      dtype: realOf(t),
      inputs: [t],
      operation: "real",
      exact: false,
    });
  }),
  operation("np.indices", "dimensions, dtype?", (g, m) => {
    const dims = shapeArgument(m, [g.need("dimensions")]);
    return makeTensor({
      framework: "numpy",
      shape: fixedShape(dims && [dims.length, ...dims]),
      dtype: fixedDType("int64"),
      why: { code: "python.notComputed" },
    });
  }),
];

function realOf(t: TensorValue): DTypeCell {
  return dtypeFrom(() => {
    const dtype = dtypeOf(t);
    return dtype === "complex64" ? "float32" : dtype === "complex128" ? "float64" : dtype;
  });
}

function withStop(g: Given): Given {
  const values = new Map(g.values);
  values.set("stop", (g.get("end") ?? g.get("limit"))!);
  if (g.get("delta")) values.set("step", g.need("delta"));
  return Object.assign(Object.create(Object.getPrototypeOf(g)), g, { values });
}

function withDiagonal(g: Given): Given {
  if (!g.get("k")) return g;
  const values = new Map(g.values);
  values.set("diagonal", g.need("k"));
  return Object.assign(Object.create(Object.getPrototypeOf(g)), g, { values });
}
