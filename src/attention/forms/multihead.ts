import { done, failed, type Message, message, type Outcome } from "../../tensor/message.ts";
import { sizeOf, type Tensor, tensor, toFloat64 } from "../../tensor/tensor.ts";
import type { AttentionProblem } from "../problem.ts";
import { joinMasks } from "./multiheadMask.ts";
import { linear, permuted, reshaped } from "./rowwise.ts";

/** Parameters of `torch.nn.MultiheadAttention`, by the names of its state. Either `in_proj_weight` or the three apart (kdim, vdim). */
export interface MultiheadParameters {
  readonly num_heads: number;
  /** `[3·E, E]` */
  readonly in_proj_weight?: Tensor;
  readonly q_proj_weight?: Tensor;
  readonly k_proj_weight?: Tensor;
  readonly v_proj_weight?: Tensor;
  /** `[3·E]` */
  readonly in_proj_bias?: Tensor;
  /** `[1, 1, E]` each (`add_bias_kv`). */
  readonly bias_k?: Tensor;
  readonly bias_v?: Tensor;
  readonly out_proj_weight: Tensor;
  readonly out_proj_bias?: Tensor;
  readonly add_zero_attn?: boolean;
  readonly batch_first?: boolean;
  readonly dropout?: number;
}

/** Arguments of its call. */
export interface MultiheadCall {
  /** `[L, N, E]`, `[N, L, E]` with batch_first, `[L, E]` unbatched; key and value likewise with S. */
  readonly query: Tensor;
  readonly key: Tensor;
  readonly value: Tensor;
  /** `[N, S]` or `[S]`; boolean: true = DROP this key; float: added. */
  readonly key_padding_mask?: Tensor;
  /** `[L, S]` or `[N·heads, L, S]`; boolean: true = DROP this pair; float: added. */
  readonly attn_mask?: Tensor;
  /** Asking for weights makes PyTorch give NaN in fully masked rows; here they are 0. */
  readonly need_weights?: boolean;
}

/** A call of `nn.MultiheadAttention` as the engine's problem, and the way back from its numbers. */
export interface Multihead {
  readonly problem: AttentionProblem;
  readonly notes: readonly Message[];
  /** `[N, heads, L, head size]` of the engine → the module's output: heads joined, projected, in the layout of the query. */
  output(context: Float64Array | Float32Array): Tensor;
  /** `[N, heads, L, S]` of the engine → the module's weights: per head, or averaged over heads; unbatched without N. */
  weights(weights: Float64Array, average: boolean): Tensor;
}

/**
 * `torch.nn.MultiheadAttention`, with kdim/vdim, add_bias_kv, add_zero_attn, unbatched input and batch_first.
 * Fails as `attention.multihead-shape` (input, expected, got), `attention.multihead-heads`, `attention.multihead-mask`.
 */
export function multihead(parameters: MultiheadParameters, call: MultiheadCall): Outcome<Multihead> {
  const embed = parameters.out_proj_weight.shape[0]!;
  const heads = parameters.num_heads;
  if (!Number.isInteger(heads) || heads < 1 || embed % heads !== 0)
    return failed("attention.multihead-heads", { embed, heads });
  const unbatched = call.query.shape.length === 2;
  const inputs = [call.query, call.key, call.value].map((t) =>
    batchFirst(t, unbatched, parameters.batch_first ?? false),
  );
  const weights = projections(parameters, embed);
  const names = ["query", "key", "value"] as const;
  for (const [at, input] of names.entries()) {
    const [t, weight] = [inputs[at]!, weights[at]];
    if (t.shape.length !== 3 || !weight || t.shape[2] !== weight.shape[1] || t.shape[0] !== inputs[0]!.shape[0]) {
      return failed("attention.multihead-shape", { input, expected: weight?.shape[1] ?? embed, got: t.shape });
    }
  }
  const biases = parameters.in_proj_bias ? thirds(parameters.in_proj_bias) : [];
  const [query, key, value] = inputs.map((t, at) => linear(t, weights[at]!, biases[at])) as [Tensor, Tensor, Tensor];
  const more = (parameters.bias_k ? 1 : 0) + (parameters.add_zero_attn ? 1 : 0);
  const mask = joinMasks(call, { batch: query.shape[0]!, heads, queries: query.shape[1]!, keys: key.shape[1]!, more });
  if (!mask.ok) return mask;
  const grown = (t: Tensor, bias?: Tensor): Tensor =>
    splitHeads(withMoreRows(t, bias, parameters.add_zero_attn ?? false), heads);
  const problem: AttentionProblem = {
    query: splitHeads(query, heads),
    key: grown(key, parameters.bias_k),
    value: grown(value, parameters.bias_v),
    ...(mask.value ? { mask: mask.value } : {}),
    ...(parameters.dropout ? { dropout: parameters.dropout } : {}),
  };
  const sizes = { batch: query.shape[0]!, heads, queries: query.shape[1]!, keys: key.shape[1]! + more, embed };
  return done({
    problem,
    notes: call.need_weights !== false && masksWholeRow(mask.value) ? [message("attention.multihead-nan")] : [],
    output: (context) => joined(parameters, sizes, context, unbatched),
    weights: (all, average) => weightsOf(all, sizes, average, unbatched),
  });
}

