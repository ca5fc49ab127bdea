import type { TensorData } from "../../../tensor/dtype.ts";
import { sizeOf } from "../../../tensor/tensor.ts";
import type { Draw } from "../random/draw.ts";
import type { NumpyGenerator } from "../random/numpyGenerator.ts";
import type { NumpyLegacy } from "../random/numpyLegacy.ts";
import type { Size } from "../run/dims.ts";
import type { Machine } from "../run/machine.ts";
import {
  blankTensor,
  concrete,
  dimsOf,
  dtypeOf,
  elements,
  fixedDType,
  knownTensor,
  type TensorValue,
} from "../run/tensorValue.ts";
import { int, type Stream, unknown, type Value } from "../run/values.ts";
import { shapeArgument, toTensor } from "./constructors.ts";
import { draw, held, unmodelled, whyUnknown } from "./draws.ts";
import type { NumberArray } from "./making.ts";
import type { Given } from "./operation.ts";

type Either = NumpyLegacy | NumpyGenerator;

/** How a generator chooses places without weights. */
export interface Chooser {
  withReturn(generator: Either, population: number, draw: Draw): TensorData | null;
  without(generator: Either, population: number, count: number): readonly number[];
}

/** `choice(a, size, replace, p)` of one of NumPy's generators. */
export function choice(g: Given, m: Machine, stream: Stream, chooser: Chooser): Value {
  const a = g.need("a");
  const source =
    a.kind === "int" || a.kind === "symbol" ? null : a.kind === "tensor" ? a : toTensor(m, "numpy", a, undefined);
  const population: Size = source ? (dimsOf(source)?.[0] ?? null) : a.kind === "int" ? Number(a.value) : null;
  const size = g.get("size");
  const dims = size ? shapeArgument(m, [size]) : [];
  const places = chosen(g, m, stream, chooser, population, concrete(dims));
  if (!size) return single(stream, source, places);
  const shape = dims && source ? [...dims, ...(dimsOf(source)?.slice(1) ?? [])] : dims;
  const data = places && (source ? gathered(source, places) : Float64Array.from(places));
  const numbers = concrete(shape);
  const dtype = source ? dtypeOf(source) : "int64";
  if (!data || !numbers || dtype === null)
    return blankTensor(
      "numpy",
      shape,
      fixedDType(dtype),
      whyUnknown(stream) ?? source?.why ?? { code: "python.notComputed" },
    );
  return knownTensor("numpy", numbers, dtype, data, "seeded", source?.exact ?? true);
}

function single(stream: Stream, source: TensorValue | null, places: ArrayLike<number> | null): Value {
  if (!source && places) return int(places[0]!);
  const why = whyUnknown(stream) ?? { code: "python.notComputed" };
  return source ? unknown(why.code, why.args) : { kind: "unknown", why, type: "int" };
}

function chosen(
  g: Given,
  m: Machine,
  stream: Stream,
  chooser: Chooser,
  population: Size,
  dims: readonly number[] | null,
): ArrayLike<number> | null {
  const replace = g.get("replace") ? m.truth(g.get("replace")!) : true;
  const weights = g.get("p");
  const list = weights ? weightsOf(m, weights) : null;
  if (typeof population !== "number" || population <= 0 || !dims || replace === null || (weights && !list)) {
    unmodelled(m, stream, g.path);
    return null;
  }
  const count = sizeOf(dims);
  if (list) return draw<Either, number[] | null>(m, stream, count, (r) => r.weightedChoice(count, list, replace));
  if (replace) return draw<Either, NumberArray | null>(m, stream, count, (r) => picked(chooser, r, population, count));
  return count > population
    ? null
    : draw<Either, readonly number[]>(m, stream, population, (r) => chooser.without(r, population, count));
}

function picked(chooser: Chooser, generator: Either, population: number, count: number): NumberArray | null {
  const data = chooser.withReturn(generator, population, { count, dtype: "int64", keep: true });
  return data && held(data, "int64");
}

function weightsOf(m: Machine, value: Value): number[] | null {
  const data = elements(value.kind === "tensor" ? value : toTensor(m, "numpy", value, undefined));
  return data ? Array.from(data, Number) : null;
}

function gathered(source: TensorValue, places: ArrayLike<number>): NumberArray | null {
  const data = elements(source) as NumberArray | null;
  const count = dimsOf(source)?.[0];
  if (!data || typeof count !== "number") return null;
  const width = data.length / Math.max(count, 1);
  const out = new (data.constructor as new (n: number) => NumberArray)(places.length * width);
  for (let to = 0; to < places.length; to++)
    for (let at = 0; at < width; at++) out[to * width + at] = data[places[to]! * width + at]!;
  return out;
}
