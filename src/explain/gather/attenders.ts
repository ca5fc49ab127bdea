import type { AttentionResult, Head } from "../../attention/result.ts";
import type { KeyFacts } from "../facts.ts";
import { largest } from "./largest.ts";

/** Who attends to one key: the queries with the largest weights on it, and how much attention it gets on the whole. */
export function attendersOf(result: AttentionResult, head: Head, key: number, count: number): Omit<KeyFacts, "token"> {
  const weights = Array.from({ length: result.sizes.queries }, (_, query) => result.row(head, query).weights[key]!);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return { key, total, top: largest(weights, count).map((query) => ({ query, weight: weights[query]! })) };
}
