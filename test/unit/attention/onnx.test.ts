import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { onnxAttention } from "../../../src/attention/onnx/attention.ts";
import type { OnnxInputs, OnnxOutputs } from "../../../src/attention/onnx/contract.ts";
import { type DType, isDType, storage } from "../../../src/tensor/dtype.ts";
import { type Tensor, tensor, valueAt } from "../../../src/tensor/tensor.ts";
import { random } from "./support.ts";

const fixtures = join(import.meta.dirname, "../../fixtures");
const folder = join(fixtures, "onnx");

interface WrittenTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: readonly (number | boolean | string)[];
}

interface Case {
  readonly opset: number;
  readonly attributes: Record<string, number>;
  readonly inputs: Record<string, WrittenTensor>;
  readonly outputs: Record<string, WrittenTensor>;
}

function read(written: WrittenTensor): Tensor {
  assert.ok(isDType(written.dtype));
  const data = storage(written.dtype, written.data.length);
  for (const [at, x] of written.data.entries()) {
    const value = x === "-inf" ? Number.NEGATIVE_INFINITY : Number(x);
    data[at] = written.dtype === "int64" ? BigInt(value) : value;
  }
  return tensor(written.dtype as DType, written.shape, data);
}

function readInputs(inputs: Record<string, WrittenTensor>): OnnxInputs {
  return Object.fromEntries(Object.entries(inputs).map(([name, t]) => [name, read(t)])) as unknown as OnnxInputs;
}

/** How far two numbers of a type may lie apart: two units in the last place of numbers about 1. */
const tolerance: Readonly<Record<string, number>> = { float16: 1e-3, float32: 2e-6 };

/** The reference adds up in the type of Q, the engine in float64: what that may cost over a few terms of size 9. */
const looser: Readonly<Record<string, number>> = { bfloat16: 8e-2, float16: 1e-2, float32: 4e-6 };

/** The types that `softmax_precision` names. */
const softmaxTypes: Readonly<Record<number, string>> = { 1: "float32", 10: "float16", 11: "float32", 16: "bfloat16" };

function assertClose(name: string, actual: Tensor, expected: WrittenTensor, least = 0): void {
  assert.deepEqual([actual.dtype, actual.shape], [expected.dtype, expected.shape], name);
  for (const [flat, x] of expected.data.entries()) {
    const [got, wanted] = [valueAt(actual, flat), x === "-inf" ? Number.NEGATIVE_INFINITY : Number(x)];
    const allowed = Math.max(least, tolerance[expected.dtype] ?? 0) * (1 + Math.abs(wanted));
    const near = got === wanted || Math.abs(got - wanted) <= allowed;
    assert.ok(near, `${name}[${flat}]: expected ${wanted}, got ${got}`);
  }
}

