import { type Tensor, tensor, toFloat64 } from "../../tensor/tensor.ts";
import type { AttentionProblem } from "../problem.ts";
import { mapRows } from "./rowwise.ts";

/** A feature map, number by number; its values are not negative. */
export type Feature = "elu+1" | "relu" | "exp";

/** φ(x): elu(x) + 1 (Katharopoulos et al. 2020, arXiv 2006.16236), max(0, x), or eˣ. */
export function feature(kind: Feature, x: number): number {
  if (kind === "relu") return Math.max(0, x);
  return kind === "exp" || x <= 0 ? Math.exp(x) : x + 1;
}

/**
 * Linear attention φ(Q)(φ(K)ᵀV) / φ(Q)Σφ(K) with the weights that it implies, w = φ(q)·φ(k) / Σ φ(q)·φ(k): as the engine's
 * problem, whose scores are ln(φ(q)·φ(k)), so that softmax gives exactly these weights. Masks and causal rules work as ever.
 */
export function linearAttention(problem: AttentionProblem, kind: Feature): AttentionProblem {
  return {
    ...problem,
    scale: 1,
    score: { kind: "linear" },
    query: features(problem.query, kind),
    key: features(problem.key, kind),
  };
}

/** The output `[L, Ev]` of one head without causal rule or mask, in O(L + S): what linear attention is for. */
export function linearOutput(query: Tensor, key: Tensor, value: Tensor, kind: Feature): Tensor {
  const [q, k, v] = [toFloat64(features(query, kind)), toFloat64(features(key, kind)), toFloat64(value)];
  const [size, valueSize] = [query.shape[1]!, value.shape[1]!];
  const [sums, norm] = [new Float64Array(size * valueSize), new Float64Array(size)];
  for (const [at, x] of k.entries()) {
    const [row, column] = [Math.floor(at / size), at % size];
    norm[column]! += x;
    for (let c = 0; c < valueSize; c++) sums[column * valueSize + c]! += x * v[row * valueSize + c]!;
  }
  const data = Float64Array.from({ length: query.shape[0]! * valueSize }, (_, at) => {
    const row = Math.floor(at / valueSize) * size;
    let [sum, total] = [0, 0];
    for (let c = 0; c < size; c++) {
      sum += q[row + c]! * sums[c * valueSize + (at % valueSize)]!;
      total += q[row + c]! * norm[c]!;
    }
    return total === 0 ? 0 : sum / total;
  });
  return tensor("float64", [query.shape[0]!, valueSize], data);
}

/** φ of every number of Q or K. */
export function features(t: Tensor, kind: Feature): Tensor {
  return mapRows(t, (row) => {
    for (const [at, x] of row.entries()) row[at] = feature(kind, x);
  });
}
