import type { DType } from "../../../tensor/dtype.ts";
import { type Size, sizeText } from "../run/dims.ts";
import { type Machine, Raised } from "../run/machine.ts";
import { sizeOfValue } from "../run/scalars.ts";
import { dimsOf, dtypeOf, fixedShape, type ShapeCell, type TensorValue } from "../run/tensorValue.ts";
import type { Value } from "../run/values.ts";
import { shapeFrom } from "./making.ts";
import { withRankOf } from "./ranks.ts";

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
  return withRankOf(input, 0, later, { inFront: true });
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
