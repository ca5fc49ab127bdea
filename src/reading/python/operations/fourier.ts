import type { DType } from "../../../tensor/dtype.ts";
import { add, type Size } from "../run/dims.ts";
import type { Machine } from "../run/machine.ts";
import { sizeOfValue } from "../run/scalars.ts";
import { dtypeOf, fixedShape, type TensorValue } from "../run/tensorValue.ts";
import type { Value } from "../run/values.ts";
import { dtypeFrom } from "./dtypes.ts";
import { axisOf, needDims, result } from "./making.ts";
import { type Given, integers, type Operation, operation } from "./operation.ts";

const libraries = ["torch.fft", "np.fft", "jnp.fft"];

/** Fourier transforms: shapes and dtypes. */
export const fourier: readonly Operation[] = ["", "2", "n"].flatMap((kind) => {
  const axes = kind === "" ? "n?, dim?" : "s?, dim?";
  const named = (name: string): string => libraries.map((home) => `${home}.${name}${kind}`).join(" ");
  return [
    operation(`${named("fft")} ${named("ifft")}`, `input, ${axes}, norm?`, (g, m) => transform(g, m, kind, "full")),
    operation(named("rfft"), `input, ${axes}, norm?`, (g, m) => transform(g, m, kind, "half")),
    operation(named("irfft"), `input, ${axes}, norm?`, (g, m) => transform(g, m, kind, "real")),
  ];
});

function transform(g: Given, m: Machine, kind: string, how: "full" | "half" | "real"): TensorValue {
  const input = g.tensor("input");
  const dims = [...needDims(input)];
  const axes = axesOf(g, m, kind, dims.length);
  const sizes = sizesGiven(g, m, kind);
  for (const [at, axis] of axes.entries()) if (sizes?.[at] !== undefined) dims[axis] = sizes[at]!;
  const last = axes.at(-1)!;
  if (how === "half") dims[last] = m.symbols.resolve(add(m.symbols.quotient(dims[last]!, 2), 1));
  if (how === "real" && !sizes) dims[last] = m.symbols.multiply(2, add(dims[last]!, 1, -1));
  const dtype = dtypeFrom(() => outputDType(dtypeOf(input), how === "real", input.framework !== "torch"));
  return result({
    framework: input.framework,
    shape: fixedShape(dims),
    dtype,
    inputs: [input],
    operation: "fft",
    exact: false,
  });
}

function axesOf(g: Given, m: Machine, kind: string, rank: number): number[] {
  const given = g.get("dim");
  if (given) return integers(m, given).map((axis) => axisOf(axis, rank));
  const count = kind === "" ? 1 : kind === "2" ? 2 : (sizesGiven(g, m, kind)?.length ?? rank);
  return Array.from({ length: count }, (_, at) => rank - count + at);
}

function sizesGiven(g: Given, m: Machine, kind: string): readonly Size[] | undefined {
  const given: Value | undefined = g.get(kind === "" ? "n" : "s");
  if (!given) return undefined;
  return kind === "" ? [sizeOfValue(given)] : (m.iterate(given)?.items.map(sizeOfValue) ?? undefined);
}

function outputDType(own: DType | null, real: boolean, numpy: boolean): DType | null {
  if (own === null) return null;
  // NumPy 1 computes all of them in double precision, NumPy 2 in that of what it is given.
  if (numpy && (own === "float32" || own === "float16" || own === "complex64")) return null;
  const wide = numpy || own === "float64" || own === "complex128";
  return real ? (wide ? "float64" : "float32") : wide ? "complex128" : "complex64";
}
