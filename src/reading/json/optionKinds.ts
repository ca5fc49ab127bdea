import { slidingWindow } from "../../attention/forms/sparse.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { SiteOptions, WrittenOption } from "../document.ts";
import type { ScoreName } from "../formValues.ts";
import { bucketsIn, featureMapIn, globalsIn, normIn, rotaryIn, scoreIn, segmentsOf } from "./formOptions.ts";
import {
  booleanIn,
  causalIn,
  countIn,
  countsIn,
  matrixIn,
  memberIn,
  membersIn,
  numberIn,
  numbersIn,
  positiveIn,
  valuesIn,
  wholeIn,
  windowIn,
} from "./optionValues.ts";
import type { Source } from "./source.ts";
import { fieldOf, scalarOf } from "./tree.ts";

export type Option = WrittenOption["option"];

/** How an option is found and read. */
export interface OptionKind {
  readonly names: readonly string[];
  /** null: it is something else; `name` is the one it was found under. */
  readonly read: (source: Source, node: number, name: string) => unknown;
  /** Looked for only beside this score: its name alone says too little. */
  readonly of?: readonly ScoreName[];
  /** A tensor in its own right: only its name is about the option. */
  readonly tensor?: true;
  /** Read of given weights, too; something else under such a name is worth no word. */
  readonly everywhere?: true;
  /** Done to Q and K themselves: where a model's `config` says it, those of a file come after it. */
  readonly changesInputs?: true;
}

/** Scores come before what is looked for only beside them. */
export const optionKinds: Readonly<Record<Option, OptionKind>> = {
  causal: { names: ["causal", "is_causal", "isCausal"], read: causalIn, everywhere: true },
  scale: { names: ["scale"], read: numberIn, everywhere: true },
  softcap: {
    names: ["softcap", "logit_softcap"],
    read: (source, node) => numberIn(source, node) || null,
    everywhere: true,
  },
  window: {
    names: ["window", "window_size", "sliding_window"],
    // Mistral and Hugging Face count the query's own position.
    read: (source, node, name) => (name === "sliding_window" ? slidingIn(source, node) : windowIn(source, node)),
    everywhere: true,
  },
  score: { names: ["score", "score_function"], read: scoreIn },
  queryWeight: {
    names: ["W_q", "w_q", "Wq", "W_query", "query_weight", "W_a", "W1"],
    read: matrixIn,
    of: ["additive"],
    tensor: true,
  },
  keyWeight: {
    names: ["W_k", "w_k", "Wk", "W_key", "key_weight", "U_a", "W2"],
    read: matrixIn,
    of: ["additive"],
    tensor: true,
  },
  vector: {
    names: ["v", "v_a", "va", "u_w", "score_vector", "attention.2.weight", "2.weight"],
    read: valuesIn,
    of: ["additive", "pooling"],
    tensor: true,
  },
  scoreBias: {
    names: ["b", "b_a", "b_w", "score_bias", "bias", "attention.0.bias", "0.bias"],
    read: valuesIn,
    of: ["additive", "pooling"],
    tensor: true,
  },
  poolingWeight: {
    names: ["W", "W_w", "W_a", "W1", "weight", "attention.0.weight", "0.weight"],
    read: matrixIn,
    of: ["pooling"],
    tensor: true,
  },
  generalWeight: { names: ["W", "W_a", "Wa", "weight"], read: matrixIn, of: ["general"], tensor: true },
  temperature: { names: ["temperature", "tau"], read: positiveIn, of: ["cosine", "dot"] },
  featureMap: { names: ["feature_map", "featureMap"], read: featureMapIn, of: ["linear"] },
  norm: { names: ["qk_norm", "qkNorm"], read: normIn, changesInputs: true },
  rotary: { names: ["rope", "rotary", "rotary_embedding"], read: rotaryIn, changesInputs: true },
  alibi: {
    names: ["alibi", "alibi_slopes"],
    read: (source, node) => (typeof scalarOf(source.tape, node) === "boolean" ? booleanIn : numbersIn)(source, node),
  },
  relativeBias: { names: ["relative_bias", "relative_position_bias"], read: tableIn, tensor: true },
  buckets: {
    names: ["relative_attention_bias", "relative_attention_bias.weight"],
    read: bucketsIn,
    tensor: true,
  },
  dilation: { names: ["dilation", "attention_dilation"], read: wholeIn },
  block: { names: ["local_block_size", "attention_block_size"], read: wholeIn },
  globals: { names: ["global_tokens", "global_attention_mask"], read: globalsIn },
  prefix: { names: ["prefix_length", "prefix_len"], read: countIn },
  sinks: { names: ["sinks", "sink_logits", "attention_sinks"], read: numbersIn },
  plusOne: { names: ["softmax_plus_one", "softmax_one", "softmax1"], read: booleanIn },
  segments: { names: ["cu_seqlens", "cu_seqlens_q"], read: lengthsIn },
  segmentIds: { names: ["segment_ids", "sequence_ids", "q_segment_ids", "query_segment_ids"], read: idsIn },
};

/** A number of positions, the query's own among them. */
function slidingIn(source: Source, node: number): SiteOptions["window"] | null {
  if (numberIn(source, node) === null) return windowIn(source, node);
  const size = wholeIn(source, node);
  return size === null ? null : slidingWindow(size);
}

/** One row for all heads, or one a head, with a distance of 0 in its middle. */
function tableIn(source: Source, node: number): Tensor | null {
  const values = valuesIn(source, node);
  if (!values || values.shape.length > 2 || values.shape.at(-1)! % 2 === 0) return null;
  return values.shape.length === 2
    ? values
    : { ...values, shape: [1, ...values.shape], strides: [0, ...values.strides] };
}

/** Where packed sequences start; those of the keys stand beside it where they differ. */
function lengthsIn(source: Source, node: number): SiteOptions["segments"] | null {
  const queries = countsIn(source, node);
  const keys = keysBeside(source, node, ["cu_seqlens_k", "cu_seqlens_kv"]);
  return queries && keys && queries.length > 1 ? { queries, keys } : null;
}

function idsIn(source: Source, node: number): SiteOptions["segments"] | null {
  const queries = countsIn(source, node);
  const keys = keysBeside(source, node, ["kv_segment_ids", "key_segment_ids"]);
  return queries && keys && queries.length > 0 ? segmentsOf(queries, keys) : null;
}

/** The same list for the keys, where one of these stands beside that of the queries; else that of the queries. */
function keysBeside(source: Source, node: number, names: readonly string[]): readonly number[] | null {
  const other = memberIn(membersIn(source, fieldOf(source.tape, node, "parent")) ?? new Map(), names);
  return countsIn(source, other ?? node);
}
