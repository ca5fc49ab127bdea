import { done, failed, type Outcome } from "../../tensor/message.ts";
import { type Tensor, tensor, toFloat64 } from "../../tensor/tensor.ts";
import type { AttentionProblem } from "../problem.ts";
import { linear, mapRows } from "./rowwise.ts";

/** Luong's dot score qᵀk, not scaled (Luong et al. 2015, arXiv 1508.04025). */
export function dotProduct(query: Tensor, key: Tensor, value: Tensor): AttentionProblem {
  return { query, key, value, scale: 1 };
}

/**
 * Luong's general (multiplicative) score qᵀ·W·k, W `[Eq, Ek]`: the query times W, then the dot product, not scaled.
 * Fails as `attention.general-shape`.
 */
export function general(query: Tensor, key: Tensor, value: Tensor, weight: Tensor): Outcome<AttentionProblem> {
  const fits =
    weight.shape.length === 2 && query.shape.at(-1) === weight.shape[0] && key.shape.at(-1) === weight.shape[1];
  if (!fits) return failed("attention.general-shape", { query: query.shape, key: key.shape, weight: weight.shape });
  const [rows, columns] = weight.shape as [number, number];
  const w = toFloat64(weight);
  const turned = Float64Array.from(
    { length: rows * columns },
    (_, at) => w[(at % rows) * columns + Math.floor(at / rows)]!,
  );
  return done({ query: linear(query, tensor("float64", [columns, rows], turned)), key, value, scale: 1 });
}

/**
 * Cosine similarity over a temperature τ > 0: rows of Q and K divided by their length (at least 1e-12, as PyTorch's
 * `normalize`), scale 1/τ (Graves et al. 2014, arXiv 1410.5401). Fails as `attention.temperature`.
 */
export function cosine(query: Tensor, key: Tensor, value: Tensor, temperature = 1): Outcome<AttentionProblem> {
  if (!(temperature > 0 && Number.isFinite(temperature))) return failed("attention.temperature", { got: temperature });
  return done({ query: unitRows(query), key: unitRows(key), value, scale: 1 / temperature });
}

function unitRows(t: Tensor): Tensor {
  return mapRows(t, (row) => {
    const length = Math.max(1e-12, Math.sqrt(row.reduce((sum, x) => sum + x * x, 0)));
    for (const [at, x] of row.entries()) row[at] = x / length;
  });
}
