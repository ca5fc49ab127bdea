import type { Machine } from "../run/machine.ts";
import { sizeOfValue } from "../run/scalars.ts";
import { fixedShape } from "../run/tensorValue.ts";
import { tuple, type Value } from "../run/values.ts";
import { shapeArgument } from "./constructors.ts";
import { needDims, result } from "./making.ts";
import { type Operation, operation } from "./operation.ts";

/** F.grid_sample, affine_grid, deformable convolution, and helpers that layers of PyTorch use. */
export const sampling: readonly Operation[] = [
  operation("F.grid_sample torch.grid_sampler", "input, grid, mode?, padding_mode?, align_corners?", (g) => {
    const [input, grid] = [g.tensor("input"), g.tensor("grid")];
    const shape = [...needDims(input).slice(0, 2), ...needDims(grid).slice(1, -1)];
    return result({
      framework: "torch",
      shape: fixedShape(shape),
      dtype: input.dtype,
      inputs: [input, grid],
      operation: "grid_sample",
      exact: false,
    });
  }),
  operation("F.affine_grid", "theta, size, align_corners?", (g, m) => {
    const theta = g.tensor("theta");
    const dims = shapeArgument(m, [g.need("size")]);
    const shape = dims && [dims[0]!, ...dims.slice(2), dims.length - 2];
    return result({
      framework: "torch",
      shape: fixedShape(shape),
      dtype: theta.dtype,
      inputs: [theta],
      operation: "affine_grid",
      exact: false,
    });
  }),
  operation(
    "torchvision.ops.deform_conv2d torchvision.ops.deform_conv.deform_conv2d",
    "input, offset, weight, bias?, stride?, padding?, dilation?, mask?",
    (g) => {
      const [input, weight, offset] = [g.tensor("input"), g.tensor("weight"), g.tensor("offset")];
      const [outputs] = needDims(weight);
      const shape = [needDims(input)[0]!, outputs!, ...needDims(offset).slice(2)];
      return result({
        framework: "torch",
        shape: fixedShape(shape),
        dtype: input.dtype,
        inputs: [input, weight, offset],
        operation: "deform_conv2d",
        exact: false,
      });
    },
  ),
  ...[1, 2, 3, 4].map((count) =>
    operation(`torch.nn.modules.utils.${["_single", "_pair", "_triple", "_quadruple"][count - 1]}`, "x", (g, m) =>
      repeated(m, g.need("x"), count),
    ),
  ),
  operation("torch.nn.modules.utils._reverse_repeat_tuple", "t, n", (g, m) => {
    const items = m.iterate(g.need("t"))?.items ?? [];
    return tuple(
      [...items].reverse().flatMap((item) => new Array<Value>(Number(sizeOfValue(g.need("n")) ?? 1)).fill(item)),
    );
  }),
];

function repeated(m: Machine, value: Value, count: number): Value {
  if (value.kind === "tuple" || value.kind === "list") return tuple(m.iterate(value)?.items ?? []);
  return value.kind === "unknown" && value.type === undefined ? value : tuple(new Array<Value>(count).fill(value));
}
