import type { Translate } from "../tensor/message.ts";
import { type Block, name, number, paragraph, plain, strong } from "./blocks.ts";
import type { Facts } from "./facts.ts";
import { joined } from "./fill.ts";

/** A list of words: which axis it names. */
export function tokensBlocks({ tensor, tokens }: Facts, translate: Translate): Block[] {
  if (!tokens) return [];
  const [queries, keys] = [translate("queries"), translate("keys")];
  const axis = tokens.queries && tokens.keys ? `${queries} = ${keys}` : tokens.queries ? queries : keys;
  const size = [number(String(tensor.shape?.[0] ?? "?")), { text: ` (${axis})` }];
  const both = translate("Token i names query i and key i: row i of Q, of K and of V.");
  const one = tokens.queries
    ? translate("Token i names query i: row i of Q, of the weights and of the output.")
    : translate("Token i names key i: row i of K and of V, and column i of the weights.");
  return [
    { kind: "heading", text: joined([[name(tensor.name)], [strong(translate("tokens"))], size], " · ") },
    paragraph(plain(tokens.queries && tokens.keys ? both : one)),
  ];
}
