import type { MadeBy, Part } from "../../reading/document.ts";
import type { Translate } from "../../tensor/message.ts";
import { numberText } from "../../tensor/print.ts";
import { number, paragraph, plain, type Text } from "../blocks.ts";
import type { ExplainContext } from "../context.ts";
import type { TensorFacts } from "../facts.ts";
import { fill, sentences } from "../fill.ts";
import { theoryText } from "../spreadBlocks.ts";
import type { OperationWords } from "./operationWords.ts";
import { spellings } from "./spellings.ts";

/** The widest head that a root is looked for. */
const widest = 65_536;

/**
 * A division by √n, or a product with 1/√n: that may be the scale of attention. Nothing for other numbers, nor for numbers
 * just drawn that play no part in attention: so weights are initialised. Why it is there is shown with this very tensor,
 * unless it is known to be scaled scores: then the attention that it is part of says it.
 */
export function scaleBlocks(
  { operation, details }: MadeBy,
  tensor: TensorFacts,
  part: Part | null,
  { translate }: ExplainContext,
): OperationWords {
  const other = details.other ?? details.factor;
  if (typeof other !== "number" || (details.ofDraw === true && part === null)) return nothing;
  const divides = operation !== "mul";
  const root = divides ? other : 1 / other;
  const size = Math.round(root * root);
  if (!(size > 1 && size <= widest && Math.abs(root / Math.sqrt(size) - 1) < 1e-6)) return nothing;
  const sign = divides ? "÷" : "× 1/";
  const equals = Math.abs(root - Math.round(root)) < 1e-9 ? "=" : "≈";
  const spans = {
    scale: number(`${sign} √${size} ${equals} ${numberText(divides ? other : root)}`),
    size: number(String(size)),
  };
  const lead = fill(translate("{scale}: the scale of attention where a head has size {size}."), spans);
  const reason =
    part === "scaled" ? [] : [paragraph(sentences([theoryText(size, translate), here(tensor, root, translate)]))];
  const mistake = translate(
    "d_k is the length of a key. Use the head's own size, not the width of the whole model: dividing by a larger root makes all weights more alike.",
  );
  return { lead: [paragraph(lead)], more: [...reason, paragraph(plain(mistake)), spellings(codes(), translate)] };
}

const nothing: OperationWords = { lead: [], more: [] };

/** What the scale did to the spread of this tensor's numbers. */
function here({ statistics }: TensorFacts, root: number, translate: Translate): Text {
  const after = statistics?.standardDeviation ?? Number.NaN;
  if (!Number.isFinite(after) || after === 0) return [];
  const spans = { before: number(numberText(after * Math.abs(root), 3)), after: number(numberText(after, 3)) };
  return fill(translate("Here the standard deviation was {before} and is {after}."), spans);
}

function codes(): [string, string][] {
  return [
    ["PyTorch", "q @ k.transpose(-2, -1) / math.sqrt(q.size(-1))"],
    ["NumPy", "q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])"],
    ["JAX", "q @ k.swapaxes(-1, -2) / jnp.sqrt(q.shape[-1])"],
    ["TensorFlow", "tf.matmul(q, k, transpose_b=True) / tf.math.sqrt(float(q.shape[-1]))"],
  ];
}
