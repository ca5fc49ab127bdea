import type { Translate } from "../tensor/message.ts";
import { numberText } from "../tensor/print.ts";
import { type Block, number, type Text } from "./blocks.ts";
import type { ChangeFacts, EffectFacts } from "./facts.ts";
import { fill, joined } from "./fill.ts";
import { position } from "./position.ts";

/** What would change if one number grew by a tenth: before and after, and the exact derivative. */
export function effectBlocks({ step, of, changes }: EffectFacts, value: number, translate: Translate): Block[] {
  if (changes.length === 0) return [];
  const grown =
    value === 0
      ? translate("If it were {after}, {changes} would change most:")
      : translate("10 % more ({after}) would change {changes} most:");
  const names = {
    after: number(numberText(value + step)),
    changes: of === "weights" ? translate("these weights") : translate("these outputs"),
  };
  const lead: Block = { kind: "paragraph", text: fill(grown, names) };
  return [lead, { kind: "list", items: changes.map((change) => changeText(change, translate)) }];
}

/** `query 1 cat → key 2 sat: 0.31 → 0.33 (+0.02, derivative 0.17)` */
function changeText(
  { query, queryToken, key, keyToken, column, before, after, slope }: ChangeFacts,
  translate: Translate,
): Text {
  const from: Text = fill(translate("query {query}"), { query: position(query, queryToken) });
  const to: Text =
    key === undefined
      ? fill(translate("column {column}"), { column: number(String(column)) })
      : fill(translate("key {key}"), { key: position(key, keyToken) });
  const numbers: Text = [
    number(numberText(before)),
    { text: " → " },
    number(numberText(after)),
    ...fill(translate(" ({change}, derivative {slope})"), {
      change: number(signed(after - before)),
      slope: number(numberText(slope, 3)),
    }),
  ];
  const pair = joined([from, to], key === undefined ? ", " : " → ");
  return fill(translate("{pair}: {numbers}"), { pair, numbers });
}

function signed(x: number): string {
  return `${x > 0 ? "+" : ""}${numberText(x, 3)}`;
}
