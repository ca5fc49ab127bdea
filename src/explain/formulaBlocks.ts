import type { Form } from "../attention/forms/formOf.ts";
import type { Part } from "../reading/document.ts";
import type { Translate } from "../tensor/message.ts";
import { numberText } from "../tensor/print.ts";
import { shapeText } from "../tensor/tensor.ts";
import { type Block, type FormulaBlock, number, plain, type Text } from "./blocks.ts";
import type { AttentionFacts } from "./facts.ts";
import { fill, joined, sentences } from "./fill.ts";
import { formSentences, scorePurpose } from "./formWords.ts";
import { bracketed } from "./position.ts";
import { roleName } from "./words.ts";

/** The formula with the part that this tensor plays marked, and the same with the sizes put in. */
export function formulaBlocks(attention: AttentionFacts, translate: Translate): Block[] {
  const blocks: Block[] = [formulaBlock(attention, attention.role, translate)];
  const sizes = sizesText(attention, translate);
  if (sizes.length > 0) blocks.push({ kind: "paragraph", text: sizes });
  if (attention.form) blocks.push({ kind: "paragraph", text: formText(attention.form, translate) });
  return blocks;
}

export function formulaBlock(
  { masked, causal, form }: Pick<AttentionFacts, "masked" | "causal" | "form">,
  marked: FormulaBlock["marked"],
  translate: Translate,
): FormulaBlock {
  const withMask =
    masked || causal !== "none" || marked === "mask" || marked === "masked" || Boolean(form?.bias || form?.sparse);
  const { formula, words } = formulaOf(form, withMask, translate);
  if (marked === null) return { kind: "formula", formula, marked, words };
  const part = marked === "scale" ? translate("scale") : roleName(marked, translate);
  return { kind: "formula", formula, marked, words: translate("{formula}; marked: {part}", { formula: words, part }) };
}

/** The formula of a form and how it is read out; those of other scores than the scaled dot product have a mask for any case. */
function formulaOf(
  form: Form | undefined,
  withMask: boolean,
  translate: Translate,
): Pick<FormulaBlock, "formula" | "words"> {
  if (form && form.score !== "scaledDot")
    return {
      formula: `${form.score}Attention`,
      words: translate("softmax of (the scores plus the mask), times V. {score}", {
        score: scorePurpose(form.score, translate),
      }),
    };
  if (form && form.steps.length > 0)
    return {
      formula: "preparedAttention",
      words: translate(
        "softmax of (Q′ times K′ transposed, divided by the square root of the head size, plus the mask), times V",
      ),
    };
  return withMask
    ? {
        formula: "maskedAttention",
        words: translate(
          "softmax of (Q times K transposed, divided by the square root of the head size, plus the mask), times V",
        ),
      }
    : {
        formula: "attention",
        words: translate("softmax of (Q times K transposed, divided by the square root of the head size), times V"),
      };
}

/** What makes this another attention than the plain one, in words. */
export function formText(form: Form, translate: Translate): Text {
  return sentences(formSentences(form, translate).map(plain));
}

/** The score that a small network gives. */
export function additiveFormula(translate: Translate): FormulaBlock {
  const words = translate("the score of key j is v transposed times tanh of (W q plus U k j)");
  return { kind: "formula", formula: "additive", marked: null, words };
}

/** `QKᵀ: [4×8]·[8×6] → [4×6] · √d_k = √8 ≈ 2.828`: what the shapes do around the marked part. */
export function sizesText({ role, sizes, scale, masked, causal, form }: AttentionFacts, translate: Translate): Text {
  const { queries, keys, size, valueSize } = sizes;
  const texts: Text[] = [];
  const usual = !form || form.score === "scaledDot";
  if (usual && queries && keys && size)
    texts.push([{ text: form?.steps.length ? "Q′K′ᵀ: " : "QKᵀ: " }, ...product([queries, size], [size, keys])]);
  if (usual && size && role !== "value" && role !== "output") texts.push(scaleText(size, scale, translate));
  if (masked && role === "mask") texts.push([{ text: "M: " }, number(bracket(queries, keys))]);
  if (causal !== "none" && role === "mask") texts.push([{ text: causalText(causal, translate) }]);
  if (queries && keys && valueSize && showsOutput(role))
    texts.push([{ text: "softmax(…)V: " }, ...product([queries, keys], [keys, valueSize])]);
  return joined(texts, " · ");
}

function showsOutput(role: Part): boolean {
  return role === "value" || role === "weights" || role === "output";
}

type Size = AttentionFacts["sizes"]["size"];

function product([rows, inner]: readonly [Size, Size], [, columns]: readonly [Size, Size]): Text {
  return [
    number(`${bracket(rows, inner)}·${bracket(inner, columns)}`),
    { text: " → " },
    number(bracket(rows, columns)),
  ];
}

function bracket(rows: Size, columns: Size): string {
  return `[${shapeText([rows, columns].map(bracketed))}]`;
}

/** √d_k as it is, or what is used instead. */
function scaleText(size: Size, scale: number, translate: Translate): Text {
  if (typeof size === "string") return [{ text: "√d_k = " }, number(`√${bracketed(size)}`)];
  const root = Math.sqrt(size);
  const sign = Number.isInteger(root) ? "=" : "≈";
  if (Number.isNaN(scale) || Math.abs(scale * root - 1) < 1e-9) {
    return [{ text: "√d_k = " }, number(`√${size} ${sign} ${numberText(root)}`)];
  }
  const used = { scale: number(numberText(scale)), usual: number(`1/√${size} ≈ ${numberText(1 / root)}`) };
  return fill(translate("scale {scale} instead of {usual}"), used);
}

export function causalText(causal: Exclude<AttentionFacts["causal"], "none">, translate: Translate): string {
  return causal === "topLeft"
    ? translate("causal: query i attends to keys 0 … i")
    : translate("causal: the last query attends up to the last key");
}
