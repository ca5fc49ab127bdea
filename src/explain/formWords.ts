import type { Form } from "../attention/forms/formOf.ts";
import type { SparsePattern } from "../attention/problem.ts";
import type { Translate } from "../tensor/message.ts";

/** What the field calls a score. */
export function scoreName(score: Form["score"], translate: Translate): string {
  const names: Record<Form["score"], () => string> = {
    scaledDot: () => translate("scaled dot product"),
    dot: () => translate("dot product (Luong)"),
    general: () => translate("general (Luong)"),
    additive: () => translate("additive (Bahdanau)"),
    pooling: () => translate("additive pooling"),
    cosine: () => translate("cosine similarity"),
    linear: () => translate("linear attention"),
  };
  return names[score]();
}

/** How a score comes about, in one or two sentences. */
export function scorePurpose(score: Form["score"], translate: Translate): string {
  const purposes: Record<Form["score"], () => string> = {
    scaledDot: () =>
      translate("The score of a query and a key is their dot product, divided by the square root of the head size."),
    dot: () => translate("The score of a query and a key is their dot product, without a scale."),
    general: () =>
      translate(
        "The score of a query and a key is qᵀWk: a dot product with a learned matrix between, without a scale.",
      ),
    additive: () =>
      translate(
        "A small network makes the score: it adds the projected query and key, bends each sum with tanh, and v adds the results up to one number. There is no scale.",
      ),
    pooling: () =>
      translate(
        "Nobody asks: a small network scores each position of one sequence by itself. It projects the row, bends it with tanh, and v adds the result up to one number; the output is the sum of the rows by these weights.",
      ),
    cosine: () =>
      translate(
        "The score is the cosine of the angle between query and key, from −1 to 1 however long they are, divided by the temperature.",
      ),
    linear: () =>
      translate(
        "φ makes positive numbers of Q and K; the weights are φ(q)·φ(k) divided by their sum over the keys. Shown as softmax of ln φ(q)·φ(k), which is the same.",
      ),
  };
  return purposes[score]();
}

/** What makes this another attention than the plain one, a sentence each. */
export function formSentences(form: Form, translate: Translate): string[] {
  return [
    form.score === "scaledDot" ? "" : scorePurpose(form.score, translate),
    stepsText(form, translate),
    ...(form.bias ?? []).map((bias) => biasText(bias, translate)),
    form.sparse ? sparseText(form.sparse, translate) : "",
    form.sinks ? translate("A sink takes a share of every query's weights.") : "",
  ].filter((text) => text !== "");
}

function biasText(bias: NonNullable<Form["bias"]>[number], translate: Translate): string {
  return bias === "alibi"
    ? translate("M takes off a slope times the distance of key and query (ALiBi).")
    : translate("M adds a learned number for each distance of key and query.");
}

/** Which pairs a sparse pattern leaves, in half a sentence each. */
function sparseText({ dilation, block, globals, prefix }: SparsePattern, translate: Translate): string {
  const told = [
    dilation === undefined ? "" : translate("one key in {step}, counted from the query", { step: dilation }),
    block === undefined ? "" : translate("keys of the query's own block of {size}", { size: block }),
    globals ? translate("global tokens, which see and are seen by all: {count}", { count: globals.length }) : "",
    prefix === undefined ? "" : translate("a prefix for all, of length {length}, causal behind it", { length: prefix }),
  ];
  const list = told.filter((text) => text !== "").join("; ");
  return translate("Only these pairs may attend: {list}.", { list });
}

/** What is done to Q and K before they make scores, in its order; empty where nothing is. */
function stepsText({ steps, score }: Form, translate: Translate): string {
  const done: Record<Form["steps"][number], () => string> = {
    project: () => translate("projected by W_q and W_k"),
    general: () => translate("the query times W"),
    norm: () => (score === "cosine" ? translate("divided by their length") : translate("normalised")),
    rotary: () => translate("turned by their position (RoPE)"),
    features: () => translate("through the feature map φ"),
  };
  const told = steps.map((step) => done[step]());
  return told.length === 0
    ? ""
    : translate("Rows of Q and K are used after this was done to them: {steps}.", {
        steps: told.join(translate(", ")),
      });
}
