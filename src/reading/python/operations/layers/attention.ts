import { multiheadAttention } from "../../random/moduleParameters.ts";
import type { Size } from "../../run/dims.ts";
import type { Machine } from "../../run/machine.ts";
import { unclear } from "../../run/machine.ts";
import { sizeOfValue, sizeValue } from "../../run/scalars.ts";
import { dimsOf, type TensorValue } from "../../run/tensorValue.ts";
import { args, bool, float, type InstanceValue, int, list, none, tuple, type Value } from "../../run/values.ts";
import { type Given, type Operation, operation } from "../operation.ts";
import { dimsOfRank } from "../ranks.ts";
import {
  addLayer,
  addParameters,
  allNumbers,
  layerDType,
  moduleOf,
  partOf,
  setPart,
  sizeArgument,
} from "./parameters.ts";

const outPath = "torch.nn.Linear";

/** nn.MultiheadAttention. */
export const attentionLayers: readonly Operation[] = [
  operation(
    "nn.MultiheadAttention.__init__",
    "self, embed_dim, num_heads, dropout?, bias?, add_bias_kv?, add_zero_attn?, kdim?, vdim?, batch_first?, device?, dtype?",
    (g, m) => {
      const self = moduleOf(g);
      const embed = sizeArgument(g, "embed_dim");
      const [key, value] = [
        g.get("kdim") ? sizeArgument(g, "kdim") : embed,
        g.get("vdim") ? sizeArgument(g, "vdim") : embed,
      ];
      const [bias, biasKeyValue] = [g.flag("bias", true), g.flag("add_bias_kv", false)];
      setUp(m, self, g);
      const shapes = shapesOf(
        m,
        embed,
        key,
        value,
        bias,
        biasKeyValue,
        g.get("kdim") !== undefined || g.get("vdim") !== undefined,
      );
      const sizes = [embed, key, value];
      const initial = allNumbers(sizes)
        ? multiheadAttention({ embed: sizes[0]!, key: sizes[1]!, value: sizes[2]!, bias, biasKeyValue })
        : null;
      addParameters(m, self, "torch.nn.MultiheadAttention", shapes, initial, layerDType(g));
      return none;
    },
  ),
  operation(
    "nn.MultiheadAttention.forward",
    "self, query, key, value, key_padding_mask?, need_weights?, attn_mask?, average_attn_weights?, is_causal?",
    (g, m) => {
      const self = moduleOf(g);
      const [query, key] = [g.tensor("query"), g.tensor("key")];
      const batchFirst = m.truth(partOf(self, "batch_first"));
      const weights = g.flag("need_weights", true);
      const mean = g.flag("average_attn_weights", true);
      return attended(m, g, self, query, key, batchFirst, weights, mean);
    },
  ),
];

function setUp(m: Machine, self: InstanceValue, g: Given): void {
  const embed = g.need("embed_dim");
  for (const [name, value] of Object.entries({
    embed_dim: embed,
    num_heads: g.need("num_heads"),
    dropout: g.get("dropout") ?? float(0),
    batch_first: g.get("batch_first") ?? bool(false),
    add_zero_attn: g.get("add_zero_attn") ?? bool(false),
    head_dim: m.binary("//", embed, g.need("num_heads")),
    kdim: g.get("kdim") ?? embed,
    vdim: g.get("vdim") ?? embed,
    in_proj_weight: none,
    in_proj_bias: none,
    bias_k: none,
    bias_v: none,
    q_proj_weight: none,
    k_proj_weight: none,
    v_proj_weight: none,
  }))
    setPart(m, self, name, value);
  addLayer(m, self, "out_proj", outPath, { in_features: embed, out_features: embed, bias: none });
}

function shapesOf(
  m: Machine,
  embed: Size,
  key: Size,
  value: Size,
  bias: boolean,
  extra: boolean,
  apart: boolean,
): (readonly [string, readonly Size[]])[] {
  const triple = m.symbols.multiply(embed, 3);
  const same = !apart || (m.symbols.equal(key, embed) === true && m.symbols.equal(value, embed) === true);
  const shapes: (readonly [string, readonly Size[]])[] = same
    ? [["in_proj_weight", [triple, embed]]]
    : [
        ["q_proj_weight", [embed, embed]],
        ["k_proj_weight", [embed, key]],
        ["v_proj_weight", [embed, value]],
      ];
  shapes.push(["out_proj.weight", [embed, embed]]);
  if (bias) shapes.push(["in_proj_bias", [triple]], ["out_proj.bias", [embed]]);
  if (extra) shapes.push(["bias_k", [1, 1, embed]], ["bias_v", [1, 1, embed]]);
  return shapes;
}

