import type { MadeBy } from "../../reading/document.ts";
import type { Translate } from "../../tensor/message.ts";
import { numberText } from "../../tensor/print.ts";
import { type Block, number, paragraph, plain, type Text } from "../blocks.ts";
import type { ExplainContext } from "../context.ts";
import { fill } from "../fill.ts";
import { formulaBlock, sizesText } from "../formulaBlocks.ts";
import { spellings } from "./spellings.ts";

/** The whole of attention in one call: the formula with the call's sizes, its options, and the others' spelling. */
export function attentionCallBlocks({ inputs, details }: MadeBy, { translate, verbosity }: ExplainContext): Block[] {
  const masked = details.mask === true;
  const causal = details.causal === true ? ("topLeft" as const) : ("none" as const);
  const blocks: Block[] = [formulaBlock({ masked, causal }, null, translate)];
  const sizes = sizesOf(inputs);
  const scale = typeof details.scale === "number" ? details.scale : Number.NaN;
  if (sizes) blocks.push(paragraph(sizesText({ site: "", role: "weights", sizes, scale, causal, masked }, translate)));
  const notes = notesOf(details, translate);
  if (notes.length > 0) blocks.push({ kind: "list", items: notes });
  if (verbosity !== "brief") blocks.push(spellings(codes(details.causal === true), translate));
  return blocks;
}

/** A layer with its own projections, which takes whole vectors. */
export function multiHeadBlocks({ details }: MadeBy, { translate, verbosity }: ExplainContext): Block[] {
  const words = translate(
    "the outputs of all heads side by side, times W; each head is attention over its own projections of Q, K and V",
  );
  const blocks: Block[] = [{ kind: "formula", formula: "heads", marked: null, words }];
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
  return verbosity === "brief" ? blocks : [...blocks, { kind: "list", items: notes }];
}

function notesOf(details: MadeBy["details"], translate: Translate): Text[] {
  const notes: Text[] = [];
  if (details.causal === true) notes.push(plain(translate("causal: query i attends to keys 0 … i")));
  if (details.mask === true)
    notes.push(plain(translate("A boolean mask allows where it is True; a float mask is added to the scaled scores.")));
  if (typeof details.dropout === "number" && details.dropout > 0) {
    const text = translate("It drops weights with probability {p}, in evaluation too, unless the code passes 0 then.");
    notes.push(fill(text, { p: number(numberText(details.dropout)) }));
  }
  return notes;
}

/** [..., L, E], [..., S, E], [..., S, Ev]; null where a size is not a number. */
function sizesOf([query, key, value]: MadeBy["inputs"]) {
  const sizes = {
    queries: query?.at(-2),
    keys: key?.at(-2),
    size: query?.at(-1),
    valueSize: value?.at(-1),
    heads: query && query.length > 2 ? query.at(-3) : 1,
  };
  return Object.values(sizes).every((size) => typeof size === "number")
    ? (sizes as Record<keyof typeof sizes, number>)
    : null;
}

function codes(causal: boolean): [string, string][] {
  return [
    [
      "PyTorch",
      `F.scaled_dot_product_attention(q, k, v${causal ? ", is_causal=True" : ""})  # [batch, heads, length, size]`,
    ],
    ["JAX", `jax.nn.dot_product_attention(q, k, v${causal ? ", is_causal=True" : ""})  # [batch, length, heads, size]`],
    [
      "Keras",
      `keras.ops.dot_product_attention(q, k, v${causal ? ", is_causal=True" : ""})  # [batch, length, heads, size]`,
    ],
    [
      "NumPy",
      `softmax(q @ k.swapaxes(-1, -2) / np.sqrt(d)${causal ? " + np.triu(np.full((L, S), -np.inf), 1)" : ""}) @ v`,
    ],
  ];
}
