import { type DType, isInteger } from "../../../tensor/dtype.ts";
import { rounder, working } from "../run/buffer.ts";
import type { Size } from "../run/dims.ts";
import { type Machine, raise, unclear } from "../run/machine.ts";
import { isNumber, numeric, sizeOfValue } from "../run/scalars.ts";
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
  knownTensor,
  type Library,
  makeTensor,
  type TensorValue,
} from "../run/tensorValue.ts";
import type { ListValue, TupleValue, UnknownValue, Value } from "../run/values.ts";
import { category, holds, narrow, promoted } from "./dtypes.ts";
import { rankOf, result } from "./making.ts";
import { type Given, type Operation, operation } from "./operation.ts";

/** torch.tensor, numpy.array and what makes tensors from Python's numbers and lists. */
export const constructors: readonly Operation[] = [
  operation(
    "torch.tensor torch.as_tensor torch.asarray",
    "data, dtype?, device?, requires_grad?, pin_memory?, copy?",
    (g, m) =>
      (g.path.endsWith(".tensor") ? null : shared(g, "torch", g.need("data"))) ?? made(m, "torch", g, g.need("data")),
  ),
  operation(
    "np.array np.asarray np.asanyarray np.ascontiguousarray",
    "object, dtype?, copy?, order?, subok?, ndmin?, like?",
    (g, m) =>
      (g.path.endsWith(".array") ? null : shared(g, "numpy", g.need("object"))) ??
      made(m, "numpy", g, g.need("object")),
  ),
  operation("jnp.array", "object, dtype?, copy?, order?, ndmin?", (g, m) => made(m, "jax", g, g.need("object"))),
  operation("jnp.asarray", "object, dtype?, order?, copy?", (g, m) => {
    const array = made(m, "jax", g, g.need("object"));
    array.weak = !g.get("dtype") && isNumber(g.need("object"));
    return array;
  }),
  operation("tf.constant tf.convert_to_tensor tf.Variable", "value, dtype?, shape?, name?, **more", (g, m) =>
    made(m, "tensorflow", g, g.need("value")),
  ),
  operation("torch.from_numpy", "ndarray", (g, m) => {
    const source = g.need("ndarray");
    return source.kind === "tensor"
      ? ({ ...source, framework: "torch", scalar: false } as TensorValue)
      : made(m, "torch", g, source);
  }),
];

/** The dtype argument, if it is given and known; `open` where it is given and not known. */
export function dtypeArgument(value: Value | undefined, framework: Library): DType | "open" | undefined {
  if (!value) return undefined;
  if (value.kind === "dtype")
    return framework === "jax"
      ? narrow(value.dtype)
      : value.framework === "python" && framework === "torch" && value.dtype === "float64"
        ? "float64"
        : value.dtype;
  if (value.kind === "library")
    return (
      ({
        "builtins.float": "float64",
        "builtins.int": "int64",
        "builtins.bool": "bool",
        "builtins.complex": "complex128",
        "torch.FloatTensor": "float32",
        "torch.LongTensor": "int64",
        "torch.IntTensor": "int32",
        "torch.DoubleTensor": "float64",
        "torch.BoolTensor": "bool",
        "torch.HalfTensor": "float16",
      }[value.path] as DType | undefined) ?? "open"
    );
  if (value.kind === "string") return textDType(value.value);
  return "open";
}

const letters: Readonly<Record<string, DType>> = {
  f: "float32",
  f4: "float32",
  d: "float64",
  f8: "float64",
  f2: "float16",
  e: "float16",
  i4: "int32",
  i: "int32",
  i8: "int64",
  l: "int64",
  i2: "int16",
  i1: "int8",
  u1: "uint8",
  "?": "bool",
  bool: "bool",
  float: "float64",
  int: "int64",
  complex: "complex128",
  single: "float32",
  double: "float64",
  half: "float16",
  long: "int64",
};

