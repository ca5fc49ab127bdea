import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { read } from "./reader.ts";

interface Held {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly values: readonly string[];
}

const folder = join(import.meta.dirname, "../../../fixtures/python/values");
const text = (name: string) => readFileSync(join(folder, name), "utf8");
const programs = JSON.parse(text("values.json")) as Record<string, Record<string, Held>>;

/** How many names of a program have no values: operations that are known by their shapes alone, or not at all. */
const withoutValues: Readonly<Record<string, number>> = {
  // Among them 5 of float32 arrays with float64 numbers, whose type differs in NumPy 1 and 2, and 2 of floats beyond 8 bits.
  "arithmetic.py": 10,
  "corners.py": 1,
  "indexing.py": 20,
  "reducing.py": 28,
  "shaping.py": 46,
  "sharing.py": 12,
  "writing.py": 19,
};

const numberOf = (told: string): number => Number(told.replace("inf", "Infinity"));
const room = (dtype: string): number => ({ float64: 1e-12, float16: 1e-3 })[dtype] ?? 1e-6;

describe("values that the operations give", () => {
  for (const [program, names] of Object.entries(programs)) {
    it(`are PyTorch's and NumPy's, to the last bit where they are called exact: ${program}`, async () => {
      const document = await read(text(program));
      let unknown = 0;
      for (const [name, told] of Object.entries(names)) {
        const entry = document.tensors.find((tensor) => tensor.name === name);
        if (!entry?.values) {
          unknown++;
          continue;
        }
        assert.equal(entry.dtype, told.dtype, name);
        assert.deepEqual(entry.shape, told.shape, name);
        const given = Array.from(entry.values.data as ArrayLike<number | bigint>, Number);
        const { exact } = entry;
        told.values.map(numberOf).forEach((wanted, at) => {
          const [got, reach] = [given[at]!, exact ? 0 : room(told.dtype) * Math.max(1, Math.abs(wanted))];
          const same = Object.is(got, wanted) || got === wanted || Math.abs(got - wanted) <= reach;
          assert.ok(same, `${name}[${at}] is ${wanted}, told ${got}${exact ? " as exact" : ""}`);
        });
      }
      assert.equal(unknown, withoutValues[program]);
    });
  }
});
