import type { Dim, InnerLayer } from "../reading/document.ts";
import type { Translate } from "../tensor/message.ts";
import { numberText } from "../tensor/print.ts";
import { type Block, code, name, number, paragraph, plain, strong, type Text } from "./blocks.ts";
import type { ExplainContext } from "./context.ts";
import type { LayerFacts, ParameterFacts } from "./facts.ts";
import { enumerated, fill, joined, sentences } from "./fill.ts";
import { layerPurpose, sizesOfLayer, taskWords } from "./layerWords.ts";
import { compact } from "./position.ts";

/** A layer: what it makes of what, what it is for, its parameters and the layers inside it. */
export function layerBlocks(called: string, layer: LayerFacts, context: ExplainContext): Block[] {
  const { translate, verbosity } = context;
  // A call that makes a layer names its class itself.
  const heading = called.includes("(") ? title(layer) : [[name(called)], ...title(layer)];
  const blocks: Block[] = [{ kind: "heading", text: joined(heading, " · ") }];
  const said = sentences([plain(layerPurpose(layer, translate)), taskWords(layer.tasks, translate)]);
  if (said.length > 0) blocks.push(paragraph(said));
  if (verbosity !== "brief") {
    if (layer.parameters.length > 0) blocks.push(parameterTable(layer.parameters, translate));
    if (layer.inside.length > 0) blocks.push(innerTable(layer.inside, translate));
  }
  const last = sentences([
    countText(layer.count, translate),
    plain(source(layer, context)),
    ...turns(layer, translate),
  ]);
  return last.length > 0 ? [...blocks, paragraph(last)] : blocks;
}

/** Of a layer that is called, beside what it gives: which one it is. */
export function calledLayer(layer: LayerFacts, { translate }: ExplainContext): Block {
  const which = fill(translate("Layer: {layer}."), { layer: joined(title(layer), " · ") });
  const task = taskWords(layer.tasks, translate);
  return paragraph(sentences([which, countText(layer.count, translate), task, ...turns(layer, translate)]));
}

/** Class and sizes: `nn.Linear · 32 → 16`. */
function title(layer: Pick<InnerLayer, "kind" | "settings">): Text[] {
  const sizes = sizesOfLayer(layer);
  return [[strong(layer.kind)], ...(sizes === "" ? [] : [[code(sizes)]])];
}

function parameterTable(parameters: readonly ParameterFacts[], translate: Translate): Block {
  const known = parameters.some(({ limits }) => limits);
  const head = [translate("parameter"), translate("shape"), "dtype", ...(known ? [translate("numbers")] : [])];
  return {
    kind: "table",
    head: head.map(plain),
    align: head.map(() => "left"),
    rows: parameters.map((parameter) => [
      [name(parameter.name)],
      [name(shapeOf(parameter.shape))],
      plain(parameter.dtype ?? "?"),
      ...(known ? [limitsText(parameter)] : []),
    ]),
  };
}

function shapeOf(shape: readonly Dim[] | null): string {
  return shape ? `[${shape.map((size) => compact(size ?? "?")).join(", ")}]` : "?";
}

function limitsText({ limits }: ParameterFacts): Text {
  if (!limits) return [];
  const [minimum, maximum] = limits.map((x) => numberText(x, 3));
  return minimum === maximum ? [number(minimum!)] : [number(`${minimum} … ${maximum}`)];
}

function innerTable(inside: readonly InnerLayer[], translate: Translate): Block {
  return {
    kind: "table",
    head: [translate("name"), translate("layer"), translate("parameters")].map(plain),
    align: ["left", "left", "right"],
    rows: inside.map((layer) => [innerName(layer), joined(title(layer), " · "), innerCount(layer)]),
  };
}

function innerName({ names }: InnerLayer): Text {
  const [first, last] = [names[0]!, names.at(-1)!];
  return [name(names.length === 1 ? first : `${first} … ${last.slice(last.lastIndexOf(".") + 1)}`)];
}

function innerCount({ names, count }: InnerLayer): Text {
  if (count === null) return plain("?");
  const text = numberOf(count);
  return [number(names.length === 1 ? text : `${names.length} × ${text}`)];
}

/** Thousands apart by a thin space, as no language takes for a decimal point. */
function numberOf(count: string | number): string {
  return typeof count === "string" ? String(compact(count)) : String(count).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

function countText(count: Dim, translate: Translate): Text {
  if (count === null || count === 0) return [];
  return fill(count === 1 ? translate("{count} parameter.") : translate("{count} parameters."), {
    count: number(numberOf(count)),
  });
}

/** Where the numbers of its parameters come from; nothing of those that are always the same. */
function source({ parameters }: LayerFacts, { say, translate, verbosity }: ExplainContext): string {
  const drawn = parameters.filter(({ limits }) => !limits || limits[0] !== limits[1]);
  if (drawn.length === 0 || verbosity === "brief") return "";
  if (drawn.some(({ shape }) => shape?.some((size) => typeof size === "string")))
    return say({ code: "python.uncalled" });
  const why = drawn.find((each) => each.why)?.why;
  if (why) return say(why);
  return drawn.some(({ origin }) => origin === "seeded")
    ? translate("Its numbers follow from the random seed in the code.")
    : "";
}

/** More layers than this are not listed. */
const listed = 4;

function turns({ turns: seen }: LayerFacts, translate: Translate): Text[] {
  if (!seen) return [];
  const count = number(String(seen.count));
  if (seen.unlike.length === 0)
    return [fill(translate("Layers that come here in turn: {count}, all alike."), { count })];
  const layers = seen.unlike.slice(-listed).map((layer) => joined(title(layer), " · "));
  const list = enumerated([...(seen.unlike.length > listed ? [plain("…")] : []), ...layers], translate);
  return [
    fill(translate("Layers that come here in turn: {count}; before this one: {layers}."), { count, layers: list }),
  ];
}
