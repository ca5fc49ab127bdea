import { slidingWindow } from "../../attention/forms/sparse.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { SiteOptions, WrittenOption } from "../document.ts";
import { featureMapIn, normIn, rotaryIn, type ScoreName, scoreIn, startsOf } from "./formOptions.ts";
import {
  booleanIn,
  causalIn,
  countsIn,
  memberIn,
  numberIn,
  numbersIn,
  positiveIn,
  tensorIn,
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
  vector: { names: ["v", "v_a", "va", "score_vector"], read: valuesIn, of: ["additive"], tensor: true },
  scoreBias: { names: ["b", "b_a", "score_bias", "bias"], read: valuesIn, of: ["additive"], tensor: true },
  generalWeight: { names: ["W", "W_a", "Wa", "weight"], read: matrixIn, of: ["general"], tensor: true },
  temperature: { names: ["temperature", "tau"], read: positiveIn, of: ["cosine", "dot"] },
  featureMap: { names: ["feature_map", "featureMap"], read: featureMapIn, of: ["linear"] },
  norm: { names: ["qk_norm", "qkNorm"], read: normIn },
  rotary: { names: ["rope", "rotary", "rotary_embedding"], read: rotaryIn },
  alibi: {
    names: ["alibi", "alibi_slopes"],
    read: (source, node) => (typeof scalarOf(source.tape, node) === "boolean" ? booleanIn : numbersIn)(source, node),
  },
  relativeBias: { names: ["relative_bias", "relative_position_bias"], read: tableIn, tensor: true },
  sinks: { names: ["sinks", "sink_logits", "attention_sinks"], read: numbersIn },
  plusOne: { names: ["softmax_plus_one", "softmax_one", "softmax1"], read: booleanIn },
  segments: { names: ["cu_seqlens", "cu_seqlens_q"], read: lengthsIn },
  segmentIds: { names: ["segment_ids", "sequence_ids"], read: idsIn },
};

/** A number of positions, the query's own among them. */
function slidingIn(source: Source, node: number): SiteOptions["window"] | null {
  const size = numberIn(source, node);
  if (size === null) return windowIn(source, node);
  return Number.isInteger(size) && size > 0 ? slidingWindow(size) : null;
}

function valuesIn(source: Source, node: number): Tensor | null {
  return tensorIn(source, node)?.values ?? null;
}

function matrixIn(source: Source, node: number): Tensor | null {
  const values = valuesIn(source, node);
  return values?.shape.length === 2 ? values : null;
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
  const beside = source.members(fieldOf(source.tape, node, "parent"));
  const other = memberIn(beside, ["cu_seqlens_k", "cu_seqlens_kv"]);
  const keys = other === undefined ? queries : countsIn(source, other);
  return queries && keys && queries.length > 1 ? { queries, keys } : null;
}

function idsIn(source: Source, node: number): SiteOptions["segments"] | null {
  const ids = countsIn(source, node);
  const starts = ids && startsOf(ids);
  return starts && starts.length > 1 ? { queries: starts, keys: starts } : null;
}
