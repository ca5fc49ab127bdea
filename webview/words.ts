import { shownName } from "../src/explain/visible.ts";
import type { ResultSummary } from "../src/protocol/core.ts";
import type { Translate } from "../src/tensor/message.ts";

/** The page's own words, by the bundle that the host sent: English text is the key. */
export function translator(strings: Readonly<Record<string, string>>): Translate {
  return (text, args = {}) =>
    (Object.hasOwn(strings, text) ? strings[text]! : text).replace(/\{(\w+)\}/g, (hole, name: string) =>
      Object.hasOwn(args, name) ? String(args[name]) : hole,
    );
}

/** A query's or key's word as it can be shown, or its number where the document has no words. */
export function tokenName(tokens: readonly string[] | null, index: number): string {
  const token = tokens?.[index];
  return token === undefined ? String(index) : shownName(token);
}

/** The document's own label of an entry of an axis, or its number. */
export function labelOf(axis: { readonly labels?: readonly string[] | null } | undefined, at: number): string {
  return axis?.labels?.[at] ?? String(at);
}

/** `Layer 3, head 7`, with the document's own labels; empty for a single head. */
export function headName(
  result: ResultSummary,
  { batch, head }: { batch: number; head: number },
  translate: Translate,
): string {
  const { sizes, axes } = result;
  const label = labelOf(axes?.batch, batch);
  const whole =
    axes?.batch?.meaning === "layer" ? translate("layer {0}", { 0: label }) : translate("batch {0}", { 0: label });
  const own = translate("head {0}", { 0: labelOf(axes?.head, head) });
  return listed([...(sizes.batch > 1 ? [whole] : []), ...(sizes.heads > 1 ? [own] : [])], translate);
}

/** One after the other, with the comma of the reader's language. */
export function listed(words: readonly string[], translate: Translate): string {
  return words.length === 0 ? "" : words.reduce((all, word) => translate("{0}, {1}", { 0: all, 1: word }));
}

/** `<s>`, `<|im_start|>`, `[CLS]`: written by a tokenizer, not by a person. */
export function isSpecial(token: string | undefined): boolean {
  return token !== undefined && /^(<\|?[^<>\s]+\|?>|\[[A-Z]+\d*\]|▁|Ġ)$/.test(token);
}
