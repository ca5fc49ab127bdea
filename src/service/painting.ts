import type { AttentionResult } from "../attention/result.ts";
import type { Painted, PaintRequest } from "../protocol/core.ts";
import type { TensorEntry, TextRange } from "../reading/document.ts";
import type { Statistics } from "../tensor/statistics.ts";
import { valueAt } from "../tensor/tensor.ts";
import type { MirroredDocument } from "./documents.ts";
import type { StatisticsCache } from "./knownStatistics.ts";
import { resolve } from "./sites.ts";

/** In characters: a line above what can be seen may be a whole file. */
const furthest = 2 ** 17;

interface Spot extends TextRange {
  /** 0 … 1 */
  readonly strength: number;
}

/** The numbers written between two offsets, each with the level of its value between its tensor's limits. */
export function paintedValues(document: MirroredDocument, request: PaintRequest, cache: StatisticsCache): Painted {
  const { visible, limit } = request;
  const strengthOf = strengths(cache);
  const below = valueSpots(document, { start: visible.start, end: request.end }, limit, strengthOf);
  const left = limit - below.length;
  const above = { start: Math.max(request.start, visible.start - furthest), end: visible.start };
  const spots = left > 0 ? valueSpots(document, above, Number.POSITIVE_INFINITY, strengthOf).slice(-left) : [];
  return painted(document, request, [...spots, ...below]);
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

type StrengthOf = (tensor: TensorEntry, element: number) => number | null;

/** Where a number lies between the limits of its tensor; null where it has no such place. */
function strengths(cache: StatisticsCache): StrengthOf {
  const known = new Map<string, Statistics | null>();
  return (tensor, element) => {
    if ((tensor.shape?.length ?? 0) < 2 || !tensor.values) return null;
    const limits = known.get(tensor.id) ?? cache.of(tensor)!;
    known.set(tensor.id, limits);
    const span = limits.maximum - limits.minimum;
    const x = valueAt(tensor.values, element);
    if (!Number.isFinite(x)) return null;
    return span > 0 ? (x - limits.minimum) / span : 0.5;
  };
}

/** The numbers of a stretch in their order, at most `limit`: whatever tensor each belongs to, in whatever order that is written. */
function valueSpots(
  { reading, text }: MirroredDocument,
  { start, end }: TextRange,
  limit: number,
  strengthOf: StrengthOf,
): Spot[] {
  const spots: Spot[] = [];
  const number = /\d|true|false|True|False/g;
  const stretch = text.slice(start, end);
  for (let found = number.exec(stretch); found && spots.length < limit; found = number.exec(stretch)) {
    const place = reading.at(start + found.index);
    if (!place) continue;
    const strength = place.element === null ? null : strengthOf(place.tensor, place.element);
    if (strength !== null) spots.push({ ...place.range, strength });
    // Text that is no list of numbers, such as base64, is passed over as a whole.
    if (place.element !== null || !place.tensor.places)
      number.lastIndex = Math.max(number.lastIndex, place.range.end - start);
  }
  return spots;
}

/** In the order of the text, each stretch once, at most `limit`: those that can be seen first, then those around them. */
function painted(
  { readVersion }: MirroredDocument,
  { start, end, visible, limit, levels }: PaintRequest,
  spots: readonly Spot[],
): Painted {
  const apart: Spot[] = [];
  for (const spot of [...spots].sort((a, b) => a.start - b.start)) {
    if (spot.end > start && spot.start < end && spot.start >= (apart.at(-1)?.end ?? 0)) apart.push(spot);
  }
  const first = apart.findIndex((spot) => spot.end > visible.start);
  const from = first < 0 ? apart.length - limit : Math.min(first, apart.length - limit);
  const kept = apart.slice(Math.max(0, from)).slice(0, limit);
  return {
    version: readVersion,
    starts: Uint32Array.from(kept, (spot) => spot.start),
    ends: Uint32Array.from(kept, (spot) => spot.end),
    levels: Uint8Array.from(kept, ({ strength }) => Math.min(levels - 1, Math.floor(strength * levels))),
  };
}
