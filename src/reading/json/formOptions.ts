import type { Feature } from "../../attention/forms/linearAttention.ts";
import type { QueryKeyNorm } from "../../attention/forms/queryKeyNorm.ts";
import type { Rotary } from "../../attention/forms/rotary.ts";
import type { Segments } from "../../attention/problem.ts";
import type { Buckets, ScoreName } from "../formValues.ts";
import {
  booleanIn,
  countIn,
  countsIn,
  matrixIn,
  memberIn,
  membersIn,
  namedIn,
  numbersIn,
  positiveIn,
  valuesIn,
  vectorIn,
} from "./optionValues.ts";
import type { Source } from "./source.ts";
import { fieldOf } from "./tree.ts";

const scoreNames: Readonly<Record<string, ScoreName>> = {
  scaleddot: "scaledDot",
  scaleddotproduct: "scaledDot",
  sdpa: "scaledDot",
  dot: "dot",
  dotproduct: "dot",
  general: "general",
  multiplicative: "general",
  bilinear: "general",
  luong: "general",
  additive: "additive",
  bahdanau: "additive",
  concat: "additive",
  pooling: "pooling",
  additivepooling: "pooling",
  attentionpooling: "pooling",
  cosine: "cosine",
  cosinesimilarity: "cosine",
  linear: "linear",
};

export function scoreIn(source: Source, node: number): ScoreName | null {
  return namedIn(scoreNames, source, node);
}

const featureMaps: Readonly<Record<string, Feature>> = { elu: "elu+1", elu1: "elu+1", relu: "relu", exp: "exp" };

export function featureMapIn(source: Source, node: number): Feature | null {
  return namedIn(featureMaps, source, node);
}

const rms: QueryKeyNorm = { kind: "rms" };
const layer: QueryKeyNorm = { kind: "layer" };
const norms: Readonly<Record<string, QueryKeyNorm>> = {
  rms,
  rmsnorm: rms,
  layer,
  layernorm: layer,
  l2: { kind: "l2" },
};

/** true (RMS), a kind by name, or `{"type": …, "eps": …, "q_weight": …, "k_weight": …}`. */
export function normIn(source: Source, node: number): QueryKeyNorm | false | null {
  const members = membersIn(source, node);
  if (!members) {
    const on = booleanIn(source, node);
    return on === null ? namedIn(norms, source, node) : on && rms;
  }
  const made = {
    norm: optional(source, members, ["type", "kind"], (_, at) => namedIn(norms, source, at)),
    epsilon: optional(source, members, ["eps", "epsilon"], positiveIn),
    queryGain: optional(source, members, ["q_weight", "query_weight", "q_gain", "weight"], vectorIn),
    keyGain: optional(source, members, ["k_weight", "key_weight", "k_gain", "weight"], vectorIn),
  };
  if (Object.values(made).includes(null)) return null;
  const { norm, ...others } = made;
  return { ...rms, ...norm, ...given(others) };
}

/** true, or `{"base": …, "interleaved": …, "dims": …, "offset": …}`; pairs are those of Llama and GPT-NeoX unless told. */
export function rotaryIn(source: Source, node: number): Rotary | false | null {
  const members = membersIn(source, node);
  if (!members) {
    const on = booleanIn(source, node);
    return on === null ? null : on && { pairs: "half" };
  }
  const interleaved = optional(source, members, ["interleaved"], booleanIn);
  const starts = optional(source, members, ["offset", "start"], startsIn);
  const made = {
    base: optional(source, members, ["base", "theta", "rope_theta"], positiveIn),
    size: optional(source, members, ["dims", "dim", "rotary_dim"], positiveIn),
    queryStart: optional(source, members, ["query_offset", "q_offset"], countIn) ?? starts?.[0],
    keyStart: optional(source, members, ["key_offset", "k_offset"], countIn) ?? starts?.[1],
  };
  if (interleaved === null || starts === null || Object.values(made).includes(null)) return null;
  return { pairs: interleaved ? "interleaved" : "half", ...given(made as Partial<Rotary>) };
}

