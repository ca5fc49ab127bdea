import type { Message } from "../tensor/message.ts";
import type { Overview, OverviewOptions } from "./overview.ts";
import type { AttentionSizes, Stage } from "./problem.ts";

/** One batch entry and one query head. */
export interface Head {
  readonly batch: number;
  readonly head: number;
}

/** A rectangle of a stage, one number for each `step`×`step` block of cells. */
export interface TileRequest extends Head {
  readonly stage: Stage;
  readonly row: number;
  readonly column: number;
  /** Blocks, not cells. */
  readonly rows: number;
  readonly columns: number;
  /** 1: every cell; more: the block's maximum (of |x| with its sign for `output`), so that one spike survives. */
  readonly step: number;
  /** See `DraftOptions`. */
  readonly beyond?: number | undefined;
}

/** How an answer that needs very many rows is asked for. */
export interface DraftOptions {
  readonly signal?: AbortSignal | undefined;
  /**
   * Takes a draft out of the rows that are computed, as soon as they are more than this share of all, 0 … 1: 0 for the
   * first draft, then the `known` of the last one for the next. Absent: waits for every row.
   */
  readonly beyond?: number | undefined;
}

/** Row-major `rows × columns`. NaN of a poisoned row stays NaN; a masked cell of `masked` is −∞. */
export interface Tile extends TileRequest {
  readonly values: Float32Array;
  /** Each block shows one cell of its middle rather than its maximum: there are too many cells to visit. */
  readonly sampled?: boolean;
  /** A draft: the share of its rows that is computed. Those that are not repeat their nearest computed neighbour. */
  readonly known?: number;
}

/** One query's way from scores to output, in float64. */
export interface AttentionRow extends Head {
  readonly query: number;
  /** Each of length S. */
  readonly scores: Float64Array;
  readonly scaled: Float64Array;
  readonly masked: Float64Array;
  readonly weights: Float64Array;
  /** Length Ev. */
  readonly output: Float64Array;
  readonly statistics: RowStatistics;
}

export interface RowStatistics {
  /** Of the masked scores, a sink's logit included; −∞ for a fully masked row. */
  readonly maximum: number;
  /** Σ exp(masked − maximum), a sink's logit included; 0 for a fully masked row. */
  readonly sum: number;
  /** log Σ exp(masked): what a weight is recomputed from. */
  readonly logSumExp: number;
  /** −Σ w ln w, in nats. */
  readonly entropy: number;
  /** exp(entropy): how many keys share the weight. */
  readonly effectiveKeys: number;
  /** The key with the largest weight, -1 for a fully masked row. */
  readonly peak: number;
  /** No key may be attended to: weights and output are 0. */
  readonly fullyMasked: boolean;
}

/** What can forbid a pair: the boolean mask (or −∞ in a float one), position rules, padding keys, another packed sequence, a sparse pattern. */
export type Masker = "mask" | "causal" | "window" | "padding" | "segment" | "pattern";

/** Everything about one cell, in float64: each number follows from those before it. */
export interface CellDerivation extends Head {
  readonly query: number;
  readonly key: number;
  /** The terms of the score, length E: q[k]·k[k]; their sum is `score` (for the linear score, its logarithm is). */
  readonly products: Float64Array;
  /** What the score is made of: a row of Q and one of K, changed as the problem's steps say. */
  readonly queryRow: Float64Array;
  readonly keyRow: Float64Array;
  /** How `products` come of the rows where they are no products: v·tanh(q + k + b), and ln of their sum. Absent: the dot product. */
  readonly scored?:
    | { readonly kind: "additive"; readonly vector: Float64Array; readonly bias: Float64Array | null }
    | { readonly kind: "linear" };
  readonly score: number;
  readonly scale: number;
  readonly scaled: number;
  /** scaled after softcap; equal to `scaled` without one. */
  readonly capped: number;
  /** What a float mask adds; −∞ where a boolean mask, the causal rule or the window forbids. */
  readonly maskTerm: number;
  readonly maskedBy: readonly Masker[];
  /** The part of `maskTerm` that a position bias (ALiBi, relative) makes; absent without one. */
  readonly biasTerm?: number;
  readonly masked: number;
  readonly row: RowStatistics;
  /** exp(masked − row.maximum) */
  readonly exponential: number;
  /** The part of `row.sum` that a sink's logit makes; absent without one. */
  readonly sinkTerm?: number;
  /** exponential / row.sum */
  readonly weight: number;
  /** weight · V[key], length Ev: what this cell brings to the output. */
  readonly contribution: Float64Array;
  /** 0-based place of this key among the row's weights, largest first. */
  readonly rank: number;
  /** What was computed in another data type than float64, by the kernels; `weight` is null while its row is not computed. */
  readonly computed?: { readonly dtype: "float32"; readonly masked: number; readonly weight: number | null };
}

