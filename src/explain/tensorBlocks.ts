import { numberText } from "../tensor/print.ts";
import type { Statistics } from "../tensor/statistics.ts";
import { shapeText } from "../tensor/tensor.ts";
import { type Block, name, number, plain, type Span, strong, type Text } from "./blocks.ts";
import type { ExplainContext } from "./context.ts";
import type { AttentionFacts, TensorFacts } from "./facts.ts";
import { fill, joined } from "./fill.ts";
import { axisNames, roleName, rolePurpose } from "./words.ts";

/** Name, part, shape with its axes, dtype; then what its part does. */
export function tensorBlocks(
  tensor: TensorFacts,
  attention: AttentionFacts | undefined,
  context: ExplainContext,
): Block[] {
  const { translate, say, verbosity } = context;
  const blocks: Block[] = [{ kind: "heading", text: headline(tensor, attention, context) }];
  if (attention) blocks.push({ kind: "paragraph", text: plain(rolePurpose(attention.role, translate)) });
  if (tensor.statistics) blocks.push({ kind: "paragraph", text: statisticsText(tensor.statistics, context) });
  if (verbosity === "full") blocks.push(...provenance(tensor, context));
  else if (tensor.why) blocks.push({ kind: "paragraph", text: plain(say(tensor.why)) });
  return blocks;
}

function headline(tensor: TensorFacts, attention: AttentionFacts | undefined, { translate }: ExplainContext): Text {
  const parts: Text[] = [[name(tensor.name)]];
  if (attention) parts.push([strong(roleName(attention.role, translate))]);
  parts.push(shapeWithAxes(tensor, attention, translate));
  if (tensor.dtype) parts.push(plain(tensor.dtype));
  return joined(parts, " · ");
}

/** `4×8 (queries × size)`. */
function shapeWithAxes(
  { shape, axes }: TensorFacts,
  attention: AttentionFacts | undefined,
  translate: ExplainContext["translate"],
): Text {
  if (!shape) return plain(translate("shape unknown"));
  if (shape.length === 0) return plain(translate("scalar"));
  const given: readonly Span[] | undefined = axes?.map((axis) => (axis === null ? { text: "?" } : name(axis)));
  const names = given ?? (attention && axisNames(attention.role, shape.length, translate)?.map((text) => ({ text })));
  const size = number(shapeText(shape));
  return names
    ? [
        size,
        { text: " (" },
        ...joined(
          names.map((axis) => [axis]),
          " × ",
        ),
        { text: ")" },
      ]
    : [size];
}

function statisticsText(
  { minimum, maximum, mean, standardDeviation, ...counts }: Statistics,
  context: ExplainContext,
): Text {
  const { translate, verbosity } = context;
  const values = {
    minimum: number(numberText(minimum)),
    maximum: number(numberText(maximum)),
    mean: number(numberText(mean)),
  };
  const finite = fill(translate("from {minimum} to {maximum}, mean {mean}"), values);
  const texts: Text[] = [Number.isNaN(minimum) ? plain(translate("no finite number")) : finite];
  if (verbosity === "full" && !Number.isNaN(minimum)) {
    texts.push(fill(translate("standard deviation {deviation}"), { deviation: number(numberText(standardDeviation)) }));
  }
  texts.push(...oddities(counts, translate));
  return joined(texts, " · ");
}

/** How many elements are no finite numbers, where there are any. */
function oddities(
  counts: Pick<Statistics, "nan" | "positiveInfinity" | "negativeInfinity">,
  translate: ExplainContext["translate"],
): Text[] {
  const said: [number, string][] = [
    [counts.nan, translate("NaN: {count}")],
    [counts.positiveInfinity, translate("∞: {count}")],
    [counts.negativeInfinity, translate("−∞: {count}")],
  ];
  return said.filter(([count]) => count > 0).map(([count, text]) => fill(text, { count: strong(String(count)) }));
}

function provenance(tensor: TensorFacts, { translate, say }: ExplainContext): Block[] {
  const origins: Record<TensorFacts["origin"], () => string> = {
    literal: () => translate("Its numbers are written in the document."),
    seeded: () => translate("Its numbers follow from the random seed in the code."),
    derived: () => translate("Its numbers are computed from others in the document."),
    sampled: () => translate("Its numbers are one sample: running the code gives others."),
    unknown: () => translate("Its numbers are not known without running the code."),
  };
  const text = tensor.why ? say(tensor.why) : origins[tensor.origin]();
  const rounding = tensor.statistics && !tensor.exact ? ` ${translate("The last digits may differ from a run.")}` : "";
  return [
    {
      kind: "paragraph",
      text: [...fill(translate("At {path}."), { path: name(tensor.path) }), { text: ` ${text}${rounding}` }],
    },
  ];
}
