import type { Dim, MadeBy } from "../../reading/document.ts";
import { shapeText } from "../../tensor/tensor.ts";
import { type Block, number, paragraph, type Text } from "../blocks.ts";
import type { ExplainContext } from "../context.ts";
import type { TensorFacts } from "../facts.ts";
import { fill } from "../fill.ts";

/** Shapes in and out, and how many terms each number adds up. */
export function productBlocks(
  { inputs, operation }: MadeBy,
  { shape }: TensorFacts,
  { translate }: ExplainContext,
): Block[] {
  const [left, right] = inputs;
  const inner = left?.at(-1);
  if (!left || !right || !shape || inner == null) return [];
  const weight = operation === "linear" ? [...right].reverse() : right;
  const sizes: Text = [bracket(left), { text: " · " }, bracket(weight), { text: " → " }, bracket(shape)];
  const terms = fill(translate("each number is a dot product over {inner}"), { inner: number(String(inner)) });
  return [paragraph(sizes, [{ text: ": " }], terms)];
}

function bracket(shape: readonly Dim[]) {
  return number(`[${shapeText(shape)}]`);
}