function textDType(text: string): DType | "open" {
  const plain = text.replace(/^[<>=|]/, "");
  const short = letters[plain];
  if (short) return short;
  return /^(u?int(8|16|32|64)|float(16|32|64)|bfloat16|complex(64|128))$/.test(plain) ? (plain as DType) : "open";
}

/** What already is an array of this dtype is not copied; null: it is not. */
function shared(g: Given, framework: Library, source: Value): TensorValue | null {
  if (source.kind !== "tensor" || source.scalar || !/^(torch|numpy)$/.test(source.framework)) return null;
  if (framework === "numpy" && source.framework === "torch") return null;
  const wanted = dtypeArgument(g.get("dtype"), framework);
  if (wanted && wanted !== dtypeOf(source)) return null;
  const dims = concreteDims(source);
  if (g.path.endsWith("ascontiguousarray") && !(dims && source.view && contiguous(dims, source.view))) return null;
  return source.framework === framework ? source : { ...source, framework };
}

function made(m: Machine, framework: Library, g: Given, source: Value): TensorValue {
  const wanted = dtypeArgument(g.get("dtype"), framework);
  const tensor = toTensor(m, framework, source, wanted);
  const minimum = g.optionalInt("ndmin");
  if (minimum && (dimsOf(tensor)?.length ?? minimum) < minimum) unclear("python.unsupported", { what: "ndmin" });
  if (m.truth(g.get("requires_grad") ?? { kind: "bool", value: false }) === true) tensor.requiresGrad = true;
  return tensor;
}

/** A number, a list or a tensor as a tensor of a library. */
export function toTensor(
  m: Machine,
  framework: Library,
  source: Value,
  wanted: DType | "open" | undefined,
): TensorValue {
  if (source.kind === "tensor") return copied(source, framework, wanted);
  if (source.kind === "unknown") return fromUnknown(source, framework, wanted);
  const nest = nested(m, source);
  const guess = nest.ragged ? undefined : leafDType(framework, nest.leaves, nest.dims);
  const dtype = wanted === "open" ? null : (wanted ?? guess ?? null);
  if (nest.ragged) {
    if (framework === "numpy") return blankTensor(framework, null, fixedDType(null), { code: "python.ragged" });
    raise("ValueError", "python.ragged");
  }
  const made = filled(framework, nest, dtype);
  if (source.kind === "list" || (source.kind === "tuple" && source.literal)) made.literal = literalOf(source);
  return made;
}

function literalOf(source: ListValue | TupleValue) {
  return source.literal ?? null;
}

function copied(source: TensorValue, framework: Library, wanted: DType | "open" | undefined): TensorValue {
  const own = dtypeOf(source);
  const dtype =
    wanted === "open"
      ? fixedDType(null)
      : wanted
        ? fixedDType(wanted)
        : framework === "jax" && own
          ? fixedDType(narrow(own))
          : source.dtype;
  const made = converted(source, dtype, framework);
  made.literal = source.literal;
  return made;
}

/** The dtype that an argument asks for; unknown where it is not told. */
export function dtypeCell(given: DType | "open" | undefined): TensorValue["dtype"] {
  return fixedDType(given === "open" || given === undefined ? null : given);
}

/** The same elements in another dtype, as a tensor of its own. */
export function converted(source: TensorValue, dtype: TensorValue["dtype"], framework: Library): TensorValue {
  const from = dtypeOf(source);
  const same = from !== null && from === dtype.dtype;
  const dims = concreteDims(source);
  if (same || dtype === source.dtype) {
    const copy = makeTensor({
      framework,
      shape: source.shape,
      dtype,
      view: dims ? freshView(dims, contentOf(source)) : null,
      origin: source.origin,
      exact: source.exact,
      why: source.why,
      by: { operation: "copy", inputs: [source], details: {}, at: null },
    });
    copy.requiresGrad = source.requiresGrad;
    return copy;
  }
  const copy = result({
    framework,
    shape: source.shape,
    dtype,
    inputs: [source],
    operation: "convert",
    exact: true,
    compute: ([data], _dims, to) => convertElements(data!, dtypeOf(source), to),
  });
  copy.shape = source.shape;
  if (copy.origin === "derived" && source.origin === "literal") copy.origin = "literal";
  return copy;
}

