import type { ResultSummary } from "../../src/protocol/core.ts";
import { isSpecial } from "../words.ts";

/**
 * Where a reader starts: at a query that has something to choose from. Where keys may be masked that is the last one, under
 * a causal rule the only one to see them all; a tokenizer's own tokens say less than words.
 */
export function firstCell(result: ResultSummary): { readonly query: number; readonly key: number } {
  const { sizes, causal, given, roles, queryTokens } = result;
  const order = Array.from({ length: sizes.queries }, (_, query) => query);
  if (causal !== "none" || given || roles.mask) order.reverse();
  const query = order.find((each) => !isSpecial(queryTokens?.[each])) ?? order[0] ?? 0;
  const own = causal === "bottomRight" ? query + sizes.keys - sizes.queries : query;
  return { query, key: causal !== "none" || sizes.queries === sizes.keys ? own : 0 };
}
