import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { TensorDocument } from "../../../../src/reading/document.ts";
import { createPythonReader } from "../../../../src/reading/python/reader.ts";
import { sizeOf, valueAt } from "../../../../src/tensor/tensor.ts";

const file = (path: string) => readFileSync(new URL(`../../../../${path}`, import.meta.url));
const wasm = (name: string) => new Uint8Array(file(`node_modules/@vscode/tree-sitter-wasm/wasm/${name}`));
const golden = JSON.parse(String(file("test/fixtures/python/additive.json")));

describe("examples/additive_attention.py", () => {
  const text = String(file("examples/additive_attention.py"));
  let document: TensorDocument;

  before(async () => {
    const bytes = { treeSitter: wasm("tree-sitter.wasm"), grammar: wasm("tree-sitter-python.wasm") };
    document = (await createPythonReader(bytes)).read(text, { language: "python" });
  });

  const binding = (name: string) => document.tensors.find((entry) => entry.name === name)!;

  /** Shapes seen at the end of the first occurrence of `code`. */
  const shapeOf = (code: string) => {
    const end = text.indexOf(code) + code.length;
    const start = text.indexOf(code);
    return document.expressions?.find(({ range }) => range.start === start && range.end === end)?.shapes;
  };

  it("has the shapes of every line", () => {
    assert.deepEqual(binding("sequence").shape, [64, 10, 32]);
    assert.deepEqual(shapeOf("self.project(sequence)"), [[64, 10, 16]]);
    assert.deepEqual(shapeOf("torch.tanh(self.project(sequence))"), [[64, 10, 16]]);
    assert.deepEqual(shapeOf("self.score(features)"), [[64, 10, 1]]);
    assert.deepEqual(shapeOf("F.softmax(scores, dim=1)"), [[64, 10, 1]]);
    assert.deepEqual(shapeOf("(weights * sequence).sum(dim=1)"), [[64, 32]]);
    assert.deepEqual(binding("weights").shape, [64, 10, 1]);
  });

  for (const name of ["weights", "pooled"]) {
    it(`has PyTorch's numbers in ${name}, to 1e-6`, () => {
      const values = binding(name).values!;
      for (const [at, expected] of golden[name].entries()) {
        const got = valueAt(values, at);
        assert.ok(Math.abs(got - expected) < 1e-6, `${name}[${at}]: expected ${expected}, got ${got}`);
      }
    });
  }

  it("gives weights that sum to 1 over each sequence", () => {
    const values = binding("weights").values!;
    for (let row = 0; row < sizeOf([64]); row++) {
      let sum = 0;
      for (let at = 0; at < 10; at++) sum += valueAt(values, row * 10 + at);
      assert.ok(Math.abs(sum - 1) < 1e-6);
    }
  });

  it("is seen as attention", () => {
    assert.ok(document.sites.some(({ certainty }) => certainty === "recognised"));
  });
});
