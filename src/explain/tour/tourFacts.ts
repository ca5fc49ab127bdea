import type { AttentionFacts, AttentionSizes } from "../facts.ts";

/** What the guided tour shows of one attention problem: one head, one query followed all the way. */
export interface TourFacts {
  /** What the problem is called: a key, a function; empty for the document itself. */
  readonly name: string;
  /** As if the pointer were on the row of Q of the query that is followed: `row` and `spread` are there. */
  readonly attention: AttentionFacts & { readonly sizes: AttentionSizes };
  readonly kvHeads: number;
  /** Whether queries and keys have the same words, as in self-attention; null where the document has no words. */
  readonly sameTokens: boolean | null;
  /** The weights of the head: block maxima beyond 48×48. */
  readonly weights: { readonly rows: number; readonly columns: number; readonly values: Float32Array };
  /** The row's keys on their way through softmax, largest weight first, at most six. */
  readonly softmax: readonly SoftmaxStep[];
  /** How many keys the row has besides. */
  readonly moreKeys: number;
  /** At most this many columns of V and of the output are shown. */
  readonly shownColumns: number;
  readonly output: readonly number[];
  /** The same row with the causal mask, or without it where the document has it; null where it would be the same. */
  readonly other: { readonly causal: boolean; readonly weights: readonly number[] } | null;
}

export interface SoftmaxStep {
  readonly key: number;
  readonly token?: string;
  /** Scaled, capped and masked: what softmax gets. */
  readonly masked: number;
  /** exp(masked − maximum) */
  readonly exponential: number;
  readonly weight: number;
  /** The first columns of this key's row of V. */
  readonly value: readonly number[];
}
