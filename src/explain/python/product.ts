import type { Dim, MadeBy } from "../../reading/document.ts";
import { shapeText } from "../../tensor/tensor.ts";
import { number, paragraph, type Text } from "../blocks.ts";
import type { ExplainContext } from "../context.ts";
import type { TensorFacts } from "../facts.ts";
import { fill } from "../fill.ts";
import type { OperationWords } from "./operationWords.ts";

/** Shapes in and out, and how many terms each number adds up. */
export function productBlocks(
  { inputs, operation }: MadeBy,
  { shape }: TensorFacts,
  { translate }: ExplainContext,
): OperationWords {
  const [left, right] = inputs;
  const inner = left?.at(-1);
  if (!left || !right || !shape || inner == null) return { lead: [], more: [] };
  const weight = operation === "linear" ? [...right].reverse() : right;
  const sizes: Text = [bracket(left), { text: " · " }, bracket(weight), { text: " → " }, bracket(shape)];
  const terms = fill(translate("each number is a dot product over {inner}"), { inner: number(String(inner)) });
  return { lead: [paragraph(sizes, [{ text: ": " }], terms)], more: [] };
}

function bracket(shape: readonly Dim[]) {
  return number(`[${shapeText(shape)}]`);
}