/** Position of the first query and of the first key: a number for both, or two. */
function startsIn(source: Source, node: number): readonly [number, number] | null {
  const starts = numbersIn(source, node);
  if (!starts?.every((start) => Number.isInteger(start) && start >= 0)) return null;
  const [query = 0, key = query] = starts;
  return starts.length === 1 || starts.length === 2 ? [query, key] : null;
}

/** undefined: no member has one of these names. */
function optional<T>(
  source: Source,
  members: ReadonlyMap<string, number>,
  names: readonly string[],
  read: (source: Source, node: number) => T | null,
): T | null | undefined {
  const value = memberIn(members, names);
  return value === undefined ? undefined : read(source, value);
}

/** Without what is not there. */
function given<T extends object>(all: { readonly [Name in keyof T]: T[Name] | null | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value != null)) as Partial<T>;
}

/**
 * T5's relative bias: `[buckets, heads]`, or that as `weight` of an object; how far and on which sides is said in it or
 * beside it, by T5's own names.
 */
export function bucketsIn(source: Source, node: number): Buckets | null {
  const inside = membersIn(source, node);
  const beside = membersIn(source, fieldOf(source.tape, node, "parent")) ?? new Map<string, number>();
  const members = new Map([...beside, ...(inside ?? [])]);
  const weight = inside ? memberIn(inside, ["weight", "embedding", "table"]) : node;
  const embedding = weight === undefined ? null : matrixIn(source, weight);
  const farthest = optional(source, members, ["relative_attention_max_distance", "max_distance"], positiveIn) ?? 128;
  const both = optional(source, members, ["bidirectional"], booleanIn);
  const decodes = optional(source, members, ["is_decoder"], booleanIn) ?? false;
  const bidirectional = both ?? !decodes;
  if (!embedding || both === null) return null;
  const exact = Math.floor((bidirectional ? Math.floor(embedding.shape[0]! / 2) : embedding.shape[0]!) / 2);
  return exact >= 1 && farthest > exact ? { embedding, bidirectional, farthest } : null;
}

/** Positions, or for each position whether it is global (`global_attention_mask`). */
export function globalsIn(source: Source, node: number, name: string): readonly number[] | null {
  const row = name.endsWith("mask") ? rowIn(source, node) : countsIn(source, node);
  if (!row || !name.endsWith("mask")) return row;
  return row.every((x) => x === 0 || x === 1) ? [...row.keys()].filter((at) => row[at] === 1) : null;
}

/** The numbers of a list, or of a matrix with one row. */
function rowIn(source: Source, node: number): readonly number[] | null {
  const values = valuesIn(source, node);
  return values?.shape.slice(0, -1).every((size) => size === 1) ? Array.from(values.data, Number) : null;
}

/** Of an id a position: packed sequences, where the ids of one sequence stand side by side; null where they do not. */
export function segmentsOf(queryIds: readonly number[], keyIds: readonly number[]): Segments | null {
  const [queries, keys] = [runsOf(queryIds), runsOf(keyIds)];
  if (!queries || !keys) return null;
  const starts = { queries: [0], keys: [0] };
  const [asked, held] = [[...queries.keys()], [...keys.keys()]];
  // Sequences of which the other side has nothing are empty there.
  while (asked.length + held.length > 0) {
    const id = asked.length > 0 && (asked[0] === held[0] || !keys.has(asked[0]!)) ? asked[0]! : held[0];
    if (id === undefined || (id !== asked[0] && queries.has(id))) return null;
    if (asked[0] === id) asked.shift();
    if (held[0] === id) held.shift();
    starts.queries.push(starts.queries.at(-1)! + (queries.get(id) ?? 0));
    starts.keys.push(starts.keys.at(-1)! + (keys.get(id) ?? 0));
  }
  return starts;
}

/** How often each id comes, in their order; null where one comes again after another. */
function runsOf(ids: readonly number[]): Map<number, number> | null {
  const runs = new Map<number, number>();
  for (const [at, id] of ids.entries()) {
    if (runs.has(id) && ids[at - 1] !== id) return null;
    runs.set(id, (runs.get(id) ?? 0) + 1);
  }
  return runs;
}
