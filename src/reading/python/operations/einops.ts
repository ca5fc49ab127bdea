import type { DType } from "../../../tensor/dtype.ts";
import { rowMajor, sizeOf } from "../../../tensor/tensor.ts";
import type { Size } from "../run/dims.ts";
import { type Machine, raise, unclear } from "../run/machine.ts";
import { sizeOfValue, sizeValue } from "../run/scalars.ts";
import { concrete, dimsOf, dtypeOf, fixedShape, type TensorValue, walk } from "../run/tensorValue.ts";
import { args, type InstanceValue, int, library, list, tuple, type Value } from "../run/values.ts";
import { contraction } from "./contraction.ts";
import { category, dtypeFrom, floatOf } from "./dtypes.ts";
import {
  atomSizes,
  type Group,
  groupSize,
  type Pattern,
  patternOf,
  sizeOfAtom,
  withoutEllipsis,
} from "./einopsPattern.ts";
import { arrayOf, type NumberArray, result } from "./making.ts";
import { type Given, type Operation, operation } from "./operation.ts";
import { tell } from "./ranks.ts";

/** einops: rearrange, reduce, repeat, einsum, pack, unpack, and the layers. */
export const einops: readonly Operation[] = [
  operation("einops.rearrange", "tensor, pattern, **axes_lengths", (g, m) =>
    transformed(m, "rearrange", tensorOf(g, m), g.text("pattern"), lengths(g)),
  ),
  operation("einops.repeat", "tensor, pattern, **axes_lengths", (g, m) =>
    transformed(m, "repeat", tensorOf(g, m), g.text("pattern"), lengths(g)),
  ),
  operation("einops.reduce", "tensor, pattern, reduction, **axes_lengths", (g, m) =>
    transformed(m, "reduce", tensorOf(g, m), g.text("pattern"), lengths(g), g.word("reduction") ?? "?"),
  ),
  operation("einops.einsum", "*rest", (g, m) => einsum(g, m)),
  operation("einops.pack", "tensors, pattern", (g, m) => pack(g, m)),
  operation("einops.unpack", "tensor, packed_shapes, pattern", (g, m) => unpack(g, m)),
  operation("einops.layers.torch.Rearrange", "pattern, **axes_lengths", (g) => layer("Rearrange", g)),
  operation("einops.layers.torch.Reduce", "pattern, reduction, **axes_lengths", (g) => layer("Reduce", g)),
  operation("nn.Rearrange.forward", "self, input", (g, m) => runLayer(g, m, "einops.rearrange", [])),
  operation("nn.Reduce.forward", "self, input", (g, m) => runLayer(g, m, "einops.reduce", ["reduction"])),
];

/** A layer that holds the arguments of one call. */
function layer(type: string, g: Given): InstanceValue {
  const attributes = new Map<string, Value>();
  for (const name of ["pattern", "reduction"]) if (g.get(name)) attributes.set(name, g.need(name));
  return {
    kind: "instance",
    type: library(`torch.nn.${type}`),
    attributes,
    data: { lengths: new Map(g.keywords) },
    open: false,
  };
}

function runLayer(g: Given, m: Machine, path: string, more: readonly string[]): Value {
  const self = g.need("self");
  if (self.kind !== "instance") return unclear("python.undecided");
  const positional = ["pattern", ...more].map((name) => self.attributes.get(name) ?? unclear("python.undecided"));
  return m.operate(path, {
    ...args([g.need("input"), ...positional], {}, g.args.at),
    named: self.data.lengths as ReadonlyMap<string, Value>,
  });
}

function lengths(g: Given): Map<string, Size> {
  return new Map([...g.keywords].map(([name, value]) => [name, sizeOfValue(value)]));
}

/** The tensor, or a list of tensors stacked. */
function tensorOf(g: Given, m: Machine): TensorValue {
  const value = g.need("tensor");
  if (value.kind !== "list" && value.kind !== "tuple") return g.tensor("tensor");
  const first = m.iterate(value)?.items[0];
  const stacked = m.operate(
    first?.kind === "tensor" && first.framework === "numpy" ? "numpy.stack" : "torch.stack",
    args([value]),
  );
  return stacked.kind === "tensor" ? stacked : unclear("python.undecided");
}

