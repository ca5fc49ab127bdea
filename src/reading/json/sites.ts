import type { AttentionSite, TensorEntry, TextRange } from "../document.ts";
import { groupByNames, type RoleGroup } from "../roles.ts";
import { optionsNear } from "./options.ts";
import type { Source } from "./source.ts";
import type { JsonTensor } from "./tensors.ts";
import { axisFromEnd, findTokens, type SiteTokens } from "./tokens.ts";
import { fieldOf, pathOf } from "./tree.ts";

/** A site with what its checks need. */
export interface FoundSite {
  readonly site: AttentionSite;
  readonly tokens: SiteTokens;
}

/** Attention problems among tensors that stand side by side in one object or array, found by their names. */
export function sitesByNames(source: Source, tensors: readonly JsonTensor[]): FoundSite[] {
  return [...siblings(source, tensors)].flatMap(([parent, group]) => {
    const candidates = group.map(({ entry }) => ({
      id: entry.id,
      name: entry.name,
      rank: entry.shape?.length ?? null,
    }));
    const byId = new Map(group.map(({ entry }) => [entry.id, entry]));
    const groups = groupByNames(candidates);
    return groups.map((named) => siteOf(source, parent, named, byId, groups.length > 1));
  });
}

function siblings(source: Source, tensors: readonly JsonTensor[]): Map<number, JsonTensor[]> {
  const groups = new Map<number, JsonTensor[]>();
  for (const tensor of tensors) {
    const parent = fieldOf(source.tape, tensor.node, "parent");
    const group = groups.get(parent);
    if (group) group.push(tensor);
    else groups.set(parent, [tensor]);
  }
  return groups;
}

function siteOf(
  source: Source,
  parent: number,
  { roles, stem, certainty }: RoleGroup,
  entries: ReadonlyMap<string, TensorEntry>,
  several: boolean,
): FoundSite {
  const entry = (id: string | undefined): TensorEntry | undefined => (id === undefined ? undefined : entries.get(id));
  const weights = entry(roles.weights) ?? entry(roles.scores);
  const queries = roles.query ? axisFromEnd(entry(roles.query), 2) : axisFromEnd(weights, 2);
  const keys = roles.key ? axisFromEnd(entry(roles.key), 2) : axisFromEnd(weights, 1);
  const tokens = findTokens(source, parent, queries, keys);
  const path = parent < 0 ? "$" : pathOf(source.tape, parent);
  const site: AttentionSite = {
    id: several ? `${path}#${stem}` : path,
    name: [siteName(path), several ? stem : ""].filter((part) => part !== "").join(" "),
    anchor: anchorOf(Object.values(roles).map((id) => entry(id)!)),
    roles,
    queryTokens: tokens.queryTokens,
    keyTokens: tokens.keyTokens,
    options: optionsNear(source, parent),
    certainty,
  };
  return { site, tokens };
}

/** `$.layers[0]` without its start; empty for the document itself. */
export function siteName(path: string): string {
  return path.replace(/^\$\.?/, "");
}

/** The first name, or the first tensor, in the text. */
export function anchorOf(entries: readonly TensorEntry[]): TextRange {
  const ranges = entries.map(({ nameRange, range }) => nameRange ?? range);
  return ranges.reduce((first, range) => (range.start < first.start ? range : first));
}
