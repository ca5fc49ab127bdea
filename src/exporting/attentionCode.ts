import type { AttentionProblem } from "../attention/problem.ts";
import type { AttentionResult, Head } from "../attention/result.ts";
import { select, sizeOf, type Tensor, tensor, withRank } from "../tensor/tensor.ts";
import { tensorText } from "./tensorText.ts";

export type CodeLanguage = "numpy" | "pytorch";

/** More numbers than this are loaded from files rather than written out. */
const mostWritten = 4096;

/**
 * A program that computes one head again, step by step under the names of the stages, and needs nothing but NumPy or
 * PyTorch (of any version). Forbidden pairs and everything that is added to the scores are written as one additive mask,
 * unless the causal rule alone forbids.
 */
export function attentionCode(
  problem: AttentionProblem,
  result: AttentionResult,
  head: Head,
  name: string,
  language: CodeLanguage,
): string {
  const words = dialects[language];
  const { heads, kvHeads } = result.sizes;
  const kvHead = Math.floor(head.head / (heads / kvHeads));
  const inputs = [
    input("Q", matrixOf(problem.query, head.batch, head.head), language),
    input("K", matrixOf(problem.key, head.batch, kvHead), language),
    input("V", matrixOf(problem.value, head.batch, kvHead), language),
  ];
  const title = `# ${JSON.stringify(name)}, batch ${head.batch}, head ${head.head}`;
  const steps = [
    scoreLines(problem, words, language),
    `scaled = scores * ${float(result.scale)}`,
    ...(problem.softcap
      ? [`scaled = ${float(problem.softcap)} * ${words.module}.tanh(scaled / ${float(problem.softcap)})`]
      : []),
    ...maskLines(problem, result, head, language),
    ...words.softmax(problem.sinks?.[head.head]),
    "output = weights @ V",
  ];
  return `${words.imports}\n\n${title}\n${inputs.join("\n")}\n\n${steps.join("\n")}\nprint(weights)\nprint(output)\n`;
}

interface Dialect {
  readonly imports: string;
  readonly module: string;
  readonly softmax: (sink: number | undefined) => string[];
}

const dialects: Readonly<Record<CodeLanguage, Dialect>> = {
  numpy: {
    imports: "import numpy as np",
    module: "np",
    softmax: (sink) => [
      "maximum = masked.max(axis=-1, keepdims=True)",
      "maximum = np.where(np.isneginf(maximum), 0.0, maximum)  # every key masked: weights of 0, not NaN",
      "exponentials = np.exp(masked - maximum)",
      `total = exponentials.sum(axis=-1, keepdims=True)${sink === undefined ? "" : ` + np.exp(${float(sink)} - maximum)`}`,
      "weights = exponentials / np.where(total == 0, 1.0, total)",
    ],
  },
  pytorch: {
    imports: "import torch",
    module: "torch",
    softmax: (sink) => [
      "maximum = masked.max(dim=-1, keepdim=True).values",
      "maximum = torch.where(torch.isneginf(maximum), torch.zeros_like(maximum), maximum)  # every key masked: 0, not NaN",
      "exponentials = torch.exp(masked - maximum)",
      `total = exponentials.sum(dim=-1, keepdim=True)${sink === undefined ? "" : ` + torch.exp(${float(sink)} - maximum)`}`,
      "weights = exponentials / torch.where(total == 0, torch.ones_like(total), total)",
    ],
  },
};

/** `[rows, size]` of one batch entry and head; a batch of 1 stands for every entry. */
function matrixOf(t: Tensor, batch: number, head: number): Tensor {
  const whole = withRank(t, 4);
  const entry = select(whole, whole.shape[0] === 1 ? 0 : batch);
  return select(entry, entry.shape[0] === 1 ? 0 : head);
}

function input(name: string, t: Tensor, language: CodeLanguage): string {
  if (sizeOf(t.shape) <= mostWritten) return tensorText({ ...t, dtype: computed(t) }, name, language);
  const load = `np.load("${name}.npy")`;
  return `${name} = ${language === "numpy" ? load : `torch.from_numpy(__import__("numpy").load("${name}.npy"))`}  # shape ${t.shape.join(" × ")}`;
}

/** Integers and half floats are computed with as doubles, as the panel does. */
function computed(t: Tensor): "float64" | "float32" {
  return t.dtype === "float32" ? "float32" : "float64";
}

function scoreLines({ score }: AttentionProblem, { module }: Dialect, language: CodeLanguage): string {
  if (score?.kind === "linear") return `scores = ${module}.log(Q @ K.T)`;
  if (score?.kind !== "additive") return "scores = Q @ K.T";
  const vector = tensorText(score.vector, "v", language);
  const bias = score.bias ? `${tensorText(score.bias, "b", language)}\n` : "";
  return `${vector}\n${bias}scores = (v * ${module}.tanh(Q[:, None] + K[None]${score.bias ? " + b" : ""})).sum(-1)`;
}

function maskLines(problem: AttentionProblem, result: AttentionResult, head: Head, language: CodeLanguage): string[] {
  const { queries, keys } = result.sizes;
  const terms = maskTerms(problem, result, head);
  if (terms.every((x) => x === 0)) return ["masked = scaled"];
  const offset = problem.causal === "bottomRight" ? keys - queries : 0;
  const isCausal = terms.every(
    (x, at) => x === (at % keys <= Math.floor(at / keys) + offset ? 0 : Number.NEGATIVE_INFINITY),
  );
  if (isCausal && language === "numpy") {
    return [
      `mask = np.tril(np.ones((${queries}, ${keys}), dtype=bool), ${offset})`,
      "masked = np.where(mask, scaled, -np.inf)",
    ];
  }
  if (isCausal) {
    return [
      `mask = torch.tril(torch.ones(${queries}, ${keys}, dtype=torch.bool), ${offset})`,
      'masked = scaled.masked_fill(~mask, float("-inf"))',
    ];
  }
  return [input("mask", tensor("float64", [queries, keys], terms), language), "masked = scaled + mask"];
}

/** What is added to each scaled score: 0, −∞ where a pair is forbidden, else masks of numbers and position terms. */
function maskTerms({ softcap }: AttentionProblem, result: AttentionResult, head: Head): Float64Array {
  const { queries, keys } = result.sizes;
  const terms = new Float64Array(queries * keys);
  for (let query = 0; query < queries; query++) {
    const { scaled, masked } = result.row(head, query);
    for (let key = 0; key < keys; key++) {
      const capped = softcap ? softcap * Math.tanh(scaled[key]! / softcap) : scaled[key]!;
      const term = masked[key] === capped || Number.isNaN(masked[key]) ? 0 : masked[key]! - capped;
      // A difference is rounded; where the numbers are written out, the term itself is asked for.
      const exact = Number.isFinite(term) && term !== 0 && queries * keys <= mostWritten;
      terms[query * keys + key] = exact ? result.cell(head, query, key).maskTerm : term;
    }
  }
  return terms;
}

/** A number that Python reads back as the same double. */
function float(x: number): string {
  if (!Number.isFinite(x)) return `float("${Number.isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf"}")`;
  return Number.isInteger(x) ? `${x}.0` : String(x);
}
