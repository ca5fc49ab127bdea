import type { Translate } from "../../tensor/message.ts";
import { numberText } from "../../tensor/print.ts";
import { type Block, number, paragraph, plain, type TableBlock, type Text } from "../blocks.ts";
import { fill, sentences } from "../fill.ts";
import { formulaBlock } from "../formulaBlocks.ts";
import { position, weightText } from "../position.ts";
import type { TourPage } from "./tour.ts";
import type { TourFacts } from "./tourFacts.ts";

/** Softmax worked out, and the weighted sum that it is for. */
export function softmaxPages(facts: TourFacts, translate: Translate): TourPage[] {
  return [
    { title: translate("Step 2: softmax"), blocks: softmax(facts, translate) },
    { title: translate("Step 3: the weighted sum"), blocks: weightedSum(facts, translate) },
  ];
}

function softmax(facts: TourFacts, translate: Translate): Block[] {
  const powers = translate(
    "e to the power of a score is always positive, and grows fast: a score that is 1 larger gets {e} times the weight. The largest score is subtracted first; that changes nothing in the quotient, and no exponential overflows.",
  );
  const words = translate("the weight of key j is e to the score j, divided by the sum of e to all scores");
  return [
    { kind: "formula", formula: "softmax", marked: null, words },
    paragraph(fill(powers, { e: number(numberText(Math.E)) })),
    ...ofQuery(facts, translate),
    softmaxTable(facts, translate),
    ...softmaxSum(facts, translate),
  ];
}

function softmaxTable({ softmax: steps }: TourFacts, translate: Translate): TableBlock {
  const cells = (...texts: string[]): Text[] => texts.map((text) => [number(text)]);
  return {
    kind: "table",
    head: [
      plain(translate("key")),
      plain(translate("scaled score")),
      plain(translate("e^(score − largest)")),
      plain(translate("weight")),
    ],
    rows: steps.map(({ key, token, masked, exponential, weight }) => [
      position(key, token),
      ...cells(numberText(masked), numberText(exponential), weightText(weight)),
    ]),
    align: ["left", "right", "right", "right"],
  };
}

function softmaxSum({ attention: { row }, moreKeys }: TourFacts, translate: Translate): Block[] {
  if (!row || row.statistics.fullyMasked || Number.isNaN(row.statistics.sum)) return [];
  const spans = {
    sum: number(numberText(row.statistics.sum)),
    most: number(numberText(row.statistics.maximum)),
    more: number(String(moreKeys)),
  };
  const all = translate(
    "The largest score is {most}; the exponentials add up to {sum}, and each weight is its exponential divided by that.",
  );
  const rest = moreKeys > 0 ? fill(translate("Further keys that are not shown: {more}."), spans) : [];
  return [paragraph(sentences([fill(all, spans), rest]))];
}

function weightedSum(facts: TourFacts, translate: Translate): Block[] {
  const { attention, softmax: steps, output, moreKeys } = facts;
  const columns = output.map((_, at) => `V[…,\u00a0${at}]`);
  const rows = steps.map(({ key, token, weight, value }) => [
    position(key, token),
    [number(weightText(weight))],
    ...value.map((x): Text => [number(numberText(x))]),
  ]);
  const more: Text[][] = moreKeys > 0 ? [[plain("…"), [], ...output.map(() => [])]] : [];
  const sum: Text[] = [plain(translate("output")), [], ...output.map((x): Text => [number(numberText(x))])];
  return [
    formulaBlock(attention, "value", translate),
    paragraph(
      plain(
        translate(
          "The output of a query is the sum of the rows of V, each times its weight. A key with almost no weight leaves almost nothing in it.",
        ),
      ),
    ),
    {
      kind: "table",
      head: [plain(translate("key")), plain(translate("weight")), ...columns.map(plain)],
      rows: [...rows, ...more, sum],
      align: ["left", "right", ...output.map(() => "right" as const)],
    },
  ];
}

/** Which query a table is about: its head stays narrow. */
export function ofQuery({ attention: { row } }: TourFacts, translate: Translate): Block[] {
  return row ? [paragraph(fill(translate("Query {query}:"), { query: position(row.query, row.token) }))] : [];
}
