import { type Machine, raise, unclear } from "../run/machine.ts";
import { dimsOf, type TensorValue } from "../run/tensorValue.ts";
import type { Value } from "../run/values.ts";
import { contraction, type Labels } from "./contraction.ts";
import { type Given, type Operation, operation } from "./operation.ts";

/** einsum of PyTorch, NumPy, JAX and TensorFlow: an equation of letters. */
export const einsums: readonly Operation[] = [
  operation(
    "torch.einsum np.einsum jnp.einsum tf.einsum F.einsum",
    "equation, *operands, out?, dtype?, order?, casting?, optimize?, precision?, preferred_element_type?, **more",
    (g, m) => {
      const equation = g.text("equation").replaceAll(" ", "");
      const tensors = operandsOf(g, m);
      return contraction(m, tensors, labelsOf(equation, tensors), equation);
    },
  ),
];

function operandsOf(g: Given, m: Machine): TensorValue[] {
  const only = g.rest.length === 1 ? g.rest[0]! : null;
  const values: readonly Value[] =
    only?.kind === "list" || only?.kind === "tuple" ? (m.iterate(only)?.items ?? []) : g.rest;
  return values.map((value) => {
    if (value.kind === "tensor") return value;
    return value.kind === "unknown"
      ? unclear(value.why.code, value.why.args)
      : unclear("python.notTensor", { name: g.path, kind: value.kind });
  });
}

/** Letters of each side; axes under an ellipsis are named by their distance from its end. */
function labelsOf(equation: string, tensors: readonly TensorValue[]): Labels {
  const [left, right] = equation.split("->");
  const sides = left!.split(",");
  if (sides.length !== tensors.length)
    raise("RuntimeError", "python.einsumOperands", { expected: sides.length, got: tensors.length });
  const inputs = sides.map((side, at) => expanded(side, under(side, tensors[at]!)));
  const dots = Math.max(0, ...inputs.map((names) => names.filter((name) => name.startsWith(".")).length));
  return { inputs, output: right === undefined ? implied(left!, inputs, dots) : expanded(right, dots) };
}

/** How many axes the ellipsis of one side stands for. */
function under(side: string, t: TensorValue): number {
  if (!side.includes("...")) return 0;
  const rank = dimsOf(t)?.length ?? unclear("python.unknownRank");
  return rank - side.replace("...", "").length;
}

function expanded(side: string, dots: number): string[] {
  const [before, after] = side.includes("...") ? (side.split("...") as [string, string]) : [side, null];
  if (after === null) return [...before];
  return [...before, ...Array.from({ length: dots }, (_, at) => `.${dots - at}`), ...after];
}

/** Without `->`: the ellipsis, then the letters that come once, by alphabet. */
function implied(left: string, inputs: readonly (readonly string[])[], dots: number): string[] {
  const letters = inputs.flat().filter((name) => !name.startsWith("."));
  const once = [...new Set(letters)].filter((name) => letters.indexOf(name) === letters.lastIndexOf(name)).sort();
  return [...(left.includes("...") ? expanded("...", dots) : []), ...once];
}
