import { roleOf } from "../../roles.ts";
import { stackOf } from "../derive.ts";
import { axis, byHolder, type Findings, makeSite, nothing, siteName } from "../sites.ts";
import type { Source } from "../source.ts";
import { kind } from "../tape.ts";
import type { JsonTensor } from "../tensors.ts";
import { children, fieldOf, keyOf, kindOf, pathOf, scalarOf, stringOf } from "../tree.ts";

/**
 * One matrix of weights for each layer or head, each in an object of its own:
 *   {"layers": [{"layer": 0, "attn": [[…]]}, …]}                                            hand-made dumps
 *   {"attention": [{"values": base64, "info": {"layer": 0, "head": 1}, "shape": […]}, …]}   Inspectus
 * They become one tensor [layer, head, query, key].
 */
export function stackedWeights(source: Source, tensors: readonly JsonTensor[]): Findings {
  const all = [...listsOfObjects(source, tensors), ...listsOfTensors(source, tensors)].flatMap(
    (list) => stackedSite(source, list) ?? [],
  );
  return all.length ? joined(all) : nothing;
}

function joined(all: readonly Findings[]): Findings {
  return {
    tensors: all.flatMap(({ tensors }) => tensors),
    sites: all.flatMap(({ sites }) => sites),
    settled: new Set(all.flatMap(({ settled }) => [...settled])),
  };
}

/** Weights that stand in a list, each with its layer and head where the file says them. */
interface List {
  readonly array: number;
  readonly parts: readonly JsonTensor[];
  readonly info: readonly ReadonlyMap<string, number>[];
}

/** Objects of which each holds one tensor of weights under the same key, and no query beside it. */
function listsOfObjects(source: Source, tensors: readonly JsonTensor[]): List[] {
  const lists = new Map<string, JsonTensor[]>();
  for (const [object, group] of byHolder(source, tensors)) {
    const array = object < 0 ? -1 : fieldOf(source.tape, object, "parent");
    if (array < 0 || kindOf(source.tape, array) !== kind.array || source.members(object).has("left_text")) continue;
    const [only, ...others] = group.filter(({ entry }) => isWeights(entry.name) && (entry.shape?.length ?? 0) >= 2);
    if (!only || others.length || group.some(({ entry }) => roleOf(entry.name)?.role === "query")) continue;
    const key = `${array}/${only.entry.name}/${only.entry.shape}`;
    const list = lists.get(key);
    if (list) list.push(only);
    else lists.set(key, [only]);
  }
  return [...lists.values()].map((parts) => {
    const objects = parts.map(({ node }) => fieldOf(source.tape, node, "parent"));
    return {
      array: fieldOf(source.tape, objects[0]!, "parent"),
      parts,
      info: objects.map((object) => source.members(object)),
    };
  });
}

function isWeights(name: string): boolean {
  const role = roleOf(name);
  return role !== null && role.role === "weights" && role.alone;
}

/** A list under a name of weights whose elements are tensors themselves: objects with a shape and data. */
function listsOfTensors(source: Source, tensors: readonly JsonTensor[]): List[] {
  const matrices = tensors.filter(
    ({ node, entry }) => kindOf(source.tape, node) === kind.object && entry.shape?.length === 2,
  );
  return [...byHolder(source, matrices)].flatMap(([array, parts]) => {
    if (array < 0 || kindOf(source.tape, array) !== kind.array || keyOf(source.tape, array) < 0) return [];
    if (!isWeights(stringOf(source.tape, keyOf(source.tape, array)))) return [];
    const info = parts.map(({ node }) => source.members(source.members(node).get("info") ?? node));
    return [{ array, parts, info }];
  });
}

function stackedSite(source: Source, { array, parts, info }: List): Findings | null {
  const shape = parts[0]!.entry.shape as number[];
  if (parts.length < 2 || parts.length !== childCount(source, array)) return null;
  if (parts.some(({ entry }) => entry.why || String(entry.shape) !== String(shape)) || shape.length > 3) return null;
  const grid = shape.length === 2 ? gridOf(source, info) : null;
  const order = grid?.order ?? [...parts.keys()];
  const front =
    shape.length === 3 ? [parts.length] : grid ? [grid.layers.length, grid.heads.length] : [parts.length, 1];
  const path = pathOf(source.tape, array);
  const name = siteName(path);
  const entry = stackOf(
    order.map((at) => parts[at]!.entry),
    front,
    { id: `${path}#stack`, name, path },
  );
  const tensor: JsonTensor = { entry, node: array, covers: parts.map(({ node }) => node), problems: [] };
  const layers = grid?.layers ?? info.map((members) => labelIn(source, members));
  const made = makeSite(source, {
    id: `${path}#stack`,
    name,
    holder: fieldOf(source.tape, array, "parent"),
    roles: { weights: tensor },
    ...inspectusTokens(source, array, shape),
    axes: {
      batch: axis("layer", layers.every((label) => label !== null) ? (layers as string[]) : null),
      ...(shape.length === 3 || grid ? { head: axis("head", grid?.heads ?? null) } : {}),
    },
  });
  return {
    sites: [made.found],
    tensors: [tensor, ...made.tensors],
    settled: new Set(parts.map(({ entry: part }) => part.id)),
  };
}

function childCount(source: Source, array: number): number {
  return [...children(source.tape, array)].length;
}

/** Inspectus calls the words of the queries `src_tokens` and those of the keys `tgt_tokens`. */
function inspectusTokens(source: Source, array: number, shape: readonly number[]) {
  const holder = fieldOf(source.tape, array, "parent");
  const near = source.tokens(holder);
  const of = (name: string) => near.find((found) => found.name === name)?.tokens ?? null;
  const [query, key] = [of("src_tokens"), of("tgt_tokens")];
  if (!source.members(holder).has("dimensions") || !query || !key) return {};
  const fits = query.labels.length === shape.at(-2) && key.labels.length === shape.at(-1);
  return fits ? { tokens: { queryTokens: query, keyTokens: key, misfits: [] } } : {};
}

interface Grid {
  readonly layers: string[];
  readonly heads: string[];
  /** Which part stands at layer · heads + head. */
  readonly order: number[];
}

/** Layers and heads of parts that say both, if every pair of them occurs once. */
function gridOf(source: Source, info: readonly ReadonlyMap<string, number>[]): Grid | null {
  const said = (name: string) => info.map((members) => scalarOf(source.tape, members.get(name)));
  if (said("head").every((label) => label === null)) return null;
  const layer = said("layer").map((label) => String(label ?? 0));
  const head = said("head").map((label) => String(label ?? 0));
  const [layers, heads] = [[...new Set(layer)], [...new Set(head)]];
  if (layers.length * heads.length !== info.length) return null;
  const places = new Map(info.map((_, at) => [`${layer[at]}/${head[at]}`, at]));
  const order = layers.flatMap((l) => heads.map((h) => places.get(`${l}/${h}`) ?? -1));
  return order.includes(-1) ? null : { layers, heads, order };
}

function labelIn(source: Source, members: ReadonlyMap<string, number>): string | null {
  for (const key of ["layer", "name", "layer_name", "index", "id"]) {
    const label = scalarOf(source.tape, members.get(key));
    if (label !== null) return String(label);
  }
  return null;
}
