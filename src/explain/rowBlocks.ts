import type { CellDerivation } from "../attention/result.ts";
import type { Translate } from "../tensor/message.ts";
import { numberText } from "../tensor/print.ts";
import { type Block, name, number, type Span, type TableBlock, type Text } from "./blocks.ts";
import type { ExplainContext } from "./context.ts";
import type { AttentionFacts } from "./facts.ts";
import { fill } from "./fill.ts";

type Row = NonNullable<AttentionFacts["row"]>;

/** One query: where its attention goes, how spread it is, and the strongest pair worked out. */
export function rowBlocks(row: Row, { translate, verbosity }: ExplainContext): Block[] {
  const who = position(row.query, row.token);
  if (row.statistics.fullyMasked) {
    return [
      {
        kind: "paragraph",
        text: fill(translate("Query {query} may attend to no key: its weights and its output are 0."), { query: who }),
      },
    ];
  }
  if (Number.isNaN(row.statistics.logSumExp)) {
    return [
      {
        kind: "paragraph",
        text: fill(
          translate(
            "The weights of query {query} are NaN: a NaN or an infinity in its row of Q or in K went through softmax.",
          ),
          { query: who },
        ),
      },
    ];
  }
  const blocks: Block[] = [topKeys(row, translate), { kind: "paragraph", text: spread(row, translate) }];
  if (row.strongest && verbosity === "full") blocks.push(...workedPair(row.strongest, row, translate));
  return blocks;
}

/** `3` or `3 sat`. */
export function position(at: number, token: string | undefined): Text {
  return token === undefined ? [number(String(at))] : [number(String(at)), { text: " " }, name(token)];
}

function topKeys(row: Row, translate: Translate): TableBlock {
  return {
    kind: "table",
    head: [
      fill(translate("query {query} attends to key"), { query: position(row.query, row.token) }),
      [{ text: translate("weight") }],
    ],
    rows: row.top.map(({ key, token, weight }) => [position(key, token), [number(numberText(weight))]]),
    align: ["left", "right"],
  };
}

function spread({ statistics, top }: Row, translate: Translate): Text {
  const shown = top.reduce((sum, { weight }) => sum + weight, 0);
  const spans: Record<string, Span> = {
    entropy: number(numberText(statistics.entropy)),
    effective: number(numberText(statistics.effectiveKeys, 3)),
    share: number(`${numberText(shown * 100, 3)} %`),
  };
  return fill(
    translate("entropy {entropy} nats: as if spread evenly over {effective} keys · the keys above hold {share}"),
    spans,
  );
}

/** The dot product of the strongest pair, largest terms first, through scale and mask to its weight. */
function workedPair(cell: CellDerivation, row: Row, translate: Translate): Block[] {
  const key = position(cell.key, row.top[0]?.token);
  const lead = fill(translate("The strongest pair, query {query} with key {key}:"), {
    query: position(cell.query, row.token),
    key,
  });
  return [
    { kind: "paragraph", text: lead },
    { kind: "list", items: [dotProduct(cell), scaling(cell, translate), quotient(cell)] },
  ];
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
  const text = numberText(x, 3);
  return text.startsWith("−") ? `(${text})` : text;
}

function scaling({ score, scale, scaled, capped, maskTerm, masked }: CellDerivation, translate: Translate): Text {
  const product: Text = [
    number(`${factor(score)} · ${numberText(scale)}`),
    { text: " = " },
    number(numberText(scaled)),
  ];
  const cap: Text = capped === scaled ? [] : [{ text: ` · ${translate("softcap")}: ` }, number(numberText(capped))];
  const mask: Text =
    maskTerm === 0
      ? []
      : [
          { text: ` · ${translate("with the mask")}: ` },
          number(`${numberText(capped)} + ${factor(maskTerm)} = ${numberText(masked)}`),
        ];
  return [{ text: `${translate("scaled")}: ` }, ...product, ...cap, ...mask];
}

function quotient({ masked, row, exponential, weight }: CellDerivation): Text {
  const power = `e^(${numberText(masked)} − ${factor(row.maximum)})`;
  const fraction = `${power} / ${numberText(row.sum)} = ${numberText(exponential)} / ${numberText(row.sum)}`;
  return [{ text: "softmax: " }, number(fraction), { text: " = " }, number(numberText(weight))];
}
