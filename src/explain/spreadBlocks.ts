import type { Translate } from "../tensor/message.ts";
import { numberText } from "../tensor/print.ts";
import { type Block, number, type Text } from "./blocks.ts";
import type { SpreadFacts } from "./facts.ts";
import { fill, sentences } from "./fill.ts";

/** Why √d_k: the spread of the document's own scores before and after it, and how sharp softmax would be without. */
export function spreadBlocks(spread: SpreadFacts, size: number, scale: number, translate: Translate): Block[] {
  const { deviation, scaledDeviation, peak, peakUnscaled } = spread;
  const root = Math.sqrt(size);
  const numbers = {
    deviation: number(numberText(deviation, 3)),
    scaled: number(numberText(scaledDeviation, 3)),
    peak: number(numberText(peak, 3)),
    unscaled: number(numberText(peakUnscaled, 3)),
  };
  const here = translate(
    "Here the scores have a standard deviation of {deviation}, after scaling {scaled}; a query's largest weight is {peak} on average, and would be {unscaled} without the scale.",
  );
  const sharp = translate("The sharper softmax is, the smaller its gradient.");
  const usual = Math.abs(scale * root - 1) < 1e-9;
  const said = [
    ...(usual ? [theoryText(size, translate)] : []),
    fill(here, numbers),
    ...(peakUnscaled > peak ? [[{ text: sharp }]] : []),
  ];
  return [{ kind: "paragraph", text: sentences(said) }];
}

/** What chance alone makes of a dot product. */
export function theoryText(size: number, translate: Translate): Text {
  const theory = translate(
    "Why √d_k: a dot product of {size} independent terms of variance 1 has variance {size}, a standard deviation of {root}.",
  );
  return fill(theory, { size: number(String(size)), root: number(numberText(Math.sqrt(size))) });
}
