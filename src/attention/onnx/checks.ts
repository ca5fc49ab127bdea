import { isFloat } from "../../tensor/dtype.ts";
import { failed, type Outcome } from "../../tensor/message.ts";
import { attributeSince, inputNames, type OnnxAttributes, type OnnxInputs } from "./contract.ts";

/**
 * Checks names, ranks and what may not go together; null if all is right. Codes: `attention.onnx-opset`, `-input`,
 * `-missing`, `-attribute`, `-value`, `-rank`, `-dtype`, `-num-heads`, `-past`, `-nonpad`.
 */
export function checkOnnx(inputs: OnnxInputs, attributes: OnnxAttributes, opset: number): Outcome<never> | null {
  if (!Number.isInteger(opset) || opset < 23) return failed("attention.onnx-opset", { got: opset });
  return (
    checkInputs(inputs, opset) ??
    checkAttributes(attributes, opset) ??
    checkHeads(inputs, attributes, opset) ??
    checkCache(inputs)
  );
}

function checkInputs(inputs: OnnxInputs, opset: number): Outcome<never> | null {
  const unknown = Object.keys(inputs).find((name) => !(inputNames as readonly string[]).includes(name));
  if (unknown) return failed("attention.onnx-input", { got: unknown, expected: inputNames });
  if (inputs.nonpad_kv_seqlen && opset < 24)
    return failed("attention.onnx-input", { got: "nonpad_kv_seqlen", expected: inputNames.slice(0, 6) });
  for (const input of ["Q", "K", "V"] as const) {
    if (!inputs[input]) return failed("attention.onnx-missing", { input });
    const { shape, dtype } = inputs[input];
    if (!isFloat(dtype)) return failed("attention.onnx-dtype", { input, dtype });
    if (shape.length !== inputs.Q.shape.length || shape.length < 3 || shape.length > 4)
      return failed("attention.onnx-rank", { input, shape });
  }
  return null;
}

function checkAttributes(attributes: OnnxAttributes, opset: number): Outcome<never> | null {
  for (const [name, value] of Object.entries(attributes)) {
    const since = attributeSince[name];
    if (since === undefined || since > opset) return failed("attention.onnx-attribute", { name, opset });
    if (!allowed(name, value)) return failed("attention.onnx-value", { name, got: value });
  }
  return null;
}

function allowed(name: string, value: number): boolean {
  if (name === "scale") return Number.isFinite(value);
  if (name === "softcap") return Number.isFinite(value) && value >= 0;
  if (!Number.isInteger(value)) return false;
  if (name === "is_causal") return value === 0 || value === 1;
  if (name === "qk_matmul_output_mode") return value >= 0 && value <= 3;
  if (name === "softmax_precision") return [1, 10, 11, 16].includes(value);
  return name.endsWith("window_size") ? value >= -1 : value >= 1;
}

function checkHeads({ Q, K, V }: OnnxInputs, attributes: OnnxAttributes, opset: number): Outcome<never> | null {
  const { q_num_heads: heads, kv_num_heads: kvHeads } = attributes;
  if (Q.shape.length === 4) return checkHeadsOf4d([Q.shape[1]!, K.shape[1]!], [heads, kvHeads], opset);
  if (heads === undefined || kvHeads === undefined)
    return failed("attention.onnx-num-heads", { got: "none", expected: "q_num_heads, kv_num_heads" });
  const widths = [
    [Q, heads],
    [K, kvHeads],
    [V, kvHeads],
  ] as const;
  const bad = widths.find(([t, count]) => t.shape[2]! % count !== 0);
  return bad ? failed("attention.onnx-split", { shape: bad[0].shape, heads: bad[1] }) : null;
}

/** Opset 25 forbids head counts beside 4-D inputs; before, they must say what the shapes say. */
function checkHeadsOf4d(
  shapes: readonly number[],
  counts: readonly (number | undefined)[],
  opset: number,
): Outcome<never> | null {
  const wrong = counts.findIndex((count, at) => count !== undefined && (opset >= 25 || count !== shapes[at]));
  return wrong < 0
    ? null
    : failed("attention.onnx-num-heads", {
        got: String(counts[wrong]),
        expected: opset >= 25 ? "none" : String(shapes[wrong]),
      });
}

function checkCache({
  Q,
  K,
  past_key: key,
  past_value: value,
  nonpad_kv_seqlen: nonpad,
}: OnnxInputs): Outcome<never> | null {
  if (!key !== !value) return failed("attention.onnx-past", { got: key ? "past_key" : "past_value" });
  for (const [input, t] of [
    ["past_key", key],
    ["past_value", value],
  ] as const) {
    if (t && t.shape.length !== 4) return failed("attention.onnx-rank", { input, shape: t.shape });
    if (t && !isFloat(t.dtype)) return failed("attention.onnx-dtype", { input, dtype: t.dtype });
  }
  if (nonpad && key) return failed("attention.onnx-past", { got: "nonpad_kv_seqlen" });
  if (!nonpad) return null;
  const keys = K.shape.at(-2)!;
  const lengths = Array.from(nonpad.data, Number);
  const good =
    nonpad.shape.length === 1 &&
    nonpad.shape[0] === Q.shape[0] &&
    lengths.every((n) => Number.isInteger(n) && n >= 0 && n <= keys);
  return good ? null : failed("attention.onnx-nonpad", { got: lengths, batch: Q.shape[0]!, keys });
}
