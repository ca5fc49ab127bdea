import type { Choice, Located, WordsRequest } from "../protocol/core.ts";
import type { AttentionSite, TensorDocument, TextRange, Tokens } from "../reading/document.ts";
import type { MirroredDocument } from "./documents.ts";
import { recognisedSites, resolve } from "./sites.ts";

/** The position whose word is at this offset; null where there is no word of an attention problem. */
export function wordAt(document: MirroredDocument, offset: number, choice?: Choice): Located | null {
  for (const site of sitesOf(document.reading, choice)) {
    const [query, key] = [site.queryTokens, site.keyTokens].map((tokens) => (tokens ? indexAt(tokens, offset) : -1));
    if (query! < 0 && key! < 0) continue;
    // One list of words for queries and keys: the caret means the query.
    const word = query! >= 0 ? { query: query!, key: null } : { query: null, key: key! };
    return { version: document.readVersion, tensor: "", element: null, index: null, site: site.id, role: null, word };
  }
  return null;
}

/** Where the words of a query and a key are written. */
export function wordRanges({ reading }: MirroredDocument, { choice, query, key }: WordsRequest) {
  const resolved = resolve(reading, choice);
  if (!resolved.ok) return { query: null, key: null };
  const { queryTokens, keyTokens } = resolved.value.site;
  return { query: rangeOf(queryTokens, query), key: rangeOf(keyTokens, key) };
}

function rangeOf(tokens: Tokens | null, at: number | null): TextRange | null {
  return tokens && at !== null && at < tokens.labels.length ? tokens.place(at) : null;
}

function sitesOf(reading: TensorDocument, choice?: Choice): AttentionSite[] {
  const chosen = choice && resolve(reading, choice);
  return [...(chosen?.ok ? [chosen.value.site] : []), ...recognisedSites(reading)];
}

/** Words are written in their order. */
function indexAt({ range, labels, place }: Tokens, offset: number): number {
  if (offset < range.start || offset > range.end) return -1;
  let [low, high] = [0, labels.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (place(middle).end < offset) low = middle + 1;
    else high = middle;
  }
  return low < labels.length && place(low).start <= offset ? low : -1;
}
