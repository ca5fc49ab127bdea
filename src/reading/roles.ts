import type { Role } from "./document.ts";

/** What a name says a tensor is, and what else it says: `layer0.q_proj` is the query of `layer 0 proj`. */
export interface NamedRole {
  readonly role: Role;
  /** The other words; tensors that belong together share them. */
  readonly stem: string;
  /** The name means it alone (`attention_weights`); otherwise it does beside a query and a key (`mask`, `output`). */
  readonly alone: boolean;
}

/** A tensor that could play a part. `rank` null: not known. */
export interface Candidate {
  readonly id: string;
  readonly name: string;
  readonly rank: number | null;
}

/** Tensors that belong together, by their names. */
export interface RoleGroup {
  readonly stem: string;
  readonly roles: Readonly<Partial<Record<Role, string>>>;
  readonly certainty: "recognised" | "possible";
}

const letters: ReadonlyMap<string, Role> = new Map([
  ["q", "query"],
  ["qs", "query"],
  ["query", "query"],
  ["queries", "query"],
  ["k", "key"],
  ["ks", "key"],
  ["key", "key"],
  ["keys", "key"],
  ["v", "value"],
  ["vs", "value"],
  ["value", "value"],
  ["values", "value"],
]);

const attentionWords = new Set(["attention", "attentions", "attn", "attns", "att", "atten"]);
const weightWords = new Set([
  "weight",
  "weights",
  "probs",
  "prob",
  "probabilities",
  "softmax",
  "matrix",
  "map",
  "maps",
  "p",
]);
/** Words that say which attention: with any other one, as in `attn_qkv`, the name alone says too little. */
const attentionKinds = new Set([
  "self",
  "cross",
  "encoder",
  "decoder",
  "layer",
  "layers",
  "head",
  "heads",
  "block",
  "multi",
  "causal",
  "global",
  "local",
  "all",
  "average",
  "mean",
  "avg",
]);
const scoreWords = new Set(["score", "scores", "logits", "energy", "energies"]);
const outputWords = new Set(["output", "outputs", "out", "context", "ctx", "o"]);
const maskWords = new Set(["mask", "masks"]);
/** With one of these, a name is that of a model's parameter, of a count, or of something else than the tensor itself. */
const parameterWords = new Set([
  "w",
  "weight",
  "bias",
  "b",
  "grad",
  "cache",
  "padding",
  "norm",
  "dropout",
  "config",
  "num",
  "size",
  "dim",
  "dims",
  "id",
  "ids",
  "name",
  "names",
  "type",
  "scale",
  "lr",
]);

/**
 * What a tensor of this name is in softmax(QKᵀ/√d_k)V; null where the name says nothing. Looks at whole words, so that
 * `keypoints` is no key: `q`, `query`, `q_proj_0`, `keyStates`, `attn_weights`, `attention_mask`. The parameters of a
 * layer (`q_proj.weight`, `W_q`) are no queries.
 */
export function roleOf(name: string): NamedRole | null {
  const words = wordsOf(name);
  if (words.length === 0 || /\.(weight|bias)$/.test(name)) return null;
  return maskRole(words) ?? attentionRole(words) ?? letterRole(words) ?? plainRole(words);
}

/** Words in lower case: `keyStates_0` is key, states, 0. */
export function wordsOf(name: string): string[] {
  const split = name.replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2").replace(/(\d+)/g, " $1 ");
  return split
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
}

function without(words: readonly string[], drop: (word: string) => boolean): string {
  return words.filter((word) => !drop(word)).join(" ");
}

/** `mask`, `attn_mask`, `attention_bias`; a padding mask says the opposite (true: leave out) and is none. */
function maskRole(words: readonly string[]): NamedRole | null {
  const bias = words.includes("bias") && words.some((word) => attentionWords.has(word));
  if ((!bias && !words.some((word) => maskWords.has(word))) || words.includes("padding")) return null;
  const stem = without(
    words,
    (word) => maskWords.has(word) || attentionWords.has(word) || word === "bias" || word === "causal",
  );
  return { role: "mask", stem, alone: false };
}

