import { type DType, isFloat } from "../../../tensor/dtype.ts";
import type { Size } from "../run/dims.ts";
import type { Machine } from "../run/machine.ts";
import { unclear } from "../run/machine.ts";
import { dtypeOf, fixedShape, type ShapeCell, type TensorValue } from "../run/tensorValue.ts";
import { args, none, string } from "../run/values.ts";
import { broadcastShapes } from "./broadcast.ts";
import { dtypeFrom } from "./dtypes.ts";
import { moduleOf, setPart } from "./layers/parameters.ts";
import { needDims, result, shapeFrom } from "./making.ts";
import { type Given, type Operation, operation } from "./operation.ts";

const options =
  "weight?, size_average?, ignore_index?, reduce?, reduction?, label_smoothing?, pos_weight?, beta?, delta?, log_target?, margin?, p?, swap?, log_input?, full?, eps?";
/** Class, function, and whether the loss has a class axis that it sums over. */
const table: readonly (readonly [string, string, boolean])[] = [
  ["CrossEntropyLoss", "cross_entropy", true],
  ["NLLLoss", "nll_loss", true],
  ["MSELoss", "mse_loss", false],
  ["L1Loss", "l1_loss", false],
  ["SmoothL1Loss", "smooth_l1_loss", false],
  ["HuberLoss", "huber_loss", false],
  ["BCELoss", "binary_cross_entropy", false],
  ["BCEWithLogitsLoss", "binary_cross_entropy_with_logits", false],
  ["KLDivLoss", "kl_div", false],
  ["PoissonNLLLoss", "poisson_nll_loss", false],
  ["SoftMarginLoss", "soft_margin_loss", false],
  ["HingeEmbeddingLoss", "hinge_embedding_loss", false],
];

/** Losses: a number, or with reduction="none" one for each element or row. */
export const losses: readonly Operation[] = table.flatMap(([type, name, classes]) => [
  operation(`F.${name}`, `input, target, ${options}`, (g, m) => loss(g, m, name, classes)),
  operation(`nn.${type}.__init__`, `self, ${options}, **more`, (g, m) => {
    setPart(m, moduleOf(g), "reduction", g.get("reduction") ?? string("mean"));
    return none;
  }),
  operation(`nn.${type}.forward`, "self, input, target, weight?", (g, m) => {
    const reduction = moduleOf(g).attributes.get("reduction") ?? string("mean");
    return m.operate(`torch.nn.functional.${name}`, args([g.need("input"), g.need("target")], { reduction }));
  }),
]);

function loss(g: Given, m: Machine, name: string, classes: boolean): TensorValue {
  const [input, target] = [g.tensor("input"), g.tensor("target")];
  const reduction = g.text("reduction", "mean");
  const shape = reduction === "none" ? each(m, input, target, classes) : fixedShape([]);
  return result({
    framework: "torch",
    shape,
    dtype: dtypeFrom(() => lossDType(input, target)),
    inputs: [input, target],
    operation: name,
    exact: false,
  });
}

function lossDType(input: TensorValue, target: TensorValue): DType | null {
  const [a, b] = [dtypeOf(input), dtypeOf(target)];
  return a !== null && b === "float64" && isFloat(a) ? "float64" : a;
}

function each(m: Machine, input: TensorValue, target: TensorValue, classes: boolean): ShapeCell {
  if (!classes) return shapeFrom([input, target], (dims) => broadcastShapes(m.symbols, dims));
  const dims: readonly Size[] = needDims(input);
  if (dims.length === 0) unclear("python.unknownRank");
  return fixedShape(dims.length === 1 ? [] : [dims[0]!, ...dims.slice(2)]);
}
