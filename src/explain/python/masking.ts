import type { MadeBy } from "../../reading/document.ts";
import type { Translate } from "../../tensor/message.ts";
import { numberText } from "../../tensor/print.ts";
import { number, paragraph, plain, type Text } from "../blocks.ts";
import type { ExplainContext } from "../context.ts";
import type { TensorFacts } from "../facts.ts";
import { fill, sentences } from "../fill.ts";
import type { OperationWords } from "./operationWords.ts";
import { spellings } from "./spellings.ts";

/** The largest finite number of float16. */
const halfLimit = 65_504;

/** Filling where a mask is true: what the value does in softmax. */
export function maskedFillBlocks(
  { details }: MadeBy,
  { dtype }: TensorFacts,
  { translate }: ExplainContext,
): OperationWords {
  const value = typeof details.value === "number" ? details.value : null;
  if (value === null) {
    return { lead: [paragraph(plain(translate("Replaces the numbers where the mask is True.")))], more: [] };
  }
  const lead = fill(translate("Puts {value} where the mask is True: masked_fill forbids there."), {
    value: number(numberText(value)),
  });
  const after = consequence(value, dtype, translate);
  return {
    lead: [paragraph(sentences([lead, ...(after ? [after] : [])]))],
    more: after ? [spellings(codes(value), translate)] : [],
  };
}

/** What becomes of such a score in softmax; null for a number that no mask would use. */
function consequence(value: number, dtype: string | null, translate: Translate): Text | null {
  if (value === Number.NEGATIVE_INFINITY)
    return plain(translate("After softmax those weights are exactly 0. A row that is −∞ everywhere becomes NaN."));
  if (dtype === "float16" && value < -halfLimit)
    return fill(translate("{value} is beyond float16 and becomes −∞; use torch.finfo(x.dtype).min."), {
      value: number(numberText(value)),
    });
  if (value >= -1000) return null;
  return plain(
    translate("After softmax those weights are 0, unless the whole row is masked: then they are all equal."),
  );
}

function codes(value: number): [string, string][] {
  const python = (infinity: string) => (Number.isFinite(value) ? String(value) : infinity);
  return [
    ["PyTorch", `x.masked_fill(mask, ${python('float("-inf")')})`],
    ["NumPy", `np.where(mask, ${python("-np.inf")}, x)`],
    ["JAX", `jnp.where(mask, ${python("-jnp.inf")}, x)`],
    ["TensorFlow", `tf.where(mask, ${python('float("-inf")')}, x)`],
  ];
}

/** Triangles, of which causal masks are made. */
export function triangleBlocks(
  { operation, details }: MadeBy,
  { statistics }: TensorFacts,
  { translate }: ExplainContext,
): OperationWords {
  const added = (statistics?.negativeInfinity ?? 0) > 0;
  const diagonal = typeof details.diagonal === "number" ? details.diagonal : 0;
  const kept =
    operation === "tril"
      ? translate("Keeps what lies on and below diagonal {diagonal}; the rest is 0.")
      : translate("Keeps what lies on and above diagonal {diagonal}; the rest is 0.");
  const mask = added
    ? translate("Of −∞ above the main diagonal it makes a causal mask that is added to the scores.")
    : operation === "tril"
      ? translate("Of ones it makes a causal mask in which 1 means: may attend.")
      : translate("Of ones above the main diagonal it makes a causal mask in which 1 means: may not attend.");
  const lead = paragraph(sentences([fill(kept, { diagonal: number(numberText(diagonal)) }), plain(mask)]));
  const mistake = translate(
    "A common mistake is the wrong polarity: ask whether True means “may attend” (scaled_dot_product_attention, JAX, Keras) or “may not” (masked_fill, MultiheadAttention).",
  );
  return { lead: [lead], more: [paragraph(plain(mistake)), spellings(triangles(operation, added), translate)] };
}

function triangles(operation: string, added: boolean): [string, string][] {
  if (added)
    return [
      ["PyTorch", 'torch.full((L, S), float("-inf")).triu(1)'],
      ["NumPy", "np.triu(np.full((L, S), -np.inf), 1)"],
      ["JAX", "jnp.triu(jnp.full((L, S), -jnp.inf), 1)"],
    ];
  const [name, diagonal] = operation === "tril" ? ["tril", ""] : ["triu", ", 1"];
  return [
    ["PyTorch", `torch.ones(L, S, dtype=torch.bool).${name}(${diagonal.slice(2)})`],
    ["NumPy", `np.${name}(np.ones((L, S), dtype=bool)${diagonal})`],
    ["JAX", `jnp.${name}(jnp.ones((L, S), dtype=bool)${diagonal})`],
    [
      "TensorFlow",
      operation === "tril"
        ? "tf.linalg.band_part(tf.ones((L, S)), -1, 0)"
        : "1 - tf.linalg.band_part(tf.ones((L, S)), -1, 0)",
    ],
  ];
}