/** `attention`, `attn_weights`, `attention_scores`, `attn_output`. */
function attentionRole(words: readonly string[]): NamedRole | null {
  if (!words.some((word) => attentionWords.has(word))) return null;
  const others = words.filter((word) => !attentionWords.has(word));
  if (others.some((word) => letters.has(word))) return null;
  const role = others.some((w) => scoreWords.has(w))
    ? "scores"
    : others.some((w) => outputWords.has(w))
      ? "output"
      : "weights";
  if (role === "weights" && others.some((word) => parameterWords.has(word) && !weightWords.has(word))) return null;
  const known =
    others.some((word) => weightWords.has(word)) ||
    others.every((word) => /^\d+$/.test(word) || attentionKinds.has(word));
  const said = (word: string): boolean => scoreWords.has(word) || outputWords.has(word) || weightWords.has(word);
  return { role, stem: without(others, said), alone: role === "weights" && known };
}

/** One word of `q`, `query`, `queries` … and none of another role. */
function letterRole(words: readonly string[]): NamedRole | null {
  const found = words.filter((word) => letters.has(word));
  if (found.length !== 1 || words.some((word) => parameterWords.has(word))) return null;
  return { role: letters.get(found[0]!)!, stem: without(words, (word) => letters.has(word)), alone: false };
}

/** `weights`, `scores`, `output` mean something only beside a query and a key. */
function plainRole(words: readonly string[]): NamedRole | null {
  const kinds: readonly (readonly [ReadonlySet<string>, Role])[] = [
    [scoreWords, "scores"],
    [outputWords, "output"],
    [new Set(["weights", "probs", "probabilities", "softmax"]), "weights"],
  ];
  for (const [set, role] of kinds) {
    if (words.some((word) => set.has(word)))
      return { role, stem: without(words, (word) => set.has(word)), alone: false };
  }
  return null;
}

/**
 * Groups tensors that stand side by side into attention problems, by their names. A group has a query and a key of
 * matching names, or weights. Of several candidates for a role the first one counts. `nameRole`: `roleOf`, perhaps one
 * that remembers.
 */
export function groupByNames(candidates: readonly Candidate[], nameRole = roleOf): RoleGroup[] {
  const named = candidates.flatMap((candidate) => {
    const role = nameRole(candidate.name);
    return role && isMatrix(candidate, role.role) ? [{ ...role, id: candidate.id }] : [];
  });
  const groups = new Map<string, Partial<Record<Role, string>>>();
  for (const { role, stem, id } of named) if (isCore(role)) addTo(groups, stem, role, id);
  for (const [stem, roles] of groups) if (!roles.query || !roles.key) groups.delete(stem);
  const taken = new Set<string>();
  for (const { role, stem, id, alone } of named) if (!isCore(role)) attach(groups, taken, { role, stem, id, alone });
  return [...groups].map(([stem, roles]) => ({ stem, roles, certainty: "recognised" }));
}

function isCore(role: Role): boolean {
  return role === "query" || role === "key" || role === "value";
}

/** A vector is no query, key or weights; a mask may be one. */
function isMatrix(candidate: Candidate, role: Role): boolean {
  return candidate.rank === null || candidate.rank >= 2 || (role === "mask" && candidate.rank === 1);
}

function addTo(groups: Map<string, Partial<Record<Role, string>>>, stem: string, role: Role, id: string): void {
  const roles = groups.get(stem) ?? {};
  roles[role] ??= id;
  groups.set(stem, roles);
}

/** A mask, scores, weights or an output goes to the group of its stem, or to the only one; weights may stand alone. */
function attach(
  groups: Map<string, Partial<Record<Role, string>>>,
  taken: Set<string>,
  { role, stem, id, alone }: { role: Role; stem: string; id: string; alone: boolean },
): void {
  const only = groups.size === 1 ? [...groups.keys()][0]! : null;
  const to = groups.has(stem) ? stem : stem === "" ? only : null;
  if (to !== null && !groups.get(to)![role]) addTo(groups, to, role, id);
  else if (alone && !taken.has(id)) addTo(groups, stem, role, id);
  taken.add(id);
}
