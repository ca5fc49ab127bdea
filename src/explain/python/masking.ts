import type { MadeBy } from "../../reading/document.ts";
import type { Translate } from "../../tensor/message.ts";
import { numberText } from "../../tensor/print.ts";
import { type Block, number, paragraph, plain, type Text } from "../blocks.ts";
import type { ExplainContext } from "../context.ts";
import type { TensorFacts } from "../facts.ts";
import { fill, sentences } from "../fill.ts";
import { spellings } from "./spellings.ts";

/** The largest finite number of float16. */
const halfLimit = 65_504;

/** Filling where a mask is true: what the value does in softmax. */
export function maskedFillBlocks({ details }: MadeBy, { dtype }: TensorFacts, context: ExplainContext): Block[] {
  const { translate, verbosity } = context;
  const value = typeof details.value === "number" ? details.value : null;
  if (value === null) return [paragraph(plain(translate("Replaces the numbers where the mask is True.")))];
  const lead = fill(translate("Puts {value} where the mask is True: masked_fill forbids there."), {
    value: number(numberText(value)),
  });
  const after = consequence(value, dtype, translate);
  const blocks = [paragraph(sentences([lead, ...(after ? [after] : [])]))];
  return after && verbosity !== "brief" ? [...blocks, spellings(codes(value), translate)] : blocks;
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
export function triangleBlocks({ operation, details }: MadeBy, { translate }: ExplainContext): Block[] {
  const diagonal = typeof details.diagonal === "number" ? details.diagonal : 0;
  const kept =
    operation === "tril"
      ? translate("Keeps what lies on and below diagonal {diagonal}; the rest is 0.")
      : translate("Keeps what lies on and above diagonal {diagonal}; the rest is 0.");
  const mask =
    operation === "tril"
      ? translate("Of ones it makes a causal mask in which 1 means: may attend.")
      : translate("Of ones above the main diagonal it makes a causal mask in which 1 means: may not attend.");
  return [paragraph(sentences([fill(kept, { diagonal: number(String(diagonal)) }), plain(mask)]))];
}
