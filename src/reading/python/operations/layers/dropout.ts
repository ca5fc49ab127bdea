import type { Machine } from "../../run/machine.ts";
import { numeric } from "../../run/scalars.ts";
import { float, none, type Value } from "../../run/values.ts";
import { unmodelled } from "../draws.ts";
import { arrayOf, result } from "../making.ts";
import { type Given, type Operation, operation } from "../operation.ts";
import { moduleOf, partOf, setPart } from "./parameters.ts";

const types = ["Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout", "FeatureAlphaDropout"];
const functions = "F.dropout F.dropout1d F.dropout2d F.dropout3d F.alpha_dropout F.feature_alpha_dropout";

/**
 * Dropout keeps the shape; in training mode with 0 < p < 1 nobody knows the values, nor what is drawn afterwards. A run
 * on samples leaves it out.
 */
export const dropoutLayers: readonly Operation[] = [
  ...types.flatMap((type) => [
    operation(`nn.${type}.__init__`, "self, p?, inplace?", (g, m) => {
      setPart(m, moduleOf(g), "p", g.get("p") ?? float(0.5));
      return none;
    }),
    operation(`nn.${type}.forward`, "self, input", (g, m) =>
      dropped(m, g.need("input"), partOf(moduleOf(g), "p"), m.truth(m.attribute(moduleOf(g), "training"))),
    ),
  ]),
  operation(functions, "input, p?, training?, inplace?", (g, m) =>
    dropped(m, g.need("input"), g.get("p") ?? float(0.5), trainingOf(g, m)),
  ),
  operation("torch.dropout torch.dropout_", "input, p, train", (g, m) =>
    dropped(m, g.need("input"), g.need("p"), m.truth(g.values.get("train") ?? none)),
  ),
];

function trainingOf(g: Given, m: Machine): boolean | null {
  const training = g.values.get("training");
  return training ? m.truth(training) : true;
}

export function dropped(m: Machine, input: Value, p: Value, training: boolean | null): Value {
  if (input.kind !== "tensor") return input;
  const probability = numeric(p);
  if (training === false || probability === 0 || m.sampling) return input;
  const all = probability === 1 && training === true;
  const why = all ? undefined : unmodelled(m, m.randoms.torch, "dropout");
  return result({
    framework: "torch",
    shape: input.shape,
    dtype: input.dtype,
    inputs: [input],
    operation: "dropout",
    details: { p: probability, training },
    exact: all,
    compute: all ? ([data], _dims, dtype) => arrayOf(dtype, data!.length) : undefined,
    why: why ?? { code: "python.notComputed" },
  });
}