/**
 * Elements in another dtype: floats are cut towards zero, integers wrap, bool is "not zero". null where that is another
 * number on another machine: a float beyond the integers of the dtype. `from` is null for Python's numbers.
 */
export function convertElements(
  data: ArrayLike<number>,
  from: DType | null,
  to: DType,
): ReturnType<typeof working> | null {
  const out = working(to, data.length);
  const round = rounder(to);
  const wraps = from !== null && category(from) < 2 && !to.endsWith("64");
  for (let at = 0; at < data.length; at++) {
    const x = data[at]!;
    if (isInteger(to) && !wraps && !holds(to, Math.trunc(x))) return null;
    out[at] = to === "bool" ? Number(x !== 0) : isInteger(to) ? Math.trunc(x) : round(x);
  }
  return out;
}

function fromUnknown(source: UnknownValue, framework: Library, wanted: DType | "open" | undefined): TensorValue {
  const dtype = wanted === "open" || !wanted ? null : wanted;
  const scalar = source.type === "int" || source.type === "float" || source.type === "bool";
  const own =
    source.type === "int"
      ? "int64"
      : source.type === "bool"
        ? "bool"
        : source.type === "float"
          ? framework === "torch" || framework === "jax"
            ? "float32"
            : "float64"
          : null;
  return blankTensor(framework, scalar ? [] : null, fixedDType(dtype ?? own), source.why);
}

/** Nested sequences laid out flat. */
interface Nest {
  readonly dims: readonly Size[];
  /** Numbers, or tensors that are rows. */
  readonly leaves: readonly Value[];
  readonly ragged: boolean;
  readonly open: boolean;
}

/** More numbers than this in lists are not laid out: `[[0] * 10000] * 10000` is short to write. */
export const mostLeaves = 2 ** 20;

function nested(m: Machine, value: Value, count = { leaves: 0 }): Nest {
  if (value.kind !== "list" && value.kind !== "tuple" && value.kind !== "range") {
    if (++count.leaves > mostLeaves) unclear("python.budget");
    return leaf(m, value);
  }
  const inside = m.iterate(value);
  if (!inside) return { dims: [], leaves: [value], ragged: false, open: true };
  const parts = inside.items.map((item) => nested(m, item, count));
  const first = parts[0];
  const ragged = parts.some(
    (p) =>
      p.ragged ||
      p.dims.length !== first!.dims.length ||
      p.dims.some(
        (d, axis) => typeof d === "number" && typeof first!.dims[axis] === "number" && d !== first!.dims[axis],
      ),
  );
  const leaves: Value[] = [];
  for (const part of parts) for (const one of part.leaves) leaves.push(one);
  const open = inside.open || parts.some((p) => p.open);
  return { dims: [inside.open ? null : parts.length, ...(first?.dims ?? [])], leaves, ragged, open };
}

function leaf(_m: Machine, value: Value): Nest {
  if (value.kind === "tensor")
    return { dims: dimsOf(value) ?? [], leaves: [value], ragged: false, open: dimsOf(value) === null };
  return { dims: [], leaves: [value], ragged: false, open: value.kind === "unknown" && value.type === undefined };
}

