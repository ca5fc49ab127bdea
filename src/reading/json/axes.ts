import type { SiteAxis } from "../document.ts";
import { wordsOf } from "../roles.ts";
import { reshaped, viewOf } from "./derive.ts";
import { leavesOf } from "./leaves.ts";
import type { Source } from "./source.ts";
import { flag, kind } from "./tape.ts";
import type { JsonTensor } from "./tensors.ts";
import { tokensOf } from "./tokens.ts";
import { fieldOf, flagsOf, kindOf } from "./tree.ts";

export interface SiteAxes {
  readonly batch?: SiteAxis;
  readonly head?: SiteAxis;
}

/** A tensor of more than four axes with those in front merged into one; others as they are. */
export function fourAxes(tensor: JsonTensor): JsonTensor {
  const { entry } = tensor;
  const shape = entry.shape as number[] | null;
  if (!shape || shape.length <= 4 || !shape.every((size) => typeof size === "number")) return tensor;
  const front = shape.slice(0, -3).reduce((a, b) => a * b, 1);
  const view = reshaped([front, ...shape.slice(-3)]);
  return { ...tensor, entry: viewOf(entry, { id: `${entry.id}#merged` }, view), problems: [] };
}

/**
 * What the axes in front of queries and keys mean: with three axes the first one is heads; with four, heads after layers
 * where a name says so, else after the batch or something unnamed; with five, layers and the batch, as in the `attentions`
 * of Hugging Face.
 */
export function axesOf(source: Source, holder: number, tensor: JsonTensor): SiteAxes {
  const shape = tensor.entry.shape as number[] | null;
  if (!shape || shape.length < 3) return {};
  const heads = shape.at(-3)!;
  const head: SiteAxis = { meaning: "head", labels: labelsNear(source, holder, headKeys, heads) };
  if (shape.length === 3) return { head };
  const layers = shape[0]!;
  const labels = labelsNear(source, holder, layerKeys, layers);
  if (shape.length > 4) return { batch: { meaning: "layer", labels: merged(shape.slice(0, -3), labels) }, head };
  if (labels || saysLayers(tensor, source, holder)) return { batch: { meaning: "layer", labels }, head };
  return layers === 1 ? { batch: { meaning: "batch", labels: null }, head } : { head };
}

const layerKeys = ["include_layers", "layer_names", "layer_labels", "layers", "layer_indices"];
const headKeys = ["head_names", "head_labels"];

/** The plural, as in `output_attentions` of Hugging Face, or the words on both sides that BertViz writes. */
function saysLayers({ entry }: JsonTensor, source: Source, holder: number): boolean {
  if (wordsOf(entry.name).some((word) => word === "attentions" || word === "layers")) return true;
  const near = source.members(holder);
  return near.has("left_text") && near.has("right_text");
}

/** Labels for merged axes: `0·1` for layer 0, batch entry 1. An axis of one entry is not said. */
function merged(sizes: readonly number[], first: readonly string[] | null): readonly string[] | null {
  if (sizes.slice(1).every((size) => size === 1)) return first;
  let labels = Array.from({ length: sizes[0]! }, (_, at) => first?.[at] ?? String(at));
  for (const size of sizes.slice(1)) {
    if (size > 1) labels = labels.flatMap((label) => Array.from({ length: size }, (_, at) => `${label}·${at}`));
  }
  return labels;
}

/** Strings or integers under one of these keys, as many as the axis is long, from the holder outwards. */
function labelsNear(source: Source, holder: number, keys: readonly string[], length: number): readonly string[] | null {
  for (let at = holder; at >= 0; at = fieldOf(source.tape, at, "parent")) {
    for (const key of keys) {
      const labels = labelsIn(source, source.members(at).get(key));
      if (labels?.length === length) return labels;
    }
  }
  return null;
}

function labelsIn(source: Source, node: number | undefined): readonly string[] | null {
  if (node === undefined || kindOf(source.tape, node) !== kind.array) return null;
  if ((flagsOf(source.tape, node) & ~flag.integer) === 0) return [...leavesOf(source.tape, node).values].map(String);
  return tokensOf(source.tape, node)?.labels ?? null;
}
