import { args, float, int, none, string, type Value } from "../../run/values.ts";
import { type Given, type Operation, operation } from "../operation.ts";
import { addParameters, layerDType, moduleOf, setPart, sizeArgument } from "./parameters.ts";

/** Class, function, and the arguments that the constructor keeps for the call, with their defaults. */
type Activation = readonly [
  type: string,
  path: string,
  kept: readonly (readonly [string, Value])[],
  signature?: string,
];

const dim: readonly (readonly [string, Value])[] = [["dim", none]];
const table: readonly Activation[] = [
  ["ReLU", "torch.nn.functional.relu", []],
  ["ReLU6", "torch.nn.functional.relu6", []],
  ["GELU", "torch.nn.functional.gelu", [["approximate", string("none")]]],
  ["SiLU", "torch.nn.functional.silu", []],
  ["Mish", "torch.nn.functional.mish", []],
  ["Sigmoid", "torch.sigmoid", []],
  ["Tanh", "torch.tanh", []],
  [
    "Softplus",
    "torch.nn.functional.softplus",
    [
      ["beta", int(1)],
      ["threshold", int(20)],
    ],
  ],
  ["Tanhshrink", "torch.nn.functional.tanhshrink", []],
  ["Softsign", "torch.nn.functional.softsign", []],
  ["LogSigmoid", "torch.nn.functional.logsigmoid", []],
  ["Hardswish", "torch.nn.functional.hardswish", []],
  ["Hardsigmoid", "torch.nn.functional.hardsigmoid", []],
  [
    "Hardtanh",
    "torch.nn.functional.hardtanh",
    [
      ["min_val", float(-1)],
      ["max_val", float(1)],
    ],
  ],
  ["ELU", "torch.nn.functional.elu", [["alpha", float(1)]]],
  ["SELU", "torch.nn.functional.selu", []],
  ["CELU", "torch.nn.functional.celu", [["alpha", float(1)]]],
  ["LeakyReLU", "torch.nn.functional.leaky_relu", [["negative_slope", float(0.01)]]],
  ["GLU", "torch.nn.functional.glu", [["dim", int(-1)]]],
  ["Softmax", "torch.nn.functional.softmax", dim],
  ["LogSoftmax", "torch.nn.functional.log_softmax", dim],
  ["Softmin", "torch.nn.functional.softmin", dim],
  [
    "CosineSimilarity",
    "torch.nn.functional.cosine_similarity",
    [
      ["dim", int(1)],
      ["eps", float(1e-8)],
    ],
    "x1, x2",
  ],
  ["PixelShuffle", "torch.nn.functional.pixel_shuffle", [["upscale_factor", none]]],
  ["PixelUnshuffle", "torch.nn.functional.pixel_unshuffle", [["downscale_factor", none]]],
];

/** Layers that only call a function. */
export const activationLayers: readonly Operation[] = [
  ...table.flatMap(([type, path, kept, inputs = "input"]) => [
    operation(`nn.${type}.__init__`, ["self", ...kept.map(([name]) => `${name}?`), "inplace?"].join(", "), (g, m) => {
      for (const [name, otherwise] of kept) setPart(m, moduleOf(g), name, g.get(name) ?? otherwise);
      if (g.get("inplace")) setPart(m, moduleOf(g), "inplace", g.need("inplace"));
      return none;
    }),
    operation(`nn.${type}.forward`, `self, ${inputs}`, (g, m) => m.operate(path, callOf(g, inputs, kept))),
  ]),
  operation("nn.Softmax2d.__init__", "self", () => none),
  operation("nn.Softmax2d.forward", "self, input", (g, m) =>
    m.operate("torch.nn.functional.softmax", args([g.need("input")], { dim: int(-3) })),
  ),
  operation("nn.PReLU.__init__", "self, num_parameters?, init?, device?, dtype?", (g, m) => {
    const count = g.get("num_parameters") ? sizeArgument(g, "num_parameters") : 1;
    const value = g.number("init", 0.25);
    const initial =
      typeof count === "number" && value !== null
        ? [{ name: "weight", shape: [count], filling: { kind: "constant", value } as const }]
        : [];
    addParameters(m, moduleOf(g), "torch.nn.PReLU", [["weight", [count]]], initial, layerDType(g));
    return none;
  }),
  operation("nn.PReLU.forward", "self, input", (g, m) =>
    m.operate("torch.nn.functional.prelu", args([g.need("input"), moduleOf(g).attributes.get("weight") ?? none])),
  ),
];

function callOf(g: Given, inputs: string, kept: readonly (readonly [string, Value])[]) {
  const self = moduleOf(g);
  const named = Object.fromEntries(kept.map(([name, otherwise]) => [name, self.attributes.get(name) ?? otherwise]));
  const inPlace = self.attributes.get("inplace");
  if (inPlace) named.inplace = inPlace;
  return args(
    inputs.split(", ").map((name) => g.need(name)),
    named,
    g.args.at,
  );
}
