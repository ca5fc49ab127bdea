import { type Block, paragraph, type Span } from "./blocks.ts";
import type { ExplainContext } from "./context.ts";
import { elementBlocks } from "./elementBlocks.ts";
import type { AttentionFacts, Facts } from "./facts.ts";
import { formulaBlocks } from "./formulaBlocks.ts";
import { headBlocks } from "./headBlocks.ts";
import { keyBlocks } from "./keyBlocks.ts";
import { linkBlocks } from "./linkBlocks.ts";
import { pictureBlocks } from "./pictureBlocks.ts";
import { operationBlocks } from "./python/operationBlocks.ts";
import { rowBlocks, workedPair } from "./rowBlocks.ts";
import { spreadBlocks } from "./spreadBlocks.ts";
import { headline, tensorBlocks } from "./tensorBlocks.ts";
import { wordBlocks } from "./wordBlocks.ts";

/**
 * What is said about one place. First what can be read without scrolling a hover: the innermost, its part in the formula,
 * and what can be done with it; then what goes deeper.
 */
export function explainFacts(given: Facts, context: ExplainContext): Block[] {
  const facts = withoutFalsePart(given);
  const { attention, tensor } = facts;
  const short: Block[] = [...wordBlocks(facts, context.translate), ...elementBlocks(facts, context)];
  if (isLine(facts)) short.push(...lineBlocks(attention!, context));
  short.push({ kind: "heading", text: headline(tensor, attention, context.translate) });
  if (attention) short.push(...formulaBlocks(attention, context.translate));
  if (attention?.problem) short.push(paragraph([{ text: context.say(attention.problem), mark: "strong" }]));
  if (attention?.sampled !== undefined) short.push(paragraph([sampledText(attention.sampled, context)]));
  if (isWhole(facts)) short.push(...wholeBlocks(facts, context));
  return [...short, ...linkBlocks(facts, context), ...(context.verbosity === "brief" ? [] : deeper(facts, context))];
}

function sampledText(seed: number, { say }: ExplainContext): Span {
  return { text: say({ code: "service.sampled", args: { seed } }), mark: "strong" };
}

/** Weights of another layout, whose softmax goes over another axis than the last, are called weights but have no rows. */
function withoutFalsePart(facts: Facts): Facts {
  const { attention, tensor } = facts;
  const axis = tensor.made?.operation === "softmax" ? tensor.made.details.axis : undefined;
  const last = (tensor.shape?.length ?? 0) - 1;
  if (attention?.role !== "weights" || axis === undefined || axis === last || axis === -1) return facts;
  const { attention: _, ...others } = facts;
  return others;
}

/** The place is a row: a query or a key. */
function isLine({ attention, element }: Facts): boolean {
  return !element && Boolean(attention?.row || attention?.keyRow);
}

function isWhole(facts: Facts): boolean {
  return !facts.element && !isLine(facts);
}

function wholeBlocks(facts: Facts, context: ExplainContext): Block[] {
  const words = madeBlocks(facts, context).filter(({ kind }) => kind !== "table");
  return [...words, ...tensorBlocks(facts.tensor, facts.attention, context)];
}

/** What made it: words come first, tables of the same in other words belong to what goes deeper. */
function madeBlocks({ tensor }: Facts, context: ExplainContext): Block[] {
  return tensor.made ? operationBlocks(tensor.made, tensor, context) : [];
}

function lineBlocks(attention: AttentionFacts, { translate }: ExplainContext): Block[] {
  const { row, keyRow } = attention;
  const blocks = [...(row ? rowBlocks(row, translate) : []), ...(keyRow ? keyBlocks(keyRow, translate) : [])];
  return blocks.length > 0 ? [...headBlocks(attention, translate), ...blocks] : [];
}

/** Of a number its line as well; of a line the strongest pair worked out; of the whole why it is scaled; then a picture. */
function deeper(facts: Facts, context: ExplainContext): Block[] {
  const { attention, element } = facts;
  const { translate, verbosity } = context;
  const all = verbosity === "everything";
  const blocks: Block[] = [];
  if (isWhole(facts)) blocks.push(...madeBlocks(facts, context).filter(({ kind }) => kind === "table"));
  if (attention && element) blocks.push(...lineBlocks(attention, context));
  if (attention?.row && (!element || all)) blocks.push(...workedPair(attention.row, translate));
  if (all && !isWhole(facts)) blocks.push(...wholeBlocks(facts, context));
  if (attention && (isWhole(facts) || all)) blocks.push(...why(attention, context));
  return [...blocks, ...pictureBlocks(facts, translate)];
}

function why(attention: AttentionFacts, { translate }: ExplainContext): Block[] {
  const { spread, sizes, scale } = attention;
  return spread ? [...headBlocks(attention, translate), ...spreadBlocks(spread, sizes.size, scale, translate)] : [];
}
