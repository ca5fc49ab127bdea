import type { TensorEntry } from "../reading/document.ts";
import { type Statistics, statistics } from "../tensor/statistics.ts";
import { sizeOf } from "../tensor/tensor.ts";
import type { MirroredDocument } from "./documents.ts";

/** Statistics by tensor: a pass over all elements is worth keeping while the reading lives. */
export class StatisticsCache {
  readonly #known = new WeakMap<TensorEntry, Statistics>();

  of(entry: TensorEntry): Statistics | null {
    if (!entry.values) return null;
    const known = this.#known.get(entry) ?? statistics(entry.values);
    this.#known.set(entry, known);
    return known;
  }
}

/** For each tensor of a list; null where it has no values, or more than `limit` of them. */
export function statisticsOf(
  { reading }: MirroredDocument,
  ids: readonly string[],
  limit: number,
  cache: StatisticsCache,
): (Statistics | null)[] {
  const entries = new Map(reading.tensors.map((entry) => [entry.id, entry]));
  return ids.map((id) => {
    const entry = entries.get(id);
    return entry?.values && sizeOf(entry.values.shape) <= limit ? cache.of(entry) : null;
  });
}
