import type { Machine } from "../../run/machine.ts";
import { unclear } from "../../run/machine.ts";
import type { TensorValue } from "../../run/tensorValue.ts";
import {
  args,
  bool,
  float,
  type InstanceValue,
  int,
  library,
  none,
  string,
  tuple,
  type Value,
} from "../../run/values.ts";
import { type Given, type Operation, operation } from "../operation.ts";
import { deepCopy } from "./copies.ts";
import { moduleOf, partOf, setPart } from "./parameters.ts";

const layerParts =
  "self, d_model, nhead, dim_feedforward?, dropout?, activation?, layer_norm_eps?, batch_first?, norm_first?, bias?, device?, dtype?";

/** nn.TransformerEncoderLayer, DecoderLayer, Encoder, Decoder, Transformer. */
export const transformerLayers: readonly Operation[] = [
  operation("nn.TransformerEncoderLayer.__init__", layerParts, (g, m) => build(g, m, ["self_attn"], 2)),
  operation("nn.TransformerEncoderLayer.forward", "self, src, src_mask?, src_key_padding_mask?, is_causal?", (g, m) => {
    const self = moduleOf(g);
    const attend = (x: Value): Value =>
      attention(m, self, "self_attn", x, x, g.get("src_mask"), g.get("src_key_padding_mask"), "dropout1");
    return blocks(m, self, g.tensor("src"), [attend, (x) => feedForward(m, self, x, "dropout2")]);
  }),
  operation("nn.TransformerDecoderLayer.__init__", layerParts, (g, m) =>
    build(g, m, ["self_attn", "multihead_attn"], 3),
  ),
  operation(
    "nn.TransformerDecoderLayer.forward",
    "self, tgt, memory, tgt_mask?, memory_mask?, tgt_key_padding_mask?, memory_key_padding_mask?, tgt_is_causal?, memory_is_causal?",
    (g, m) => {
      const self = moduleOf(g);
      const memory = g.tensor("memory");
      const own = (x: Value): Value =>
        attention(m, self, "self_attn", x, x, g.get("tgt_mask"), g.get("tgt_key_padding_mask"), "dropout1");
      const cross = (x: Value): Value =>
        attention(
          m,
          self,
          "multihead_attn",
          x,
          memory,
          g.get("memory_mask"),
          g.get("memory_key_padding_mask"),
          "dropout2",
        );
      return blocks(m, self, g.tensor("tgt"), [own, cross, (x) => feedForward(m, self, x, "dropout3")]);
    },
  ),
  ...["Encoder", "Decoder"].flatMap((type) => [
    operation(
      `nn.Transformer${type}.__init__`,
      `self, ${type.toLowerCase()}_layer, num_layers, norm?, enable_nested_tensor?, mask_check?`,
      (g, m) => {
        const self = moduleOf(g);
        const count = g.int("num_layers");
        if (count > 256) unclear("python.unsupported", { what: "num_layers" });
        const layer = g.need(`${type.toLowerCase()}_layer`);
        const copies = Array.from({ length: count }, () => deepCopy(layer));
        setPart(m, self, "layers", m.call(library("torch.nn.ModuleList"), args([tuple(copies)])));
        setPart(m, self, "num_layers", int(count));
        setPart(m, self, "norm", g.get("norm") ?? none);
        return none;
      },
    ),
    operation(
      `nn.Transformer${type}.forward`,
      type === "Encoder"
        ? "self, src, mask?, src_key_padding_mask?, is_causal?"
        : "self, tgt, memory, tgt_mask?, memory_mask?, tgt_key_padding_mask?, memory_key_padding_mask?, tgt_is_causal?, memory_is_causal?",
      (g, m) => stacked(g, m, type),
    ),
  ]),
  operation(
    "nn.Transformer.__init__",
    "self, d_model?, nhead?, num_encoder_layers?, num_decoder_layers?, dim_feedforward?, dropout?, activation?, custom_encoder?, custom_decoder?, layer_norm_eps?, batch_first?, norm_first?, bias?, device?, dtype?",
    transformer,
  ),
  operation(
    "nn.Transformer.forward",
    "self, src, tgt, src_mask?, tgt_mask?, memory_mask?, src_key_padding_mask?, tgt_key_padding_mask?, memory_key_padding_mask?, **more",
    (g, m) => {
      const self = moduleOf(g);
      const pass = (names: Record<string, string>): Record<string, Value> =>
        Object.fromEntries(Object.entries(names).map(([to, from]) => [to, g.get(from) ?? none]));
      const memory = m.call(
        partOf(self, "encoder"),
        args([g.need("src")], pass({ mask: "src_mask", src_key_padding_mask: "src_key_padding_mask" })),
      );
      const masks = pass({
        tgt_mask: "tgt_mask",
        memory_mask: "memory_mask",
        tgt_key_padding_mask: "tgt_key_padding_mask",
        memory_key_padding_mask: "memory_key_padding_mask",
      });
      return m.call(partOf(self, "decoder"), args([g.need("tgt"), memory], masks));
    },
  ),
  operation("nn.Transformer.generate_square_subsequent_mask", "*rest, device?, dtype?", (g, m) => {
    const size = g.rest.at(-1) ?? unclear("python.undecided");
    const full = m.operate("torch.full", args([tuple([size, size]), float(Number.NEGATIVE_INFINITY)]));
    return m.operate("torch.triu", args([full], { diagonal: int(1) }));
  }),
];

function layer(
  m: Machine,
  type: string,
  positional: readonly Value[],
  named: Readonly<Record<string, Value>> = {},
): Value {
  return m.call(library(`torch.nn.${type}`), args(positional, named));
}

