import { type Candidate, groupByNames, roleOf } from "../../roles.ts";
import { axesOf } from "../axes.ts";
import { parametersOf } from "../options.ts";
import { byHolder, type Findings, type FoundSite, makeSite, siteName } from "../sites.ts";
import type { Source } from "../source.ts";
import type { JsonTensor } from "../tensors.ts";
import { pathOf, scalarOf } from "../tree.ts";

/** More attention problems than this, as in a log of many lines, are not listed. */
export const maximumSites = 1000;

/**
 * Attention problems among tensors that stand side by side, found by their names: `Q`, `K`, `V`; `query`, `key`, `value`;
 * `q_proj`, `k_proj`, `v_proj`; weights alone as `attention_weights`, `attn`, `attentions`.
 */
export function namedSites(source: Source, tensors: readonly JsonTensor[]): Findings {
  const sites: FoundSite[] = [];
  const derived: JsonTensor[] = [];
  const nameRole = remembered(roleOf);
  for (const [holder, all] of byHolder(source, tensors)) {
    if (sites.length > maximumSites) break;
    const named = all.filter(({ entry }) => nameRole(entry.name));
    if (named.length === 0) continue;
    const parameters = parametersOf(source, holder);
    const group = named.filter(({ node }) => !parameters.has(node));
    const groups = groupByNames(candidatesOf(group), nameRole);
    const byId = new Map(group.map((tensor) => [tensor.entry.id, tensor]));
    const path = holder < 0 ? "$" : pathOf(source.tape, holder);
    for (const { stem, roles } of groups) {
      const several = groups.length > 1;
      const playing = Object.fromEntries(Object.entries(roles).map(([role, id]) => [role, byId.get(id)!]));
      const made = makeSite(source, {
        id: several ? `${path}#${stem}` : path,
        name: nameOf(
          source,
          holder,
          path,
          several ? (playing.weights && !playing.query ? playing.weights.entry.name : stem) : "",
        ),
        holder,
        roles: playing,
        axes: axesOf(source, holder, (playing.query ?? playing.weights)!),
      });
      sites.push(made.found);
      derived.push(...made.tensors);
    }
  }
  return { sites, tensors: derived, settled: new Set() };
}

/** A list without elements may be an empty matrix, beside one that has some. */
function candidatesOf(group: readonly JsonTensor[]): Candidate[] {
  const hasMatrix = group.some(({ entry }) => (entry.shape?.length ?? 0) >= 2);
  return group.map(({ entry: { id, name, shape } }) => {
    const isEmpty = shape?.length === 1 && shape[0] === 0;
    return { id, name, rank: shape && !(hasMatrix && isEmpty) ? shape.length : null };
  });
}

/** What the object calls itself, else where it is; and which of several. */
function nameOf(source: Source, holder: number, path: string, stem: string): string {
  const own = scalarOf(source.tape, source.members(holder).get("name"));
  return [typeof own === "string" && own !== "" ? own : siteName(path), stem].filter((part) => part !== "").join(" ");
}

/** The same few names come again and again. */
function remembered<T>(say: (name: string) => T): (name: string) => T {
  const said = new Map<string, T>();
  return (name) => {
    if (!said.has(name)) said.set(name, say(name));
    return said.get(name)!;
  };
}
