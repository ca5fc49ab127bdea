import { shownName } from "../src/explain/visible.ts";
import type { ResultSummary } from "../src/protocol/core.ts";
import type { Translate } from "../src/tensor/message.ts";

/** The page's own words, by the bundle that the host sent: English text is the key. */
export function translator(strings: Readonly<Record<string, string>>): Translate {
  return (text, args = {}) =>
    (Object.hasOwn(strings, text) ? strings[text]! : text).replace(/\{(\w+)\}/g, (hole, name: string) =>
      Object.hasOwn(args, name) ? String(args[name]) : hole,
    );
}

/** A query's or key's word as it can be shown, or its number where the document has no words. */
export function tokenName(tokens: readonly string[] | null, index: number): string {
  const token = tokens?.[index];
  return token === undefined ? String(index) : shownName(token);
}

export function queryName(result: ResultSummary, index: number): string {
  return tokenName(result.queryTokens, index);
}

export function keyName(result: ResultSummary, index: number): string {
  return tokenName(result.keyTokens, index);
}
