import { isFloat, isInteger } from "../../tensor/dtype.ts";
import { failed, type Outcome } from "../../tensor/message.ts";
import {
  allowedValues,
  attributeSince,
  inputNames,
  type OnnxAttributes,
  type OnnxInputName,
  type OnnxInputs,
} from "./contract.ts";

/**
 * Checks names, ranks, types and what may not go together; null if all is right. Codes: those of `checkNames`,
 * `attention.onnx-missing`, `-attribute`, `-value`, `-rank`, `-dtype`, `-types`, `-batch`, `-num-heads`, `-split`, `-past`,
 * `-nonpad`.
 */
export function checkOnnx(inputs: OnnxInputs, attributes: OnnxAttributes, opset: number): Outcome<never> | null {
  return (
    checkNames(Object.keys(inputs), opset) ??
    checkInputs(inputs) ??
    checkAlike(inputs) ??
    checkAttributes(attributes, opset) ??
    checkHeads(inputs, attributes, opset) ??
    checkCache(inputs)
  );
}

/** Checks what the inputs are called. Codes: `attention.onnx-opset`, `attention.onnx-input`. */
export function checkNames(names: readonly string[], opset: number): Outcome<never> | null {
  if (!Number.isInteger(opset) || opset < 23) return failed("attention.onnx-opset", { got: written(opset) });
  const known: readonly string[] = opset < 24 ? inputNames.filter((name) => name !== "nonpad_kv_seqlen") : inputNames;
  const got = names.find((name) => !known.includes(name));
  return got === undefined ? null : failed("attention.onnx-input", { got, expected: known });
}

function checkInputs(inputs: OnnxInputs): Outcome<never> | null {
  for (const input of ["Q", "K", "V"] as const) {
    if (!inputs[input]) return failed("attention.onnx-missing", { input });
    const { shape, dtype } = inputs[input];
    if (!isFloat(dtype)) return failed("attention.onnx-dtype", { input, dtype });
    if (shape.length !== inputs.Q.shape.length || shape.length < 3 || shape.length > 4)
      return failed("attention.onnx-rank", { input, shape });
  }
  return null;
}

/** Inputs that the operator wants to be of one type: K and its past as Q, the past of V as V. */
const sameType: readonly (readonly [OnnxInputName, OnnxInputName])[] = [
  ["K", "Q"],
  ["past_key", "Q"],
  ["past_value", "V"],
];

/** The types that belong together are the same, and so is the batch. */
function checkAlike(inputs: OnnxInputs): Outcome<never> | null {
  for (const [input, like] of sameType) {
    const [got, expected] = [inputs[input]?.dtype, inputs[like]!.dtype];
    if (got && got !== expected) return failed("attention.onnx-types", { input, got, like, expected });
  }
  const batch = inputs.Q.shape[0]!;
  for (const input of ["K", "V", "past_key", "past_value"] as const) {
    const shape = inputs[input]?.shape;
    if (shape && shape[0] !== batch) return failed("attention.onnx-batch", { input, shape, expected: batch });
  }
  return null;
}

function checkAttributes(attributes: OnnxAttributes, opset: number): Outcome<never> | null {
  for (const [name, value] of Object.entries(attributes)) {
    const since = attributeSince[name];
    if (since === undefined || since > opset) return failed("attention.onnx-attribute", { name, opset });
    const expected = allowedValues(name);
    if (!expected.allows(value))
      return failed("attention.onnx-value", {
        name,
        got: written(value),
        ...(expected.text === null ? {} : { expected: expected.text }),
      });
  }
  return null;
}

/** A value that may be anything, as JSON has it. */
function written(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}

function checkHeads({ Q, K, V }: OnnxInputs, attributes: OnnxAttributes, opset: number): Outcome<never> | null {
  const { q_num_heads: heads, kv_num_heads: kvHeads } = attributes;
  if (Q.shape.length === 4) return checkHeadsOf4d([Q.shape[1]!, K.shape[1]!], [heads, kvHeads], opset);
  if (heads === undefined || kvHeads === undefined)
    return failed("attention.onnx-head-counts", { missing: heads === undefined ? "q_num_heads" : "kv_num_heads" });
  const widths = [
    ["Q", Q, heads],
    ["K", K, kvHeads],
    ["V", V, kvHeads],
  ] as const;
  const bad = widths.find(([, t, count]) => t.shape[2]! % count !== 0);
  return bad ? failed("attention.onnx-split", { input: bad[0], shape: bad[1].shape, heads: bad[2] }) : null;
}

/** Opset 25 forbids head counts beside 4-D inputs; before, they must say what the shapes say. */
function checkHeadsOf4d(
  shapes: readonly number[],
  counts: readonly (number | undefined)[],
  opset: number,
): Outcome<never> | null {
  const wrong = counts.findIndex((count, at) => count !== undefined && (opset >= 25 || count !== shapes[at]));
  if (wrong < 0) return null;
  const name = wrong === 0 ? "q_num_heads" : "kv_num_heads";
  if (opset >= 25) return failed("attention.onnx-heads-with-4d", { name, opset });
  return failed("attention.onnx-num-heads", { name, got: counts[wrong]!, expected: shapes[wrong]! });
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
    isInteger(nonpad.dtype) &&
    nonpad.shape.length === 1 &&
    nonpad.shape[0] === Q.shape[0] &&
    lengths.every((n) => Number.isInteger(n) && n >= 0 && n <= keys);
  return good
    ? null
    : failed("attention.onnx-nonpad", {
        got: `[${lengths.join(", ")}]`,
        dtype: nonpad.dtype,
        batch: Q.shape[0]!,
        keys,
      });
}
