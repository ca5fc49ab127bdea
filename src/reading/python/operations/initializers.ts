import type { TensorData } from "../../../tensor/dtype.ts";
import type { Draw } from "../random/draw.ts";
import { filled } from "../random/fillParameters.ts";
import {
  type Filling,
  fansOf,
  gainOf,
  kaimingNormal,
  kaimingUniform,
  xavierNormal,
  xavierUniform,
} from "../random/initialFilling.ts";
import type { TorchGenerator } from "../random/torchGenerator.ts";
import type { Machine } from "../run/machine.ts";
import { raise } from "../run/machine.ts";
import { numeric } from "../run/scalars.ts";
import { concreteDims, type TensorValue } from "../run/tensorValue.ts";
import { float, unknown, type Value } from "../run/values.ts";
import { overwrite, whyUnknown } from "./draws.ts";
import { erf, erfInverse } from "./errorFunction.ts";
import { contentOfFilling } from "./layers/parameters.ts";
import { type Given, type Operation, operation } from "./operation.ts";
import { fillTensor } from "./torchRandom.ts";

type Rule = (g: Given, shape: readonly number[]) => Filling | null;

/** torch.nn.init: fills in place and gives the tensor back. */
export const initializers: readonly Operation[] = [
  rule("uniform", "a?, b?, generator?", (g) => {
    const [low, high] = [g.number("a", 0), g.number("b", 1)];
    return low === null || high === null ? null : { kind: "uniform", low, high };
  }),
  rule("normal", "mean?, std?, generator?", (g) => {
    const [mean, deviation] = [g.number("mean", 0), g.number("std", 1)];
    return mean === null || deviation === null ? null : { kind: "normal", mean, deviation };
  }),
  rule("constant", "val", (g) => {
    const value = g.number("val", 0);
    return value === null ? null : { kind: "constant", value };
  }),
  rule("zeros", "", () => ({ kind: "constant", value: 0 })),
  rule("ones", "", () => ({ kind: "constant", value: 1 })),
  rule("xavier_uniform", "gain?, generator?", (g, shape) => withGain(g, (gain) => xavierUniform(shape, gain))),
  rule("xavier_normal", "gain?, generator?", (g, shape) => withGain(g, (gain) => xavierNormal(shape, gain))),
  rule("kaiming_uniform", "a?, mode?, nonlinearity?, generator?", (g, shape) => kaiming(g, shape, kaimingUniform)),
  rule("kaiming_normal", "a?, mode?, nonlinearity?, generator?", (g, shape) => kaiming(g, shape, kaimingNormal)),
  operation(
    "torch.nn.init.trunc_normal_ timm.models.layers.trunc_normal_ timm.layers.trunc_normal_ timm.models.layers.weight_init.trunc_normal_",
    "tensor, mean?, std?, a?, b?, generator?",
    (g, m) => {
      const t = g.tensor("tensor");
      const limits = truncation(g);
      fillTensor(m, t, m.randoms.torch, g.path, limits && ((r, d) => truncatedNormal(r, d, limits)));
      return t;
    },
  ),
  operation(
    "torch.nn.init.orthogonal_ torch.nn.init.sparse_ torch.nn.init.dirac_ torch.nn.init.eye_ torch.nn.init._no_grad_trunc_normal_ timm.models.layers.lecun_normal_",
    "tensor, *rest, **more",
    (g, m) => {
      const t = g.tensor("tensor");
      if (/eye_|dirac_/.test(g.path)) overwrite(m, t, null, { code: "python.notComputed" }, false);
      else fillTensor(m, t, m.randoms.torch, g.path, null);
      return t;
    },
  ),
  operation("torch.nn.init.calculate_gain", "nonlinearity, param?", (g) => {
    const gain = gainOf(g.text("nonlinearity"), g.number("param", 0.01) ?? 0.01);
    return gain === null ? raise("ValueError", "python.raised", { type: "ValueError" }) : float(gain);
  }),
  operation("torch.nn.init._calculate_fan_in_and_fan_out", "tensor", (g) => {
    const dims = concreteDims(g.tensor("tensor"));
    const fans = dims && fansOf(dims);
    const size = (n: number | undefined): Value =>
      n === undefined ? unknown("python.symbolicNumber", undefined, "int") : { kind: "int", value: n };
    return { kind: "tuple", items: [size(fans?.in), size(fans?.out)] };
  }),
];

interface Truncation {
  readonly mean: number;
  readonly deviation: number;
  readonly low: number;
  readonly high: number;
}

function truncation(g: Given): Truncation | null {
  const [mean, deviation] = [g.number("mean", 0), g.number("std", 1)];
  const [low, high] = [g.number("a", -2), g.number("b", 2)];
  return mean === null || deviation === null || low === null || high === null ? null : { mean, deviation, low, high };
}

/**
 * `trunc_normal_`: one uniform number for each element, put through the inverse error function. Right but for the last
 * bits, in which PyTorch's own machine code differs.
 */
function truncatedNormal(r: TorchGenerator, draw: Draw, { mean, deviation, low, high }: Truncation): TensorData | null {
  const below = (x: number): number => erf((x - mean) / deviation / Math.SQRT2);
  const data = r.uniform(draw, below(low), below(high)) as Float64Array | null;
  const stretch = Math.fround(deviation * Math.SQRT2);
  return data?.map((u) => Math.min(Math.max(erfInverse(u) * stretch + mean, low), high)) ?? null;
}

/** `name_` and the old spelling `name`. */
function rule(name: string, signature: string, filling: Rule): Operation {
  return operation(`torch.nn.init.${name}_ torch.nn.init.${name}`, `tensor, ${signature}`, (g, m) => {
    const t = g.tensor("tensor");
    const shape = concreteDims(t);
    fill(m, t, shape && filling(g, shape), g.path);
    return t;
  });
}

function fill(m: Machine, t: TensorValue, filling: Filling | null, call: string): void {
  const dims = concreteDims(t);
  if (filling?.kind === "constant" && dims) {
    overwrite(m, t, contentOfFilling(m, filling, dims, t.dtype.dtype, call), whyUnknown(m.randoms.torch), true);
    m.state.set(t, "origin", "derived");
  } else
    fillTensor(
      m,
      t,
      m.randoms.torch,
      call,
      filling &&
        ((r, d, whole) =>
          filling.kind === "normal" ? r.normal(d, filling.mean, filling.deviation, whole) : filled(r, filling, d)),
    );
}

function withGain(g: Given, filling: (gain: number) => Filling | null): Filling | null {
  const gain = g.number("gain", 1);
  return gain === null ? null : filling(gain);
}

function kaiming(g: Given, shape: readonly number[], filling: (gain: number, fan: number) => Filling): Filling | null {
  const slope = g.get("a") ? numeric(g.need("a")) : 0;
  const gain = slope === null ? null : gainOf(g.text("nonlinearity", "leaky_relu"), slope);
  const fans = fansOf(shape);
  if (gain === null || !fans) return null;
  return filling(gain, g.text("mode", "fan_in") === "fan_out" ? fans.out : fans.in);
}
