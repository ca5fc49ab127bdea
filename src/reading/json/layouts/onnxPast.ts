import { compact, joinPast } from "../../../attention/onnx/inputs.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import type { ElementPlaces, TensorEntry } from "../../document.ts";
import { changed } from "../derive.ts";
import type { JsonTensor } from "../tensors.ts";

/** Keys or values `[batch, heads, new, size]` with those of the past in front, as ONNX Attention joins them. */
export function withPast(now: JsonTensor, past: JsonTensor | undefined): JsonTensor {
  const [shape, before] = [now.entry.shape as number[] | null, past?.entry.shape as number[] | null | undefined];
  if (!past || shape?.length !== 4 || before?.length !== 4) return now;
  const [batch, heads, length, size] = shape as [number, number, number, number];
  const rows: Rows = { before: before[2]!, now: length, size };
  let values: Tensor | null = null;
  const entry = changed(now.entry, {
    id: `${now.entry.id}#past`,
    derivedFrom: now.entry.id,
    shape: [batch, heads, rows.before + length, size],
    places: joinedPlaces(past.entry.places, now.entry.places, rows),
    get values() {
      if (!values && now.entry.values && past.entry.values) {
        const joined = joinPast(past.entry.values, compact(now.entry.values), past.entry.name);
        values = joined.ok ? joined.value : null;
      }
      return values;
    },
  } as Partial<TensorEntry>);
  return { ...now, entry, covers: [past.node, now.node], problems: [] };
}

/** How many rows each head has of the past and of its own, and how long they are. */
interface Rows {
  readonly before: number;
  readonly now: number;
  readonly size: number;
}

function joinedPlaces(past: ElementPlaces | null, now: ElementPlaces | null, rows: Rows): ElementPlaces | null {
  if (!past || !now) return null;
  const side = (flat: number): readonly [ElementPlaces, number] => {
    const [head, row, column] = split(flat, rows.before + rows.now, rows.size);
    return row < rows.before
      ? [past, (head * rows.before + row) * rows.size + column]
      : [now, (head * rows.now + row - rows.before) * rows.size + column];
  };
  const joined = (flat: number, own: number, shift: number): number => {
    const [head, row, column] = split(flat, own, rows.size);
    return flat < 0 ? -1 : (head * (rows.before + rows.now) + row + shift) * rows.size + column;
  };
  return {
    range: (flat) => side(flat)[0].range(side(flat)[1]),
    row: (flat) => side(flat)[0].row(side(flat)[1]),
    at(offset) {
      const own = joined(now.at(offset), rows.now, rows.before);
      return own >= 0 ? own : joined(past.at(offset), rows.before, 0);
    },
  };
}

/** Head, row and column of an element, where each head has `rows` rows. */
function split(flat: number, rows: number, size: number): [head: number, row: number, column: number] {
  const row = Math.floor(flat / size);
  return [Math.floor(row / rows), row % rows, flat % size];
}
