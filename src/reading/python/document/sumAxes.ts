import { dimsOf, type TensorValue } from "../run/tensorValue.ts";
import type { Scores } from "./chain.ts";
import type { Copied } from "./copies.ts";
import { type Labelled, productOf } from "./product.ts";

/** The axes of weights · V: which of them are queries, keys, and what stands in front of both. */
export interface SumAxes {
  readonly value: Labelled;
  /** Names of the axes of softmax's result, and of the sum. */
  readonly weights: readonly string[];
  readonly result: readonly string[];
  readonly batch: readonly string[];
  readonly queries: string;
  readonly keys: string;
  /** The axis of V that is not summed over. */
  readonly inner: string;
}

/** null where softmax went over another axis than the sum does, and where axes cannot be told apart. */
export function sumAxes(sum: TensorValue, weights: Copied, axis: number | null): SumAxes | null {
  const product = productOf(sum);
  if (!product || axis === null || !weights.axes) return null;
  const fromLeft = product.left.labels.length === weights.axes.length && isCopy(product.left.tensor, weights);
  const [own, value] = fromLeft ? [product.left, product.right] : [product.right, product.left];
  const names: string[] = [];
  for (const [at, to] of weights.axes.entries()) names[to] = own.labels[at]!;
  const keys = names.at(axis);
  const others = names.filter((name) => name !== keys);
  const queries = others.filter((name) => !value.labels.includes(name));
  const inner = value.labels.filter((name) => !names.includes(name));
  if (!keys || !value.labels.includes(keys) || product.labels.includes(keys)) return null;
  if (queries.length !== 1 || inner.length !== 1) return null;
  const batch = others.filter((name) => name !== queries[0]);
  return { value, weights: names, result: product.labels, batch, queries: queries[0]!, keys, inner: inner[0]! };
}

function isCopy(tensor: TensorValue, { tensor: of }: Copied): boolean {
  let at: TensorValue | undefined = tensor;
  while (at && at !== of) at = at.by?.inputs[0];
  return at === of;
}

/** The axes of QKᵀ, in the names that its own product gives them. */
export interface ScoreFactors {
  readonly query: Labelled;
  readonly key: Labelled;
  readonly batch: readonly string[];
  readonly queries: string;
  readonly keys: string;
  readonly inner: string;
}

/** null where queries and keys cannot be told apart. */
export function scoreFactors({ product: made, axes }: Scores, sum: SumAxes): ScoreFactors | null {
  const product = productOf(made);
  if (!product || !axes || axes.length !== sum.weights.length || dimsOf(made)?.length !== axes.length) return null;
  const named = (name: string): string => product.labels[axes[sum.weights.indexOf(name)]!]!;
  const [queries, keys, batch] = [named(sum.queries), named(sum.keys), sum.batch.map(named)];
  const { left, right } = product;
  const [query, key] = left.labels.includes(queries) ? [left, right] : [right, left];
  if (!query.labels.includes(queries) || key.labels.includes(queries)) return null;
  if (!key.labels.includes(keys) || query.labels.includes(keys)) return null;
  const inner = query.labels.filter((name) => key.labels.includes(name) && !product.labels.includes(name));
  return inner.length === 1 ? { query, key, batch, queries, keys, inner: inner[0]! } : null;
}