function transformed(
  m: Machine,
  name: string,
  input: TensorValue,
  text: string,
  given: ReadonlyMap<string, Size>,
  reduction = "",
): TensorValue {
  const pattern = patternOf(text);
  const dims = dimsFor(m, input, pattern, given);
  const { left, right } = withoutEllipsis(pattern, dims.length);
  const sizes = atomSizes(m, left, dims, given);
  const atoms = left.flat();
  const dropped = atoms.filter((atom) => !right.flat().includes(atom));
  if (name === "rearrange" && dropped.some((atom) => sizes.get(atom) !== 1))
    raise("EinopsError", "python.einopsPattern", { pattern: text });
  const shape = right.map((group) => groupSize(m, group, sizes));
  const details = { pattern: text, left, right, reduction };
  const numbers = concrete(atoms.map((atom) => sizeOfAtom(atom, sizes)));
  const wanted = concrete(right.flat().map((atom) => sizeOfAtom(atom, sizes)));
  const { framework } = input;
  return result({
    framework,
    shape: fixedShape(shape),
    dtype: reduction ? dtypeFrom(() => reducedDType(input, reduction)) : input.dtype,
    inputs: [input],
    operation: name,
    details,
    exact: !/mean|sum|prod|\?/.test(reduction),
    compute:
      numbers && wanted && reduction !== "?"
        ? ([data], _out, dtype) => moved(data!, atoms, numbers, right.flat(), wanted, reduction, dtype)
        : undefined,
  });
}

/** A tensor of unknown rank takes its sizes from the pattern. */
function dimsFor(m: Machine, input: TensorValue, pattern: Pattern, given: ReadonlyMap<string, Size>): readonly Size[] {
  const known = dimsOf(input);
  if (known) return known;
  if (pattern.left.includes("...")) return unclear("python.unknownRank");
  const size = (atom: string): Size => given.get(atom) ?? (/^\d+$/.test(atom) ? Number(atom) : m.symbols.fresh(atom));
  const dims = pattern.left.map((group: Group) => (group === "..." ? null : m.symbols.product(group.map(size))));
  tell(input, dims, m);
  return dims;
}

function reducedDType(input: TensorValue, reduction: string): DType | null {
  const own = dtypeOf(input);
  if (own === null || category(own) >= 2) return own;
  if (reduction === "mean") return input.framework === "numpy" ? "float64" : floatOf(input.framework, own);
  return reduction === "sum" || reduction === "prod" ? "int64" : own;
}

/** Elements moved from the atoms of the left side to those of the right; atoms that vanish are reduced, new ones repeat. */
function moved(
  data: NumberArray,
  atoms: readonly string[],
  sizes: readonly number[],
  wanted: readonly string[],
  out: readonly number[],
  reduction: string,
  dtype: DType,
): NumberArray {
  const strides = rowMajor(sizes);
  const steps = wanted.map((atom) => (atoms.includes(atom) ? strides[atoms.indexOf(atom)]! : 0));
  const lost = atoms
    .map((atom, at) => ({ atom, size: sizes[at]!, stride: strides[at]! }))
    .filter(({ atom }) => !wanted.includes(atom));
  const result = arrayOf(dtype, sizeOf(out));
  const count = sizeOf(lost.map((l) => l.size));
  walk(out, steps, 0, (flat, at) => {
    if (count === 1) result[flat] = data[at]!;
    else result[flat] = reduce(data, at, lost, reduction, count);
  });
  return result;
}

function reduce(
  data: NumberArray,
  start: number,
  lost: readonly { size: number; stride: number }[],
  reduction: string,
  count: number,
): number {
  let total = { max: Number.NEGATIVE_INFINITY, min: Number.POSITIVE_INFINITY, prod: 1 }[reduction] ?? 0;
  walk(
    lost.map((l) => l.size),
    lost.map((l) => l.stride),
    start,
    (_flat, at) => {
      const x = data[at]!;
      if (reduction === "max") total = Math.max(total, x);
      else if (reduction === "min") total = Math.min(total, x);
      else total = reduction === "prod" ? total * x : total + x;
    },
  );
  return reduction === "mean" ? total / count : total;
}