describe("ONNX Attention", () => {
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));

  it("has its conformance cases", () => assert.equal(files.length, 43));

  for (const file of files) {
    it(file.replace(/^test_attention_|\.json$/g, ""), () => {
      const { inputs, attributes, outputs, opset } = JSON.parse(readFileSync(join(folder, file), "utf8")) as Case;
      const computed = onnxAttention(readInputs(inputs), attributes, opset);
      assert.ok(computed.ok, JSON.stringify(computed));
      for (const [name, expected] of Object.entries(outputs))
        assertClose(name, computed.value[name as keyof OnnxOutputs], expected);
    });
  }

  it("agrees with the reference of ONNX on combinations of everything", () => {
    const written = readFileSync(join(fixtures, "onnxCombinations/combinations.json"), "utf8");
    const cases = JSON.parse(written) as Case[];
    assert.equal(cases.length, 150);
    for (const [at, { inputs, attributes, outputs, opset }] of cases.entries()) {
      const computed = onnxAttention(readInputs(inputs), attributes, opset);
      assert.ok(computed.ok, `${at}: ${JSON.stringify(computed)}`);
      const types = [inputs.Q!.dtype, softmaxTypes[attributes.softmax_precision ?? 1]!];
      const least = Math.max(...types.map((type) => looser[type]!));
      for (const [name, expected] of Object.entries(outputs))
        assertClose(`${at} ${name}`, computed.value[name as keyof OnnxOutputs], expected, least);
    }
  });

  it("adds an integer mask, whatever its numbers, and pads it", () => {
    const numbers = Float32Array.of(0, 1, 1, 0);
    const outputs = [
      tensor("float32", [4], numbers),
      tensor("int64", [4], BigInt64Array.from(numbers, BigInt)),
      tensor("uint8", [4], Uint8Array.from(numbers)),
    ].map((attn_mask) => {
      const computed = onnxAttention({ ...good, attn_mask }, { qk_matmul_output_mode: 3 }, 25);
      assert.ok(computed.ok);
      return Array.from({ length: 5 }, (_, at) => valueAt(computed.value.qk_matmul_output, at));
    });
    assert.deepEqual(outputs[1], outputs[0]);
    assert.deepEqual(outputs[2], outputs[0]);
    assert.ok(outputs[0]!.slice(0, 4).every((w) => w > 0) && outputs[0]![4] === 0);
  });

  const good: OnnxInputs = { Q: random([1, 2, 3, 4], 1), K: random([1, 2, 5, 4], 2), V: random([1, 2, 5, 4], 3) };
  const past = random([1, 2, 2, 4], 4);
  const nonpad = tensor("int64", [1], BigInt64Array.of(2n));
  const refused: readonly [string, Partial<OnnxInputs>, Record<string, number>, number][] = [
    ["attention.onnx-opset", {}, {}, 22],
    ["attention.onnx-past", { past_key: past }, {}, 23],
    ["attention.onnx-past", { past_key: past, past_value: past, nonpad_kv_seqlen: nonpad }, {}, 24],
    ["attention.onnx-heads-with-4d", {}, { q_num_heads: 2, kv_num_heads: 2 }, 25],
    ["attention.onnx-num-heads", {}, { q_num_heads: 3 }, 24],
    [
      "attention.onnx-head-counts",
      { Q: random([1, 3, 8], 1), K: random([1, 5, 8], 1), V: random([1, 5, 8], 1) },
      {},
      23,
    ],
    [
      "attention.onnx-split",
      { Q: random([1, 3, 8], 1), K: random([1, 5, 8], 1), V: random([1, 5, 8], 1) },
      { q_num_heads: 3, kv_num_heads: 1 },
      23,
    ],
    ["attention.onnx-attribute", {}, { left_window_size: 2 }, 24],
    ["attention.onnx-attribute", {}, { cause: 2 }, 24],
    ["attention.onnx-value", {}, { qk_matmul_output_mode: 4 }, 25],
    ["attention.onnx-input", { nonpad_kv_seqlen: nonpad }, {}, 23],
    ["attention.onnx-nonpad", { nonpad_kv_seqlen: tensor("int64", [1], BigInt64Array.of(6n)) }, {}, 24],
    ["attention.onnx-past-shape", { past_key: random([1, 1, 2, 4], 4), past_value: past }, {}, 24],
    ["attention.onnx-rank", { V: random([1, 5, 4], 3) }, {}, 24],
    ["attention.onnx-types", { K: { ...random([1, 2, 5, 4], 3), dtype: "float64" } }, {}, 24],
    ["attention.onnx-types", { past_key: past, past_value: { ...past, dtype: "float16" } }, {}, 24],
    ["attention.onnx-batch", { K: random([2, 2, 5, 4], 3), V: random([2, 2, 5, 4], 3) }, {}, 24],
    ["attention.onnx-nonpad", { nonpad_kv_seqlen: tensor("float32", [1], Float32Array.of(2)) }, {}, 24],
    ["attention.onnx-dtype", { V: { ...random([1, 2, 5, 4], 3), dtype: "int32" } }, {}, 24],
  ];
  for (const [code, inputs, attributes, opset] of refused) {
    it(`refuses with ${code}: ${Object.keys({ ...inputs, ...attributes }).join(", ")} in opset ${opset}`, () => {
      const computed = onnxAttention({ ...good, ...inputs }, attributes, opset);
      assert.equal(computed.ok ? null : computed.problem.code, code);
    });
  }

  it("puts out every mode of qk_matmul_output", () => {
    const mask = tensor("float32", [5], Float32Array.of(0, 1, Number.NEGATIVE_INFINITY, 0, 0));
    const modes = [0, 1, 2, 3].map((mode) => {
      const computed = onnxAttention({ ...good, attn_mask: mask }, { softcap: 0.5, qk_matmul_output_mode: mode }, 25);
      assert.ok(computed.ok);
      return Array.from({ length: 5 }, (_, at) => valueAt(computed.value.qk_matmul_output, at));
    });
    const [scaled, capped, masked, weights] = modes as [number[], number[], number[], number[]];
    for (const at of [0, 1, 2, 3, 4]) assert.ok(Math.abs(capped[at]! - 0.5 * Math.tanh(scaled[at]! / 0.5)) < 1e-6);
    for (const at of [0, 1, 3, 4]) assert.ok(Math.abs(masked[at]! - capped[at]! - (at === 1 ? 1 : 0)) < 1e-6);
    assert.deepEqual([masked[2], weights[2]], [Number.NEGATIVE_INFINITY, 0]);
    assert.ok(Math.abs(weights.reduce((a, b) => a + b) - 1) < 1e-6);
  });

  it("pads a short mask and rounds softmax to the asked precision", () => {
    const short = tensor("bool", [3], Uint8Array.of(1, 1, 1));
    const computed = onnxAttention(
      { ...good, attn_mask: short },
      { softmax_precision: 10, qk_matmul_output_mode: 3 },
      25,
    );
    assert.ok(computed.ok);
    const weights = Array.from({ length: 5 }, (_, at) => valueAt(computed.value.qk_matmul_output, at));
    assert.deepEqual(weights.slice(3), [0, 0]);
    for (const w of weights) assert.equal(w * 2 ** 12, Math.round(w * 2 ** 12));
  });
});
