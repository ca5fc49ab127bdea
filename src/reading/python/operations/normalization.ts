import type { Machine } from "../run/machine.ts";
import { numeric } from "../run/scalars.ts";
import { dimsOf, dtypeOf, type TensorValue } from "../run/tensorValue.ts";
import { shapeArgument } from "./constructors.ts";
import { arrayOf, type NumberArray, result } from "./making.ts";
import { type Given, type Operation, operation } from "./operation.ts";
import { concludeDType, mustEqual } from "./sizes.ts";

/** F.layer_norm, rms_norm, group_norm, batch_norm: the shape of their input. */
export const normalization: readonly Operation[] = [
  operation("F.layer_norm torch.layer_norm", "input, normalized_shape, weight?, bias?, eps?", (g, m) =>
    overLast(g, m, "layer_norm", 1e-5, true),
  ),
  operation("F.rms_norm torch.rms_norm", "input, normalized_shape, weight?, eps?", (g, m) =>
    overLast(g, m, "rms_norm", 2 ** -23, false),
  ),
  operation("F.group_norm", "input, num_groups, weight?, bias?, eps?", (g) => {
    const input = g.tensor("input");
    const groups = g.size("num_groups");
    const dims = dimsOf(input);
    return result({
      framework: "torch",
      shape: input.shape,
      dtype: input.dtype,
      inputs: parts(g),
      operation: "group_norm",
      exact: false,
      compute: ([x, w, b], out, dtype) => {
        if (typeof groups !== "number" || !dims) return null;
        const inner = x!.length / (out[0]! * out[1]!);
        const normed = standardized(x!, (inner * out[1]!) / groups, g.number("eps", 1e-5) ?? 0, true);
        return affine(normed, arrayOf(dtype, x!.length), w, b, (at) => Math.floor(at / inner) % out[1]!);
      },
    });
  }),
  operation(
    "F.batch_norm F.instance_norm",
    "input, running_mean?, running_var?, weight?, bias?, training?, momentum?, eps?, **more",
    (g, m) => {
      const input = g.tensor("input");
      const weight = g.optionalTensor("weight");
      concludeDType(m, input, weight ? dtypeOf(weight) : null);
      const channels = dimsOf(input)?.[1];
      if (channels !== undefined && weight) mustEqual(m, channels, dimsOf(weight)?.[0] ?? null, "batch_norm");
      return result({
        framework: "torch",
        shape: input.shape,
        dtype: input.dtype,
        inputs: parts(g),
        operation: "batch_norm",
        exact: false,
      });
    },
  ),
];

function parts(g: Given): TensorValue[] {
  return ["input", "weight", "bias"]
    .map((name) => (g.get(name) ? g.tensor(name) : undefined))
    .filter((t): t is TensorValue => t !== undefined);
}

function overLast(g: Given, m: Machine, name: string, otherwise: number, centred: boolean): TensorValue {
  const input = g.tensor("input");
  const shape = shapeArgument(m, [g.need("normalized_shape")]);
  const dims = dimsOf(input);
  if (dims && shape)
    for (const [at, size] of [...shape].reverse().entries()) mustEqual(m, dims.at(-1 - at) ?? null, size, name, [dims]);
  const inputs = parts(g);
  if (inputs[1]) concludeDType(m, input, dtypeOf(inputs[1]));
  const given = g.get("eps");
  const eps = given ? numeric(given) : otherwise;
  const hasWeight = g.get("weight") !== undefined;
  return result({
    framework: "torch",
    shape: input.shape,
    dtype: input.dtype,
    inputs,
    operation: name,
    exact: false,
    compute: ([x, ...rest], out, dtype) => {
      if (!shape || eps === null) return null;
      const width = out.slice(out.length - shape.length).reduce((n, d) => n * d, 1);
      const [w, b] = hasWeight ? rest : [undefined, rest[0]];
      return affine(standardized(x!, width, eps, centred), arrayOf(dtype, x!.length), w, b, (at) => at % width);
    },
  });
}

/** Stretches of `width` elements, less their mean if `centred`, by the root of their mean square. */
function standardized(x: NumberArray, width: number, eps: number, centred: boolean): Float64Array {
  const out = new Float64Array(x.length);
  for (let from = 0; from < x.length; from += width) {
    let sum = 0;
    for (let at = from; at < from + width; at++) sum += x[at]!;
    const mean = centred ? sum / width : 0;
    let squares = 0;
    for (let at = from; at < from + width; at++) squares += (x[at]! - mean) ** 2;
    const scale = 1 / Math.sqrt(squares / width + eps);
    for (let at = from; at < from + width; at++) out[at] = (x[at]! - mean) * scale;
  }
  return out;
}

function affine(
  x: Float64Array,
  out: NumberArray,
  weight: NumberArray | undefined,
  bias: NumberArray | undefined,
  place: (at: number) => number,
): NumberArray {
  for (let at = 0; at < x.length; at++) {
    const k = weight || bias ? place(at) : 0;
    out[at] = x[at]! * (weight ? weight[k]! : 1) + (bias ? bias[k]! : 0);
  }
  return out;
}
