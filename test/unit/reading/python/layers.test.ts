import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Reader, TensorEntry } from "../../../../src/reading/document.ts";
import { toFloat64 } from "../../../../src/tensor/tensor.ts";
import { named, reader as openReader, read } from "./reader.ts";

interface Expected {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly values?: readonly (number | string)[];
}
interface Case {
  readonly name: string;
  readonly code: string;
  readonly tensors: Readonly<Record<string, Expected>>;
}

const fixture = new URL("../../../fixtures/python/layers.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(fixture, "utf8")) as { cases: Case[] };

describe("tensors at the end of a program, against PyTorch and NumPy", () => {
  let reader: Reader;
  before(async () => {
    reader = await openReader();
  });
  for (const { name, code, tensors } of cases) {
    it(name, () => {
      const { tensors: read } = reader.read(code, { language: "python" });
      for (const [key, expected] of Object.entries(tensors)) {
        const entry = read.find((t) => t.name === key);
        assert.ok(entry, `${key} is missing`);
        compare(key, entry, expected);
      }
    });
  }
});

/** Shape and dtype must be told and right; values, where they are told, must be right: to the bit where they claim to be exact. */
function compare(name: string, entry: TensorEntry, expected: Expected): void {
  assert.deepEqual(entry.shape, expected.shape, `shape of ${name}`);
  assert.equal(entry.dtype, expected.dtype, `dtype of ${name}`);
  if (!entry.values || !expected.values) return;
  const told = toFloat64(entry.values);
  expected.values.forEach((text, at) => {
    const x = Number(String(text).replace("inf", "Infinity"));
    const off = Math.abs(told[at]! - x);
    const near = entry.exact ? off === 0 : off <= 2e-6 * Math.max(1, Math.abs(x));
    assert.ok(near || Object.is(told[at], x), `${name}[${at}]: ${told[at]} for ${x}${entry.exact ? " (exact)" : ""}`);
  });
}

describe("keys that nn.MultiheadAttention adds", () => {
  // By PyTorch 1.13.
  const cases: readonly (readonly [string, string, readonly number[], readonly number[]])[] = [
    ["add_bias_kv=True, add_zero_attn=True", "", [2, 3, 5], [0.202098, 0.200932, 0.200576, 0.192494, 0.203899]],
    [
      "add_zero_attn=True",
      ", attn_mask=torch.ones(3, 3).triu(1).bool()",
      [2, 3, 4],
      [0.498079, 0, 0, 0.501921, 0.327261],
    ],
  ];
  for (const [options, mask, shape, first] of cases)
    it(`${options}: a mask hides none of them`, async () => {
      const text = `import torch
x = torch.arange(24.0).reshape(2, 3, 4) / 9
torch.manual_seed(0)
layer = torch.nn.MultiheadAttention(4, 2, ${options}, batch_first=True)
output, weights = layer(x, x, x${mask})
`;
      const found = named(await read(text), "weights");
      assert.deepEqual(found.shape, shape);
      const numbers = [...toFloat64(found.values!)].slice(0, first.length);
      assert.deepEqual(
        numbers.map((number) => Math.round(number * 1e6) / 1e6),
        first,
      );
    });
});
