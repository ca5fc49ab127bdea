import { alibi } from "../../attention/forms/alibi.ts";
import type { Feature } from "../../attention/forms/linearAttention.ts";
import type { QueryKeyNorm } from "../../attention/forms/queryKeyNorm.ts";
import { clippedBias } from "../../attention/forms/relativeBias.ts";
import type { Rotary } from "../../attention/forms/rotary.ts";
import type { Step } from "../../attention/forms/steps.ts";
import type { Segments } from "../../attention/problem.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { SiteOptions } from "../document.ts";
import { booleanIn, memberIn, membersIn, namedIn, positiveIn } from "./optionValues.ts";
import type { Source } from "./source.ts";

/** Values of the options that ask for another score, for positions, or for another softmax, as a file has them. */
export interface FormValues {
  readonly score?: ScoreName;
  readonly queryWeight?: Tensor;
  readonly keyWeight?: Tensor;
  readonly vector?: Tensor;
  readonly scoreBias?: Tensor;
  readonly generalWeight?: Tensor;
  readonly temperature?: number;
  readonly featureMap?: Feature;
  readonly norm?: QueryKeyNorm | false;
  readonly rotary?: Rotary | false;
  /** true: the slopes of the paper. */
  readonly alibi?: readonly number[] | boolean;
  /** `[heads or 1, 2·reach + 1]` */
  readonly relativeBias?: Tensor;
  readonly sinks?: readonly number[];
  readonly plusOne?: boolean;
  readonly segments?: Segments;
  readonly segmentIds?: Segments;
}

export type ScoreName = "scaledDot" | "dot" | "general" | "additive" | "cosine" | "linear";

const scoreNames: Readonly<Record<string, ScoreName>> = {
  scaleddot: "scaledDot",
  scaleddotproduct: "scaledDot",
  sdpa: "scaledDot",
  dot: "dot",
  dotproduct: "dot",
  general: "general",
  multiplicative: "general",
  bilinear: "general",
  luong: "general",
  additive: "additive",
  bahdanau: "additive",
  concat: "additive",
  cosine: "cosine",
  cosinesimilarity: "cosine",
  linear: "linear",
};

export function scoreIn(source: Source, node: number): ScoreName | null {
  return namedIn(scoreNames, source, node);
}

const featureMaps: Readonly<Record<string, Feature>> = { elu: "elu+1", elu1: "elu+1", relu: "relu", exp: "exp" };

export function featureMapIn(source: Source, node: number): Feature | null {
  return namedIn(featureMaps, source, node);
}

const rms: QueryKeyNorm = { kind: "rms" };
const layer: QueryKeyNorm = { kind: "layer" };
const norms: Readonly<Record<string, QueryKeyNorm>> = {
  rms,
  rmsnorm: rms,
  layer,
  layernorm: layer,
  l2: { kind: "l2" },
};

/** true (RMS), a kind by name, or `{"type": …, "eps": …}`. */
export function normIn(source: Source, node: number): QueryKeyNorm | false | null {
  const members = membersIn(source, node);
  if (!members) {
    const on = booleanIn(source, node);
    return on === null ? namedIn(norms, source, node) : on && rms;
  }
  const [type, epsilon] = [memberIn(members, ["type", "kind"]), memberIn(members, ["eps", "epsilon"])];
  const made = type === undefined ? rms : namedIn(norms, source, type);
  const size = epsilon === undefined ? undefined : positiveIn(source, epsilon);
  if (!made || size === null) return null;
  return { ...made, ...(size !== undefined && { epsilon: size }) };
}

/** true, or `{"base": …, "interleaved": …, "dims": …}`; pairs are those of Llama and GPT-NeoX unless told. */
export function rotaryIn(source: Source, node: number): Rotary | false | null {
  const members = membersIn(source, node);
  if (!members) {
    const on = booleanIn(source, node);
    return on === null ? null : on && { pairs: "half" };
  }
  const option = <T>(
    names: readonly string[],
    read: (source: Source, node: number) => T | null,
  ): T | null | undefined => {
    const value = memberIn(members, names);
    return value === undefined ? undefined : read(source, value);
  };
  const base = option(["base", "theta", "rope_theta"], positiveIn);
  const interleaved = option(["interleaved"], booleanIn);
  const size = option(["dims", "dim", "rotary_dim"], positiveIn);
  if (base === null || interleaved === null || size === null) return null;
  return {
    pairs: interleaved ? "interleaved" : "half",
    ...(base !== undefined && { base }),
    ...(size !== undefined && { size }),
  };
}

/** Where sequences start, of an id a position; null where the ids of one sequence do not stand side by side. */
export function startsOf(ids: readonly number[]): readonly number[] | null {
  const starts = [...ids.keys()].filter((at) => at === 0 || ids[at] !== ids[at - 1]);
  const isTold = new Set(ids).size === starts.length;
  return isTold ? [...starts, ids.length] : null;
}

/** What these values make of a problem with so many query heads; `scale` where the file gives none itself. */
export function formOptions(
  values: FormValues,
  heads: number,
): Pick<SiteOptions, "score" | "bias" | "sinks" | "segments" | "steps" | "scale"> {
  const { sinks, plusOne, segments = values.segmentIds } = values;
  const score = scoreOf(values);
  const scale = scaleOf(values);
  const steps = stepsOf(values);
  const bias = biasOf(values, heads);
  const logits = sinks ?? (plusOne ? [0] : null);
  return {
    ...(score && { score }),
    ...(scale !== null && { scale }),
    ...(bias && { bias }),
    ...(logits && { sinks: perHead(logits, heads) }),
    ...(segments && { segments }),
    ...(steps.length > 0 && { steps }),
  };
}

function scoreOf({ score, vector, scoreBias }: FormValues): SiteOptions["score"] | null {
  if (score === "dot" || score === "general" || score === "cosine") return { kind: "dot" };
  if (score === "additive") return { kind: "additive", vector: vector!, ...(scoreBias && { bias: scoreBias }) };
  return score === "linear" ? { kind: "linear" } : null;
}

/** null: as it is without a score of its own, 1/√d. */
function scaleOf({ score, temperature = 1 }: FormValues): number | null {
  if (score === "dot" || score === "cosine") return 1 / temperature;
  return score === "general" ? 1 : null;
}

function stepsOf({ score, queryWeight, keyWeight, generalWeight, featureMap, norm, rotary }: FormValues): Step[] {
  const steps: Step[] = [];
  if (norm) steps.push({ kind: "norm", norm });
  if (rotary) steps.push({ kind: "rotary", rotary });
  if (score === "additive" && (queryWeight || keyWeight))
    steps.push({ kind: "project", ...(queryWeight && { queryWeight }), ...(keyWeight && { keyWeight }) });
  if (score === "general") steps.push({ kind: "general", weight: generalWeight! });
  if (score === "cosine") steps.push({ kind: "norm", norm: { kind: "l2" } });
  if (score === "linear") steps.push({ kind: "features", feature: featureMap ?? "elu+1" });
  return steps;
}

function biasOf({ alibi: slopes, relativeBias }: FormValues, heads: number): SiteOptions["bias"] | null {
  if (slopes === true) return alibi(heads);
  if (slopes) return { kind: "alibi", slopes: perHead(slopes, heads) };
  return relativeBias ? clippedBias(relativeBias) : null;
}

/** One number stands for every head. */
function perHead(numbers: readonly number[], heads: number): readonly number[] {
  return numbers.length === 1 ? new Array<number>(heads).fill(numbers[0]!) : numbers;
}
