import { type Block, name, paragraph, strong } from "./blocks.ts";
import type { ExplainContext } from "./context.ts";
import type { AttentionFacts, Facts, OptionFacts } from "./facts.ts";
import { joined } from "./fill.ts";
import { formulaBlock, sizesText } from "./formulaBlocks.ts";
import { headBlocks } from "./headBlocks.ts";
import { optionWords } from "./optionWords.ts";
import { spreadBlocks } from "./spreadBlocks.ts";

/** An option that the document gives: its part in the formula, and what it does to the scores. */
export function optionBlocks({ tensor, option, attention }: Facts, { translate, say }: ExplainContext): Block[] {
  if (!option || !attention) return [];
  const words = optionWords[option.option];
  const blocks: Block[] = [
    {
      kind: "heading",
      text: joined([[name(tensor.name)], [strong(words.what(translate))], words.value(option, translate)], " · "),
    },
    formulaBlock(attention, optionWords[option.option].part, translate),
  ];
  const sizes = sizesText(attention, translate);
  if (sizes.length > 0) blocks.push({ kind: "paragraph", text: sizes });
  if (attention.problem) blocks.push(paragraph([{ text: say(attention.problem), mark: "strong" }]));
  return [...blocks, paragraph(words.purpose(option, translate))];
}

/** Why there is a scale, shown with the document's own scores. */
export function whyScaled({ option, attention }: Facts, { translate }: ExplainContext): Block[] {
  const size = attention?.sizes.size;
  if (
    option?.option !== "scale" ||
    (attention?.form && attention.form.score !== "scaledDot") ||
    !attention?.spread ||
    typeof size !== "number"
  )
    return [];
  return [...headBlocks(attention, translate), ...spreadBlocks(attention.spread, size, attention.scale, translate)];
}

/** The part of the formula that an option is about: for the sizes that are put in under it. */
export function partOf({ option }: Pick<OptionFacts, "option">): AttentionFacts["role"] {
  const part = optionWords[option].part;
  return part === "scale" ? "scaled" : part;
}
