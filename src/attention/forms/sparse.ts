/** `sliding_window` W as Hugging Face and Mistral count it, the query's own position included: W − 1 keys before it. */
export function slidingWindow(size: number): readonly [left: number, right: null] {
  return [size - 1, null];
}
