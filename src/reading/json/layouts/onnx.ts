import { padMask } from "../../../attention/onnx/inputs.ts";
import { sizeOf } from "../../../tensor/tensor.ts";
import type { SiteOptions, TensorEntry } from "../../document.ts";
import { changed, viewOf } from "../derive.ts";
import { axis, type Findings, makeSite, nothing, siteName } from "../sites.ts";
import type { Source } from "../source.ts";
import { kind } from "../tape.ts";
import type { JsonTensor } from "../tensors.ts";
import { fieldOf, kindOf, pathOf, scalarOf } from "../tree.ts";
import { withPast } from "./onnxPast.ts";

/** A test case of the ONNX operator `Attention`: what its function needs, by the operator's own names. */
export interface OnnxCase {
  readonly inputs: Readonly<Record<string, JsonTensor>>;
  readonly attributes: Readonly<Record<string, number>>;
  readonly outputs: Readonly<Record<string, JsonTensor>>;
  readonly opset: number;
}

/** Test cases of ONNX `Attention`: `{"opset": 23, "attributes": {…}, "inputs": {"Q": {dtype, shape, data}, …}, "outputs": {"Y": …}}`. */
export function onnxCases(source: Source, tensors: readonly JsonTensor[]): Findings {
  const queries = tensors.filter(({ entry, node }) => entry.name === "Q" && isInput(source, node));
  const cases = queries.flatMap(({ node }) => {
    const holder = fieldOf(source.tape, fieldOf(source.tape, node, "parent"), "parent");
    const found = onnxCase(source, holder, tensors);
    return found ? [siteOf(source, holder, found)] : [];
  });
  if (!cases.length) return nothing;
  return {
    tensors: cases.flatMap((found) => found.tensors),
    sites: cases.flatMap((found) => found.sites),
    settled: new Set(cases.flatMap((found) => [...found.settled])),
  };
}

function isInput(source: Source, node: number): boolean {
  const inputs = fieldOf(source.tape, node, "parent");
  const holder = inputs < 0 ? -1 : fieldOf(source.tape, inputs, "parent");
  return holder >= 0 && source.members(holder).get("inputs") === inputs && source.members(holder).has("attributes");
}

/** The case that the object `holder` is, or null if it lacks Q, K, V or its attributes. */
export function onnxCase(source: Source, holder: number, tensors: readonly JsonTensor[]): OnnxCase | null {
  const members = source.members(holder);
  const byNode = new Map(tensors.map((tensor) => [tensor.node, tensor]));
  const named = (key: string): Record<string, JsonTensor> => {
    const all = [...source.members(members.get(key) ?? -1)].flatMap(([name, node]) => {
      const tensor = byNode.get(node);
      return tensor ? [[name, tensor] as const] : [];
    });
    return Object.fromEntries(all);
  };
  const inputs = named("inputs");
  const attributes = members.get("attributes");
  if (
    !inputs.Q ||
    !inputs.K ||
    !inputs.V ||
    attributes === undefined ||
    kindOf(source.tape, attributes) !== kind.object
  )
    return null;
  const numbers = [...source.members(attributes)].flatMap(([name, node]) => {
    const value = scalarOf(source.tape, node);
    return typeof value === "number" ? [[name, value] as const] : [];
  });
  const opset = scalarOf(source.tape, members.get("opset"));
  return {
    inputs,
    attributes: Object.fromEntries(numbers),
    outputs: named("outputs"),
    opset: typeof opset === "number" ? opset : 23,
  };
}

/** The case as a site: heads split, past keys in front, the mask padded, as the operator does it. */
function siteOf(source: Source, holder: number, found: OnnxCase): Findings {
  const { inputs, attributes, outputs } = found;
  const path = pathOf(source.tape, holder);
  const query = heads(inputs.Q!, attributes.q_num_heads);
  const key = withPast(heads(inputs.K!, attributes.kv_num_heads), inputs.past_key);
  const value = withPast(heads(inputs.V!, attributes.kv_num_heads), inputs.past_value);
  const output = outputs.Y && heads(outputs.Y, attributes.q_num_heads);
  const mask = inputs.attn_mask && padded(inputs.attn_mask, key.entry);
  const name = scalarOf(source.tape, source.members(holder).get("name"));
  const made = makeSite(source, {
    id: path,
    name: typeof name === "string" ? name : siteName(path),
    holder,
    roles: { query, key, value, ...(mask ? { mask } : {}), ...(output ? { output } : {}) },
    options: optionsOf(found, query.entry),
    axes: { batch: axis("batch"), head: axis("head") },
  });
  const all = [query, key, value, mask, output].filter((tensor) => tensor !== undefined);
  const given = new Set([...Object.values(inputs), ...Object.values(outputs)]);
  return {
    tensors: [...all.filter((tensor) => !given.has(tensor)), ...made.tensors],
    sites: [made.found],
    settled: new Set([...given].map(({ entry }) => entry.id)),
  };
}

/** `[batch, length, heads·size]` seen as `[batch, heads, length, size]`. */
function heads(tensor: JsonTensor, count: number | undefined): JsonTensor {
  const shape = tensor.entry.shape as number[] | null;
  if (shape?.length !== 3 || !count || !Number.isInteger(shape[2]! / count)) return tensor;
  const [batch, length, width] = shape as [number, number, number];
  const size = width / count;
  const view = { shape: [batch, count, length, size], strides: [length * width, size, width, 1], offset: 0 };
  return { ...tensor, entry: viewOf(tensor.entry, { id: `${tensor.entry.id}#heads` }, view), problems: [] };
}

/** A larger mask is not made of one that is shorter: the number of keys may be no more than a slip in a shape. */
const largestMask = 2 ** 24;

/** A mask shorter than the keys, padded as the operator does: what it does not mention may not be attended to. */
function padded(mask: JsonTensor, key: TensorEntry): JsonTensor {
  const keys = key.shape?.at(-2);
  const width = mask.entry.shape?.at(-1);
  if (typeof keys !== "number" || typeof width !== "number" || width >= keys || !mask.entry.values) return mask;
  if (sizeOf(mask.entry.values.shape.slice(0, -1)) * keys > largestMask) return mask;
  const values = padMask(mask.entry.values, keys);
  return {
    ...mask,
    entry: changed(mask.entry, {
      id: `${mask.entry.id}#padded`,
      derivedFrom: mask.entry.id,
      shape: values.shape,
      values,
      places: null,
    }),
    problems: [],
  };
}

function optionsOf({ inputs, attributes }: OnnxCase, query: TensorEntry): SiteOptions {
  const lengths = inputs.nonpad_kv_seqlen?.entry.values;
  const past = inputs.past_key?.entry.shape?.[2];
  const queries = query.shape?.at(-2);
  const counts = lengths ? Array.from(lengths.data, Number) : null;
  const side = (name: string): number | null => ((attributes[name] ?? -1) >= 0 ? attributes[name]! : null);
  const window = [side("left_window_size"), side("right_window_size")] as const;
  return {
    ...(attributes.is_causal === undefined ? {} : { causal: attributes.is_causal !== 0 }),
    ...(attributes.scale === undefined ? {} : { scale: attributes.scale }),
    ...(attributes.softcap ? { softcap: attributes.softcap } : {}),
    ...(window[0] !== null || window[1] !== null ? { window } : {}),
    ...(counts && typeof queries === "number"
      ? { keyLengths: counts, offset: counts.map((count) => count - queries) }
      : {}),
    ...(!counts && typeof past === "number" ? { offset: past } : {}),
  };
}
