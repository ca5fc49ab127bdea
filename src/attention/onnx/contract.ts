import type { Tensor } from "../../tensor/tensor.ts";

/** Inputs of the operator, by its names. */
export const inputNames = ["Q", "K", "V", "attn_mask", "past_key", "past_value", "nonpad_kv_seqlen"] as const;
export type OnnxInputName = (typeof inputNames)[number];
export type OnnxInputs = Readonly<Record<"Q" | "K" | "V", Tensor>> & Readonly<Partial<Record<OnnxInputName, Tensor>>>;

/** Attributes of the operator, by its names; `scale` and `softcap` are floats, everything else integers. */
export type OnnxAttributes = Readonly<Record<string, number>>;

/** Everything the operator can put out; `Y` has the rank of Q, the others have rank 4. */
export interface OnnxOutputs {
  readonly Y: Tensor;
  readonly present_key: Tensor;
  readonly present_value: Tensor;
  readonly qk_matmul_output: Tensor;
}

/** Attributes of the operator and the opset that brought them. */
export const attributeSince: Readonly<Record<string, number>> = {
  is_causal: 23,
  kv_num_heads: 23,
  q_num_heads: 23,
  qk_matmul_output_mode: 23,
  scale: 23,
  softcap: 23,
  softmax_precision: 23,
  left_window_size: 25,
  right_window_size: 25,
};

/** What an attribute may be: a test, and the same in signs; null: any finite number. */
interface Allowed {
  readonly allows: (value: unknown) => boolean;
  readonly text: string | null;
}

/** What the attribute of that name may be. */
export function allowedValues(name: string): Allowed {
  if (name === "scale") return { allows: Number.isFinite, text: null };
  if (name === "softcap") return { allows: (x) => Number.isFinite(x) && (x as number) >= 0, text: "≥ 0" };
  if (name === "is_causal") return oneOf(0, 1);
  if (name === "qk_matmul_output_mode") return oneOf(0, 1, 2, 3);
  if (name === "softmax_precision") return oneOf(1, 10, 11, 16);
  return name.endsWith("window_size") ? from(-1) : from(1);
}

function oneOf(...numbers: readonly number[]): Allowed {
  return { allows: (x) => numbers.includes(x as number), text: numbers.join(", ") };
}

function from(least: number): Allowed {
  return { allows: (x) => Number.isInteger(x) && (x as number) >= least, text: `${least}, ${least + 1}, …` };
}