function einsum(g: Given, m: Machine): Value {
  const pattern = g.rest.at(-1);
  if (pattern?.kind !== "string") return unclear("python.undecided");
  const [left, right] = pattern.value.split("->");
  if (right === undefined) raise("EinopsError", "python.einopsPattern", { pattern: pattern.value });
  const tensors = g.rest
    .slice(0, -1)
    .map((value) =>
      value.kind === "tensor"
        ? value
        : value.kind === "unknown"
          ? unclear(value.why.code, value.why.args)
          : unclear("python.undecided"),
    );
  const sides = left!.split(",").map((side, at) => {
    const rank = dimsOf(tensors[at]!)?.length;
    if (rank === undefined && side.includes("...")) unclear("python.unknownRank");
    return words(side, rank ?? null);
  });
  const dots = Math.max(0, ...sides.map((side) => side.filter((w) => w.startsWith("…")).length));
  const output = words(right!, null, dots);
  return contraction(m, tensors, { inputs: sides, output }, pattern.value);
}

function words(side: string, rank: number | null, dots = 0): string[] {
  const tokens = side.trim().split(/\s+/).filter(Boolean);
  const count = rank === null ? dots : rank - tokens.filter((t) => t !== "...").length;
  return tokens.flatMap((t) => (t === "..." ? Array.from({ length: count }, (_, at) => `…${count - at}`) : [t]));
}

/** `pack(tensors, "b * d")`: the axes under the star made one, joined along it. */
function pack(g: Given, m: Machine): Value {
  const tensors = (m.iterate(g.need("tensors"))?.items ?? unclear("python.undecided")).map((t) =>
    t.kind === "tensor" ? t : unclear("python.undecided"),
  );
  const names = g.text("pattern").trim().split(/\s+/);
  const axis = names.indexOf("*");
  const after = names.length - axis - 1;
  const shapes = tensors.map((t) => dimsOf(t) ?? unclear("python.unknownRank"));
  const starred = shapes.map((dims) => dims.slice(axis, dims.length - after));
  const flat = tensors.map((t, at) => {
    const dims = shapes[at]!;
    const joined = [...dims.slice(0, axis), m.symbols.product(starred[at]!), ...dims.slice(dims.length - after)];
    return m.operate(
      t.framework === "numpy" ? "numpy.reshape" : "torch.Tensor.reshape",
      args([t, tuple(joined.map(sizeValue))]),
    );
  });
  const joined = m.operate(
    tensors[0]?.framework === "numpy" ? "numpy.concatenate" : "torch.cat",
    args([list(flat), int(axis)]),
  );
  return tuple([joined, list(starred.map((dims) => tuple(dims.map(sizeValue))))]);
}

function unpack(g: Given, m: Machine): Value {
  const t = g.tensor("tensor");
  const dims = dimsOf(t) ?? unclear("python.unknownRank");
  const names = g.text("pattern").trim().split(/\s+/);
  const axis = names.indexOf("*");
  const packed = m.iterate(g.need("packed_shapes"));
  if (!packed || packed.open) return unclear("python.undecided");
  const shapes = packed.items.map((one) =>
    one.kind === "int" ? [sizeOfValue(one)] : (m.iterate(one)?.items ?? unclear("python.undecided")).map(sizeOfValue),
  );
  const counts = shapes.map((s) => m.symbols.product(s));
  if (shapes.some((s) => s.includes(-1))) return unclear("python.unsupported", { what: "unpack" });
  const parts = m.operate(
    t.framework === "numpy" ? "numpy.split" : "torch.split",
    args([t, list(counts.map(sizeValue)), int(axis)]),
  );
  const items = m.iterate(parts)?.items ?? unclear("python.undecided");
  return list(
    items.map((part, at) =>
      m.operate(
        "torch.Tensor.reshape",
        args([part, tuple([...dims.slice(0, axis), ...shapes[at]!, ...dims.slice(axis + 1)].map(sizeValue))]),
      ),
    ),
  );
}
