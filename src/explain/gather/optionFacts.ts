import { formOf } from "../../attention/forms/formOf.ts";
import type { Step } from "../../attention/forms/steps.ts";
import type { AttentionSite, SiteOptions, WrittenOption } from "../../reading/document.ts";
import type { OptionFacts } from "../facts.ts";

/** What is told of an option of a site: its numbers, without those of tensors. */
export function optionFacts({ options }: Pick<AttentionSite, "options">, option: WrittenOption["option"]): OptionFacts {
  const { causal, scale, softcap, window, sinks, segments, bias } = options;
  const [norm, rotary, features] = [stepOf(options, "norm"), stepOf(options, "rotary"), stepOf(options, "features")];
  const shape = shapeOf(options, option);
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
    ...(shape && { shape }),
    ...(features && { feature: features.feature }),
    ...(norm && { norm: { kind: norm.norm.kind } }),
    ...(rotary && { rotary: rotary.rotary }),
    ...(bias?.kind === "alibi" && { slopes: bias.slopes }),
  };
}

function stepOf<Kind extends Step["kind"]>(
  { steps = [] }: SiteOptions,
  kind: Kind,
): Extract<Step, { kind: Kind }> | undefined {
  return steps.find((step): step is Extract<Step, { kind: Kind }> => step.kind === kind);
}

function shapeOf(options: SiteOptions, option: WrittenOption["option"]): readonly number[] | undefined {
  const { score, bias } = options;
  switch (option) {
    case "queryWeight":
      return stepOf(options, "project")?.queryWeight?.shape;
    case "keyWeight":
      return stepOf(options, "project")?.keyWeight?.shape;
    case "generalWeight":
      return stepOf(options, "general")?.weight.shape;
    case "vector":
      return score?.kind === "additive" ? score.vector.shape : undefined;
    case "scoreBias":
      return score?.kind === "additive" ? score.bias?.shape : undefined;
    case "relativeBias":
      return bias?.kind === "relative" ? bias.table.shape : undefined;
    default:
      return undefined;
  }
}
