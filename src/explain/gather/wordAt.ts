import type { AttentionSite, TextRange, Tokens, WrittenOption } from "../../reading/document.ts";

/** A word of an axis that an offset is in. */
export interface WordPlace {
  readonly site: AttentionSite;
  readonly label: string;
  readonly range: TextRange;
  /** Which query and which key it is the word of; null: of none. One list may name both. */
  readonly query: number | null;
  readonly key: number | null;
}

/** The word at an offset, in the first site that has it; null where there is none. */
export function wordAt(sites: readonly AttentionSite[], offset: number): WordPlace | null {
  for (const site of sites) {
    const query = positionIn(site.queryTokens, offset);
    const key = positionIn(site.keyTokens, offset);
    const tokens = query === null ? site.keyTokens : site.queryTokens;
    const at = query ?? key;
    if (tokens && at !== null) return { site, label: tokens.labels[at]!, range: tokens.place(at), query, key };
  }
  return null;
}

/** A list of words, the place being in it or on its name. */
export interface TokensPlace {
  readonly site: AttentionSite;
  readonly tokens: Tokens;
  readonly range: TextRange;
  readonly queries: boolean;
  readonly keys: boolean;
}

/** The list of words at an offset, in the first site that has it; null where there is none. */
export function tokensAt(sites: readonly AttentionSite[], offset: number): TokensPlace | null {
  for (const site of sites) {
    const [ofQueries, ofKeys] = [rangeIn(site.queryTokens, offset), rangeIn(site.keyTokens, offset)];
    const [tokens, range] = [ofQueries ? site.queryTokens : site.keyTokens, ofQueries ?? ofKeys];
    if (tokens && range) return { site, tokens, range, queries: ofQueries !== null, keys: ofKeys !== null };
  }
  return null;
}

/** An option of a site, the place being in its value or on its name. */
export interface OptionPlace {
  readonly site: AttentionSite;
  readonly written: WrittenOption;
  readonly range: TextRange;
}

/** The option at an offset, of the first site that has it; null where there is none. */
export function optionAt(sites: readonly AttentionSite[], offset: number): OptionPlace | null {
  for (const site of sites) {
    for (const written of site.written ?? []) {
      const range = [written.nameRange, written.range].find(({ start, end }) => offset >= start && offset <= end);
      if (range) return { site, written, range };
    }
  }
  return null;
}

/** Of the name or of the list, whichever the offset is in. */
function rangeIn(tokens: Tokens | null, offset: number): TextRange | null {
  const ranges = tokens ? [tokens.nameRange, tokens.range] : [];
  return ranges.find((range) => range && offset >= range.start && offset <= range.end) ?? null;
}

/** Which label of the list is written at an offset. */
function positionIn(tokens: Tokens | null, offset: number): number | null {
  if (!tokens || offset < tokens.range.start || offset > tokens.range.end) return null;
  let [low, high] = [0, tokens.labels.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (tokens.place(middle).end < offset) low = middle + 1;
    else high = middle;
  }
  return low < tokens.labels.length && tokens.place(low).start <= offset ? low : null;
}
