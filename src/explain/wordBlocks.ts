import type { Translate } from "../tensor/message.ts";
import { type Block, name, number, type Text } from "./blocks.ts";
import type { Facts } from "./facts.ts";
import { fill, joined } from "./fill.ts";

/** A word of the axes: which query and which key it stands for. */
export function wordBlocks({ word }: Facts, translate: Translate): Block[] {
  if (!word) return [];
  const { label, query, key } = word;
  const parts: Text[] = [fill(translate("token {token}"), { token: name(label) })];
  if (query !== null) parts.push(fill(translate("query {query}"), { query: number(String(query)) }));
  if (key !== null) parts.push(fill(translate("key {key}"), { key: number(String(key)) }));
  return [{ kind: "heading", text: joined(parts, " · ") }];
}
