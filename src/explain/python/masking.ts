import type { MadeBy } from "../../reading/document.ts";
import { numberText } from "../../tensor/print.ts";
import { type Block, number, paragraph, plain } from "../blocks.ts";
import type { ExplainContext } from "../context.ts";
import type { TensorFacts } from "../facts.ts";
import { fill, sentences } from "../fill.ts";

/** The largest finite number of float16. */
const halfLimit = 65_504;

/** Filling where a mask is true: what the value does in softmax. */
export function maskedFillBlocks({ details }: MadeBy, { dtype }: TensorFacts, { translate }: ExplainContext): Block[] {
  const { value } = details;
  if (typeof value !== "number") return [paragraph(plain(translate("Replaces the numbers where the mask is True.")))];
  const spans = { value: number(numberText(value)) };
  const blocks = [paragraph(fill(translate("Puts {value} where the mask is True: masked_fill forbids there."), spans))];
  if (value === Number.NEGATIVE_INFINITY) {
    blocks.push(
      paragraph(
        plain(translate("After softmax those weights are exactly 0. A row that is −∞ everywhere becomes NaN.")),
      ),
    );
  } else if (dtype === "float16" && Math.abs(value) > halfLimit) {
    const text = translate("{value} is beyond float16 and becomes −∞; use torch.finfo(x.dtype).min.");
    blocks.push(paragraph(fill(text, spans)));
  } else if (value < -1000) {
    blocks.push(
      paragraph(
        plain(translate("After softmax those weights are 0, unless the whole row is masked: then they are all equal.")),
      ),
    );
  }
  return blocks;
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
