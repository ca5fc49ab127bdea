import type { CellDerivation } from "../attention/result.ts";
import { type Block, paragraph, plain, type Span } from "./blocks.ts";
import type { ExplainContext } from "./context.ts";
import { elementBlocks } from "./elementBlocks.ts";
import type { AttentionFacts, Facts } from "./facts.ts";
import { fill } from "./fill.ts";
import { additiveFormula, formulaBlocks } from "./formulaBlocks.ts";
import { headBlocks } from "./headBlocks.ts";
import { keyBlocks } from "./keyBlocks.ts";
import { calledLayer, layerBlocks } from "./layerBlocks.ts";
import { linkBlocks } from "./linkBlocks.ts";
import { optionBlocks, whyScaled } from "./optionBlocks.ts";
import { pictureBlocks } from "./pictureBlocks.ts";
import { position } from "./position.ts";
import { operationBlocks } from "./python/operationBlocks.ts";
import type { OperationWords } from "./python/operationWords.ts";
import { rowBlocks, workedCell, workedPair } from "./rowBlocks.ts";
import { spreadBlocks } from "./spreadBlocks.ts";
import { headline, purposeBlocks, tensorBlocks } from "./tensorBlocks.ts";
import { tokensBlocks } from "./tokensBlocks.ts";
import { wordBlocks } from "./wordBlocks.ts";

/**
 * What is said about one place. First what can be read without scrolling a hover: the innermost, its part in the formula,
 * and what can be done with it; then what goes deeper.
 */
export function explainFacts(given: Facts, context: ExplainContext): Block[] {
  const facts = withoutFalsePart(given);
  const { attention, tensor } = facts;
  if (facts.option) {
    const more = context.verbosity === "brief" ? [] : whyScaled(facts, context);
    return [...optionBlocks(facts, context), ...linkBlocks(facts, context), ...more];
  }
  if (facts.layer && !facts.layer.called) return layerBlocks(tensor.name, facts.layer, context);
  if (facts.tokens) return [...tokensBlocks(facts, context.translate), ...linkBlocks(facts, context)];
  const short: Block[] = [...wordBlocks(facts, context.translate), ...elementBlocks(facts, context)];
  if (isLine(facts)) short.push(...lineBlocks(attention!, context));
  short.push({ kind: "heading", text: headline(tensor, attention, context.translate) });
  if (attention) short.push(...formulaBlocks(attention, context.translate));
  else if (given.attention) short.push(...poolingBlocks(facts, context));
  if (attention?.problem && !saysItself(facts))
    short.push(paragraph([{ text: context.say(attention.problem), mark: "strong" }]));
  if (attention?.sampled !== undefined && showsSamples(facts))
    short.push(paragraph([sampledText(attention.sampled, context)]));
  if (isWhole(facts)) short.push(...wholeBlocks(facts, context));
  if (facts.layer) short.push(calledLayer(facts.layer, context));
  return [...short, ...linkBlocks(given, context), ...(context.verbosity === "brief" ? [] : deeper(facts, context))];
}

function showsSamples({ tensor, attention }: Facts): boolean {
  return tensor.origin === "sampled" || Boolean(attention?.row || attention?.keyRow || attention?.spread);
}

function sampledText(seed: number, { say }: ExplainContext): Span {
  return { text: say({ code: "service.sampled", args: { seed } }), mark: "strong" };
}

/** Without values the tensor says why by itself; that nothing can be computed with it needs no saying. */
function saysItself({ tensor, attention }: Facts): boolean {
  return attention?.problem?.code === "service.noValues" && !tensor.statistics;
}

/** Weights of positions, `[batch, positions, 1]`: each position was scored by itself. */
function poolingBlocks({ tensor: { shape } }: Facts, { translate }: ExplainContext): Block[] {
  if (shape?.at(-1) !== 1) return [];
  const text = translate(
    "One weight for each position: a small network scores every position by itself, as if all had the same learned query, and softmax makes the scores of a sequence sum to 1.",
  );
  return [additiveFormula(translate), paragraph(plain(text))];
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
  const { lead } = operationWords(facts, context);
  return [...purposeBlocks(facts, context), ...lead, ...tensorBlocks(facts.tensor, context)];
}

function operationWords({ tensor, attention }: Facts, context: ExplainContext): OperationWords {
  const { made } = tensor;
  return made ? operationBlocks(made, tensor, attention?.role ?? null, context) : { lead: [], more: [] };
}

function lineBlocks(attention: AttentionFacts, { translate }: ExplainContext): Block[] {
  const { row, keyRow } = attention;
  const blocks = [...(row ? rowBlocks(row, translate) : []), ...(keyRow ? keyBlocks(keyRow, translate) : [])];
  return blocks.length > 0 ? [...headBlocks(attention, translate), ...blocks] : [];
}

/** Of the whole a picture and why it is scaled; of a number its line as well, of a line the strongest pair worked out. */
function deeper(facts: Facts, context: ExplainContext): Block[] {
  const { attention, element } = facts;
  const { translate, verbosity } = context;
  const all = verbosity === "everything";
  const picture = pictureBlocks(facts, translate);
  const blocks: Block[] = [];
  if (isWhole(facts)) blocks.push(...picture);
  if (attention?.pair && element) blocks.push(...pairBlocks(facts, attention.pair, context));
  if (attention && element) blocks.push(...lineBlocks(attention, context));
  if (attention?.row && (!element || all)) blocks.push(...workedPair(attention.row, translate));
  if (all && !isWhole(facts)) blocks.push(...wholeBlocks(facts, context));
  if (attention && (isWhole(facts) || all)) blocks.push(...why(attention, context));
  if (isWhole(facts)) blocks.push(...operationWords(facts, context).more);
  return isWhole(facts) ? blocks : [...blocks, ...picture];
}

/** How the number comes about: nothing where it is NaN, which the row says. */
function pairBlocks({ element }: Facts, pair: CellDerivation, { translate }: ExplainContext): Block[] {
  if (Number.isNaN(pair.weight) || pair.row.fullyMasked) return [];
  const spans = { query: position(pair.query, element?.token), key: position(pair.key, element?.columnToken) };
  return [paragraph(fill(translate("Query {query} with key {key}:"), spans)), workedCell(pair, translate)];
}

function why(attention: AttentionFacts, { translate }: ExplainContext): Block[] {
  const { spread, sizes, scale, form } = attention;
  if (!spread || (form && form.score !== "scaledDot") || typeof sizes.size === "string") return [];
  return [...headBlocks(attention, translate), ...spreadBlocks(spread, sizes.size, scale, translate)];
}
