import type { Translate } from "../../tensor/message.ts";
import { type Block, type FormulaBlock, paragraph, plain } from "../blocks.ts";
import { formText, formulaBlock } from "../formulaBlocks.ts";
import { workedPair } from "../rowBlocks.ts";
import { spreadBlocks } from "../spreadBlocks.ts";
import type { TourPage } from "./tour.ts";
import type { TourFacts } from "./tourFacts.ts";

/** How a query and a key make a score, and why the score is scaled. */
export function scorePages(facts: TourFacts, translate: Translate): TourPage[] {
  const { form } = facts.attention;
  const first = { title: translate("Step 1: scores"), blocks: scores(facts, translate) };
  if (form && form.score !== "scaledDot") return [first];
  return [first, { title: translate("Why divide by √d_k"), blocks: scale(facts, translate) }];
}

function scores({ attention }: TourFacts, translate: Translate): Block[] {
  return [
    formulaBlock(attention, "scores", translate),
    paragraph(
      attention.form && attention.form.score !== "scaledDot"
        ? formText(attention.form, translate)
        : plain(
            translate(
              "The score of a query and a key is their dot product: number times number, added up. It is large where both are large in the same places, and negative where they point apart. QKᵀ does this for every pair at once.",
            ),
          ),
    ),
    ...(attention.row ? workedPair(attention.row, translate) : []),
  ];
}

function scale({ attention }: TourFacts, translate: Translate): Block[] {
  const { spread, sizes, scale: factor } = attention;
  return [
    formulaBlock(attention, "scale", translate),
    scoreFormula(translate),
    ...(spread ? spreadBlocks(spread, sizes.size, factor, translate) : []),
    paragraph(
      plain(
        translate(
          "d_k is the length of a key. Use the head's own size, not the width of the whole model: dividing by a larger root makes all weights more alike.",
        ),
      ),
    ),
  ];
}

export function scoreFormula(translate: Translate): FormulaBlock {
  const words = translate("the score of key j is q dot k j, divided by the square root of the head size");
  return { kind: "formula", formula: "score", marked: null, words };
}
