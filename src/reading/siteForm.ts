import { alibi } from "../attention/forms/alibi.ts";
import { bucketedBias, clippedBias, sumOfBiases } from "../attention/forms/relativeBias.ts";
import type { Step } from "../attention/forms/steps.ts";
import { checkBias } from "../attention/planChecks.ts";
import type { AttentionProblem, AttentionSizes, PositionBias, SparsePattern } from "../attention/problem.ts";
import type { SiteOptions } from "./document.ts";
import type { FormValues } from "./formValues.ts";

/** What a form has to know of a problem: numbers of query heads, of queries and of keys. */
export type FormSizes = Pick<AttentionSizes, "heads" | "queries" | "keys">;

/** What these values make of a problem of these sizes. */
export function formOptions(
  values: FormValues,
  sizes: FormSizes,
): Pick<SiteOptions, "score" | "bias" | "sinks" | "segments" | "steps" | "scale" | "sparse"> {
  const { sinks, plusOne, segments = values.segmentIds } = values;
  const [steps, bias, score] = [stepsOf(values), biasOf(values, sizes), scoreOf(values)];
  const [scale, sparse] = [scaleOf(values), sparseOf(values)];
  const logits = sinks ?? (plusOne ? [0] : null);
  return {
    ...(score && { score }),
    ...(scale !== undefined && { scale }),
    ...(bias && { bias }),
    ...(logits && { sinks: perHead(logits, sizes.heads) }),
    ...(segments && { segments }),
    ...(steps.length > 0 && { steps }),
    ...(sparse && { sparse }),
  };
}

function scoreOf({ score, vector, scoreBias }: FormValues): AttentionProblem["score"] {
  switch (score) {
    case "dot":
    case "general":
    case "cosine":
      return { kind: "dot" };
    case "linear":
      return { kind: "linear" };
    case "additive":
    case "pooling":
      return {
        kind: "additive",
        vector: vector!,
        ...(scoreBias && { bias: scoreBias }),
        ...(score === "pooling" && { pooling: true }),
      };
    default:
      return undefined;
  }
}

function scaleOf({ score, temperature = 1, scale }: FormValues): number | undefined {
  if (scale !== undefined) return scale;
  if (score === "dot" || score === "cosine") return 1 / temperature;
  return score === "general" ? 1 : undefined;
}

function stepsOf(values: FormValues): Step[] {
  const { score, queryWeight, keyWeight = values.poolingWeight, generalWeight, featureMap, norm, rotary } = values;
  const steps: Step[] = [];
  if (norm) steps.push({ kind: "norm", norm });
  if (rotary) steps.push({ kind: "rotary", rotary });
  if ((score === "additive" || score === "pooling") && (queryWeight || keyWeight))
    steps.push({ kind: "project", ...(queryWeight && { queryWeight }), ...(keyWeight && { keyWeight }) });
  if (score === "general") steps.push({ kind: "general", weight: generalWeight! });
  if (score === "cosine") steps.push({ kind: "norm", norm: { kind: "l2" } });
  if (score === "linear") steps.push({ kind: "features", feature: featureMap ?? "elu+1" });
  return steps;
}

/** Biases that are asked for together are added up. */
function biasOf({ alibi: slopes, relativeBias, buckets }: FormValues, sizes: FormSizes): PositionBias | undefined {
  const { heads, queries, keys } = sizes;
  const biases: PositionBias[] = [];
  if (slopes === true) biases.push(alibi(heads));
  else if (slopes) biases.push({ kind: "alibi", slopes: perHead(slopes, heads) });
  if (relativeBias) biases.push(clippedBias(relativeBias));
  if (buckets) biases.push(bucketedBias(buckets.embedding, queries, keys, buckets.bidirectional, buckets.farthest));
  // One that does not fit is refused when the problem is planned.
  const wrong = biases.find((bias) => checkBias(bias, heads));
  return wrong ?? (biases.length > 1 ? sumOfBiases(biases, sizes) : biases[0]);
}

function sparseOf({ dilation, block, globals, prefix }: FormValues): SparsePattern | undefined {
  const sparse = {
    ...(dilation !== undefined && { dilation }),
    ...(block !== undefined && { block }),
    ...(globals && { globals }),
    ...(prefix !== undefined && { prefix }),
  };
  return Object.keys(sparse).length > 0 ? sparse : undefined;
}

/** One number stands for every head. */
function perHead(numbers: readonly number[], heads: number): readonly number[] {
  return numbers.length === 1 ? new Array<number>(heads).fill(numbers[0]!) : numbers;
}
