import type { QueryKeyNorm } from "../attention/forms/queryKeyNorm.ts";
import type { Rotary } from "../attention/forms/rotary.ts";
import type { Step } from "../attention/forms/steps.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { CodeLanguage } from "./attentionCode.ts";
import { float } from "./numbers.ts";

/** Writes a tensor under a name: its numbers, or how they are loaded. */
export type Input = (name: string, t: Tensor) => string;

/** What is done to Q and K before they make scores, as lines of code that say the same. */
export function stepsCode(steps: readonly Step[], language: CodeLanguage, input: Input): string[] {
  return steps.flatMap((step) => {
    switch (step.kind) {
      case "project":
        return [...projected("Q", "W_q", step.queryWeight, input), ...projected("K", "W_k", step.keyWeight, input)];
      case "general":
        return [input("W", step.weight), "Q = Q @ W"];
      case "norm":
        return normalised(step.norm, language, input);
      case "rotary":
        return turned(step.rotary, language);
      case "features":
        return [`def phi(x):\n    return ${featureCode[step.feature][language]}`, "Q, K = phi(Q), phi(K)"];
    }
    return step satisfies never;
  });
}

function projected(name: string, weightName: string, weight: Tensor | undefined, input: Input): string[] {
  return weight ? [input(weightName, weight), `${name} = ${name} @ ${weightName}.T`] : [];
}

const featureCode = {
  "elu+1": {
    numpy: "np.where(x > 0, x + 1, np.exp(np.minimum(x, 0)))",
    pytorch: "torch.where(x > 0, x + 1, torch.exp(x.clamp(max=0)))",
  },
  relu: { numpy: "np.maximum(x, 0)", pytorch: "x.clamp(min=0)" },
  exp: { numpy: "np.exp(x)", pytorch: "torch.exp(x)" },
} as const;

function normalised(norm: QueryKeyNorm, language: CodeLanguage, input: Input): string[] {
  const gain = (name: string, values: Tensor | undefined): string[] =>
    values ? [input(`${name}_gain`, values), `${name} = ${name} * ${name}_gain`] : [];
  return [
    `def norm(x):\n    return ${normCode(norm, language)}`,
    "Q, K = norm(Q), norm(K)",
    ...gain("Q", norm.queryGain),
    ...gain("K", norm.keyGain),
  ];
}

function normCode({ kind, epsilon = kind === "l2" ? 1e-12 : 1e-6 }: QueryKeyNorm, language: CodeLanguage): string {
  const rows = language === "numpy" ? "axis=-1, keepdims=True" : "dim=-1, keepdim=True";
  const root = language === "numpy" ? "np.sqrt" : "torch.sqrt";
  const mean = `x.mean(${rows})`;
  if (kind === "rms") return `x / ${root}((x**2).mean(${rows}) + ${float(epsilon)})`;
  if (kind === "layer") return `(x - ${mean}) / ${root}(((x - ${mean}) ** 2).mean(${rows}) + ${float(epsilon)})`;
  const length = `${root}((x**2).sum(${rows}))`;
  return language === "numpy"
    ? `x / np.maximum(${length}, ${float(epsilon)})`
    : `x / ${length}.clamp(min=${float(epsilon)})`;
}

function turned(
  { pairs, size, base = 10_000, queryStart = 0, keyStart = 0 }: Rotary,
  language: CodeLanguage,
): string[] {
  const [module, copy, double] =
    language === "numpy" ? ["np", "x.copy()", ""] : ["torch", "x.clone()", ", dtype=x.dtype"];
  const half = "size // 2";
  const [first, second] =
    pairs === "half" ? [`slice(0, ${half})`, `slice(${half}, size)`] : ["slice(0, size, 2)", "slice(1, size, 2)"];
  return [
    [
      "def rotary(x, start):",
      `    size = ${size ?? "x.shape[-1]"}`,
      `    first, second = ${first}, ${second}`,
      `    positions = ${module}.arange(start, start + x.shape[0]${double})[:, None]`,
      `    angles = positions * ${float(base)} ** (-2.0 * ${module}.arange(${half}${double}) / size)`,
      `    turned = ${copy}`,
      `    turned[:, first] = x[:, first] * ${module}.cos(angles) - x[:, second] * ${module}.sin(angles)`,
      `    turned[:, second] = x[:, first] * ${module}.sin(angles) + x[:, second] * ${module}.cos(angles)`,
      "    return turned",
    ].join("\n"),
    `Q, K = rotary(Q, ${queryStart}), rotary(K, ${keyStart})`,
  ];
}