/** Runs it step by step with the functions that it stands for, so that values come out where they are known. */
function attended(
  m: Machine,
  g: Given,
  self: InstanceValue,
  query: TensorValue,
  key: TensorValue,
  batchFirst: boolean | null,
  weights: boolean,
  mean: boolean,
): Value {
  const rank = dimsOfRank(m, query, 3).length;
  for (const t of [key, g.tensor("value")]) dimsOfRank(m, t, rank);
  if (rank === 3 && batchFirst === null) unclear("python.undecided");
  const front = (t: TensorValue): TensorValue =>
    rank === 2
      ? call(m, "torch.Tensor.unsqueeze", [t, int(0)])
      : batchFirst
        ? t
        : call(m, "torch.Tensor.transpose", [t, int(0), int(1)]);
  const [q, k, v] = projected(m, self, front(query), front(key), front(g.tensor("value")));
  const heads = partOf(self, "num_heads");
  const dropout = g.get("dropout") ?? partOf(self, "dropout");
  const [keys, values] = [withBias(m, k!, partOf(self, "bias_k")), withBias(m, v!, partOf(self, "bias_v"))];
  const zero = m.truth(partOf(self, "add_zero_attn")) ?? unclear("python.undecided");
  const added = (keys === k ? 0 : 1) + (zero ? 1 : 0);
  const [kept, carried] = [split(m, keys, heads), split(m, values, heads)];
  const parts = [split(m, q!, heads), zero ? withZero(m, kept) : kept, zero ? withZero(m, carried) : carried] as const;
  const masks = maskOf(m, g, rank).map((mask) => (added > 0 ? openedBy(m, mask, added) : mask));
  const scores = scored(m, parts[0], parts[1], masks);
  const shares = call(m, "torch.nn.functional.dropout", [
    call(m, "torch.nn.functional.softmax", [scores, int(-1)]),
    dropout,
    m.attribute(self, "training"),
  ]);
  const context = call(m, "torch.matmul", [shares, parts[2]]);
  if (m.at) m.recorder.noteAttention(m.at, context, m.state.watched);
  const merged = call(m, "torch.Tensor.flatten", [
    call(m, "torch.Tensor.transpose", [context, int(1), int(2)]),
    int(2),
  ]);
  const projection = m.operate(
    "torch.nn.functional.linear",
    args([
      merged,
      partOf(partOf(self, "out_proj") as InstanceValue, "weight"),
      partOf(partOf(self, "out_proj") as InstanceValue, "bias"),
    ]),
  ) as TensorValue;
  const output =
    rank === 2
      ? call(m, "torch.Tensor.squeeze", [projection, int(0)])
      : batchFirst
        ? projection
        : call(m, "torch.Tensor.transpose", [projection, int(0), int(1)]);
  const details = {
    heads: sizeOfValue(heads),
    batchFirst: batchFirst ?? false,
    causal: m.truth(g.get("is_causal") ?? none) === true,
    masks: ["attn_mask", "key_padding_mask"].map((name) => g.get(name)).filter((value) => value?.kind === "tensor"),
  };
  const named: TensorValue = {
    ...output,
    by: { operation: "multi_head_attention", inputs: [query, key, g.tensor("value")], details, at: null },
  };
  return tuple([named, weights ? reported(m, shares, rank, mean) : none]);
}

function reported(m: Machine, shares: TensorValue, rank: number, mean: boolean): TensorValue {
  const averaged = mean ? call(m, "torch.Tensor.mean", [shares, int(1)]) : shares;
  return rank === 2 ? call(m, "torch.Tensor.squeeze", [averaged, int(0)]) : averaged;
}

function call(m: Machine, path: string, positional: readonly Value[]): TensorValue {
  const value = m.operate(path, args(positional));
  if (value.kind === "tensor") return value;
  return value.kind === "unknown"
    ? unclear(value.why.code, value.why.args)
    : unclear("python.unsupported", { what: path });
}

