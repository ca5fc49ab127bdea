import type { CellDerivation } from "../attention/result.ts";
import type { Translate } from "../tensor/message.ts";
import { numberText } from "../tensor/print.ts";
import { type Block, number, paragraph, type Span, type TableBlock, type Text } from "./blocks.ts";
import type { AttentionFacts } from "./facts.ts";
import { fill, joined } from "./fill.ts";
import { position, weightText } from "./position.ts";

type Row = NonNullable<AttentionFacts["row"]>;

/** One query: where its attention goes, and how spread it is. */
export function rowBlocks(row: Row, translate: Translate): Block[] {
  const query = position(row.query, row.token);
  if (row.statistics.fullyMasked) {
    const nowhere = translate("Query {query} may attend to no key: its weights and its output are 0.");
    return [paragraph(fill(nowhere, { query }))];
  }
  if (Number.isNaN(row.statistics.logSumExp)) {
    const poisoned = translate(
      "The weights of query {query} are NaN: a NaN or an infinity in its row of Q or in K went through softmax.",
    );
    return [paragraph(fill(poisoned, { query }))];
  }
  return [topKeys(row, translate), paragraph(spread(row, translate))];
}

function topKeys(row: Row, translate: Translate): TableBlock {
  return {
    kind: "table",
    head: [
      fill(translate("query {query} attends to key"), { query: position(row.query, row.token) }),
      [{ text: translate("weight") }],
    ],
    rows: row.top.map(({ key, token, weight }) => [position(key, token), [number(weightText(weight))]]),
    align: ["left", "right"],
  };
}

function spread({ statistics, top }: Row, translate: Translate): Text {
  const shown = top.reduce((sum, { weight }) => sum + weight, 0);
  const spans: Record<string, Span> = {
    entropy: number(numberText(statistics.entropy)),
    effective: number(numberText(statistics.effectiveKeys, 3)),
    share: number(`${numberText(shown * 100, 3)}\u00a0%`),
  };
  return fill(
    translate("entropy {entropy} nats · effective number of keys {effective} · the keys above hold {share}"),
    spans,
  );
}

/** The dot product of the strongest pair, largest terms first, through scale and mask to its weight. */
export function workedPair(row: Row, translate: Translate): Block[] {
  const cell = row.strongest;
  if (!cell || row.statistics.fullyMasked || Number.isNaN(cell.weight)) return [];
  const key = position(cell.key, row.top[0]?.token);
  const lead = fill(translate("The strongest pair, query {query} with key {key}:"), {
    query: position(cell.query, row.token),
    key,
  });
  return [paragraph(lead), workedCell(cell, translate)];
}

/** From the products of two rows to the weight of the pair. */
export function workedCell(cell: CellDerivation, translate: Translate): Block {
  return { kind: "list", items: [dotProduct(cell), scaling(cell, translate), quotient(cell, translate)] };
}

/** At most this many products are written out. */
const shownTerms = 6;

function dotProduct({ products, queryRow, keyRow, score }: CellDerivation): Text {
  const order = [...products.keys()].sort((a, b) => Math.abs(products[b]!) - Math.abs(products[a]!) || a - b);
  const terms = order.slice(0, shownTerms).map((at) => `${factor(queryRow[at]!)}·${factor(keyRow[at]!)}`);
  const more = order.length > shownTerms ? " + …" : "";
  return [{ text: "q·k = " }, number(`${terms.join(" + ")}${more}`), { text: " = " }, number(numberText(score))];
}

function factor(x: number): string {
  const text = numberText(x);
  return text.startsWith("−") ? `(${text})` : text;
}

function scaling({ score, scale, scaled, capped, maskTerm, masked }: CellDerivation, translate: Translate): Text {
  const product: Text = [
    number(`${factor(score)} · ${numberText(scale)}`),
    { text: " = " },
    number(numberText(scaled)),
  ];
  const texts = [fill(translate("scaled: {work}"), { work: product })];
  if (capped !== scaled) texts.push(fill(translate("softcap: {work}"), { work: number(numberText(capped)) }));
  if (maskTerm !== 0) {
    const work = number(`${numberText(capped)} + ${factor(maskTerm)} = ${numberText(masked)}`);
    texts.push(fill(translate("with the mask: {work}"), { work }));
  }
  return joined(texts, " · ");
}

function quotient({ masked, row, exponential, weight }: CellDerivation, translate: Translate): Text {
  const power = `e^(${numberText(masked)} − ${factor(row.maximum)})`;
  const fraction = `${power} / ${numberText(row.sum)} = ${numberText(exponential)} / ${numberText(row.sum)}`;
  const work: Text = [number(fraction), { text: " = " }, number(numberText(weight))];
  return fill(translate("softmax: {work}"), { work });
}
