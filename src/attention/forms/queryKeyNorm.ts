import { type Tensor, toFloat64 } from "../../tensor/tensor.ts";
import type { AttentionProblem } from "../problem.ts";
import { mapRows } from "./rowwise.ts";

/** How rows of Q and K are normalised before the score, and by what each of their numbers is multiplied after (gains, length E). */
export interface QueryKeyNorm {
  /** rms: x / √(mean x² + ε). layer: (x − mean) / √(variance + ε). l2: x / max(‖x‖, ε). */
  readonly kind: "rms" | "layer" | "l2";
  readonly epsilon?: number;
  readonly queryGain?: Tensor;
  readonly keyGain?: Tensor;
}

/** QK-norm (Henry et al. 2020, arXiv 2010.04245; with RMS as in Dehghani et al. 2023, arXiv 2302.05442): the problem with normalised rows of Q and K. */
export function queryKeyNorm(problem: AttentionProblem, norm: QueryKeyNorm): AttentionProblem {
  return {
    ...problem,
    query: normalised(problem.query, norm, norm.queryGain),
    key: normalised(problem.key, norm, norm.keyGain),
  };
}

function normalised(t: Tensor, { kind, epsilon = kind === "l2" ? 1e-12 : 1e-6 }: QueryKeyNorm, gain?: Tensor): Tensor {
  const gains = gain && toFloat64(gain);
  return mapRows(t, (row) => {
    const mean = kind === "layer" ? row.reduce((sum, x) => sum + x, 0) / row.length : 0;
    const squares = row.reduce((sum, x) => sum + (x - mean) ** 2, 0);
    const by = kind === "l2" ? Math.max(epsilon, Math.sqrt(squares)) : Math.sqrt(squares / row.length + epsilon);
    for (const [at, x] of row.entries()) row[at] = ((x - mean) / by) * (gains?.[at] ?? 1);
  });
}
