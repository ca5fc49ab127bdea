import type { Message } from "../../../tensor/message.ts";
import { known } from "../run/buffer.ts";
import type { Machine } from "../run/machine.ts";
import {
  blankTensor,
  concreteDims,
  dimsOf,
  dtypeOf,
  elements,
  fixedDType,
  knownTensor,
  type TensorValue,
} from "../run/tensorValue.ts";
import { type ListValue, unknown, type Value } from "../run/values.ts";
import { toTensor } from "./constructors.ts";
import { overwrite } from "./draws.ts";
import type { NumberArray } from "./making.ts";

/** Draws the order of so many things; null where it cannot be known. */
type Order = (count: number) => readonly number[] | null;

/** A copy of an array or a list whose first axis is in a drawn order. `lost` poisons the stream: nobody knows how much is drawn. */
export function reordered(m: Machine, x: Value, order: Order, lost: () => Message): Value {
  if (x.kind === "list" || x.kind === "tuple" || x.kind === "range") {
    const array = toTensor(m, "numpy", x, undefined);
    return reordered(m, array, order, lost);
  }
  if (x.kind !== "tensor") return { kind: "unknown", why: lost() };
  const places = orderOf(x, order, lost);
  const data = places && rows(x, places);
  const dims = concreteDims(x);
  if (!data || !dims) return blankTensor(x.framework, dimsOf(x), fixedDType(dtypeOf(x)), x.why ?? lost());
  return knownTensor(x.framework, dims, dtypeOf(x)!, data, "seeded", x.exact);
}

/** The same in place, as `shuffle` does it. */
export function shuffledInPlace(
  m: Machine,
  x: ListValue | TensorValue | Value,
  order: Order,
  lost: () => Message,
): void {
  if (x.kind === "tensor") {
    const places = orderOf(x, order, lost);
    const data = places && rows(x, places);
    overwrite(m, x, data && known(data), data ? null : (x.why ?? { code: "python.random.unseeded" }), x.exact);
  } else if (x.kind === "list" && !x.open) {
    const places = order(x.items.length);
    const items = places ? places.map((at) => x.items[at]!) : blurred(x.items);
    m.state.set(x, "items", items);
    m.state.set(x, "literal", null);
  } else lost();
}

/** What the items of a shuffled list may be: themselves where all are the same. */
function blurred(items: readonly Value[]): Value[] {
  const [first] = items;
  if (!first || items.every((item) => item === first)) return [...items];
  const alike = items.every((item) => item.kind === first.kind);
  const type =
    alike && /^(int|float|string)$/.test(first.kind) ? (first.kind as "int" | "float" | "string") : undefined;
  return items.map(() => unknown("python.random.unseeded", undefined, type));
}

function orderOf(x: TensorValue, order: Order, lost: () => Message): readonly number[] | null {
  const count = dimsOf(x)?.[0];
  if (typeof count === "number" && count <= 1 << 20) return order(count);
  lost();
  return null;
}

function rows(x: TensorValue, places: readonly number[]): NumberArray | null {
  const data = elements(x) as NumberArray | null;
  if (!data) return null;
  const width = data.length / Math.max(places.length, 1);
  const out = data.slice();
  places.forEach((from, to) => {
    for (let at = 0; at < width; at++) out[to * width + at] = data[from * width + at]!;
  });
  return out;
}
