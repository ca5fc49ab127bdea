import {
  type Filling,
  fansOf,
  gainOf,
  kaimingUniform,
  symmetric,
  xavierNormal,
  xavierUniform,
} from "./initialFilling.ts";

/** A parameter as a constructor of `torch.nn` makes it. */
export interface InitialParameter {
  /** As `state_dict` names it, relative to the module. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly filling: Filling;
  /** Row that is set to zero afterwards (`padding_idx`). */
  readonly zeroRow?: number;
}

const zeros: Filling = { kind: "constant", value: 0 };
const ones: Filling = { kind: "constant", value: 1 };

// The parameters of each module in the order in which its constructor draws them. Source: outputs of PyTorch 1.13.

/** nn.Linear: weight `[out, in]`, bias `[out]`. */
export function linear(inputs: number, outputs: number, bias = true): InitialParameter[] {
  return weightAndBias([outputs, inputs], outputs, bias);
}

/** nn.Conv1d … Conv3d: weight `[out, in / groups, …kernel]`. */
export function convolution(
  inputs: number,
  outputs: number,
  kernel: readonly number[],
  groups = 1,
  bias = true,
): InitialParameter[] {
  return weightAndBias([outputs, inputs / groups, ...kernel], outputs, bias);
}

/** nn.ConvTranspose1d … 3d: weight `[in, out / groups, …kernel]`. */
export function transposedConvolution(
  inputs: number,
  outputs: number,
  kernel: readonly number[],
  groups = 1,
  bias = true,
): InitialParameter[] {
  return weightAndBias([inputs, outputs / groups, ...kernel], outputs, bias);
}

/** nn.Bilinear: weight `[out, in1, in2]`. */
export function bilinear(first: number, second: number, outputs: number, bias = true): InitialParameter[] {
  const filling = symmetric(1 / Math.sqrt(first));
  const weight: InitialParameter = { name: "weight", shape: [outputs, first, second], filling };
  return bias ? [weight, { name: "bias", shape: [outputs], filling }] : [weight];
}

/** nn.Embedding and EmbeddingBag: weight `[count, size]`; `padding` may be negative. */
export function embedding(count: number, size: number, padding: number | null = null): InitialParameter[] {
  const weight: InitialParameter = {
    name: "weight",
    shape: [count, size],
    filling: { kind: "normal", mean: 0, deviation: 1 },
  };
  return [padding === null ? weight : { ...weight, zeroRow: padding < 0 ? padding + count : padding }];
}

/** LayerNorm, BatchNorm, GroupNorm, RMSNorm: ones, and zeros where there is a bias. They draw nothing. */
export function norm(shape: readonly number[], bias = true): InitialParameter[] {
  const weight: InitialParameter = { name: "weight", shape, filling: ones };
  return bias ? [weight, { name: "bias", shape, filling: zeros }] : [weight];
}

export interface AttentionSizes {
  readonly embed: number;
  /** Sizes of keys and values where they differ from `embed`. */
  readonly key?: number;
  readonly value?: number;
  readonly bias?: boolean;
  readonly biasKeyValue?: boolean;
}

/** nn.MultiheadAttention: the output projection is drawn first; its bias and `in_proj_bias` end as zeros. */
export function multiheadAttention(sizes: AttentionSizes): InitialParameter[] {
  const { embed, key = embed, value = embed, bias = true } = sizes;
  const projections: readonly (readonly [string, number, number])[] =
    key === embed && value === embed
      ? [["in_proj_weight", 3 * embed, embed]]
      : [
          ["q_proj_weight", embed, embed],
          ["k_proj_weight", embed, key],
          ["v_proj_weight", embed, value],
        ];
  const out = prefixed("out_proj", linear(embed, embed, bias));
  const inputs = projections.map(([name, rows, columns]) => ({
    name,
    shape: [rows, columns],
    filling: xavierUniform([rows, columns])!,
  }));
  const biases = bias ? ["in_proj_bias", "out_proj.bias"].map((name, i) => constant(name, i ? embed : 3 * embed)) : [];
  const extra = sizes.biasKeyValue ? ["bias_k", "bias_v"].map((name) => extraToken(name, embed)) : [];
  return [...out, ...inputs, ...biases, ...extra];
}

export interface RecurrentSizes {
  readonly input: number;
  readonly hidden: number;
  /** 1 for RNN, 3 for GRU, 4 for LSTM. */
  readonly gates: number;
  readonly layers?: number;
  readonly bias?: boolean;
  readonly bidirectional?: boolean;
  /** LSTM's `proj_size`; 0 for none. */
  readonly projection?: number;
}

/** nn.RNN, nn.GRU, nn.LSTM. */
export function recurrent(sizes: RecurrentSizes): InitialParameter[] {
  const suffixes = sizes.bidirectional ? ["", "_reverse"] : [""];
  const state = sizes.projection || sizes.hidden;
  return Array.from({ length: sizes.layers ?? 1 }, (_, layer) => {
    const input = layer === 0 ? sizes.input : state * suffixes.length;
    return suffixes.flatMap((suffix) => recurrentLayer(sizes, `_l${layer}${suffix}`, input, state));
  }).flat();
}

/** nn.RNNCell, GRUCell, LSTMCell. */
export function recurrentCell(sizes: RecurrentSizes): InitialParameter[] {
  return recurrentLayer({ ...sizes, projection: 0 }, "", sizes.input, sizes.hidden);
}

/** `parameters` with `prefix.` before each name. */
export function prefixed(prefix: string, parameters: readonly InitialParameter[]): InitialParameter[] {
  return parameters.map((parameter) => ({ ...parameter, name: `${prefix}.${parameter.name}` }));
}

function recurrentLayer(sizes: RecurrentSizes, suffix: string, input: number, state: number): InitialParameter[] {
  const filling = symmetric(sizes.hidden > 0 ? 1 / Math.sqrt(sizes.hidden) : 0);
  const rows = sizes.gates * sizes.hidden;
  const parts: (readonly [string, readonly number[]])[] = [
    ["weight_ih", [rows, input]],
    ["weight_hh", [rows, state]],
  ];
  if (sizes.bias ?? true) parts.push(["bias_ih", [rows]], ["bias_hh", [rows]]);
  if (sizes.projection) parts.push(["weight_hr", [sizes.projection, sizes.hidden]]);
  return parts.map(([name, shape]) => ({ name: name + suffix, shape, filling }));
}

/** Kaiming's rule with slope √5, which makes the weight's bound 1/√fan_in but for rounding; the bias has exactly that. */
function weightAndBias(shape: readonly number[], outputs: number, bias: boolean): InitialParameter[] {
  const fan = fansOf(shape)!.in;
  const weight = shape.includes(0) ? zeros : kaimingUniform(gainOf("leaky_relu", Math.sqrt(5))!, fan);
  const parameters: InitialParameter[] = [{ name: "weight", shape, filling: weight }];
  if (bias) parameters.push({ name: "bias", shape: [outputs], filling: symmetric(fan > 0 ? 1 / Math.sqrt(fan) : 0) });
  return parameters;
}

function constant(name: string, size: number): InitialParameter {
  return { name, shape: [size], filling: zeros };
}

function extraToken(name: string, embed: number): InitialParameter {
  return { name, shape: [1, 1, embed], filling: xavierNormal([1, 1, embed])! };
}