function leafDType(framework: Library, leaves: readonly Value[], dims: readonly Size[]): DType | null {
  if (leaves.length === 0) return framework === "numpy" ? "float64" : "float32";
  if (leaves.some((l) => l.kind === "string" || l.kind === "none")) return null;
  const plain = leaves.every((l) => l.kind !== "tensor");
  if (!plain && framework === "numpy") return promotedLeaves(leaves);
  const kinds = new Set(
    leaves.map((l) =>
      l.kind === "tensor" ? dtypeOf(l) : l.kind === "unknown" ? l.type : l.kind === "symbol" ? "int" : l.kind,
    ),
  );
  if (kinds.has(undefined) || kinds.has(null)) return null;
  if ([...kinds].some((k) => !["bool", "int", "float"].includes(k as string)))
    return dims.length > 0 && kinds.size === 1 && leaves[0]!.kind === "tensor" ? dtypeOf(leaves[0]!) : null;
  if (kinds.has("float")) return framework === "numpy" ? "float64" : "float32";
  if (kinds.has("int")) return framework === "jax" || framework === "tensorflow" ? "int32" : "int64";
  return "bool";
}

function promotedLeaves(leaves: readonly Value[]): DType | null {
  return promoted(
    "numpy",
    leaves.map((l) => (l.kind === "tensor" ? { ...l, scalar: false, shape: fixedShape([1]) } : l)),
    rankOf,
  );
}

function filled(framework: Library, nest: Nest, dtype: DType | null): TensorValue {
  const dims = nest.open ? nest.dims.map((d, axis) => (axis === 0 || typeof d !== "number" ? d : d)) : nest.dims;
  const numbers = concrete(dims);
  if (!numbers || nest.open)
    return blankTensor(
      framework,
      nest.open && nest.leaves.some((l) => l.kind === "unknown" && l.type === undefined) ? null : dims,
      fixedDType(dtype),
      { code: "python.symbolicShape" },
    );
  if (nest.leaves.some((l) => l.kind === "tensor")) return stackedLeaves(framework, nest, numbers, dtype);
  const values = nest.leaves.map((l) => (l.kind === "int" && typeof l.value === "bigint" ? null : numeric(l)));
  if (dtype === null || dtype.startsWith("complex") || values.includes(null)) {
    const lost = nest.leaves.find((l) => l.kind === "unknown") as UnknownValue | undefined;
    return blankTensor(framework, numbers, fixedDType(dtype), lost?.why ?? { code: "python.notComputed" });
  }
  const data = convertElements(values as number[], null, dtype);
  return data
    ? knownTensor(framework, numbers, dtype, data, "literal", true)
    : blankTensor(framework, numbers, fixedDType(dtype), { code: "python.notComputed" });
}

function stackedLeaves(framework: Library, nest: Nest, dims: readonly number[], dtype: DType | null): TensorValue {
  const tensors = nest.leaves.filter((l): l is TensorValue => l.kind === "tensor");
  const all = tensors.length === nest.leaves.length;
  return result({
    framework,
    shape: fixedShape(dims),
    dtype: fixedDType(dtype),
    inputs: all ? tensors : [],
    operation: "stack",
    exact: true,
    compute: all
      ? (data, _dims, to) =>
          convertElements(
            data.flatMap((d) => [...d]),
            dtype,
            to,
          )
      : undefined,
  });
}

/** Sizes given as `(2, 3)`, `[2, 3]`, `2, 3`, a torch.Size or one int. null: the rank is not known. */
export function shapeArgument(m: Machine, values: readonly Value[]): readonly Size[] | null {
  if (values.length === 1 && values[0]!.kind !== "int" && values[0]!.kind !== "symbol") {
    const only = values[0]!;
    if (only.kind === "tensor") return scalarSize(only);
    if (only.kind === "unknown") return only.type === "int" ? [null] : null;
    if (only.kind === "tuple" && only.sizesOf) return dimsOf(only.sizesOf);
    const inside = m.iterate(only);
    if (!inside || inside.open) return null;
    return inside.items.map(sizeLike);
  }
  return values.map(sizeLike);
}

function sizeLike(value: Value): Size {
  if (value.kind === "float") raise("TypeError", "python.notInteger", { name: "size", kind: "float" });
  return sizeOfValue(value);
}

function scalarSize(t: TensorValue): readonly Size[] | null {
  const dims = concreteDims(t);
  return dims?.length === 0 ? [null] : null;
}