/** Least and largest finite value. `sampled`: of evenly chosen rows, where there are too many cells to visit all. */
export interface Limits {
  readonly minimum: number;
  readonly maximum: number;
  readonly sampled?: boolean;
  /** A draft: the share of rows that is computed. */
  readonly known?: number;
}

/** What a thumbnail says of a head. */
export interface HeadSummary extends Head {
  /** Mean over rows that are not fully masked. */
  readonly entropy: number;
  /** Largest weight and where. */
  readonly peak: { readonly value: number; readonly query: number; readonly key: number };
  /** Mean weight on the query's own position, the one before, and the first key. */
  readonly self: number;
  readonly previous: number;
  readonly first: number;
  readonly fullyMaskedRows: number;
  /** Said of this share of the rows, evenly chosen, where there are too many to compute all; absent: of all. */
  readonly known?: number;
  /** What the head looks like, if it looks like anything that people name; see `pattern.ts`. */
  readonly pattern: HeadPattern | null;
}

/** `sink`: the first key takes the weight; `previous`, `diagonal`: one place before, the query's own; `uniform`: shared evenly. */
export type HeadPattern = "sink" | "previous" | "diagonal" | "uniform";

/**
 * A computed problem. Nothing n×n is kept beyond n = 1024: tiles, rows and cells are recomputed from Q, K and each
 * row's log-sum-exp when they are looked at. Indexes out of range throw RangeError (a bug of the caller).
 */
export interface AttentionResult {
  readonly sizes: AttentionSizes;
  /** Which stages exist: all five, or only `weights` where weights were given. Asking for another throws RangeError. */
  readonly stages: readonly Stage[];
  /** What a reader should know of this result: an integer mask was taken as boolean, PyTorch would give NaN, … */
  readonly notes: readonly Message[];
  /** Rows, over all heads, in which no key may be attended to. */
  readonly fullyMaskedRows: number;
  /** The factor that was used: 1/√E for `auto`. */
  readonly scale: number;
  tile(request: TileRequest, signal?: AbortSignal): Promise<Tile>;
  row(head: Head, query: number): AttentionRow;
  /** Computes together what tiles of these rows will need: threads then share it, where each alone would keep one busy. */
  prepare?(head: Head, stage: Stage, queries: readonly number[], signal?: AbortSignal): Promise<void>;
  cell(head: Head, query: number, key: number): CellDerivation;
  /** Least and largest finite value of a stage, over one head. */
  limits(head: Head, stage: Stage, options?: DraftOptions): Promise<Limits>;
  summaries(signal?: AbortSignal): Promise<readonly HeadSummary[]>;
  /** `[batch, heads, L, Ev]`, row-major: a copy, good for ever. */
  output(signal?: AbortSignal): Promise<Float64Array | Float32Array>;
  /** The same where it lies, lent to `read` for the time of that call: no copy is made. */
  lendOutput<T>(read: (values: Float64Array | Float32Array) => T, signal?: AbortSignal): Promise<T>;
  /** A head's weights in about 1024² blocks at most, coarse drafts on the way. */
  overview(head: Head, options?: OverviewOptions): Promise<Overview>;
  /** The share of a head's work, or of all heads' (null), that is done by now, 0 … 1; null where that is not known. */
  progress?(head: Head | null): number | null;
  /** Gives memory back. What would be read from it afterwards throws RangeError (a bug of the caller). */
  dispose(): void;
}