/** True if some query may attend to no key at all. */
function masksWholeRow(mask: Tensor | null): boolean {
  if (!mask) return false;
  const [terms, keys] = [toFloat64(mask), mask.shape.at(-1)!];
  for (let start = 0; start < terms.length; start += keys)
    if (terms.subarray(start, start + keys).every((term) => term === Number.NEGATIVE_INFINITY)) return true;
  return false;
}

/** `[N, L, E]` whatever the layout was. */
function batchFirst(t: Tensor, unbatched: boolean, first: boolean): Tensor {
  if (unbatched && t.shape.length === 2) return { ...t, shape: [1, ...t.shape], strides: [0, ...t.strides] };
  return first || t.shape.length !== 3 ? t : permuted(t, [1, 0, 2]);
}

function projections(p: MultiheadParameters, embed: number): (Tensor | undefined)[] {
  if (!p.in_proj_weight) return [p.q_proj_weight, p.k_proj_weight, p.v_proj_weight];
  return p.in_proj_weight.shape[0] === 3 * embed ? thirds(p.in_proj_weight) : [];
}

/** A tensor cut into three along its first axis. */
function thirds(t: Tensor): Tensor[] {
  const size = t.shape[0]! / 3;
  return [0, 1, 2].map((at) => ({
    ...t,
    shape: [size, ...t.shape.slice(1)],
    offset: t.offset + at * size * t.strides[0]!,
  }));
}

/** `[N, S, E]` with the bias row, then the zero row, after the last. */
function withMoreRows(t: Tensor, bias: Tensor | undefined, zero: boolean): Tensor {
  const [batch, length, size] = t.shape as [number, number, number];
  const more = [...(bias ? [toFloat64(bias)] : []), ...(zero ? [new Float64Array(size)] : [])];
  if (more.length === 0) return t;
  const shape = [batch, length + more.length, size];
  const data = new Float64Array(sizeOf(shape));
  const from = toFloat64(t);
  for (let b = 0; b < batch; b++) {
    const start = b * (length + more.length) * size;
    data.set(from.subarray(b * length * size, (b + 1) * length * size), start);
    for (const [at, row] of more.entries()) data.set(row, start + (length + at) * size);
  }
  return tensor("float64", shape, data);
}

/** `[N, L, heads·size]` → `[N, heads, L, size]` */
function splitHeads(t: Tensor, heads: number): Tensor {
  const [batch, length, width] = t.shape as [number, number, number];
  return permuted(reshaped(t, [batch, length, heads, width / heads]), [0, 2, 1, 3]);
}

interface Sizes {
  readonly batch: number;
  readonly heads: number;
  readonly queries: number;
  readonly keys: number;
  readonly embed: number;
}

function joined(
  p: MultiheadParameters,
  sizes: Sizes,
  context: Float64Array | Float32Array,
  unbatched: boolean,
): Tensor {
  const { batch, heads, queries, embed } = sizes;
  const apart = tensor("float64", [batch, heads, queries, embed / heads], Float64Array.from(context));
  const rows = reshaped(permuted(apart, [0, 2, 1, 3]), [batch, queries, embed]);
  const projected = linear(rows, p.out_proj_weight, p.out_proj_bias);
  if (unbatched) return reshaped(projected, [queries, embed]);
  return p.batch_first ? projected : reshaped(permuted(projected, [1, 0, 2]), [queries, batch, embed]);
}

function weightsOf(
  all: Float64Array,
  { batch, heads, queries, keys }: Sizes,
  average: boolean,
  unbatched: boolean,
): Tensor {
  const inner = queries * keys;
  const data = average
    ? Float64Array.from({ length: batch * inner }, (_, at) => {
        const start = Math.floor(at / inner) * heads * inner + (at % inner);
        let sum = 0;
        for (let head = 0; head < heads; head++) sum += all[start + head * inner]!;
        return sum / heads;
      })
    : all;
  const shape = [...(unbatched ? [] : [batch]), ...(average ? [] : [heads]), queries, keys];
  return tensor("float64", shape, data);
}
