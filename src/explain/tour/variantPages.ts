import type { Translate } from "../../tensor/message.ts";
import { type Block, number, paragraph, plain, type Text } from "../blocks.ts";
import { fill } from "../fill.ts";
import { additiveFormula, formulaBlock } from "../formulaBlocks.ts";
import { position, weightText } from "../position.ts";
import { longPage } from "./longPage.ts";
import { scoreFormula } from "./scorePages.ts";
import { ofQuery } from "./softmaxPages.ts";
import type { TourPage } from "./tour.ts";
import type { TourFacts } from "./tourFacts.ts";

/** What is built on the formula: heads, masks, self and cross, other scores, long inputs. */
export function variantPages(facts: TourFacts, translate: Translate): TourPage[] {
  return [
    { title: translate("Several heads"), blocks: heads(facts, translate) },
    { title: translate("Masks"), blocks: masks(facts, translate) },
    { title: translate("Self-attention and cross-attention"), blocks: selfAndCross(facts, translate) },
    { title: translate("Additive and multiplicative scores"), blocks: scores(translate) },
    { title: translate("Efficient and long attention"), blocks: longPage(facts, translate) },
  ];
}

function heads({ attention: { sizes }, kvHeads }: TourFacts, translate: Translate): Block[] {
  const words = translate(
    "the outputs of all heads side by side, times W; each head is attention over its own projections of Q, K and V",
  );
  const counts = { heads: number(String(sizes.heads)), kvHeads: number(String(kvHeads)) };
  const here =
    sizes.heads === 1
      ? translate("Here there is one head.")
      : sizes.heads === kvHeads
        ? translate("Here there are {heads} heads.")
        : kvHeads === 1
          ? translate("Here {heads} query heads share one key/value head (multi-query attention).")
          : translate("Here {heads} query heads share {kvHeads} key/value heads (grouped queries).");
  return [
    { kind: "formula", formula: "heads", marked: null, words },
    paragraph(
      plain(
        translate(
          "One head has one set of weights for each query. Several heads look at once, each through its own projections: one may follow the previous word, another the subject of the verb. Their outputs are put side by side and mixed by one more matrix.",
        ),
      ),
    ),
    paragraph(fill(here, counts)),
  ];
}

function masks(facts: TourFacts, translate: Translate): Block[] {
  const kinds = [
    translate("Causal: no query sees what comes after it, so that a model that writes cannot look ahead."),
    translate("Padding: positions that only fill up a batch are seen by nobody."),
    translate("Window: each query sees only its neighbours."),
  ];
  return [
    formulaBlock(facts.attention, "mask", translate),
    paragraph(
      plain(
        translate(
          "A mask forbids pairs. Their scores become −∞ before softmax: e to the power of −∞ is 0, so that the weights of all others still sum to 1. Masking after softmax would lose that.",
        ),
      ),
    ),
    { kind: "list", items: kinds.map(plain) },
    ...otherMask(facts, translate),
  ];
}

function otherMask(facts: TourFacts, translate: Translate): Block[] {
  const { other, softmax } = facts;
  if (!other || !facts.attention.row) return [];
  return [
    ...ofQuery(facts, translate),
    {
      kind: "table",
      head: [
        plain(translate("key")),
        plain(translate("weight")),
        plain(other.causal ? translate("with the causal mask") : translate("without the causal mask")),
      ],
      rows: softmax.map(({ key, token, weight }, at): Text[] => [
        position(key, token),
        [number(weightText(weight))],
        [number(weightText(other.weights[at]!))],
      ]),
      align: ["left", "right", "right"],
    },
  ];
}

function selfAndCross({ attention: { sizes }, sameTokens }: TourFacts, translate: Translate): Block[] {
  const cross = sizes.queries !== sizes.keys || sameTokens === false;
  const here = cross
    ? translate("Here queries ({queries}) and keys ({keys}) stand for different positions: cross-attention.")
    : sameTokens
      ? translate("Here queries and keys have the same tokens: self-attention.")
      : translate("Here there are as many queries as keys ({keys}): it may be self-attention.");
  return [
    paragraph(
      plain(
        translate(
          "In self-attention queries, keys and values come from the same positions: a sentence looks at itself. In cross-attention the queries come from one sequence, keys and values from another: a translation looks at its source, a caption at its picture. The formula is the same.",
        ),
      ),
    ),
    paragraph(fill(here, { queries: number(String(sizes.queries)), keys: number(String(sizes.keys)) })),
  ];
}

function scores(translate: Translate): Block[] {
  return [
    additiveFormula(translate),
    paragraph(
      plain(
        translate(
          "The first attention (Bahdanau et al.) asked a small network for the score: it adds the projected query and key, bends the sum with tanh, and v makes one number of it. Without a query it asks every position the same learned question: Linear, tanh, Linear to 1, softmax over the positions.",
        ),
      ),
    ),
    scoreFormula(translate),
    paragraph(
      plain(
        translate(
          "Multiplicative scores (Luong et al.) take the dot product instead: one matrix product for all pairs, which is what hardware does best. They grow with d_k where the additive score does not; hence the scale.",
        ),
      ),
    ),
  ];
}
