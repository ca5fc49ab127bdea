import type { SiteOptions } from "../reading/document.ts";
import type { Translate } from "../tensor/message.ts";
import { numberText } from "../tensor/print.ts";
import { type Block, type FormulaBlock, name, number, paragraph, plain, strong, type Text } from "./blocks.ts";
import type { ExplainContext } from "./context.ts";
import type { AttentionFacts, Facts, OptionFacts } from "./facts.ts";
import { fill, joined } from "./fill.ts";
import { formulaBlock, sizesText } from "./formulaBlocks.ts";
import { headBlocks } from "./headBlocks.ts";
import { spreadBlocks } from "./spreadBlocks.ts";

/** An option that the document gives: its part in the formula, and what it does to the scores. */
export function optionBlocks({ tensor, option, attention }: Facts, { translate, say }: ExplainContext): Block[] {
  if (!option || !attention) return [];
  const blocks: Block[] = [
    { kind: "heading", text: joined([[name(tensor.name)], ...valueTexts(option, translate)], " · ") },
    formulaBlock(attention, marked[option.option], translate),
  ];
  const sizes = sizesText(attention, translate);
  if (sizes.length > 0) blocks.push({ kind: "paragraph", text: sizes });
  if (attention.problem) blocks.push(paragraph([{ text: say(attention.problem), mark: "strong" }]));
  return [...blocks, paragraph(purpose(option, translate))];
}

/** Why there is a scale, shown with the document's own scores. */
export function whyScaled({ option, attention }: Facts, { translate }: ExplainContext): Block[] {
  const size = attention?.sizes.size;
  if (option?.option !== "scale" || !attention?.spread || typeof size !== "number") return [];
  return [...headBlocks(attention, translate), ...spreadBlocks(attention.spread, size, attention.scale, translate)];
}

/** The softcap has no place of its own in the formula: it bends the scaled scores. */
const marked: Readonly<Record<OptionFacts["option"], FormulaBlock["marked"]>> = {
  causal: "mask",
  scale: "scale",
  softcap: "scaled",
  window: "mask",
};

/** What it is, where its name does not say that, and its value. */
function valueTexts({ option, causal, scale, softcap, window }: OptionFacts, translate: Translate): Text[] {
  switch (option) {
    case "causal":
      return [[strong(translate("causal mask"))], plain(causal ? translate("on") : translate("off"))];
    case "scale":
      return [[strong(translate("scale of the scores"))], [number(numberText(scale!))]];
    case "softcap":
      return [[strong(translate("cap of the scores"))], [number(numberText(softcap!))]];
    case "window":
      return [[strong(translate("sliding window"))], windowText(window!, translate)];
  }
}

function windowText([left, right]: NonNullable<SiteOptions["window"]>, translate: Translate): Text {
  const side = (limit: number | null) => number(limit === null ? "∞" : String(limit));
  return fill(translate("keys before: {left}, after: {right}"), { left: side(left), right: side(right) });
}

function purpose({ option, causal, softcap }: OptionFacts, translate: Translate): Text {
  switch (option) {
    case "causal":
      return plain(
        causal
          ? translate(
              "A query attends to its own position and to those before it: what comes later gets a score of −∞ and a weight of 0.",
            )
          : translate("Every query may attend to every key, also to those that come later."),
      );
    case "scale":
      return plain(
        translate(
          "Every score is multiplied by it before the mask and softmax. Smaller: weights become more alike. Larger: the largest takes all.",
        ),
      );
    case "softcap":
      return fill(
        translate(
          "Every scaled score s becomes {cap}·tanh(s / {cap}) before the mask: small ones stay as they are, none gets beyond ±{cap}.",
        ),
        { cap: number(numberText(softcap!)) },
      );
    case "window":
      return plain(
        translate(
          "A query attends to its own position and to so many keys before and after it. The others get a score of −∞ and a weight of 0.",
        ),
      );
  }
}

/** The part of the formula that an option is about: for the sizes that are put in under it. */
export function partOf(option: OptionFacts["option"]): AttentionFacts["role"] {
  return option === "scale" || option === "softcap" ? "scaled" : "mask";
}
