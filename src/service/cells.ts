import type {
  AttentionSite,
  ElementPlaces,
  ExpressionEntry,
  ReadingProblem,
  TensorDocument,
  TensorEntry,
  TextRange,
  Tokens,
} from "../reading/document.ts";
import { tensorOf } from "./sites.ts";

/** What stands between the texts of two cells when they are read as one. */
export const cellBreak = "\n";
const nowhere: TextRange = { start: 0, end: 0 };

/**
 * The part of a reading that is about the text from `start` on, as if that text stood alone: how a notebook cell sees the
 * reading of all cells up to it. Names that earlier cells bound stay usable in sites, without places; the sites of earlier
 * cells are not listed, but known to who asks: a name of this cell may play a part in one.
 */
export function cellReading(whole: TensorDocument, start: number): TensorDocument {
  const inside = ({ start: at }: TextRange) => at >= start;
  const sites = whole.sites.filter(({ anchor }) => inside(anchor)).map((site) => shiftedSite(site, start));
  const played = new Map(sites.flatMap(({ roles, anchor }) => Object.values(roles).map((id) => [id, anchor] as const)));
  const tensors = whole.tensors.flatMap((entry) => {
    if (inside(entry.range)) return [shiftedEntry(entry, start)];
    const anchor = played.get(entry.id);
    return anchor ? [borrowed(entry, anchor)] : [];
  });
  const known = new Map(tensors.map((entry) => [entry.id, entry]));
  return {
    language: whole.language,
    ...(whole.draft && { draft: true }),
    tensors,
    tensorOf(id) {
      const entry = known.has(id) ? undefined : tensorOf(whole, id);
      if (entry) known.set(id, borrowed(entry, nowhere));
      return known.get(id);
    },
    sites,
    siteOf(id) {
      const site = whole.sites.find((each) => shiftedId(each.id, start) === id);
      return site && shiftedSite(site, start);
    },
    problems: whole.problems.filter(({ range }) => inside(range)).map((problem) => shiftedProblem(problem, start)),
    get assignments() {
      return entriesWithin(whole.assignments, start);
    },
    get expressions() {
      return entriesWithin(whole.expressions, start);
    },
    get hints() {
      return entriesWithin(whole.hints, start);
    },
    ...(whole.prepare && { prepare: () => whole.prepare!() }),
    ...(whole.sampled && { sampled: (seed: number) => cellReading(whole.sampled!(seed), start) }),
    at(offset) {
      const place = whole.at(offset + start);
      if (!place || !inside(place.range)) return null;
      const { tensor } = place;
      const seen = inside(tensor.range) ? shiftedEntry(tensor, start) : borrowed(tensor, shifted(place.range, start));
      const { plays } = place;
      const moved = plays && { plays: { ...plays, site: shiftedId(plays.site, start) } };
      return { ...place, range: shifted(place.range, start), tensor: seen, ...moved };
    },
  };
}

/** Of entries of code, those that stand in the cell. */
function entriesWithin(entries: readonly ExpressionEntry[] | undefined, start: number): ExpressionEntry[] {
  return (entries ?? [])
    .filter(({ range }) => range.start >= start)
    .map((entry) => ({ ...entry, range: shifted(entry.range, start) }));
}

function shifted({ start, end }: TextRange, by: number): TextRange {
  return { start: start - by, end: end - by };
}

function shiftedEntry(entry: TensorEntry, by: number): TensorEntry {
  return view(entry, {
    range: shifted(entry.range, by),
    ...(entry.nameRange && { nameRange: shifted(entry.nameRange, by) }),
    places: entry.places && shiftedPlaces(entry.places, by),
  });
}

/** A tensor that an earlier cell bound: shown where it is used. */
function borrowed(entry: TensorEntry, range: TextRange): TensorEntry {
  return view(entry, { range, places: null });
}

/** Values may be made when first asked for, so the entry is wrapped rather than copied. */
function view(entry: TensorEntry, changes: Partial<TensorEntry>): TensorEntry {
  return Object.create(entry, Object.getOwnPropertyDescriptors(changes)) as TensorEntry;
}

function shiftedPlaces(places: ElementPlaces, by: number): ElementPlaces {
  return {
    range: (flat) => shifted(places.range(flat), by),
    row: (flat) => shifted(places.row(flat), by),
    at: (offset) => places.at(offset + by),
  };
}

/** Ids with a place in them are counted from the cell's start: an edit of an earlier cell leaves them as they are. */
function shiftedId(id: string, by: number): string {
  return id.replace(/^attention:(\d+)$/, (_, start) => `attention:${Number(start) - by}`);
}

function shiftedSite(site: AttentionSite, by: number): AttentionSite {
  return {
    ...site,
    id: shiftedId(site.id, by),
    anchor: shifted(site.anchor, by),
    ...(site.made && { made: shiftedMakers(site.made, by) }),
    queryTokens: site.queryTokens && shiftedTokens(site.queryTokens, by),
    keyTokens: site.keyTokens && shiftedTokens(site.keyTokens, by),
  };
}

/** Those of earlier cells are not in this one's text. */
function shiftedMakers(made: NonNullable<AttentionSite["made"]>, by: number): NonNullable<AttentionSite["made"]> {
  const here = Object.entries(made).filter(([, { start }]) => start >= by);
  return Object.fromEntries(here.map(([part, range]) => [part, shifted(range, by)]));
}

function shiftedTokens(tokens: Tokens, by: number): Tokens {
  return {
    ...tokens,
    range: shifted(tokens.range, by),
    ...(tokens.nameRange && { nameRange: shifted(tokens.nameRange, by) }),
    place: (at) => shifted(tokens.place(at), by),
  };
}

function shiftedProblem(problem: ReadingProblem, by: number): ReadingProblem {
  return { ...problem, range: shifted(problem.range, by) };
}
