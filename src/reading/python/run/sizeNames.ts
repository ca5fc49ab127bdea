import { namelessSize, type Size } from "./dims.ts";
import type { Machine } from "./machine.ts";
import { dimsOf, type TensorValue } from "./tensorValue.ts";

/** Where nobody calls, a size that nothing tells is some size: it gets a name, which later needs may turn into another. */
export function nameSizes(m: Machine, t: TensorValue): void {
  const dims = dimsOf(t);
  if (dims?.includes(null)) m.state.set(t.shape, "dims", named(m, dims));
}

/** The same sizes, with a new name for each that is not known. */
export function named(m: Machine, dims: readonly Size[]): Size[] {
  return dims.map((size, axis) => size ?? m.symbols.fresh(namelessSize(axis)));
}
