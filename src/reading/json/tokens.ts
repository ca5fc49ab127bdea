import type { TensorEntry, Tokens } from "../document.ts";
import { wordsOf } from "../roles.ts";
import type { Source } from "./source.ts";
import { flag, kind, type Tape } from "./tape.ts";
import { identityOf } from "./tensors.ts";
import { children, fieldOf, flagsOf, kindOf, rangeOf, scalarOf } from "./tree.ts";

/** Words of an array of strings (numbers among them become text); null if it is none. Used as they are written. */
export function tokensOf(tape: Tape, node: number | undefined): Tokens | null {
  if (node === undefined || kindOf(tape, node) !== kind.array || (flagsOf(tape, node) & flag.string) === 0) return null;
  const nodes = [...children(tape, node)];
  if (nodes.length !== fieldOf(tape, node, "size")) return null;
  const labels = nodes.map((at) => scalarOf(tape, at));
  if (!labels.every((label) => typeof label === "string")) return null;
  const { name, nameRange } = identityOf(tape, node);
  return {
    labels: labels as string[],
    range: rangeOf(tape, node),
    ...(nameRange && { name, nameRange }),
    place: (at) => rangeOf(tape, nodes[at]!),
  };
}

/** What the words of a document's neighbourhood are for, by their names. */
export interface NamedTokens {
  readonly use: "query" | "key" | "both" | "any";
  readonly name: string;
  readonly tokens: Tokens;
}

export interface SiteTokens {
  readonly queryTokens: Tokens | null;
  readonly keyTokens: Tokens | null;
  /** Words whose name says that they belong here and whose number does not fit. */
  readonly misfits: readonly { readonly tokens: Tokens; readonly name: string; readonly expected: number }[];
}

/**
 * Words for the L queries and S keys of a site: looked for beside `node` and in what is around it, the nearest first.
 * Names decide (`query_tokens`, `left_text`, `src_tokens`, `tokens`); without one, strings of fitting number do.
 */
export function findTokens(source: Source, node: number, queries: number | null, keys: number | null): SiteTokens {
  const misfits: SiteTokens["misfits"][number][] = [];
  let [queryTokens, keyTokens]: [Tokens | null, Tokens | null] = [null, null];
  for (let at = node; at >= 0 && !(queryTokens && keyTokens); at = fieldOf(source.tape, at, "parent")) {
    const near = source.tokens(at);
    queryTokens ??= fitting(near, "query", queries);
    keyTokens ??= fitting(near, "key", keys);
    misfits.push(...near.flatMap((found) => misfit(found, queries, keys)));
  }
  const used = new Set([queryTokens, keyTokens]);
  return { queryTokens, keyTokens, misfits: misfits.filter(({ tokens }) => !used.has(tokens)) };
}

/** The arrays of strings among members. */
export function namedTokens(tape: Tape, members: ReadonlyMap<string, number>): NamedTokens[] {
  return [...members].flatMap(([name, value]) => {
    const tokens = tokensOf(tape, value);
    return tokens ? [{ use: useOf(name), name, tokens }] : [];
  });
}

const tokenWords = new Set(["token", "tokens", "text", "texts", "words", "word"]);
const queryWords = new Set(["query", "queries", "q", "left", "tgt", "target", "targets", "decoder", "row", "rows"]);
const keyWords = new Set([
  "key",
  "keys",
  "k",
  "right",
  "src",
  "source",
  "sources",
  "encoder",
  "memory",
  "column",
  "columns",
]);

function useOf(name: string): NamedTokens["use"] {
  const words = wordsOf(name);
  if (!words.some((word) => tokenWords.has(word) || word === "labels")) return "any";
  if (words.some((word) => queryWords.has(word))) return "query";
  if (words.some((word) => keyWords.has(word))) return "key";
  return words.some((word) => tokenWords.has(word)) ? "both" : "any";
}

function fitting(near: readonly NamedTokens[], use: "query" | "key", length: number | null): Tokens | null {
  const fits = (found: NamedTokens): boolean => length === null || found.tokens.labels.length === length;
  for (const wanted of [use, "both", "any"]) {
    const found = near.find((named) => named.use === wanted && fits(named));
    if (found && (length !== null || wanted !== "any")) return found.tokens;
  }
  return null;
}

function misfit(found: NamedTokens, queries: number | null, keys: number | null): SiteTokens["misfits"][number][] {
  const expected = found.use === "query" ? queries : found.use === "key" ? keys : (queries ?? keys);
  const length = found.tokens.labels.length;
  if (found.use === "any" || expected === null || length === expected || (found.use === "both" && length === keys))
    return [];
  return [{ tokens: found.tokens, name: found.name, expected }];
}

/** The size of an axis counted from the end, where it is a number. */
export function axisFromEnd(entry: TensorEntry | undefined, back: number): number | null {
  const size = entry?.shape?.[(entry.shape?.length ?? 0) - back];
  return typeof size === "number" ? size : null;
}
