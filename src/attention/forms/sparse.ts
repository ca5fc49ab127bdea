import { type Tensor, tensor } from "../../tensor/tensor.ts";

/** Says whether query i may attend to key j. */
export type Pattern = (query: number, key: number) => boolean;

/** Keys at most `reach` positions away, on both sides (Longformer, Beltagy et al. 2020, arXiv 2004.05150). */
export function sliding(reach: number): Pattern {
  return (i, j) => Math.abs(i - j) <= reach;
}

/** Every `step`-th key, up to `reach` steps away. */
export function dilated(reach: number, step: number): Pattern {
  return (i, j) => (i - j) % step === 0 && Math.abs(i - j) <= reach * step;
}

/** Keys of the query's own block of `size` positions. */
export function blocks(size: number): Pattern {
  return (i, j) => Math.floor(i / size) === Math.floor(j / size);
}

/** These positions attend to everything and are attended to by everything. */
export function globalTokens(positions: readonly number[]): Pattern {
  const set = new Set(positions);
  return (i, j) => set.has(i) || set.has(j);
}

/** The first `length` keys for everyone, the rest causally (prefix LM). */
export function prefix(length: number): Pattern {
  return (i, j) => j < length || j <= i;
}

/** Allowed by any of these. */
export function anyOf(...patterns: readonly Pattern[]): Pattern {
  return (i, j) => patterns.some((pattern) => pattern(i, j));
}

/** Allowed by all of these. */
export function allOf(...patterns: readonly Pattern[]): Pattern {
  return (i, j) => patterns.every((pattern) => pattern(i, j));
}

/** The boolean mask `[L, S]` of a pattern: true = may attend. */
export function patternMask(pattern: Pattern, queries: number, keys: number): Tensor {
  const data = Uint8Array.from({ length: queries * keys }, (_, at) =>
    Number(pattern(Math.floor(at / keys), at % keys)),
  );
  return tensor("bool", [queries, keys], data);
}

/** `sliding_window` W as Hugging Face and Mistral count it, the query's own position included: W − 1 keys before it. */
export function slidingWindow(size: number): readonly [left: number, right: null] {
  return [size - 1, null];
}