function projected(
  m: Machine,
  self: InstanceValue,
  query: TensorValue,
  key: TensorValue,
  value: TensorValue,
): TensorValue[] {
  const whole = partOf(self, "in_proj_weight");
  const bias = partOf(self, "in_proj_bias");
  const biases = bias.kind === "none" ? [none, none, none] : thirds(m, bias);
  const matrices =
    whole.kind === "none" ? ["q", "k", "v"].map((name) => partOf(self, `${name}_proj_weight`)) : thirds(m, whole);
  return [query, key, value].map((input, at) =>
    call(m, "torch.nn.functional.linear", [input, matrices[at]!, biases[at]!]),
  );
}

function thirds(m: Machine, whole: Value): readonly Value[] {
  const parts = m.operate("torch.chunk", args([whole, int(3), int(0)]));
  return parts.kind === "unknown"
    ? unclear(parts.why.code, parts.why.args)
    : (m.iterate(parts)?.items ?? unclear("python.undecided"));
}

/** `add_bias_kv`: a learned key, or value, after those of each sequence. */
function withBias(m: Machine, t: TensorValue, bias: Value): TensorValue {
  if (bias.kind !== "tensor") return t;
  const batch = sizeValue(dimsOf(t)![0]!);
  return call(m, "torch.cat", [list([t, call(m, "torch.Tensor.repeat", [bias, batch, int(1), int(1)])]), int(1)]);
}

/** `add_zero_attn`: one key, or value, of zeros after those of each head. */
function withZero(m: Machine, t: TensorValue): TensorValue {
  const [batch, heads, , size] = dimsOf(t)!.map(sizeValue);
  return call(m, "torch.cat", [
    list([t, call(m, "torch.Tensor.new_zeros", [t, batch!, heads!, int(1), size!])]),
    int(2),
  ]);
}

/** A mask that hides none of the keys that were added. */
function openedBy(m: Machine, mask: TensorValue, keys: number): TensorValue {
  return call(m, "torch.nn.functional.pad", [mask, tuple([int(0), int(keys)])]);
}

/** `[batch, length, embed]` → `[batch, heads, length, size]`. */
function split(m: Machine, t: TensorValue, heads: Value): TensorValue {
  const dims = dimsOf(t)!;
  const size = sizeValue(m.symbols.quotient(dims[2]!, sizeOfValue(heads)));
  if (size.kind === "symbol") m.symbols.assumeDivides(sizeOfValue(heads), dims[2]!);
  const parts = call(m, "torch.Tensor.reshape", [t, list([sizeValue(dims[0]!), sizeValue(dims[1]!), heads, size])]);
  return call(m, "torch.Tensor.transpose", [parts, int(1), int(2)]);
}

function scored(m: Machine, q: TensorValue, k: TensorValue, masks: readonly TensorValue[]): TensorValue {
  const size = dimsOf(q)!.at(-1)!;
  const scale =
    typeof size === "number"
      ? float(Math.sqrt(1 / size))
      : ({ kind: "unknown", why: { code: "python.symbolicNumber" }, type: "float" } as const);
  const products = call(m, "torch.matmul", [
    m.binary("*", q, scale),
    call(m, "torch.Tensor.transpose", [k, int(-2), int(-1)]),
  ]);
  return masks.reduce((scores, mask) => masked(m, scores, mask), products);
}

/** A boolean mask drops what it marks; a mask of floats is added. */
function masked(m: Machine, scores: TensorValue, mask: TensorValue): TensorValue {
  const type = mask.dtype.dtype;
  if (type === "bool" || type === "uint8")
    return call(m, "torch.Tensor.masked_fill", [scores, mask, float(Number.NEGATIVE_INFINITY)]);
  return m.binary("+", scores, mask) as TensorValue;
}

/** The masks, each so shaped that it can be broadcast to `[batch, heads, queries, keys]`. */
function maskOf(m: Machine, g: Given, rank: number): TensorValue[] {
  const found: TensorValue[] = [];
  const mask = g.optionalTensor("attn_mask");
  if (mask) {
    const axes = dimsOf(mask)?.length;
    if (axes === 3)
      found.push(call(m, "torch.Tensor.unflatten", [mask, int(0), list([int(-1), partOf(moduleOf(g), "num_heads")])]));
    else found.push(mask);
  }
  const padding = g.optionalTensor("key_padding_mask");
  if (padding) {
    const batch = rank === 2 ? call(m, "torch.Tensor.unsqueeze", [padding, int(0)]) : padding;
    found.push(call(m, "torch.Tensor.unsqueeze", [call(m, "torch.Tensor.unsqueeze", [batch, int(1)]), int(1)]));
  }
  return found;
}
