import { convolution, transposedConvolution } from "../../random/moduleParameters.ts";
import type { Size } from "../../run/dims.ts";
import type { Machine } from "../../run/machine.ts";
import { unclear } from "../../run/machine.ts";
import { sizeValue } from "../../run/scalars.ts";
import { args, int, none, string, tuple, type Value } from "../../run/values.ts";
import { type Given, type Operation, operation } from "../operation.ts";
import { perAxis } from "../sizes.ts";
import {
  addParameters,
  allNumbers,
  biasBefore,
  hasBias,
  layerDType,
  moduleOf,
  partOf,
  setPart,
  sizeArgument,
  withBias,
} from "./parameters.ts";

/** nn.Conv1d … Conv3d and their transposes. */
export const convolutionLayers: readonly Operation[] = [1, 2, 3].flatMap((axes) => [
  operation(
    `nn.Conv${axes}d.__init__`,
    "self, in_channels, out_channels, kernel_size, stride?, padding?, dilation?, groups?, bias?, padding_mode?, device?, dtype?",
    (g, m) => made(g, m, axes, false),
  ),
  operation(`nn.Conv${axes}d.forward`, "self, input", (g, m) => {
    const self = moduleOf(g);
    const mode = self.attributes.get("padding_mode");
    const [weight, ...others] = ["weight", "stride", "padding", "dilation", "groups"].map((name) => partOf(self, name));
    const output = withBias(self, (bias) =>
      m.operate(`torch.nn.functional.conv${axes}d`, args([g.need("input"), weight!, bias, ...others])),
    );
    return mode?.kind === "string" && mode.value !== "zeros" && output.kind === "tensor"
      ? { ...output, view: null, origin: "unknown", why: { code: "python.notComputed" } }
      : output;
  }),
  operation(
    `nn.ConvTranspose${axes}d.__init__`,
    "self, in_channels, out_channels, kernel_size, stride?, padding?, output_padding?, groups?, bias?, dilation?, padding_mode?, device?, dtype?",
    (g, m) => made(g, m, axes, true),
  ),
  operation(`nn.ConvTranspose${axes}d.forward`, "self, input, output_size?", (g, m) => {
    if (g.get("output_size")) unclear("python.unsupported", { what: "output_size" });
    const self = moduleOf(g);
    const [weight, ...others] = ["weight", "stride", "padding", "output_padding", "groups", "dilation"].map((name) =>
      partOf(self, name),
    );
    return withBias(self, (bias) =>
      m.operate(`torch.nn.functional.conv_transpose${axes}d`, args([g.need("input"), weight!, bias, ...others])),
    );
  }),
]);

function made(g: Given, m: Machine, axes: number, transposed: boolean): Value {
  const self = moduleOf(g);
  const [inputs, outputs] = [sizeArgument(g, "in_channels"), sizeArgument(g, "out_channels")];
  const kernel = perAxis(m, g.get("kernel_size"), axes)!;
  const groups = g.get("groups") ? sizeArgument(g, "groups") : 1;
  const bias = hasBias(g);
  const ones = tuple(new Array<Value>(axes).fill(int(1)));
  const zeros = tuple(new Array<Value>(axes).fill(int(0)));
  const each = (name: string, otherwise: Value): Value =>
    g.word(name)
      ? g.need(name)
      : (perAxis(m, g.get(name), axes)?.map(sizeValue) ?? null)
        ? tuple(perAxis(m, g.get(name), axes)!.map(sizeValue))
        : otherwise;
  for (const [name, value] of Object.entries({
    in_channels: g.need("in_channels"),
    out_channels: g.need("out_channels"),
    kernel_size: tuple(kernel.map(sizeValue)),
    stride: each("stride", ones),
    padding: each("padding", zeros),
    dilation: each("dilation", ones),
    groups: g.get("groups") ?? int(1),
    output_padding: each("output_padding", zeros),
    padding_mode: g.get("padding_mode") ?? string("zeros"),
    bias: biasBefore(g),
  }))
    setPart(m, self, name, value);
  const weight: readonly Size[] = transposed
    ? [inputs, m.symbols.quotient(outputs, groups), ...kernel]
    : [outputs, m.symbols.quotient(inputs, groups), ...kernel];
  const shapes: (readonly [string, readonly Size[]])[] = [["weight", weight]];
  if (bias) shapes.push(["bias", [outputs]]);
  const sizes = [inputs, outputs, groups, ...kernel];
  const recipe = transposed ? transposedConvolution : convolution;
  const [from, to, split, ...taps] = sizes as number[] as [number, number, number, ...number[]];
  const initial = bias !== null && allNumbers(sizes) ? recipe(from, to, taps, split, bias) : null;
  addParameters(m, self, `torch.nn.Conv${axes}d`, shapes, initial, layerDType(g));
  return none;
}
