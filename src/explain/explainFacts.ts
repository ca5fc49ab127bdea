import type { Block } from "./blocks.ts";
import type { ExplainContext } from "./context.ts";
import { elementBlocks } from "./elementBlocks.ts";
import type { AttentionFacts, Facts } from "./facts.ts";
import { formulaBlocks } from "./formulaBlocks.ts";
import { keyBlocks } from "./keyBlocks.ts";
import { linkBlocks } from "./linkBlocks.ts";
import { pictureBlocks } from "./pictureBlocks.ts";
import { operationBlocks } from "./python/operationBlocks.ts";
import { rowBlocks, workedPair } from "./rowBlocks.ts";
import { spreadBlocks } from "./spreadBlocks.ts";
import { headline, tensorBlocks } from "./tensorBlocks.ts";

/** What is said about one place: the innermost first, and what is around it only when everything is asked for. */
export function explainFacts(facts: Facts, context: ExplainContext): Block[] {
  const { attention, element, tensor } = facts;
  const innermost = element || attention?.row || attention?.keyRow;
  const all = !innermost || context.verbosity === "everything";
  const blocks = [...elementBlocks(facts, context), ...lineBlocks(facts, context)];
  blocks.push({ kind: "heading", text: headline(tensor, attention, context.translate) });
  if (tensor.made && !innermost) blocks.push(...operationBlocks(tensor.made, tensor, context));
  if (all) blocks.push(...tensorBlocks(tensor, attention, context));
  if (attention) blocks.push(...formulaBlocks(attention, context.translate));
  if (attention?.problem)
    blocks.push({ kind: "paragraph", text: [{ text: context.say(attention.problem), mark: "strong" }] });
  if (all && attention && context.verbosity !== "brief") blocks.push(...why(attention, context));
  if (context.verbosity !== "brief") blocks.push(...pictureBlocks(facts, context.translate));
  return [...blocks, ...linkBlocks(facts, context)];
}

/** The query or key whose line the place is in. A number says less of its line than the line does. */
function lineBlocks({ attention, element }: Facts, context: ExplainContext): Block[] {
  if (!attention || (element && context.verbosity === "brief")) return [];
  const { row, keyRow } = attention;
  const worked = row?.strongest && (context.verbosity === "everything" || (context.verbosity === "full" && !element));
  return [
    ...(row ? rowBlocks(row, context.translate) : []),
    ...(row && worked ? workedPair(row, context.translate) : []),
    ...(keyRow ? keyBlocks(keyRow, context.translate) : []),
  ];
}

function why({ spread, sizes, scale }: AttentionFacts, { translate }: ExplainContext): Block[] {
  return spread ? spreadBlocks(spread, sizes.size, scale, translate) : [];
}
