import type { DType } from "../../tensor/dtype.ts";
import { done, type Outcome } from "../../tensor/message.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { plan } from "../plan.ts";
import type { AttentionProblem } from "../problem.ts";
import { checkOnnx } from "./checks.ts";
import type { OnnxAttributes, OnnxInputs, OnnxOutputs } from "./contract.ts";
import { joinPast, padMask, splitHeads } from "./inputs.ts";
import { computeOutputs } from "./outputs.ts";

/**
 * The operator `Attention` of ONNX, opsets 23 to 25, in float64, each output rounded once to its type.
 *
 * - 3-D inputs are `[batch, length, heads·size]` and need `q_num_heads` and `kv_num_heads`; Y then is 3-D too.
 * - Query 0 stands at key position 0; after the past with `past_key`; at `nonpad_kv_seqlen[b] − L`, which may be negative,
 *   with that. `is_causal` and the windows count from there.
 * - `softmax_precision`: scores and softmax are rounded to that type where it is given.
 * - `qk_matmul_output_mode`: 0 = scaled QKᵀ, 1 = after softcap, 2 = after softcap and mask, 3 = weights.
 * - A fully masked row gives 0.
 *
 * Fails with the codes of `checkOnnx` and of `plan`, and `attention.onnx-past-shape`.
 */
export function onnxAttention(inputs: OnnxInputs, attributes: OnnxAttributes, opset: number): Outcome<OnnxOutputs> {
  const wrong = checkOnnx(inputs, attributes, opset);
  if (wrong) return wrong;
  const key = joinPast(inputs.past_key, splitHeads(inputs.K, attributes.kv_num_heads), "past_key");
  if (!key.ok) return key;
  const value = joinPast(inputs.past_value, splitHeads(inputs.V, attributes.kv_num_heads), "past_value");
  if (!value.ok) return value;
  const planned = plan(problemOf(inputs, attributes, key.value, value.value));
  if (!planned.ok) return planned;
  const mode = attributes.qk_matmul_output_mode ?? 0;
  const { Y, qk } = computeOutputs(planned.value, {
    mode,
    dtype: inputs.Q.dtype,
    softmax: precisionOf(attributes),
    flat: inputs.Q.shape.length === 3,
  });
  return done({ Y, present_key: key.value, present_value: value.value, qk_matmul_output: qk });
}

/** The engine's problem for the operator's inputs, key and value with their past. */
function problemOf(inputs: OnnxInputs, attributes: OnnxAttributes, key: Tensor, value: Tensor): AttentionProblem {
  const { attn_mask: mask, nonpad_kv_seqlen: nonpad, past_key: past } = inputs;
  const query = splitHeads(inputs.Q, attributes.q_num_heads);
  const lengths = nonpad && Array.from(nonpad.data, Number);
  const queries = query.shape[2]!;
  const side = (size: number | undefined): number | null => (size === undefined || size < 0 ? null : size);
  return {
    query,
    key,
    value,
    ...(mask ? { mask: padMask(mask, key.shape[2]!) } : {}),
    ...(lengths ? { keyLengths: lengths } : {}),
    causal: attributes.is_causal ? "topLeft" : "none",
    scale: attributes.scale ?? "auto",
    softcap: attributes.softcap ?? 0,
    window: [side(attributes.left_window_size), side(attributes.right_window_size)],
    offset: lengths ? lengths.map((length) => length - queries) : (past?.shape[2] ?? 0),
  };
}

/** The type that `softmax_precision` names (TensorProto.DataType); null where it is absent: float64 throughout. */
function precisionOf({ softmax_precision: code }: OnnxAttributes): DType | null {
  const names: Readonly<Record<number, DType>> = { 1: "float32", 10: "float16", 11: "float64", 16: "bfloat16" };
  return code === undefined ? null : (names[code] ?? null);
}
