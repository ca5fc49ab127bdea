import type { Dim } from "../reading/document.ts";
import type { Translate } from "../tensor/message.ts";
import { numberText } from "../tensor/print.ts";
import type { Statistics } from "../tensor/statistics.ts";
import { shapeText } from "../tensor/tensor.ts";
import { type Block, name, number, paragraph, plain, type Span, strong, type Text } from "./blocks.ts";
import type { ExplainContext } from "./context.ts";
import type { AttentionFacts, Facts, TensorFacts } from "./facts.ts";
import { fill, joined, sentences } from "./fill.ts";
import { bracketed, compact } from "./position.ts";
import { axisNames, maskMeaning, roleName, rolePurpose } from "./words.ts";

/** Name, part, shape with its axes, dtype. */
export function headline(tensor: TensorFacts, attention: AttentionFacts | undefined, translate: Translate): Text {
  const parts: Text[] = [[name(tensor.name)]];
  const role = attention && roleName(attention.role, translate);
  if (role !== undefined && role !== tensor.name) parts.push([strong(role)]);
  parts.push(shapeWithAxes(tensor, attention, translate));
  if (tensor.dtype) parts.push(plain(tensor.dtype));
  return joined(parts, " · ");
}

/** What its part does. */
export function purposeBlocks({ tensor, attention }: Facts, { translate }: ExplainContext): Block[] {
  if (!attention) return [];
  const meaning = attention.role === "mask" ? maskMeaning(tensor.dtype, translate) : "";
  return [paragraph(sentences([plain(rolePurpose(attention.role, translate, attention.form)), plain(meaning)]))];
}

/** Its numbers, and where they come from. */
export function tensorBlocks(tensor: TensorFacts, context: ExplainContext): Block[] {
  const blocks: Block[] = [];
  if (tensor.others) blocks.push(paragraph(otherShapes(tensor.others, context)));
  if (tensor.statistics) {
    const { statistics } = tensor;
    const boolean = tensor.dtype === "bool" && statistics.count > 0;
    blocks.push(paragraph(boolean ? shareText(statistics, context.translate) : statisticsText(statistics, context)));
  }
  const source = provenance(tensor, context);
  if (source.length > 0) blocks.push(paragraph(source));
  return blocks;
}

/** More shapes than this are not listed. */
const listed = 4;

/** What the same expression was in other calls. */
function otherShapes(shapes: readonly (readonly Dim[] | null)[], { translate }: ExplainContext): Text {
  const texts: Text[] = shapes.slice(0, listed).map((shape) => [number(shapeList(shape))]);
  if (shapes.length > listed) texts.push([{ text: "…" }]);
  return fill(translate("In other calls: {shapes}"), { shapes: joined(texts, " · ") });
}

function shapeList(shape: readonly Dim[] | null): string {
  return shape ? `[${shape.map((size) => compact(size ?? "?")).join(", ")}]` : "?";
}

/** `4×8 (queries × size)`, or by the names that the code has, `[B=2, T=6, C=32]`; sizes that have names are not named again. */
function shapeWithAxes(
  { shape, axes, sizeNames }: TensorFacts,
  attention: AttentionFacts | undefined,
  translate: Translate,
): Text {
  if (!shape) return plain(translate("shape unknown"));
  if (shape.length === 0) return plain(translate("scalar"));
  if (sizeNames?.some((size) => size !== null)) return namedShape(shape, sizeNames, translate);
  const size = number(shapeText(shape.map(bracketed)));
  const usual = attention && axisNames(attention.role, shape.length, translate);
  const roles = usual && (attention.axes?.map((axis) => usual[axis]!) ?? usual).map((text) => ({ text }));
  const named = axes && !roles ? axes.map((axis) => (axis === null ? { text: "?" } : name(axis))) : roles;
  const telling = !axes || Boolean(roles) || axes.some((axis, at) => axis !== null && axis !== shape[at]);
  if (!named || !telling) return [size];
  const list: Text[] = named.map((axis: Span) => [axis]);
  return [size, { text: " (" }, ...joined(list, " × "), { text: ")" }];
}

/** `[B=2, T=6, C=32]`; of what nobody calls `[B, T, d_model (default 512)]`. */
function namedShape(
  shape: readonly Dim[],
  sizeNames: NonNullable<TensorFacts["sizeNames"]>,
  translate: Translate,
): Text {
  const axes = shape.map((size, axis) => {
    const named = sizeNames[axis];
    if (!named) return String(size ?? "?");
    const text = compact(named.text);
    if (typeof size === "number") return `${text}=${size}`;
    return named.default === undefined
      ? text
      : translate("{name} (default {size})", { name: text, size: named.default });
  });
  return [name(`[${axes.join(", ")}]`)];
}

/** Of booleans: how many are true. */
function shareText({ mean }: Statistics, translate: Translate): Text {
  return fill(translate("true: {share}"), { share: number(`${numberText(100 * mean, 3)}\u00a0%`) });
}

function statisticsText(statistics: Statistics, { translate, verbosity }: ExplainContext): Text {
  const { count, minimum, maximum, mean, standardDeviation } = statistics;
  if (count === 1 && !Number.isNaN(minimum)) return [{ text: "= " }, number(numberText(minimum))];
  const numbers = {
    minimum: number(numberText(minimum)),
    maximum: number(numberText(maximum)),
    mean: number(numberText(mean)),
    deviation: number(numberText(standardDeviation)),
  };
  const range =
    minimum === maximum ? translate("always {minimum}") : translate("from {minimum} to {maximum}, mean {mean}");
  const texts: Text[] = [Number.isNaN(minimum) ? plain(translate("no finite number")) : fill(range, numbers)];
  if (verbosity !== "brief" && minimum < maximum)
    texts.push(fill(translate("standard deviation {deviation}"), numbers));
  return joined([...texts, ...oddities(statistics, translate)], " · ");
}

/** How many elements are no finite numbers, where there are any. */
function oddities({ nan, positiveInfinity, negativeInfinity }: Statistics, translate: Translate): Text[] {
  const said: [number, string][] = [
    [nan, translate("NaN: {count}")],
    [positiveInfinity, translate("∞: {count}")],
    [negativeInfinity, translate("−∞: {count}")],
  ];
  return said.filter(([count]) => count > 0).map(([count, text]) => fill(text, { count: strong(String(count)) }));
}

/** Where the numbers come from, where that is not plain to see; the path only when everything is asked for. */
function provenance(tensor: TensorFacts, { translate, say, verbosity }: ExplainContext): Text {
  const origins: Record<TensorFacts["origin"], () => string> = {
    literal: () => (verbosity === "everything" ? translate("Its numbers are written in the document.") : ""),
    seeded: () => translate("Its numbers follow from the random seed in the code."),
    derived: () => translate("Its numbers are computed from others in the document."),
    sampled: () => translate("Its numbers are one sample: running the code gives others."),
    unknown: () => translate("Its numbers are not known without running the code."),
  };
  const path =
    verbosity === "everything" && tensor.path !== tensor.name
      ? fill(translate("At {path}."), { path: name(tensor.path) })
      : [];
  const source = tensor.why ? say(tensor.why) : verbosity === "brief" ? "" : origins[tensor.origin]();
  const inexact = tensor.statistics && !tensor.exact && verbosity !== "brief";
  const rounding = inexact ? translate("The last digits may differ from a run.") : "";
  return sentences([path, plain(source), plain(rounding)]);
}
