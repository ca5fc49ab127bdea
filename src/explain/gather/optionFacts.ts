import { biasesOf, formOf } from "../../attention/forms/formOf.ts";
import type { Step } from "../../attention/forms/steps.ts";
import type { AttentionSite, SiteOptions, WrittenOption } from "../../reading/document.ts";
import type { OptionFacts } from "../facts.ts";

/** What is told of an option of a site: its numbers, without those of tensors. */
export function optionFacts(
  site: Pick<AttentionSite, "options" | "form">,
  option: WrittenOption["option"],
): OptionFacts {
  const { options } = site;
  const { causal, scale, softcap, window, sinks, segments, bias, sparse } = options;
  const [norm, rotary, features] = [stepOf(options, "norm"), stepOf(options, "rotary"), stepOf(options, "features")];
  const shape = shapeOf(site, option);
  const alibi = bias && biasesOf(bias).find((each) => each.kind === "alibi");
  const form = formOf(options, options.steps);
  return {
    option,
    ...(form && { form: form.score }),
    ...(causal !== undefined && { causal }),
    ...(scale !== undefined && { scale }),
    ...(softcap !== undefined && { softcap }),
    ...(window !== undefined && { window }),
    ...(sinks && { sinks }),
    ...(segments && { segments }),
    ...(sparse && { sparse }),
    ...(shape && { shape }),
    ...(features && { feature: features.feature }),
    ...(norm && { norm: { kind: norm.norm.kind, gains: Boolean(norm.norm.queryGain ?? norm.norm.keyGain) } }),
    ...(rotary && { rotary: rotary.rotary }),
    ...(alibi && { slopes: alibi.slopes }),
  };
}

function stepOf<Kind extends Step["kind"]>(
  { steps = [] }: SiteOptions,
  kind: Kind,
): Extract<Step, { kind: Kind }> | undefined {
  return steps.find((step): step is Extract<Step, { kind: Kind }> => step.kind === kind);
}

function shapeOf(
  { options, form }: Pick<AttentionSite, "options" | "form">,
  option: WrittenOption["option"],
): readonly number[] | undefined {
  const { score } = options;
  switch (option) {
    case "queryWeight":
      return stepOf(options, "project")?.queryWeight?.shape;
    case "keyWeight":
    case "poolingWeight":
      return stepOf(options, "project")?.keyWeight?.shape;
    case "generalWeight":
      return stepOf(options, "general")?.weight.shape;
    case "vector":
      return score?.kind === "additive" ? score.vector.shape : undefined;
    case "scoreBias":
      return score?.kind === "additive" ? score.bias?.shape : undefined;
    case "relativeBias":
      return form?.relativeBias?.shape;
    case "buckets":
      return form?.buckets?.embedding.shape;
    default:
      return undefined;
  }
}
