import type { CellDerivation, RowStatistics } from "../../../src/attention/result.ts";
import type { ExplainContext } from "../../../src/explain/context.ts";
import type { AttentionFacts, Facts, TensorFacts } from "../../../src/explain/facts.ts";

/** Sentences in English, as the extension says them without a bundle. */
export const english: ExplainContext = {
  translate: (text, args = {}) => text.replace(/\{(\w+)\}/g, (hole, key) => String(args[key] ?? hole)),
  say: ({ code }) => code,
  verbosity: "full",
  uri: "file:///attention.json",
};

export const brief: ExplainContext = { ...english, verbosity: "brief" };

export function tensorFacts(facts: Partial<TensorFacts> = {}): TensorFacts {
  return {
    name: "Q",
    path: "$.Q",
    shape: [4, 8],
    dtype: "float64",
    origin: "literal",
    exact: true,
    statistics: {
      count: 32,
      minimum: -1.5,
      maximum: 2,
      mean: 0.25,
      standardDeviation: 0.75,
      nan: 0,
      positiveInfinity: 0,
      negativeInfinity: 0,
    },
    picture: { rows: 2, columns: 2, values: Float32Array.of(-1.5, 0, 0.5, 2) },
    ...facts,
  };
}

export function attentionFacts(facts: Partial<AttentionFacts> = {}): AttentionFacts {
  return {
    site: "$",
    role: "query",
    sizes: { queries: 4, keys: 6, size: 8, valueSize: 8, heads: 1 },
    scale: 1 / Math.sqrt(8),
    causal: "none",
    masked: false,
    ...facts,
  };
}

export function facts(
  tensor: Partial<TensorFacts> = {},
  attention?: Partial<AttentionFacts> | null,
  more: Partial<Facts> = {},
): Facts {
  return {
    version: 1,
    range: { start: 10, end: 20 },
    tensor: tensorFacts(tensor),
    ...(attention !== null && { attention: attentionFacts(attention) }),
    ...more,
  };
}

export function rowStatistics(statistics: Partial<RowStatistics> = {}): RowStatistics {
  return {
    maximum: 1,
    sum: 2,
    logSumExp: 1.69,
    entropy: 0.69,
    effectiveKeys: 2,
    peak: 0,
    fullyMasked: false,
    ...statistics,
  };
}

/** q = (1, 2), k = (3, −1): 3 − 2 = 1, scaled by ½, alone in its row with one other key of the same score. */
export const pair: CellDerivation = {
  batch: 0,
  head: 0,
  query: 1,
  key: 0,
  products: Float64Array.of(3, -2),
  queryRow: Float64Array.of(1, 2),
  keyRow: Float64Array.of(3, -1),
  score: 1,
  scale: 0.5,
  scaled: 0.5,
  capped: 0.5,
  maskTerm: 0,
  maskedBy: [],
  masked: 0.5,
  row: rowStatistics({ maximum: 0.5 }),
  exponential: 1,
  weight: 0.5,
  contribution: Float64Array.of(1, 1),
  rank: 0,
};
