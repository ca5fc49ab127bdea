import type { DType } from "../../../tensor/dtype.ts";
import { sizeOf } from "../../../tensor/tensor.ts";
import type { Machine } from "../run/machine.ts";
import { concreteDims, dimsOf, dtypeOf, type TensorValue } from "../run/tensorValue.ts";
import { dtypeFrom } from "./dtypes.ts";
import { arrayOf, type NumberArray, needDims, result, shapeFrom } from "./making.ts";
import { type Operation, operation } from "./operation.ts";
import { withRankOf } from "./ranks.ts";
import { concludeDType, lastAxis, mustEqual } from "./sizes.ts";

/** F.linear, F.bilinear, F.embedding. */
export const linearFunctions: readonly Operation[] = [
  operation("F.linear", "input, weight, bias?", (g, m) =>
    linear(m, g.tensor("input"), g.tensor("weight"), g.optionalTensor("bias")),
  ),
  operation("F.bilinear", "input1, input2, weight, bias?", (g, m) => {
    const [first, second, weight] = [g.tensor("input1"), g.tensor("input2"), g.tensor("weight")];
    const [outputs, a, b] = needDims(weight);
    lastAxis(m, second, b!, outputs!, "bilinear");
    return result({
      framework: "torch",
      shape: lastAxis(m, first, a!, outputs!, "bilinear"),
      dtype: weight.dtype,
      inputs: [first, second, weight],
      operation: "bilinear",
      exact: false,
    });
  }),
  operation("F.embedding", "input, weight, padding_idx?, max_norm?, norm_type?, scale_grad_by_freq?, sparse?", (g, m) =>
    embedding(m, g.tensor("input"), g.tensor("weight")),
  ),
];

/** x·Wᵀ + b: `[…, in]`, `[out, in]`, `[out]` → `[…, out]`. */
function linear(m: Machine, input: TensorValue, weight: TensorValue, bias: TensorValue | undefined): TensorValue {
  const dims = needDims(weight);
  const isVector = dims.length === 1;
  const [outputs, inputs] = isVector ? [1, dims[0]!] : [dims[0]!, dims[1]!];
  const shape = isVector ? shapeFrom([input], ([d]) => d!.slice(0, -1)) : lastAxis(m, input, inputs, outputs, "linear");
  concludeDType(m, input, dtypeOf(weight));
  const parts = bias ? [input, weight, bias] : [input, weight];
  if (bias && !isVector) mustEqual(m, dimsOf(bias)?.at(-1) ?? null, outputs, "linear");
  const size = concreteDims(input);
  const work = size && typeof outputs === "number" ? sizeOf(size) * outputs : 0;
  return result({
    framework: "torch",
    shape,
    dtype: dtypeFrom(() => dtypeOf(weight) ?? dtypeOf(input)),
    inputs: parts,
    operation: "linear",
    details: { contracted: [-1, -1] },
    exact: false,
    work,
    compute: ([x, w, b], out, dtype) => product(x!, w!, b, isVector ? 1 : (out.at(-1) ?? 1), dtype),
  });
}

function product(
  x: NumberArray,
  w: NumberArray,
  b: NumberArray | undefined,
  outputs: number,
  dtype: DType,
): NumberArray {
  const inputs = w.length / outputs;
  const rows = inputs === 0 ? 0 : x.length / inputs;
  const out = arrayOf(dtype, rows * outputs);
  for (let row = 0; row < rows; row++) {
    for (let o = 0; o < outputs; o++) {
      let sum = b ? b[o]! : 0;
      for (let i = 0; i < inputs; i++) sum += x[row * inputs + i]! * w[o * inputs + i]!;
      out[row * outputs + o] = sum;
    }
  }
  return out;
}

/** Rows of `weight` `[count, size]` chosen by `input` `[…]`: `[…, size]`. */
function embedding(m: Machine, input: TensorValue, weight: TensorValue): TensorValue {
  const width = needDims(weight)[1] ?? null;
  concludeDType(m, input, "int64");
  return result({
    framework: "torch",
    shape: withRankOf(
      input,
      1,
      shapeFrom([input], ([d]) => [...d!, width]),
      { inFront: true },
    ),
    dtype: weight.dtype,
    inputs: [input, weight],
    operation: "embedding",
    exact: true,
    compute: ([index, table], out, dtype) => rowsOf(index!, table!, out.at(-1)!, dtype),
  });
}

function rowsOf(index: NumberArray, table: NumberArray, width: number, dtype: DType): NumberArray | null {
  const out = arrayOf(dtype, index.length * width);
  for (let at = 0; at < index.length; at++) {
    const from = index[at]! * width;
    if (from < 0 || from >= table.length) return null;
    for (let k = 0; k < width; k++) out[at * width + k] = table[from + k]!;
  }
  return out;
}
