import type { AttentionProblem } from "../attention/problem.ts";
import type { AttentionResult, Head } from "../attention/result.ts";
import { storage } from "../tensor/dtype.ts";
import { select, sizeOf, type Tensor, tensor, valueAt, withRank } from "../tensor/tensor.ts";
import { float } from "./numbers.ts";
import { type Input, stepsCode } from "./stepsCode.ts";
import { tensorText } from "./tensorText.ts";

export type CodeLanguage = "numpy" | "pytorch";

/** More numbers than this are loaded from files rather than written out. */
const mostWritten = 4096;

export interface Program {
  readonly text: string;
  /** What it loads with `numpy.load`: these belong beside it. Empty where every number is written out. */
  readonly files: readonly { readonly name: string; readonly values: Tensor }[];
}

export interface ProgramOptions {
  readonly language: CodeLanguage;
  /** Said in a comment. */
  readonly title: string;
  /** What names of files begin with. */
  readonly filePrefix: string;
}

/**
 * A program that computes one head again, step by step under the names of the stages, and needs nothing but NumPy or
 * PyTorch (of any version). Forbidden pairs and everything that is added to the scores are written as one additive mask,
 * unless the causal rule alone forbids.
 */
export function attentionProgram(
  problem: AttentionProblem,
  result: AttentionResult,
  head: Head,
  { language, title: name, filePrefix }: ProgramOptions,
): Program {
  const words = dialects[language];
  const { heads, kvHeads } = result.sizes;
  const { query, key, steps } = problem.before ?? { ...problem, steps: [] };
  const kvHead = Math.floor(head.head / (heads / kvHeads));
  const files: { name: string; values: Tensor }[] = [];
  const dtype = commonType([query, key, problem.value]);
  const input = (name: string, t: Tensor): string => {
    if (sizeOf(t.shape) <= mostWritten) return tensorText({ ...t, dtype }, name, language);
    const file = `${filePrefix}-${name}.npy`;
    files.push({ name: file, values: converted(t, dtype) });
    const load = `np.load(${JSON.stringify(file)})`;
    return `${name} = ${language === "numpy" ? load : `torch.from_numpy(${load})`}  # ${t.shape.join(" × ")}`;
  };
  const inputs = [
    input("Q", matrixOf(query, head.batch, head.head)),
    input("K", matrixOf(key, head.batch, kvHead)),
    input("V", matrixOf(problem.value, head.batch, kvHead)),
  ];
  const title = `# ${JSON.stringify(name)}, batch ${head.batch}, head ${head.head}`;
  const lines = [
    ...stepsCode(steps, language, input),
    scoreLines(problem, words, language, dtype),
    `scaled = scores * ${float(result.scale)}`,
    ...(problem.softcap
      ? [`scaled = ${float(problem.softcap)} * ${words.module}.tanh(scaled / ${float(problem.softcap)})`]
      : []),
    ...maskLines(problem, result, head, language, input),
    ...words.softmax(problem.sinks?.[head.head]),
    "output = weights @ V",
  ];
  const imports = files.length > 0 && language === "pytorch" ? `import numpy as np\n${words.imports}` : words.imports;
  const text = `${imports}\n\n${title}\n${inputs.join("\n")}\n\n${lines.join("\n")}\nprint(weights)\nprint(output)\n`;
  return { text, files };
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

/** PyTorch multiplies only what is of one type. Integers, half floats and mixtures are computed with as doubles, as the panel does. */
function commonType(tensors: readonly Tensor[]): "float64" | "float32" {
  return tensors.every(({ dtype }) => dtype === "float32") ? "float32" : "float64";
}

function converted(t: Tensor, dtype: "float64" | "float32"): Tensor {
  if (t.dtype === dtype) return t;
  const data = storage(dtype, sizeOf(t.shape));
  for (let flat = 0; flat < data.length; flat++) data[flat] = valueAt(t, flat);
  return tensor(dtype, t.shape, data);
}

function scoreLines(
  { score }: AttentionProblem,
  { module }: Dialect,
  language: CodeLanguage,
  dtype: "float64" | "float32",
): string {
  if (score?.kind === "linear") return `scores = ${module}.log(Q @ K.T)`;
  if (score?.kind !== "additive") return "scores = Q @ K.T";
  const vector = tensorText({ ...score.vector, dtype }, "v", language);
  const bias = score.bias ? `${tensorText({ ...score.bias, dtype }, "b", language)}\n` : "";
  return `${vector}\n${bias}scores = (v * ${module}.tanh(Q[:, None] + K[None]${score.bias ? " + b" : ""})).sum(-1)`;
}

function maskLines(
  problem: AttentionProblem,
  result: AttentionResult,
  head: Head,
  language: CodeLanguage,
  input: Input,
): string[] {
  const { queries, keys } = result.sizes;
  const { causal = "none" } = problem;
  const offset = causal === "bottomRight" ? keys - queries : 0;
  if (!writesMask(problem)) {
    return causal === "none" ? ["masked = scaled"] : causalLines(queries, keys, offset, language);
  }
  const terms = maskTerms(problem, result, head);
  if (terms.every((x) => x === 0)) return ["masked = scaled"];
  const isCausal = terms.every(
    (x, at) => x === (at % keys <= Math.floor(at / keys) + offset ? 0 : Number.NEGATIVE_INFINITY),
  );
  if (isCausal) return causalLines(queries, keys, offset, language);
  return [input("mask", tensor("float64", [queries, keys], terms)), "masked = scaled + mask"];
}

/** Whether more than the causal rule has a say in which pairs are forbidden, or in what is added to the scores. */
export function writesMask(problem: AttentionProblem): boolean {
  const { mask, bias, window, keyLengths, segments, offset, sparse } = problem;
  return [mask, bias, window, keyLengths, segments, offset, sparse].some((each) => each !== undefined);
}

function causalLines(queries: number, keys: number, offset: number, language: CodeLanguage): string[] {
  if (language === "numpy")
    return [
      `mask = np.tril(np.ones((${queries}, ${keys}), dtype=bool), ${offset})`,
      "masked = np.where(mask, scaled, -np.inf)",
    ];
  return [
    `mask = torch.tril(torch.ones(${queries}, ${keys}, dtype=torch.bool), ${offset})`,
    'masked = scaled.masked_fill(~mask, float("-inf"))',
  ];
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
