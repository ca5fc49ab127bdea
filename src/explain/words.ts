import type { Form } from "../attention/forms/formOf.ts";
import type { Part } from "../reading/document.ts";
import type { Translate } from "../tensor/message.ts";

/** What a tensor that plays `role` is called. */
export function roleName(role: Part, translate: Translate): string {
  const names: Record<Part, () => string> = {
    query: () => translate("query"),
    key: () => translate("key"),
    value: () => translate("value"),
    mask: () => translate("mask"),
    scores: () => translate("scores"),
    scaled: () => translate("scaled scores"),
    masked: () => translate("masked scores"),
    weights: () => translate("weights"),
    output: () => translate("output"),
  };
  return names[role]();
}

/** What a tensor that plays `role` does in the formula, in one or two sentences. */
export function rolePurpose(role: Part, translate: Translate, form?: Form): string {
  if (role === "query" && form && form.score !== "scaledDot" && form.score !== "dot")
    return translate(
      "Each row is one query: what a position looks for. Its score with every key says how well they match.",
    );
  if (role === "weights" && form?.sinks)
    return translate(
      "How each query divides its attention among the keys. A row sums to 1 less the share that the sink takes.",
    );
  const purposes: Record<Part, () => string> = {
    query: () =>
      translate(
        "Each row is one query: what a position looks for. Its dot product with every key says how well they match.",
      ),
    key: () => translate("Each row is one key: what a position offers to be found by. Queries are compared with it."),
    value: () =>
      translate(
        "Each row is one value: what a position passes on. The output adds up these rows, each as much as its weight says.",
      ),
    mask: () => translate("Says which keys a query may attend to. It acts on the scaled scores, before softmax."),
    scores: () => translate("One number for each query and key: how well they match, before scaling and softmax."),
    scaled: () => translate("The scores times the scale, so that their spread does not grow with the head size."),
    masked: () => translate("The scaled scores with the mask: −∞ where a query may not attend. Softmax comes next."),
    weights: () =>
      translate(
        "The softmax of each row of scaled scores: how the query divides its attention among the keys. Each row sums to 1.",
      ),
    output: () =>
      translate("Each row mixes the rows of V by the weights of one query: what that position has gathered."),
  };
  return purposes[role]();
}

/** What the numbers of a mask mean; empty for those of other types, which reading has settled. */
export function maskMeaning(dtype: string | null, translate: Translate): string {
  if (dtype === "bool") return translate("true: may attend; false: the score becomes −∞ and the weight 0.");
  return dtype?.startsWith("float") || dtype === "bfloat16"
    ? translate("Its numbers are added to the scores: 0 changes nothing, −∞ forbids.")
    : "";
}

/** Names of a tensor's axes, outermost first, by the part it plays; null where the rank does not fit. */
export function axisNames(role: Part, rank: number, translate: Translate): readonly string[] | null {
  if (rank < 2 || rank > 4) return null;
  const heads = role === "key" || role === "value" ? translate("key/value heads") : translate("heads");
  return [translate("batch"), heads, ...matrixAxes(role, translate)].slice(4 - rank);
}

function matrixAxes(role: Part, translate: Translate): readonly [string, string] {
  const [queries, keys] = [translate("queries"), translate("keys")];
  const [size, valueSize] = [translate("size"), translate("value size")];
  const axes: Record<Part, readonly [string, string]> = {
    query: [queries, size],
    key: [keys, size],
    value: [keys, valueSize],
    mask: [queries, keys],
    scores: [queries, keys],
    scaled: [queries, keys],
    masked: [queries, keys],
    weights: [queries, keys],
    output: [queries, valueSize],
  };
  return axes[role];
}
