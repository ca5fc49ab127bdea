import { shapeText } from "../tensor/tensor.ts";
import type { Block } from "./blocks.ts";
import type { ExplainContext } from "./context.ts";
import { elementBlocks } from "./elementBlocks.ts";
import type { Facts } from "./facts.ts";
import { formulaBlocks } from "./formulaBlocks.ts";
import { linkBlocks } from "./linkBlocks.ts";
import { rowBlocks } from "./rowBlocks.ts";
import { tensorBlocks } from "./tensorBlocks.ts";

/** Everything that is said about one place, the innermost first. */
export function explainFacts(facts: Facts, context: ExplainContext): Block[] {
  const { attention } = facts;
  const blocks = [...elementBlocks(facts, context), ...tensorBlocks(facts.tensor, attention, context)];
  if (attention) blocks.push(...formulaBlocks(attention, context.translate));
  if (attention?.problem)
    blocks.push({ kind: "paragraph", text: [{ text: context.say(attention.problem), mark: "strong" }] });
  if (attention?.row) blocks.push(...rowBlocks(attention.row, context));
  if (context.verbosity === "full") blocks.push(...pictureBlocks(facts, context));
  return [...blocks, ...linkBlocks(facts, context)];
}

function pictureBlocks({ tensor }: Facts, { translate }: ExplainContext): Block[] {
  const { picture, statistics, shape } = tensor;
  if (!picture || !statistics || Number.isNaN(statistics.minimum)) return [];
  const { minimum, maximum } = statistics;
  const words = translate("heatmap of {name}, {shape}", { name: tensor.name, shape: shapeText(shape ?? []) });
  return [{ kind: "matrix", ...picture, minimum, maximum, words }];
}
