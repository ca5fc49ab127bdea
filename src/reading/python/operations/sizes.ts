import type { DType } from "../../../tensor/dtype.ts";
import { namelessSize, type Size, sizeText } from "../run/dims.ts";
import { type Machine, Raised, unclear } from "../run/machine.ts";
import { sizeOfValue } from "../run/scalars.ts";
import { dimsOf, dtypeOf, fixedShape, type ShapeCell, type TensorValue } from "../run/tensorValue.ts";
import type { Value } from "../run/values.ts";
import { shapeFrom } from "./making.ts";

/** Two sizes that the library needs to be equal: raises where they cannot be, and learns from it where they are names. */
export function mustEqual(m: Machine, a: Size, b: Size, what: string, shapes: readonly (readonly Size[])[] = []): void {
  const differ = !m.symbols.unify(a, b);
  if (differ)
    throw new Raised("RuntimeError", {
      code: "python.sizes",
      args: {
        what,
        a: sizeText(a),
        b: sizeText(b),
        shapes: shapes.map((s) => s.map((size) => sizeText(size)).join("×")),
      },
    });
}

/** The shape of `input` with its last axis of `from` elements made `to`. An input of unknown rank tells it later, or is told. */
export function lastAxis(m: Machine, input: TensorValue, from: Size, to: Size, what: string): ShapeCell {
  const dims = dimsOf(input);
  if (dims) {
    if (dims.length === 0) throw new Raised("RuntimeError", { code: "python.axisRange", args: { axis: -1, rank: 0 } });
    mustEqual(m, dims.at(-1)!, from, what, [dims]);
    return fixedShape([...dims.slice(0, -1), m.symbols.resolve(to)]);
  }
  const later = shapeFrom([input], ([d]) =>
    d!.length > 0 && m.symbols.unify(d!.at(-1)!, from) ? [...d!.slice(0, -1), to] : null,
  );
  return withRankOf(input, 0, later);
}

/** Sets the sizes of a tensor whose rank was not known, and so the rank of what it was made from. */
export function tell(t: TensorValue, dims: readonly Size[], m: Machine): void {
  if (dimsOf(t) !== null) return;
  const { rank, follow } = t.shape;
  if (rank && dims.length >= rank.more && dims.length > (rank.above ?? -1))
    tellRank(m, rank.of, dims.length - rank.more);
  const derived = dimsOf(t);
  if (derived?.length !== dims.length) m.state.set(t.shape, "dims", dims);
  else for (const [axis, size] of derived.entries()) m.symbols.merge(size, dims[axis]!);
  follow?.(dims);
}

/** Sets how many axes a tensor has whose rank was not known. */
export function tellRank(m: Machine, t: TensorValue, rank: number): void {
  tell(
    t,
    Array.from({ length: rank }, (_, axis) => m.symbols.fresh(namelessSize(axis))),
    m,
  );
}

/** The shape of a result that has so many axes more than `t`: where no rank is known yet, either tells the other. */
export function withRankOf(t: TensorValue, more: number, cell: ShapeCell, above?: number): ShapeCell {
  if (cell.dims === null && dimsOf(t) === null)
    cell.rank = above === undefined ? { of: t, more } : { of: t, more, above };
  return cell;
}

/** Where the ranks of two tensors hang on that of a third one alike, the one with the most axes of them; else null. */
export function sameRankSource(a: TensorValue, b: TensorValue): TensorValue | null {
  const [first, second] = [rankSource(a), rankSource(b)];
  if (first.cell !== second.cell) return null;
  return first.more >= second.more ? a : b;
}

function rankSource(t: TensorValue): { readonly cell: ShapeCell; readonly more: number } {
  let [cell, more] = [t.shape, 0];
  for (let rank = cell.rank; rank && rank.above === undefined; rank = cell.rank) {
    more += rank.more;
    cell = rank.of.shape;
  }
  return { cell, more };
}

/** The sizes of an operand that has so many axes; where nobody calls, one of unknown rank is told so. */
export function dimsOfRank(m: Machine, t: TensorValue, rank: number): readonly Size[] {
  if (dimsOf(t) === null && m.symbolic) tellRank(m, t, rank);
  return dimsOf(t) ?? unclear("python.unknownRank");
}

/** A parameter of a function that nobody calls has the dtype of the weights that it meets. */
export function concludeDType(m: Machine, input: TensorValue, dtype: DType | null): void {
  if (input.dtype.open && dtypeOf(input) === null && dtype !== null) m.state.set(input.dtype, "dtype", dtype);
}

/** An int, or so many ints, as one size for each of `count` axes; undefined where it is not given. */
export function perAxis(m: Machine, value: Value | undefined, count: number): readonly Size[] | undefined {
  if (!value) return undefined;
  if (value.kind === "int" || value.kind === "symbol" || value.kind === "bool")
    return new Array<Size>(count).fill(sizeOfValue(value));
  const inside = value.kind === "unknown" ? null : m.iterate(value);
  if (!inside || inside.open) return new Array<Size>(count).fill(null);
  const sizes = inside.items.map(sizeOfValue);
  return sizes.length === 1 ? new Array<Size>(count).fill(sizes[0]!) : sizes;
}
