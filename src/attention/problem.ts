import type { Tensor } from "../tensor/tensor.ts";
import type { Step } from "./forms/steps.ts";

/** The five stages, in the order in which everything shows them. */
export const stages = ["scores", "scaled", "masked", "weights", "output"] as const;
export type Stage = (typeof stages)[number];

/** Which queries may attend to which keys by position alone. Rows are queries, columns keys. */
export type Causal =
  /** Every query attends to every key. */
  | "none"
  /** Query i attends to keys 0 … i (PyTorch's `is_causal`, ONNX without past). */
  | "topLeft"
  /** The last query attends to the last key: query i attends to keys 0 … i + S − L (flash-attn, decoding). */
  | "bottomRight";

/**
 * softmax(QKᵀ · scale + mask) · V, with the semantics of ONNX `Attention` (opset 25) and
 * `torch.nn.functional.scaled_dot_product_attention`.
 */
export interface AttentionProblem {
  /** `[L, E]`, `[heads, L, E]` or `[batch, heads, L, E]`. */
  readonly query: Tensor;
  /** `[S, E]`, `[kvHeads, S, E]` or `[batch, kvHeads, S, E]`; `heads` is a multiple of `kvHeads` (grouped queries). */
  readonly key: Tensor;
  /** `[S, Ev]`, `[kvHeads, S, Ev]` or `[batch, kvHeads, S, Ev]`. */
  readonly value: Tensor;
  /** Broadcast to `[batch, heads, L, S]`, aligned right. bool: true = may attend; float: added to the scaled scores. */
  readonly mask?: Tensor;
  readonly causal?: Causal;
  /** `auto` is 1/√E. */
  readonly scale?: number | "auto";
  /** c > 0: scaled scores become c·tanh(s/c) before the mask. */
  readonly softcap?: number;
  /** Keys a query may attend to, before and after its own position, itself not counted; null: no limit. */
  readonly window?: readonly [left: number | null, right: number | null];
  /**
   * Key position of query 0, for `causal` and `window`: one for all, or one a batch entry; may be negative and is not
   * clamped (ONNX: the length of the past, or `nonpad_kv_seqlen − L`). Absent: 0, or S − L for `bottomRight`.
   */
  readonly offset?: number | readonly number[];
  /** How many leading keys are real, one a batch entry (ONNX `nonpad_kv_seqlen`): the rest is padding. */
  readonly keyLengths?: readonly number[];
  /** Leaves out more pairs than position rules and masks do. */
  readonly sparse?: SparsePattern;
  /** Several sequences one after the other: a query attends only to keys of its own one. Positions count from its start. */
  readonly segments?: Segments;
  /** Position terms that are added to the scaled (and soft-capped) scores together with the mask. */
  readonly bias?: PositionBias;
  /** How a query and a key make a score; absent: the dot product. */
  readonly score?: Score;
  /** A logit a head that joins every row's softmax and has no value: weights then sum to less than 1. */
  readonly sinks?: readonly number[];
  /** Probability that training would drop a weight: shown, never applied. */
  readonly dropout?: number;
  /** What query and key were before steps made them what they are: shown, not computed with. */
  readonly before?: { readonly query: Tensor; readonly key: Tensor; readonly steps: readonly Step[] };
}

/** Where packed sequences start, and the total at the end (`cu_seqlens`): `[0, 3, 5]` is two, of 3 and 2 positions. */
export interface Segments {
  readonly queries: readonly number[];
  readonly keys: readonly number[];
}

/** What is added to a score because of where query and key stand. d = key position − query position. */
export type PositionBias =
  /** −slope[head]·|d| (Press et al. 2022, arXiv 2108.12409). */
  | { readonly kind: "alibi"; readonly slopes: readonly number[] }
  /** table[head, clamp(d + zero, 0, width − 1)], shape `[heads or 1, width]`; `sumOf`: what it was added up from, for showing. */
  | {
      readonly kind: "relative";
      readonly table: Tensor;
      readonly zero: number;
      readonly sumOf?: readonly PositionBias[];
    };

/** Which pairs may attend where no run of keys says it. Positions count from the start of a packed sequence. */
export interface SparsePattern {
  /** Only every so-many-th key, counted from the query's own position; a window then counts in such steps. */
  readonly dilation?: number;
  /** Only keys of the query's own block of so many positions. */
  readonly block?: number;
  /** Positions that attend to everything and are attended to by everything, whatever window, dilation and blocks say. */
  readonly globals?: readonly number[];
  /** The first keys are there for every query, the rest causally. */
  readonly prefix?: number;
}

/** How a query and a key make a score. */
export type Score =
  /** Σ q·k */
  | { readonly kind: "dot" }
  /** Σ v·tanh(q + k + b): Bahdanau et al. 2015, arXiv 1409.0473, with Q and K already projected. `vector` and `bias` have length E. */
  | {
      readonly kind: "additive";
      readonly vector: Tensor;
      readonly bias?: Tensor;
      /** Nobody asks: the query is all zeros, and one sequence is pooled. Shown, not computed with. */
      readonly pooling?: true;
    }
  /** ln Σ q·k of Q and K whose features are not negative: softmax then gives the weights that linear attention implies. */
  | { readonly kind: "linear" };

/** Sizes of a planned problem. */
export interface AttentionSizes {
  readonly batch: number;
  readonly heads: number;
  readonly kvHeads: number;
  /** L */
  readonly queries: number;
  /** S */
  readonly keys: number;
  /** E */
  readonly size: number;
  /** Ev */
  readonly valueSize: number;
}
