import type { Provenance } from "../run/tensorValue.ts";

/** A quotient that is softmax written out: exp(x) / exp(x).sum(…). `stable`: something was subtracted from x before. */
export function softmaxByHand({ operation, inputs }: Provenance): { readonly stable: boolean } | null {
  const [powers, sum] = inputs;
  if (operation !== "truediv" || powers?.by?.operation !== "exp" || sum?.by?.operation !== "sum") return null;
  const summed = sum.by.inputs[0];
  if (summed?.by?.operation !== "exp") return null;
  const sameScores = summed === powers || summed.by.inputs[0] === powers.by.inputs[0];
  return sameScores ? { stable: powers.by.inputs[0]?.by?.operation === "sub" } : null;
}
