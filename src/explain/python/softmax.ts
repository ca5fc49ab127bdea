import type { MadeBy, Part } from "../../reading/document.ts";
import type { Translate } from "../../tensor/message.ts";
import { numberText } from "../../tensor/print.ts";
import { number, paragraph, plain } from "../blocks.ts";
import type { ExplainContext } from "../context.ts";
import { fill, sentences } from "../fill.ts";
import type { OperationWords } from "./operationWords.ts";
import { spellings } from "./spellings.ts";

/** Which axis softmax goes over, what that means, and what goes wrong with it. */
export function softmaxBlocks(
  { inputs, details }: MadeBy,
  part: Part | null,
  { translate }: ExplainContext,
): OperationWords {
  // The last axis is called −1, as nearly everybody writes it.
  const axis = details.fromEnd === -1 ? -1 : (details.axis ?? details.dim);
  const shape = inputs[0];
  const at = typeof axis === "number" ? (axis < 0 && shape ? axis + shape.length : axis) : null;
  const size = at !== null && shape ? shape[at] : null;
  const along =
    at === null
      ? plain(translate("softmax: along one axis the numbers become positive and sum to 1."))
      : size == null
        ? fill(translate("softmax along axis {axis}: the numbers become positive and sum to 1."), {
            axis: number(numberText(axis as number)),
          })
        : fill(translate("softmax along axis {axis}, of size {size}: the numbers become positive and sum to 1."), {
            axis: number(numberText(axis as number)),
            size: number(String(size)),
          });
  const more = [
    paragraph(plain(isOfKeys(at, shape) || part === "weights" ? keysAxis(translate) : otherAxis(translate))),
    ...(size === 1 ? [paragraph(plain(translate("Over an axis of size 1 every weight is 1.")))] : []),
    spellings(codes(typeof axis === "number" ? axis : -1), translate),
  ];
  return { lead: [paragraph(along)], more };
}

/** The last axis; that before it where each position has one score only, `[batch, positions, 1]`. */
function isOfKeys(at: number | null, shape: MadeBy["inputs"][number] | undefined): boolean {
  const rank = shape?.length ?? 0;
  return at === null || at === -1 || at === rank - 1 || (at === rank - 2 && shape?.at(-1) === 1);
}

function keysAxis(translate: Translate): string {
  return translate(
    "In attention this is the axis of the keys, the one along which the weights then meet V. A common mistake is another axis: then the weights of a query no longer sum to 1.",
  );
}

function otherAxis(translate: Translate): string {
  return translate(
    "In attention softmax goes over the axis of the keys, nearly always the last one (dim=-1). Over any other axis the weights of a query do not sum to 1: a common mistake.",
  );
}

/** exp(x) / exp(x).sum(…). */
export function softmaxByHandBlocks({ details }: MadeBy, { translate }: ExplainContext): OperationWords {
  const what = plain(
    translate("Softmax by hand: each exponential divided by the sum of the exponentials along an axis."),
  );
  const stable =
    details.stable === true
      ? translate("Something is subtracted first, so that no exponential overflows.")
      : translate("Subtract the largest score first: the result is the same, and no exponential overflows.");
  return { lead: [paragraph(sentences([what, plain(stable)]))], more: [spellings(codes(-1), translate)] };
}

function codes(axis: number): [string, string][] {
  return [
    ["PyTorch", `torch.softmax(x, dim=${axis})`],
    ["NumPy", `e = np.exp(x - x.max(${axis}, keepdims=True)); e / e.sum(${axis}, keepdims=True)`],
    ["JAX", `jax.nn.softmax(x, axis=${axis})`],
    ["TensorFlow", `tf.nn.softmax(x, axis=${axis})`],
  ];
}
