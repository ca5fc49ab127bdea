import type { AttentionResult } from "../attention/result.ts";
import type { Painted, PaintRequest } from "../protocol/core.ts";
import type { TensorEntry, TextRange } from "../reading/document.ts";
import { sizeOf, valueAt } from "../tensor/tensor.ts";
import type { MirroredDocument } from "./documents.ts";
import type { StatisticsCache } from "./knownStatistics.ts";
import { resolve } from "./sites.ts";

interface Spot extends TextRange {
  /** 0 … 1 */
  readonly strength: number;
}

/** The numbers written between two offsets, each with the level of its value between its tensor's limits. */
export function paintedValues(document: MirroredDocument, request: PaintRequest, cache: StatisticsCache): Painted {
  const spots = document.reading.tensors.flatMap((entry) => valueSpots(entry, request, cache));
  return painted(document, request, spots);
}

/** What a query's weights fall on, between two offsets: the tokens of the keys, and their rows of K and V. */
export function paintedAttention(document: MirroredDocument, request: PaintRequest, result: AttentionResult): Painted {
  const { attention } = request;
  const resolved = attention ? resolve(document.reading, attention.choice) : null;
  if (!attention || !resolved?.ok) return painted(document, request, []);
  const { site, entries } = resolved.value;
  const { weights } = result.row(attention, attention.query);
  const largest = weights.reduce((a, b) => Math.max(a, b), 0) || 1;
  const keyHead = Math.floor((attention.head * result.sizes.kvHeads) / result.sizes.heads);
  const spots: Spot[] = [];
  for (const [key, weight] of weights.entries()) {
    const strength = weight / largest;
    const put = (range: TextRange | undefined) => range && spots.push({ ...range, strength });
    if (site.keyTokens?.labels.length === weights.length) put(site.keyTokens.place(key));
    for (const entry of new Set([entries.key, entries.value])) put(entry && rowOf(entry, keyHead, key));
  }
  return painted(document, request, spots);
}

/** The written row `row` of head `head` of a tensor of rank 2 to 4, of its first batch entry. */
function rowOf({ places, values }: TensorEntry, head: number, row: number): TextRange | undefined {
  if (!places || !values || values.shape.length < 2) return undefined;
  const [rows, columns] = values.shape.slice(-2) as [number, number];
  const heads = values.shape.at(-3) ?? 1;
  return places.row(((heads === 1 ? 0 : head) * rows + row) * columns);
}

function valueSpots(entry: TensorEntry, request: PaintRequest, cache: StatisticsCache): Spot[] {
  const { places, values, range } = entry;
  if (!places || !values || values.shape.length < 2 || range.end <= request.start || range.start >= request.end)
    return [];
  const limits = cache.of(entry)!;
  const span = limits.maximum - limits.minimum;
  const spots: Spot[] = [];
  const count = sizeOf(values.shape);
  for (
    let flat = firstAfter(places.range, count, request.start);
    flat < count && spots.length < request.limit;
    flat++
  ) {
    const place = places.range(flat);
    if (place.start >= request.end) break;
    const x = valueAt(values, flat);
    if (Number.isFinite(x)) spots.push({ ...place, strength: span > 0 ? (x - limits.minimum) / span : 0.5 });
  }
  return spots;
}

/** The first element that ends behind `offset`: elements are written in their order. */
function firstAfter(range: (flat: number) => TextRange, count: number, offset: number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (range(middle).end > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** In the order of the text, each stretch once, at most `limit`. */
function painted(
  { readVersion }: MirroredDocument,
  { start, end, limit, levels }: PaintRequest,
  spots: readonly Spot[],
): Painted {
  const kept: Spot[] = [];
  for (const spot of [...spots].sort((a, b) => a.start - b.start)) {
    if (spot.end > start && spot.start < end && spot.start >= (kept.at(-1)?.end ?? 0)) kept.push(spot);
    if (kept.length === limit) break;
  }
  return {
    version: readVersion,
    starts: Uint32Array.from(kept, (spot) => spot.start),
    ends: Uint32Array.from(kept, (spot) => spot.end),
    levels: Uint8Array.from(kept, ({ strength }) => Math.min(levels - 1, Math.floor(strength * levels))),
  };
}
