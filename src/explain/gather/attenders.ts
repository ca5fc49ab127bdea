import type { AttentionResult, Head } from "../../attention/result.ts";
import type { KeyFacts } from "../facts.ts";

/** Who attends to one key: the queries with the largest weights on it, and how much attention it gets on the whole. */
export function attendersOf(result: AttentionResult, head: Head, key: number, count: number): Omit<KeyFacts, "token"> {
  const weights = Array.from({ length: result.sizes.queries }, (_, query) => result.row(head, query).weights[key]!);
  const order = [...weights.keys()].sort((a, b) => weights[b]! - weights[a]! || a - b);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return { key, total, top: order.slice(0, count).map((query) => ({ query, weight: weights[query]! })) };
}
