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
  return { kind: "list", items: [scoreText(cell), scaling(cell, translate), quotient(cell, translate)] };
}

/** At most this many products are written out. */
const shownTerms = 6;

/** How the score comes of its terms, largest first. */
function scoreText({ products, queryRow, keyRow, scored, score }: CellDerivation): Text {
  const order = [...products.keys()].sort((a, b) => Math.abs(products[b]!) - Math.abs(products[a]!) || a - b);
  const term = (at: number): string => {
    const [q, k] = [factor(queryRow[at]!), factor(keyRow[at]!)];
    if (scored?.kind !== "additive") return `${q}·${k}`;
    const bias = scored.bias ? ` + ${factor(scored.bias[at]!)}` : "";
    return `${factor(scored.vector[at]!)}·tanh(${q} + ${k}${bias})`;
  };
  const terms = order.slice(0, shownTerms).map(term).join(" + ");
  const sum = `${terms}${order.length > shownTerms ? " + …" : ""}`;
  const [lead, text] = scored?.kind === "linear" ? ["ln φ(q)·φ(k) = ", `ln(${sum})`] : [scoreLead(scored), sum];
  return [{ text: lead }, number(text), { text: " = " }, number(numberText(score))];
}

function scoreLead(scored: CellDerivation["scored"]): string {
  if (scored?.kind !== "additive") return "q·k = ";
  return scored.bias ? "vᵀtanh(q + k + b) = " : "vᵀtanh(q + k) = ";
}

function factor(x: number): string {
  const text = numberText(x);
  return text.startsWith("−") ? `(${text})` : text;
}

function scaling(
  { score, scale, scaled, capped, maskTerm, biasTerm, masked }: CellDerivation,
  translate: Translate,
): Text {
  const product: Text = [
    number(`${factor(score)} · ${numberText(scale)}`),
    { text: " = " },
    number(numberText(scaled)),
  ];
  const texts = [fill(translate("scaled: {work}"), { work: product })];
  if (capped !== scaled) texts.push(fill(translate("softcap: {work}"), { work: number(numberText(capped)) }));
  if (maskTerm !== 0) {
    const work = number(`${numberText(capped)} + ${factor(maskTerm)} = ${numberText(masked)}`);
    const said =
      biasTerm === maskTerm ? translate("with the position bias: {work}") : translate("with the mask: {work}");
    texts.push(fill(said, { work }));
  }
  return joined(texts, " · ");
}

function quotient({ masked, row, exponential, weight, sinkTerm }: CellDerivation, translate: Translate): Text {
  const power = `e^(${numberText(masked)} − ${factor(row.maximum)})`;
  const fraction = `${power} / ${numberText(row.sum)} = ${numberText(exponential)} / ${numberText(row.sum)}`;
  const work: Text = [number(fraction), { text: " = " }, number(numberText(weight))];
  const softmax = fill(translate("softmax: {work}"), { work });
  if (sinkTerm === undefined) return softmax;
  const sink = fill(translate("the sum has {term} of the sink in it"), { term: number(numberText(sinkTerm)) });
  return joined([softmax, sink], " · ");
}
