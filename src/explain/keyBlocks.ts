import type { Translate } from "../tensor/message.ts";
import { numberText } from "../tensor/print.ts";
import { type Block, number } from "./blocks.ts";
import type { KeyFacts } from "./facts.ts";
import { fill } from "./fill.ts";
import { position, weightText } from "./position.ts";

/** One key or value: which queries attend to it, and how much attention it gets. */
export function keyBlocks({ key, token, top, total }: KeyFacts, translate: Translate): Block[] {
  const head = fill(translate("key {key} is attended to by query"), { key: position(key, token) });
  const rows = top.map(({ query, token: word, weight }) => [position(query, word), [number(weightText(weight))]]);
  const sum = fill(translate("its weights from all queries add up to {total}"), { total: number(numberText(total)) });
  return [
    { kind: "table", head: [head, [{ text: translate("weight") }]], rows, align: ["left", "right"] },
    { kind: "paragraph", text: sum },
  ];
}
