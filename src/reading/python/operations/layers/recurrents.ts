import { type RecurrentSizes, recurrent, recurrentCell } from "../../random/moduleParameters.ts";
import type { Size } from "../../run/dims.ts";
import { type Machine, unclear } from "../../run/machine.ts";
import { type DTypeCell, fixedShape, type TensorValue } from "../../run/tensorValue.ts";
import { bool, int, none, tuple, type Value } from "../../run/values.ts";
import { needDims, result } from "../making.ts";
import { type Given, type Operation, operation } from "../operation.ts";
import { dimsOfRank } from "../ranks.ts";
import { lastAxis, mustEqual } from "../sizes.ts";
import {
  addParameters,
  allNumbers,
  layerDType,
  moduleOf,
  partOf,
  setPart,
  sizeArgument,
  tensorPart,
} from "./parameters.ts";

const gates = { RNN: 1, GRU: 3, LSTM: 4 } as const;

/** nn.RNN, GRU, LSTM and their cells: shapes, and parameters as they are drawn. */
export const recurrentLayers: readonly Operation[] = (["RNN", "GRU", "LSTM"] as const).flatMap((type) => [
  operation(
    `nn.${type}.__init__`,
    "self, input_size, hidden_size, num_layers?, *, bias?, batch_first?, dropout?, bidirectional?, proj_size?, nonlinearity?, device?, dtype?",
    (g, m) => made(g, m, type),
  ),
  operation(`nn.${type}.forward`, "self, input, hx?", (g, m) => run(g, m, type)),
  operation(`nn.${type}.flatten_parameters`, "self", () => none),
  operation(
    `nn.${type}Cell.__init__`,
    "self, input_size, hidden_size, bias?, nonlinearity?, device?, dtype?",
    (g, m) => {
      const self = moduleOf(g);
      const [input, hidden] = [sizeArgument(g, "input_size"), sizeArgument(g, "hidden_size")];
      const bias = g.flag("bias", true);
      const rows = m.symbols.multiply(gates[type], hidden);
      const shapes: (readonly [string, readonly Size[]])[] = [
        ["weight_ih", [rows, input]],
        ["weight_hh", [rows, hidden]],
      ];
      if (bias) shapes.push(["bias_ih", [rows]], ["bias_hh", [rows]]);
      for (const name of ["input_size", "hidden_size"]) setPart(m, self, name, g.need(name));
      const sizes = [input, hidden];
      addParameters(
        m,
        self,
        `torch.nn.${type}Cell`,
        shapes,
        allNumbers(sizes) ? recurrentCell({ input: sizes[0]!, hidden: sizes[1]!, gates: gates[type], bias }) : null,
        layerDType(g),
      );
      return none;
    },
  ),
  operation(`nn.${type}Cell.forward`, "self, input, hx?", (g, m) => {
    const self = moduleOf(g);
    const weight = tensorPart(self, "weight_ih")!;
    const hidden = sizeOf(partOf(self, "hidden_size"));
    const input = g.tensor("input");
    const made = () =>
      result({
        framework: "torch",
        shape: lastAxis(m, input, needDims(weight)[1]!, hidden, type),
        dtype: weight.dtype,
        inputs: [input, weight],
        operation: type,
        exact: false,
      });
    return type === "LSTM" ? tuple([made(), made()]) : made();
  }),
]);

function sizeOf(value: Value): Size {
  return value.kind === "int" ? Number(value.value) : value.kind === "symbol" ? value.size : null;
}

function made(g: Given, m: Machine, type: keyof typeof gates): Value {
  const self = moduleOf(g);
  const [input, hidden] = [sizeArgument(g, "input_size"), sizeArgument(g, "hidden_size")];
  const count = g.get("num_layers") ? sizeArgument(g, "num_layers") : 1;
  // Where nobody says how many layers there are, those above the first stay unknown.
  const layers = typeof count === "number" ? count : 1;
  if (layers > 256) unclear("python.unsupported", { what: "num_layers" });
  const [bias, bidirectional] = [g.flag("bias", true), g.flag("bidirectional", false)];
  const projection = g.get("proj_size") ? g.int("proj_size") : 0;
  for (const [name, value] of Object.entries({
    input_size: g.need("input_size"),
    hidden_size: g.need("hidden_size"),
    num_layers: g.get("num_layers") ?? int(1),
    batch_first: g.get("batch_first") ?? bool(false),
    bidirectional: bool(bidirectional),
    proj_size: int(projection),
  }))
    setPart(m, self, name, value);
  const state: Size = projection || hidden;
  const both = bidirectional ? ["", "_reverse"] : [""];
  const rows = m.symbols.multiply(gates[type], hidden);
  const shapes: (readonly [string, readonly Size[]])[] = [];
  for (let layer = 0; layer < layers; layer++) {
    const width = layer === 0 ? input : m.symbols.multiply(state, both.length);
    for (const suffix of both) {
      const end = `_l${layer}${suffix}`;
      shapes.push([`weight_ih${end}`, [rows, width]], [`weight_hh${end}`, [rows, state]]);
      if (bias) shapes.push([`bias_ih${end}`, [rows]], [`bias_hh${end}`, [rows]]);
      if (projection) shapes.push([`weight_hr${end}`, [projection, hidden]]);
    }
  }
  const sizes = [input, hidden, count];
  const recipe = (): RecurrentSizes => ({
    input: sizes[0] as number,
    hidden: sizes[1] as number,
    gates: gates[type],
    layers,
    bias,
    bidirectional,
    projection,
  });
  addParameters(m, self, `torch.nn.${type}`, shapes, allNumbers(sizes) ? recurrent(recipe()) : null, layerDType(g));
  return none;
}

/** `(output, h)` or `(output, (h, c))`; without a batch one axis less. */
function run(g: Given, m: Machine, type: keyof typeof gates): Value {
  const self = moduleOf(g);
  const input =
    g.get("input")?.kind === "tuple" ? unclear("python.unsupported", { what: "PackedSequence" }) : g.tensor("input");
  const dims = dimsOfRank(m, input, 3);
  const [hidden, projection] = [sizeOf(partOf(self, "hidden_size")), sizeOf(partOf(self, "proj_size"))];
  const state: Size = projection || hidden;
  const batchFirst = m.truth(partOf(self, "batch_first")) ?? unclear("python.undecided");
  const ways = m.truth(partOf(self, "bidirectional")) ? 2 : 1;
  mustEqual(m, dims.at(-1)!, sizeOf(partOf(self, "input_size")), type, [dims]);
  const layers = sizeOf(partOf(self, "num_layers"));
  const batch = dims.length === 3 ? [dims[batchFirst ? 0 : 1]!] : [];
  const dtype = tensorPart(self, "weight_ih_l0")?.dtype ?? input.dtype;
  const all = (width: Size): TensorValue =>
    part(input, [m.symbols.multiply(layers, ways), ...batch, width], dtype, type);
  const output = part(input, [...dims.slice(0, -1), m.symbols.multiply(state, ways)], dtype, type);
  return tuple([output, type === "LSTM" ? tuple([all(state), all(hidden)]) : all(hidden)]);
}

function part(input: TensorValue, dims: readonly Size[], dtype: DTypeCell, operation: string): TensorValue {
  return result({ framework: "torch", shape: fixedShape(dims), dtype, inputs: [input], operation, exact: false });
}
