import type { Role } from "../../document.ts";
import { reshaped, stackOf, viewOf } from "../derive.ts";
import { axis, byHolder, type Findings, makeSite, siteName } from "../sites.ts";
import type { Source } from "../source.ts";
import type { JsonTensor } from "../tensors.ts";
import { pathOf } from "../tree.ts";

/**
 * One tensor for each layer and head, told apart by numbers in their names, as Transformer Explainer's outputs:
 * `block_0_attn_head_3_attn_softmax`, `layer_2_head_0_q`. They become tensors [layer, head, query, …].
 */
export function numberedHeads(source: Source, tensors: readonly JsonTensor[]): Findings {
  const found: Findings = { tensors: [], sites: [], settled: new Set() };
  for (const [holder, group] of byHolder(source, tensors)) {
    const roles = rolesOf(source, holder, group);
    if (!roles.weights && !(roles.query && roles.key)) continue;
    const path = holder < 0 ? "$" : pathOf(source.tape, holder);
    const any = (roles.weights ?? roles.query)!;
    const made = makeSite(source, {
      id: `${path}#heads`,
      name: siteName(path),
      holder,
      roles: Object.fromEntries(Object.entries(roles).map(([role, stack]) => [role, stack.tensor])),
      axes: { batch: axis("layer", any.layers), head: axis("head", any.heads) },
    });
    const stacks = Object.values(roles);
    (found.sites as unknown[]).push(made.found);
    (found.tensors as JsonTensor[]).push(...stacks.map(({ tensor }) => tensor), ...made.tensors);
    for (const { parts } of stacks) for (const { entry } of parts) (found.settled as Set<string>).add(entry.id);
  }
  return found;
}

interface Stack {
  readonly tensor: JsonTensor;
  readonly parts: readonly JsonTensor[];
  readonly layers: string[];
  readonly heads: string[];
}

/** What stands behind the numbers of layer and head, and what it is. */
const endings: readonly (readonly [RegExp, Role])[] = [
  [/^(attn_softmax|softmax|attn_weights|attention_weights|weights|probs)$/, "weights"],
  [/^(attn|scores|attn_scores)$/, "scores"],
  [/^(q|query)$/, "query"],
  [/^(k|key)$/, "key"],
  [/^(v|value)$/, "value"],
  [/^(v_output|output|context)$/, "output"],
];

function rolesOf(source: Source, holder: number, group: readonly JsonTensor[]): Partial<Record<Role, Stack>> {
  const numbered = group.flatMap((tensor) => {
    const match = /^(?:layer|block|l|h)_?(\d+)_(?:\w+_)??head_?(\d+)_(\w+)$/i.exec(tensor.entry.name);
    return match ? [{ tensor: asMatrix(tensor), layer: match[1]!, head: match[2]!, ending: match[3]! }] : [];
  });
  const roles: Partial<Record<Role, Stack>> = {};
  for (const [pattern, role] of endings) {
    const stack = stackFrom(
      source,
      holder,
      role,
      numbered.filter(({ ending }) => pattern.test(ending)),
    );
    if (stack && !roles[role]) roles[role] = stack;
  }
  // Scores alone are what softmax is still to be taken of.
  if (!roles.weights && !roles.query) delete roles.scores;
  return roles;
}

/** Axes of one entry in front are left away. */
function asMatrix(tensor: JsonTensor): JsonTensor {
  const shape = tensor.entry.shape as number[] | null;
  if (!shape || shape.length <= 2 || !shape.slice(0, -2).every((size) => size === 1)) return tensor;
  return { ...tensor, entry: viewOf(tensor.entry, { id: tensor.entry.id }, reshaped(shape.slice(-2))) };
}

interface Numbered {
  readonly tensor: JsonTensor;
  readonly layer: string;
  readonly head: string;
}

/** A stack of all heads of all layers, if none is missing and all have one shape. */
function stackFrom(source: Source, holder: number, role: Role, parts: readonly Numbered[]): Stack | null {
  const [first] = parts;
  if (!first) return null;
  const shape = first.tensor.entry.shape;
  const layers = numbers(parts.map(({ layer }) => layer));
  const heads = numbers(parts.map(({ head }) => head));
  const byPlace = new Map(parts.map((part) => [`${Number(part.layer)}/${Number(part.head)}`, part.tensor]));
  const ordered = layers.flatMap((layer) => heads.map((head) => byPlace.get(`${layer}/${head}`)));
  const whole = ordered.every((tensor) => tensor && !tensor.entry.why && String(tensor.entry.shape) === String(shape));
  if (!whole || shape?.length !== 2 || ordered.length !== parts.length) return null;
  const path = holder < 0 ? "$" : pathOf(source.tape, holder);
  const named = { id: `${path}#${role}`, name: role, path };
  const entry = stackOf(
    ordered.map((tensor) => tensor!.entry),
    [layers.length, heads.length],
    named,
  );
  const tensor: JsonTensor = { entry, node: holder, covers: ordered.map((part) => part!.node), problems: [] };
  return { tensor, parts: parts.map((part) => part.tensor), layers, heads };
}

function numbers(all: readonly string[]): string[] {
  return [...new Set(all.map(Number))].sort((a, b) => a - b).map(String);
}