function build(g: Given, m: Machine, attentions: readonly string[], norms: number): Value {
  const self = moduleOf(g);
  const [model, hidden, dropout] = [
    g.need("d_model"),
    g.get("dim_feedforward") ?? int(2048),
    g.get("dropout") ?? float(0.1),
  ];
  const bias = g.get("bias") ?? bool(true);
  const eps = g.get("layer_norm_eps") ?? float(1e-5);
  for (const name of attentions)
    setPart(
      m,
      self,
      name,
      layer(m, "MultiheadAttention", [model, g.need("nhead")], {
        dropout,
        bias,
        batch_first: g.get("batch_first") ?? bool(false),
      }),
    );
  setPart(m, self, "linear1", layer(m, "Linear", [model, hidden], { bias }));
  setPart(m, self, "dropout", layer(m, "Dropout", [dropout]));
  setPart(m, self, "linear2", layer(m, "Linear", [hidden, model], { bias }));
  for (let at = 1; at <= norms; at++) setPart(m, self, `norm${at}`, layer(m, "LayerNorm", [model], { eps }));
  for (let at = 1; at <= norms; at++) setPart(m, self, `dropout${at}`, layer(m, "Dropout", [dropout]));
  setPart(m, self, "norm_first", g.get("norm_first") ?? bool(false));
  setPart(m, self, "activation", g.get("activation") ?? string("relu"));
  return none;
}

/** Each block is added to its input; the norms come before or after. */
function blocks(m: Machine, self: InstanceValue, input: TensorValue, steps: readonly ((x: Value) => Value)[]): Value {
  const first = m.truth(partOf(self, "norm_first")) ?? unclear("python.undecided");
  const normed = (x: Value, at: number): Value => m.call(partOf(self, `norm${at + 1}`), args([x]));
  return steps.reduce<Value>(
    (x, step, at) => (first ? m.binary("+", x, step(normed(x, at))) : normed(m.binary("+", x, step(x)), at)),
    input,
  );
}

function attention(
  m: Machine,
  self: InstanceValue,
  name: string,
  x: Value,
  memory: Value,
  mask: Value | undefined,
  padding: Value | undefined,
  dropout: string,
): Value {
  const named = { attn_mask: mask ?? none, key_padding_mask: padding ?? none, need_weights: bool(false) };
  const both = m.call(partOf(self, name), args([x, memory, memory], named));
  const output =
    both.kind === "tuple" ? both.items[0]! : both.kind === "unknown" ? unclear(both.why.code, both.why.args) : both;
  return m.call(partOf(self, dropout), args([output]));
}

function feedForward(m: Machine, self: InstanceValue, x: Value, dropout: string): Value {
  const activation = partOf(self, "activation");
  const wide = m.call(partOf(self, "linear1"), args([x]));
  const active =
    activation.kind === "string"
      ? m.operate(`torch.nn.functional.${activation.value}`, args([wide]))
      : m.call(activation, args([wide]));
  return m.call(
    partOf(self, dropout),
    args([m.call(partOf(self, "linear2"), args([m.call(partOf(self, "dropout"), args([active]))]))]),
  );
}

function stacked(g: Given, m: Machine, type: string): Value {
  const self = moduleOf(g);
  const layers = m.iterate(partOf(self, "layers"))?.items ?? unclear("python.undecided");
  const given = (name: string): Value => g.get(name) ?? none;
  const through = (x: Value, one: Value): Value => {
    const named =
      type === "Encoder"
        ? { src_mask: given("mask"), src_key_padding_mask: given("src_key_padding_mask") }
        : Object.fromEntries(
            ["tgt_mask", "memory_mask", "tgt_key_padding_mask", "memory_key_padding_mask"].map((name) => [
              name,
              given(name),
            ]),
          );
    return m.call(one, args(type === "Encoder" ? [x] : [x, g.need("memory")], named));
  };
  const input = g.need(type === "Encoder" ? "src" : "tgt");
  const x = m.recorder.inLayers(m.at, layers.length, () => layers.reduce(through, input));
  const norm = partOf(self, "norm");
  return norm.kind === "none" ? x : m.call(norm, args([x]));
}

function transformer(g: Given, m: Machine): Value {
  const self = moduleOf(g);
  const model = g.get("d_model") ?? int(512);
  const named = {
    dim_feedforward: g.get("dim_feedforward") ?? int(2048),
    dropout: g.get("dropout") ?? float(0.1),
    activation: g.get("activation") ?? string("relu"),
    batch_first: g.get("batch_first") ?? bool(false),
    norm_first: g.get("norm_first") ?? bool(false),
  };
  for (const [name, type, count] of [
    ["encoder", "Encoder", "num_encoder_layers"],
    ["decoder", "Decoder", "num_decoder_layers"],
  ] as const) {
    const custom = g.get(`custom_${name}`);
    const one = custom ? none : layer(m, `Transformer${type}Layer`, [model, g.get("nhead") ?? int(8)], named);
    setPart(
      m,
      self,
      name,
      custom ?? layer(m, `Transformer${type}`, [one, g.get(count) ?? int(6), layer(m, "LayerNorm", [model])]),
    );
  }
  const parameters = m.iterate(m.call(m.attribute(self, "parameters"), args([])))?.items ?? [];
  for (const p of parameters)
    if (p.kind === "tensor" && (m.iterate(m.attribute(p, "shape"))?.items.length ?? 0) > 1)
      m.operate("torch.nn.init.xavier_uniform_", args([p]));
  return none;
}
