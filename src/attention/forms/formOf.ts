import type { AttentionProblem, PositionBias, SparsePattern } from "../problem.ts";
import type { Step } from "./steps.ts";

/** What makes a problem another one than softmax(QKᵀ/√d + M)V: for showing its formula and its steps. */
export interface Form {
  /** `scaledDot`: QKᵀ/√d, of Q and K after `steps`; the others replace it. */
  readonly score: "scaledDot" | "dot" | "general" | "additive" | "pooling" | "cosine" | "linear";
  /** What is done to Q and K first, in this order. */
  readonly steps: readonly Step["kind"][];
  /** Each of them is added. */
  readonly bias?: readonly PositionBias["kind"][];
  /** More pairs are left out than position rules and masks say. */
  readonly sparse?: SparsePattern;
  /** A logit that has no key and no value joins the softmax. */
  readonly sinks?: true;
}

/** The form of a problem, or of what a document says of one; null for the plain one. */
export function formOf(
  { score, bias, sinks, sparse }: Pick<AttentionProblem, "score" | "bias" | "sinks" | "sparse">,
  steps: readonly Step[] = [],
): Form | null {
  if (!score && !bias && !sinks && !sparse && steps.length === 0) return null;
  return {
    score: scoreOf(score, steps),
    steps: steps.map(({ kind }) => kind),
    ...(bias && { bias: biasesOf(bias).map(({ kind }) => kind) }),
    ...(sparse && { sparse }),
    ...(sinks && { sinks: true }),
  };
}

function scoreOf(score: AttentionProblem["score"], steps: readonly Step[]): Form["score"] {
  if (score?.kind === "additive") return score.pooling ? "pooling" : "additive";
  if (score && score.kind !== "dot") return score.kind;
  if (steps.some(({ kind }) => kind === "general")) return "general";
  if (!score) return "scaledDot";
  return steps.some((step) => step.kind === "norm" && step.norm.kind === "l2") ? "cosine" : "dot";
}

/** The biases that were added up to this one; itself where it is one. */
export function biasesOf(bias: PositionBias): readonly PositionBias[] {
  return (bias.kind === "relative" && bias.sumOf) || [bias];
}
