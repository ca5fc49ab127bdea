import type { Part } from "../reading/document.ts";
import type { Translate } from "../tensor/message.ts";
import { numberText } from "../tensor/print.ts";
import { type Block, name, number, strong, type Text } from "./blocks.ts";
import type { ExplainContext } from "./context.ts";
import { effectBlocks } from "./effectBlocks.ts";
import type { AttentionFacts, ElementFacts, Facts } from "./facts.ts";
import { fill, joined } from "./fill.ts";
import { headBlocks } from "./headBlocks.ts";

/** One number: where it is, and what it meets. */
export function elementBlocks(
  { tensor, element, attention }: Facts,
  { translate, verbosity }: ExplainContext,
): Block[] {
  if (!element) return [];
  const where: Text = [name(tensor.name), strong(`[${element.index.join(", ")}]`)];
  const boolean = tensor.dtype === "bool";
  const shown = boolean ? String(element.value !== 0) : numberText(element.value, 8);
  const value: Text = [...where, { text: " = " }, number(shown)];
  const token = tokenText(element, translate);
  const blocks: Block[] = [
    { kind: "heading", text: [...value, ...token, ...(boolean ? [] : rank(element, translate))] },
  ];
  if (attention) blocks.push({ kind: "paragraph", text: meets(element, attention, boolean, translate) });
  if (element.effect && verbosity !== "brief")
    blocks.push(
      ...(attention ? headBlocks(attention, translate) : []),
      ...effectBlocks(element.effect, element.value, translate),
    );
  return blocks;
}

/** `token sat`; of a pair `token cat → sat`. */
function tokenText({ token, columnToken }: ElementFacts, translate: Translate): Text {
  const tokens = [token, columnToken].flatMap((word) => (word === undefined ? [] : [[name(word)]]));
  return tokens.length === 0
    ? []
    : [{ text: " · " }, ...fill(translate("token {token}"), { token: joined(tokens, " → ") })];
}

function rank({ rank: known }: ElementFacts, translate: Translate): Text {
  if (!known || known.of < 2) return [];
  const { place, of } = known;
  const text = place === 1 ? translate("the largest of {of} in its row") : translate("rank {place} of {of} in its row");
  return [{ text: " · " }, ...fill(text, { place: number(String(place)), of: number(String(of)) })];
}

/** What the element is multiplied with, or made from, by the part its tensor plays. */
function meets(
  { index, value }: ElementFacts,
  { role, form }: AttentionFacts,
  boolean: boolean,
  translate: Translate,
): Text {
  const row = number(String(index.at(-2) ?? 0));
  const column = number(String(index.at(-1) ?? 0));
  if (role === "mask" && boolean) return fill(allowed(value !== 0, translate), { row, column });
  if (form && form.score !== "dot" && (form.steps.length > 0 || form.score !== "scaledDot")) {
    const other = meetsInForm(role, translate);
    if (other) return fill(other, { row, column });
  }
  const sentences: Record<Part, () => string> = {
    query: () => translate("It multiplies column {column} of K: one term in each score of query {row}."),
    key: () => translate("It multiplies column {column} of Q: one term in the score of key {row} with every query."),
    value: () =>
      translate("The weights of key {row} multiply it: it goes into column {column} of every query's output."),
    mask: () => translate("It acts on the scaled score of query {row} with key {column}."),
    scores: () => translate("The dot product of row {row} of Q with row {column} of K."),
    scaled: () => translate("The dot product of row {row} of Q with row {column} of K, times the scale."),
    masked: () => translate("What softmax gets for query {row} and key {column}."),
    weights: () => translate("How much query {row} attends to key {column}: it multiplies row {column} of V."),
    output: () => translate("The sum over all keys of their weights in row {row} times column {column} of V."),
  };
  return fill(sentences[role](), { row, column });
}

/** Where Q and K make no plain dot product; null where the form changes nothing. */
function meetsInForm(role: Part, translate: Translate): string | null {
  if (role === "query") return translate("It goes into every score of query {row}, after what is done to Q first.");
  if (role === "key")
    return translate("It goes into the score of key {row} with every query, after what is done to K first.");
  if (role === "scores") return translate("The score of query {row} with key {column}.");
  return role === "scaled" ? translate("The score of query {row} with key {column}, times the scale.") : null;
}

function allowed(may: boolean, translate: Translate): string {
  return may
    ? translate("Query {row} may attend to key {column}.")
    : translate("Query {row} may not attend to key {column}: their score becomes −∞ before softmax.");
}
