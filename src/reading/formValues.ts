import type { Feature } from "../attention/forms/linearAttention.ts";
import type { QueryKeyNorm } from "../attention/forms/queryKeyNorm.ts";
import type { Rotary } from "../attention/forms/rotary.ts";
import type { Segments, SparsePattern } from "../attention/problem.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** Every score that can be asked for by name. */
export const scoreKinds = ["scaledDot", "dot", "general", "additive", "pooling", "cosine", "linear"] as const;
export type ScoreName = (typeof scoreKinds)[number];

/** Values of the options that ask for another score, for positions, for a sparse pattern, or for another softmax. */
export interface FormValues extends SparsePattern {
  readonly score?: ScoreName;
  readonly queryWeight?: Tensor;
  readonly keyWeight?: Tensor;
  readonly poolingWeight?: Tensor;
  readonly vector?: Tensor;
  readonly scoreBias?: Tensor;
  readonly generalWeight?: Tensor;
  readonly temperature?: number;
  /** Instead of the one that the score has by itself. */
  readonly scale?: number;
  readonly featureMap?: Feature;
  readonly norm?: QueryKeyNorm | false;
  readonly rotary?: Rotary | false;
  /** true: the slopes of the paper. */
  readonly alibi?: readonly number[] | boolean;
  /** `[heads or 1, 2·reach + 1]` */
  readonly relativeBias?: Tensor;
  readonly buckets?: Buckets;
  readonly sinks?: readonly number[];
  readonly plusOne?: boolean;
  readonly segments?: Segments;
  readonly segmentIds?: Segments;
}

/** T5's relative bias. */
export interface Buckets {
  /** `[buckets, heads]` */
  readonly embedding: Tensor;
  readonly bidirectional: boolean;
  /** Distances from here on share the last bucket. */
  readonly farthest: number;
}
