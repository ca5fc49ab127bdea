import type { Dim, MadeBy } from "../../reading/document.ts";
import { type Block, code, name, number, paragraph, plain, type Text } from "../blocks.ts";
import type { ExplainContext } from "../context.ts";
import { fill, joined } from "../fill.ts";
import type { OperationWords } from "./operationWords.ts";
import { spellings } from "./spellings.ts";

/** An equation read apart: `bhqd,bhkd->bhqk`. Spaces do not count; without an arrow, letters that occur once are kept, sorted. */
export interface Equation {
  readonly operands: readonly string[];
  readonly output: string;
}

/** Null where it is no equation: other characters than letters, commas, an ellipsis and one arrow. */
export function equationOf(text: string): Equation | null {
  const compact = text.replace(/\s/g, "");
  if (!/^(?:[a-z]|\.{3})*(?:,(?:[a-z]|\.{3})*)*(?:->(?:[a-z]|\.{3})*)?$/i.test(compact)) return null;
  const [left = "", right] = compact.split("->");
  const letters = [...left.replace(/[^a-z]/gi, "")];
  const once = letters.filter((letter) => letters.indexOf(letter) === letters.lastIndexOf(letter)).sort();
  return { operands: left.split(","), output: right ?? (left.includes("...") ? "..." : "") + once.join("") };
}

/** What an einsum adds up, letter by letter, with the sizes that the operands give. */
export function einsumBlocks({ inputs, details }: MadeBy, { translate }: ExplainContext): OperationWords {
  const text = details.equation ?? details.pattern;
  const equation = typeof text === "string" ? equationOf(text) : null;
  if (!equation) return { lead: [], more: [] };
  const letters = [...new Set(equation.operands.join("").replace(/[^a-z]/gi, ""))];
  const summed = letters.filter((letter) => !equation.output.includes(letter));
  const sizes = sizesOf(equation, inputs);
  const lead = paragraph([name(String(text)), { text: " · " }, ...sum(summed, sizes, translate)]);
  const table: Block = {
    kind: "table",
    head: [
      plain(translate("letter")),
      plain(translate("size")),
      plain(translate("in operand")),
      plain(translate("then")),
    ],
    rows: letters.map((letter): Text[] => [
      [name(letter)],
      [number(String(sizes.get(letter) ?? "?"))],
      [{ text: operandsWith(letter, equation) }],
      [{ text: summed.includes(letter) ? translate("summed over") : translate("kept") }],
    ]),
    align: ["left", "right", "left", "left"],
  };
  const product = asProduct(equation);
  const same = product ? [paragraph(fill(translate("The same as {code}."), { code: code(product) }))] : [];
  const mistake = translate(
    "A letter that is missing behind the arrow is summed over, also where it was only forgotten: check that the letters of batch and heads are there.",
  );
  return { lead: [lead, ...same], more: [table, paragraph(plain(mistake)), spellings(codes(equation), translate)] };
}

function codes({ operands, output }: Equation): [string, string][] {
  const text = `${operands.join(",")}->${output}`;
  const names = operands.map((_, at) => "abcdefgh"[at] ?? "…").join(", ");
  const spaced = [...operands, output].map((letters) => letters.replace(/\.{3}|[a-z]/gi, " $&").trim());
  return [
    ["PyTorch", `torch.einsum("${text}", ${names})`],
    ["NumPy", `np.einsum("${text}", ${names}, optimize=True)`],
    ["JAX", `jnp.einsum("${text}", ${names})`],
    ["TensorFlow", `tf.einsum("${text}", ${names})`],
    ["einops", `einsum(${names}, "${spaced.slice(0, -1).join(", ")} -> ${spaced.at(-1)}")`],
  ];
}

/** The product of two operands that the equation is, where it is one: `a @ b`, or `a @ b.swapaxes(-1, -2)`. */
export function asProduct({ operands, output }: Equation): string | null {
  const [left, right, more] = operands;
  if (!left || !right || more !== undefined || left.length < 2 || left.length !== right.length) return null;
  const batch = left.slice(0, -2);
  const [row, inner] = left.slice(-2);
  const [first, second] = right.slice(-2);
  if (right.slice(0, -2) !== batch || new Set(left + right).size !== batch.length + 3) return null;
  if (second === inner && output === batch + row + first) return "a @ b.swapaxes(-1, -2)";
  return first === inner && output === batch + row + second ? "a @ b" : null;
}

function sum(summed: readonly string[], sizes: ReadonlyMap<string, Dim>, translate: ExplainContext["translate"]): Text {
  if (summed.length === 0) return plain(translate("nothing is summed: an outer product or another order of axes"));
  const parts = summed.map((letter): Text => [name(letter), { text: ` (${sizes.get(letter) ?? "?"})` }]);
  return fill(translate("multiplies and sums over {letters}"), { letters: joined(parts, ", ") });
}

function operandsWith(letter: string, { operands }: Equation): string {
  return operands.flatMap((operand, at) => (operand.includes(letter) ? [String(at + 1)] : [])).join(", ");
}

/** The size of each letter, from the operands that have no ellipsis before it. */
function sizesOf({ operands }: Equation, inputs: MadeBy["inputs"]): Map<string, Dim> {
  const sizes = new Map<string, Dim>();
  for (const [at, operand] of operands.entries()) {
    const shape = inputs[at];
    if (!shape) continue;
    const [before, after] = operand.includes("...") ? operand.split("...") : [operand, ""];
    for (const [axis, letter] of [...before!].entries()) sizes.set(letter, shape[axis] ?? null);
    for (const [axis, letter] of [...after!].entries())
      sizes.set(letter, shape[shape.length - after!.length + axis] ?? null);
  }
  return sizes;
}
