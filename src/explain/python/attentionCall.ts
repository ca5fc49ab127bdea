import type { MadeBy, Part } from "../../reading/document.ts";
import type { Translate } from "../../tensor/message.ts";
import { numberText } from "../../tensor/print.ts";
import { type Block, number, paragraph, plain, type Text } from "../blocks.ts";
import type { ExplainContext } from "../context.ts";
import type { AttentionFacts } from "../facts.ts";
import { fill } from "../fill.ts";
import { formulaBlock, sizesText } from "../formulaBlocks.ts";
import type { OperationWords } from "./operationWords.ts";
import { spellings } from "./spellings.ts";

/** The whole of attention in one call: the formula with the call's sizes, its options, and the others' spelling. */
export function attentionCallBlocks(
  { inputs, details }: MadeBy,
  part: Part | null,
  { translate }: ExplainContext,
): OperationWords {
  const masked = details.mask === true;
  const causal = details.causal === true ? ("topLeft" as const) : ("none" as const);
  const sizes = sizesOf(inputs);
  const scale = typeof details.scale === "number" ? details.scale : Number.NaN;
  const shown = sizesText({ site: "", role: "weights", sizes, scale, causal, masked }, translate);
  // Where its part is known, the formula stands there already.
  const formula = part === null ? [formulaBlock({ masked, causal }, null, translate), paragraph(shown)] : [];
  const notes = notesOf(details, translate);
  return {
    lead: formula,
    more: [{ kind: "list", items: notes }, spellings(codes(details.causal === true), translate)],
  };
}

/** A layer with its own projections, which takes whole vectors. */
export function multiHeadBlocks({ details }: MadeBy, { translate }: ExplainContext): OperationWords {
  const words = translate(
    "the outputs of all heads side by side, times W; each head is attention over its own projections of Q, K and V",
  );
  const formula: Block = { kind: "formula", formula: "heads", marked: null, words };
  const { heads } = details;
  const notes: Text[] = [];
  if (typeof heads === "number")
    notes.push(fill(translate("number of heads: {heads}"), { heads: number(String(heads)) }));
  if (details.batchFirst === false)
    notes.push(
      plain(translate("Without batch_first its input is [length, batch, size]: the first axis is the positions.")),
    );
  notes.push(
    plain(
      translate("Its boolean masks forbid where they are True; those of scaled_dot_product_attention allow there."),
    ),
  );
  return { lead: [formula], more: [{ kind: "list", items: notes }, spellings(layers(), translate)] };
}

function layers(): [string, string][] {
  return [
    ["PyTorch", "nn.MultiheadAttention(d, heads, batch_first=True)(q, k, v)"],
    ["Keras", "keras.layers.MultiHeadAttention(heads, d // heads)(q, v, k)"],
    ["Flax", "nn.MultiHeadDotProductAttention(heads)(q, k, v)"],
  ];
}

function notesOf(details: MadeBy["details"], translate: Translate): Text[] {
  const notes: Text[] = [
    plain(
      translate(
        "Softmax goes over the keys. Shapes are [batch, heads, length, size]: a common mistake is to leave the heads behind the length, so that heads attend to heads.",
      ),
    ),
  ];
  if (details.causal === true) notes.push(plain(translate("causal: query i attends to keys 0 … i")));
  if (details.mask === true)
    notes.push(plain(translate("A boolean mask allows where it is True; a float mask is added to the scaled scores.")));
  notes.push(plain(translate("JAX and Keras put the heads behind the length: [batch, length, heads, size].")));
  if (typeof details.dropout === "number" && details.dropout > 0) {
    const text = translate("It drops weights with probability {p}, in evaluation too, unless the code passes 0 then.");
    notes.push(fill(text, { p: number(numberText(details.dropout)) }));
  }
  return notes;
}

/** [..., L, E], [..., S, E], [..., S, Ev]; 0 where a size is not known. */
function sizesOf([query, key, value]: MadeBy["inputs"]): AttentionFacts["sizes"] {
  return {
    queries: query?.at(-2) ?? 0,
    keys: key?.at(-2) ?? 0,
    size: query?.at(-1) ?? 0,
    valueSize: value?.at(-1) ?? 0,
    heads: (query && query.length > 2 ? query.at(-3) : 1) ?? 0,
  };
}

function codes(causal: boolean): [string, string][] {
  const option = causal ? ", is_causal=True" : "";
  return [
    ["PyTorch", `F.scaled_dot_product_attention(q, k, v${option})`],
    ["JAX", `jax.nn.dot_product_attention(q, k, v${option})`],
    ["Keras", `keras.ops.dot_product_attention(q, k, v${option})`],
    [
      "NumPy",
      `softmax(q @ k.swapaxes(-1, -2) / np.sqrt(d)${causal ? " + np.triu(np.full((L, S), -np.inf), 1)" : ""}) @ v`,
    ],
  ];
}
