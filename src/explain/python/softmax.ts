import type { MadeBy } from "../../reading/document.ts";
import { type Block, number, paragraph, plain } from "../blocks.ts";
import type { ExplainContext } from "../context.ts";
import { fill, sentences } from "../fill.ts";
import { spellings } from "./spellings.ts";

/** Which axis softmax goes over, what that means, and what goes wrong with it. */
export function softmaxBlocks({ inputs, details }: MadeBy, { translate, verbosity }: ExplainContext): Block[] {
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
            axis: number(String(axis)),
          })
        : fill(translate("softmax along axis {axis}, of size {size}: the numbers become positive and sum to 1."), {
            axis: number(String(axis)),
            size: number(String(size)),
          });
  if (verbosity === "brief") return [paragraph(along)];
  return [
    paragraph(along),
    paragraph(
      plain(
        translate(
          "In attention this is the axis of the keys, the one along which the weights then meet V. A common mistake is another axis: then the weights of a query no longer sum to 1.",
        ),
      ),
    ),
    ...(size === 1 ? [paragraph(plain(translate("Over an axis of size 1 every weight is 1.")))] : []),
    spellings(codes(typeof axis === "number" ? axis : -1), translate),
  ];
}

/** exp(x) / exp(x).sum(…). */
export function softmaxByHandBlocks({ details }: MadeBy, { translate, verbosity }: ExplainContext): Block[] {
  const what = plain(translate("Softmax by hand: each power divided by the sum of the powers along an axis."));
  const stable =
    details.stable === true
      ? translate("Something is subtracted first, so that no power overflows.")
      : translate("Subtract the largest score first: the result is the same, and no power overflows.");
  const blocks = [paragraph(sentences([what, plain(stable)]))];
  return verbosity === "brief" ? blocks : [...blocks, spellings(codes(-1), translate)];
}

function codes(axis: number): [string, string][] {
  return [
    ["PyTorch", `torch.softmax(x, dim=${axis})`],
    ["NumPy", `e = np.exp(x - x.max(${axis}, keepdims=True)); e / e.sum(${axis}, keepdims=True)`],
    ["JAX", `jax.nn.softmax(x, axis=${axis})`],
    ["TensorFlow", `tf.nn.softmax(x, axis=${axis})`],
  ];
}
