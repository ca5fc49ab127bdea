import { norm } from "../../random/moduleParameters.ts";
import type { Size } from "../../run/dims.ts";
import type { Machine } from "../../run/machine.ts";
import { args, bool, float, int, none, string, type Value } from "../../run/values.ts";
import { shapeArgument } from "../constructors.ts";
import { type Given, type Operation, operation } from "../operation.ts";
import { dimsOfRank } from "../ranks.ts";
import { forget } from "./module.ts";
import { addParameters, allNumbers, layerDType, moduleOf, partOf, setPart } from "./parameters.ts";
import { buffersOf } from "./tree.ts";

const more = "device?, dtype?";
const batchNorms = [
  "BatchNorm1d",
  "BatchNorm2d",
  "BatchNorm3d",
  "SyncBatchNorm",
  "InstanceNorm1d",
  "InstanceNorm2d",
  "InstanceNorm3d",
];

/** Layers that normalise: their result has the shape of their input. */
export const normLayers: readonly Operation[] = [
  operation("nn.LayerNorm.__init__", `self, normalized_shape, eps?, elementwise_affine?, bias?, ${more}`, (g, m) => {
    const shape = shapeArgument(m, [g.need("normalized_shape")]);
    return made(g, m, shape, g.flag("elementwise_affine", true), g.flag("bias", true), 1e-5, {
      normalized_shape: g.need("normalized_shape"),
    });
  }),
  operation("nn.LayerNorm.forward", "self, input", (g, m) => {
    const self = moduleOf(g);
    return m.operate(
      "torch.nn.functional.layer_norm",
      args([
        g.need("input"),
        partOf(self, "normalized_shape"),
        partOf(self, "weight"),
        partOf(self, "bias"),
        partOf(self, "eps"),
      ]),
    );
  }),
  operation("nn.RMSNorm.__init__", `self, normalized_shape, eps?, elementwise_affine?, ${more}`, (g, m) => {
    const shape = shapeArgument(m, [g.need("normalized_shape")]);
    return made(g, m, shape, g.flag("elementwise_affine", true), false, 0, {
      normalized_shape: g.need("normalized_shape"),
      eps: g.get("eps") ?? none,
    });
  }),
  operation("nn.RMSNorm.forward", "self, input", (g, m) => {
    const self = moduleOf(g);
    return m.operate(
      "torch.nn.functional.rms_norm",
      args([g.need("input"), partOf(self, "normalized_shape"), partOf(self, "weight"), partOf(self, "eps")]),
    );
  }),
  operation("nn.GroupNorm.__init__", `self, num_groups, num_channels, eps?, affine?, ${more}`, (g, m) =>
    made(g, m, shapeArgument(m, [g.need("num_channels")]), g.flag("affine", true), true, 1e-5, {
      num_groups: g.need("num_groups"),
    }),
  ),
  operation("nn.GroupNorm.forward", "self, input", (g, m) => {
    const self = moduleOf(g);
    return m.operate(
      "torch.nn.functional.group_norm",
      args([
        g.need("input"),
        partOf(self, "num_groups"),
        partOf(self, "weight"),
        partOf(self, "bias"),
        partOf(self, "eps"),
      ]),
    );
  }),
  ...batchNorms.flatMap((type) => [
    operation(
      `nn.${type}.__init__`,
      `self, num_features, eps?, momentum?, affine?, track_running_stats?, ${more}`,
      (g, m) => {
        const features = shapeArgument(m, [g.need("num_features")]);
        const norm = made(g, m, features, g.flag("affine", type.includes("Batch")), true, 1e-5, {
          num_features: g.need("num_features"),
        });
        if (g.flag("track_running_stats", type.includes("Batch"))) runningStatistics(g, m);
        return norm;
      },
    ),
    operation(`nn.${type}.forward`, "self, input", (g, m) => {
      const axes = Number(type.at(-2));
      if (m.truth(m.attribute(moduleOf(g), "training")) !== false)
        forget(
          m,
          buffersOf(moduleOf(g)).map(([, t]) => t),
          type,
        );
      if (axes > 1) dimsOfRank(m, g.tensor("input"), axes + 2);
      return m.operate(
        "torch.nn.functional.batch_norm",
        args([g.need("input"), none, none, partOf(moduleOf(g), "weight"), partOf(moduleOf(g), "bias"), bool(true)]),
      );
    }),
  ]),
];

/** What a norm keeps of the batches that it has seen. */
function runningStatistics(g: Given, m: Machine): void {
  const dtype = g.get("dtype");
  const sized = args([g.need("num_features")], dtype ? { dtype } : {});
  const parts: Readonly<Record<string, Value>> = {
    running_mean: m.operate("torch.zeros", sized),
    running_var: m.operate("torch.ones", sized),
    num_batches_tracked: m.operate("torch.tensor", args([int(0)])),
  };
  for (const [name, value] of Object.entries(parts))
    m.operate("torch.nn.Module.register_buffer", args([moduleOf(g), string(name), value]));
}

function made(
  g: Given,
  m: Machine,
  shape: readonly Size[] | null,
  affine: boolean,
  bias: boolean,
  eps: number,
  parts: Readonly<Record<string, Value>>,
): Value {
  const self = moduleOf(g);
  for (const [name, value] of Object.entries({ weight: none, bias: none, eps: g.get("eps") ?? float(eps), ...parts }))
    setPart(m, self, name, value);
  if (!affine || !shape) return none;
  const shapes: (readonly [string, readonly Size[]])[] = [["weight", shape]];
  if (bias) shapes.push(["bias", shape]);
  // Ones and zeros draw nothing, so sizes that are not known leave the stream as it is.
  addParameters(m, self, "torch.nn.LayerNorm", shapes, allNumbers(shape) ? norm(shape, bias) : [], layerDType(g));
  return none;
}
