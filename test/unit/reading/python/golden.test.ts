import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { toFloat64 } from "../../../../src/tensor/tensor.ts";
import { named, read } from "./reader.ts";

interface Told {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly values: readonly (number | string)[];
  readonly sum: string;
}

const fixtures = join(import.meta.dirname, "../../../fixtures/python");
const golden = JSON.parse(readFileSync(join(fixtures, "golden.json"), "utf8")) as Record<string, Record<string, Told>>;
const folders: Readonly<Record<string, string>> = {
  "additive_attention.py": "../../../examples",
  "attention.py": "../../../examples",
};

const numberOf = (x: number | string): number => (typeof x === "number" ? x : Number(x.replace("inf", "Infinity")));
/** Two float32 roundings apart where the dtype has no more. */
const tolerance = (dtype: string): number => (dtype === "float64" ? 1e-12 : dtype === "float16" ? 1e-3 : 1e-6);

describe("programs that NumPy and PyTorch have run", () => {
  for (const [program, names] of Object.entries(golden)) {
    it(`read the same: ${program}`, async () => {
      const document = await read(readFileSync(join(fixtures, folders[program] ?? ".", program), "utf8"));
      for (const [name, told] of Object.entries(names)) {
        const entry = named(document, name);
        assert.deepEqual([name, entry.shape, entry.dtype], [name, told.shape, told.dtype]);
        assert.ok(entry.values, `${name} has no values: ${JSON.stringify(entry.why)}`);
        const values = toFloat64(entry.values);
        told.values.forEach((expected, at) => {
          const [want, got] = [numberOf(expected), values[at]!];
          const close = want === got || Math.abs(want - got) <= tolerance(told.dtype) * Math.max(1, Math.abs(want));
          assert.ok(close, `${name}[${at}]: ${got}, expected ${want}`);
        });
      }
    });
  }

  it("gives the weights of the additive class to 1e-6, each sequence summing to 1", async () => {
    const document = await read(readFileSync(join(fixtures, "../../../examples/additive_attention.py"), "utf8"));
    const weights = named(document, "weights");
    assert.deepEqual([weights.shape, weights.dtype, weights.origin], [[64, 10, 1], "float32", "derived"]);
    const values = toFloat64(weights.values!);
    for (let row = 0; row < 64; row++) {
      const sum = values.subarray(row * 10, row * 10 + 10).reduce((a, b) => a + b, 0);
      assert.ok(Math.abs(sum - 1) < 1e-6, `row ${row} sums to ${sum}`);
    }
    assert.equal(named(document, "sequences").exact, true);
  });
});
