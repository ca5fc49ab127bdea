import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { toFloat64 } from "../../../../src/tensor/tensor.ts";
import { named, read } from "./reader.ts";

interface Truth {
  readonly shape: readonly number[];
  readonly dtype: string;
  /** The first of them, as NumPy and PyTorch have them. */
  readonly numbers: readonly number[];
}

const root = new URL("../../../../", import.meta.url);
const text = (path: string): string => readFileSync(new URL(path, root), "utf8");
const truth = JSON.parse(text("test/fixtures/python/examples.json")) as Record<string, Record<string, Truth>>;

describe("the examples in Python", () => {
  for (const [file, arrays] of Object.entries(truth)) {
    it(`has the shapes, dtypes and numbers of a run, to 1e-6: ${file}`, async () => {
      const document = await read(text(`examples/${file}`));
      assert.ok(Object.keys(arrays).length > 0);
      for (const [name, { shape, dtype, numbers }] of Object.entries(arrays)) {
        const entry = named(document, name);
        assert.deepEqual([entry.shape, entry.dtype], [shape, dtype], name);
        assert.ok(entry.values, `${name} has no values: ${entry.why?.code}`);
        const found = toFloat64(entry.values);
        for (const [at, number] of numbers.entries())
          assert.ok(Math.abs(found[at]! - number) <= 1e-6, `${name}[${at}]: ${found[at]} ≠ ${number}`);
      }
    });
  }

  it("say on every line of the additive class what its tensors are", async () => {
    const code = text("examples/additive_attention.py");
    const document = await read(code);
    const shown = (line: string, word: string) => {
      const start = code.indexOf(line);
      assert.ok(start >= 0, line);
      return document.at(start + line.indexOf(word))?.tensor.shape;
    };
    assert.deepEqual(shown("scores = self.score(", "scores"), [64, 10, 1]);
    assert.deepEqual(
      shown("scores = self.score(torch.tanh(self.hidden(sequence)))", "self.hidden(sequence)"),
      [64, 10, 16],
    );
    assert.deepEqual(shown("self.hidden(sequence)", "sequence"), [64, 10, 32]);
    assert.deepEqual(shown("weights = F.softmax(scores, dim=1)", "weights"), [64, 10, 1]);
    assert.deepEqual(shown("weights = F.softmax(scores, dim=1)", "scores"), [64, 10, 1]);
    assert.deepEqual(shown("return weights", "weights"), [64, 10, 1]);
    assert.deepEqual(shown("sequences = torch.randn", "sequences"), [64, 10, 32]);
    assert.deepEqual(shown("weights = attention(sequences)", "weights"), [64, 10, 1]);
    assert.deepEqual(shown("totals = weights.sum(dim=1)", "totals"), [64, 1]);
    assert.deepEqual(shown("context = (weights * sequences)", "context"), [64, 32]);
    const weights = toFloat64(named(document, "weights").values!);
    for (let sequence = 0; sequence < 64; sequence++) {
      const sum = weights.slice(sequence * 10, sequence * 10 + 10).reduce((total, weight) => total + weight, 0);
      assert.ok(Math.abs(sum - 1) < 1e-6, `sequence ${sequence} sums to ${sum}`);
    }
  });

  it("have attention that can be run, in their own numbers or on samples", async () => {
    const block = await read(text("examples/gpt_block.py"));
    assert.deepEqual(
      block.sites.map(({ name }) => name),
      ["CausalSelfAttention.forward", "Encoder.forward"],
    );
    const tutorial = await read(text("examples/numpy_attention.py"));
    assert.equal(tutorial.sites.length, 2);
    for (const { roles } of tutorial.sites) assert.ok(roles.query && roles.key && roles.value);
  });
});
