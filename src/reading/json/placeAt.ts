import type { Place, TensorEntry } from "../document.ts";
import { kind, type Tape } from "./tape.ts";
import { fieldOf, kindOf, lastStarting, nodeAt, rangeOf } from "./tree.ts";

/** What is at an offset, given the entries by the node that they are. */
export function placeAt(tape: Tape, entries: ReadonlyMap<number, TensorEntry>, offset: number): Place | null {
  const inside = nodeAt(tape, offset);
  const isKey = inside >= 0 && kindOf(tape, inside) === kind.key;
  const own = isKey ? entries.get(inside + 1) : undefined;
  if (own) return { tensor: own, range: rangeOf(tape, inside), element: null };
  for (let node = inside; node >= 0; node = fieldOf(tape, node, "parent")) {
    const tensor = entries.get(node);
    if (tensor) return placeIn(tape, tensor, node, offset);
  }
  return null;
}

/** The element; else the innermost array around the offset, or the whole tensor. */
function placeIn(tape: Tape, tensor: TensorEntry, root: number, offset: number): Place {
  const element = tensor.places?.at(offset) ?? -1;
  if (element >= 0) return { tensor, range: tensor.places!.range(element), element };
  let node = lastStarting(tape, offset);
  while (node > root && (fieldOf(tape, node, "end") < offset || kindOf(tape, node) !== kind.array))
    node = fieldOf(tape, node, "parent");
  return { tensor, range: rangeOf(tape, Math.max(node, root)), element: null };
}
