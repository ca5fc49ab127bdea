import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { attend } from "../../../src/attention/engine.ts";
import type { AttentionProblem } from "../../../src/attention/problem.ts";
import { type ExportFormat, type ExportSource, exported } from "../../../src/exporting/exportStage.ts";
import { tableCsv } from "../../../src/exporting/tableText.ts";
import { tensor } from "../../../src/tensor/tensor.ts";

const fixtures = join(import.meta.dirname, "../../fixtures/exporting");
const stored = (name: string) => readFileSync(join(fixtures, name));

const grid = (rows: number, columns: number, shift: number) =>
  tensor(
    "float64",
    [rows, columns],
    Float64Array.from({ length: rows * columns }, (_, i) => ((i * 7 + shift) % 11) / 4 - 1),
  );

/** Everything that the code must say: a causal rule with an offset, a mask of numbers, a softcap, a scale. */
const problem: AttentionProblem = {
  query: grid(3, 4, 1),
  key: grid(4, 4, 3),
  value: grid(4, 2, 5),
  mask: tensor("float64", [3, 4], Float64Array.of(0, -1.5, 0, 0, 0.25, 0, Number.NEGATIVE_INFINITY, 0, 0, 0, 0, 0)),
  causal: "bottomRight",
  softcap: 5,
  scale: 0.7,
};
const causal: AttentionProblem = { query: grid(3, 4, 1), key: grid(3, 4, 3), value: grid(3, 2, 5), causal: "topLeft" };

async function source(of: AttentionProblem, labels: Partial<ExportSource["labels"]> = {}): Promise<ExportSource> {
  const computed = await attend(of);
  assert.ok(computed.ok);
  return {
    result: computed.value,
    problem: of,
    labels: { name: "examples/attention.json", queries: null, keys: null, ...labels },
    words: { queries: "queries", keys: "keys", dimensions: "dimensions", stage: "weights" },
  };
}

async function written(
  of: AttentionProblem,
  format: ExportFormat,
  labels: Partial<ExportSource["labels"]> = {},
): Promise<{ name: string; bytes: Uint8Array; text: string }> {
  const picture = { colorMap: "viridis", scale: "linear" } as const;
  const made = await exported(await source(of, labels), {
    batch: 0,
    head: 0,
    stage: "weights",
    format,
    query: 1,
    key: 2,
    picture,
  });
  return { ...made, text: new TextDecoder().decode(made.bytes) };
}

describe("exports", () => {
  it("write the bytes that NumPy itself writes for the same weights", async () => {
    const { name, bytes } = await written(problem, "npy");
    assert.equal(name, "attention-weights.npy");
    const ours = new Float64Array(bytes.slice(128).buffer);
    const numpys = new Float64Array(Uint8Array.from(stored("weights.npy")).slice(128).buffer);
    assert.deepEqual(bytes.slice(0, 128), Uint8Array.from(stored("weights.npy").subarray(0, 128)));
    for (const [i, x] of ours.entries()) assert.ok(Math.abs(x - numpys[i]!) < 1e-15);
  });

  for (const [which, of] of [
    ["all", problem],
    ["causal", causal],
  ] as const) {
    it(`write code that NumPy has run to our weights and output (${which})`, async () => {
      const { text } = await written(of, "numpy");
      assert.equal(text, stored(`${which}.py.txt`).toString());
      const ran = JSON.parse(stored(`${which}.json`).toString()) as { weights: number[][]; output: number[][] };
      const { result } = await source(of);
      for (const [query, weights] of ran.weights.entries()) {
        const ours = result.row({ batch: 0, head: 0 }, query);
        for (const [key, x] of weights.entries()) assert.ok(Math.abs(x - ours.weights[key]!) < 1e-15);
        for (const [k, x] of ran.output[query]!.entries()) assert.ok(Math.abs(x - ours.output[k]!) < 1e-14);
      }
    });
  }

  it("write PyTorch code of the same steps", async () => {
    const { text } = await written(causal, "pytorch");
    assert.match(text, /^import torch\n/);
    assert.match(text, /masked_fill\(~mask, float\("-inf"\)\)/);
    assert.doesNotMatch(text, /np\./);
  });

  it("never let a name out of its comment", async () => {
    for (const format of ["numpy", "latex"] as const) {
      const { text } = await written(causal, format, {
        name: "a\nimport os",
        queries: ["x\n\\input{y}", "b\n\\input{y}", "c"],
      });
      assert.doesNotMatch(text, /^(import os|\\input)/m);
    }
  });

  it("derive a cell in LaTeX with balanced braces and its own numbers", async () => {
    const { text, name } = await written(problem, "latex");
    assert.equal(name, "attention-cell-1-2.tex");
    assert.equal(text.split("{").length, text.split("}").length);
    assert.match(text, /-\\infty/);
  });

  it("write JSON that names its axes and gives every double back", async () => {
    const { text } = await written(problem, "json", { keys: ["a", "b", "c", "d"] });
    const read = JSON.parse(text) as { shape: number[]; keys: string[]; data: number[][] };
    assert.deepEqual(
      [read.shape, read.keys],
      [
        [3, 4],
        ["a", "b", "c", "d"],
      ],
    );
    const { result } = await source(problem);
    for (const [query, row] of read.data.entries()) {
      assert.deepEqual(row, Array.from(result.row({ batch: 0, head: 0 }, query).weights));
    }
  });

  it("write CSV of which every field can be read back, whatever the words", () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 4 }), (words) => {
        const values = tensor("float64", [1, words.length], new Float64Array(words.length).fill(Number.NaN));
        const head = { batch: 0, head: 0 };
        const csv = tableCsv({
          name: "",
          stage: "weights",
          head,
          values,
          forbidden: null,
          rows: ["r"],
          columns: words,
        });
        assert.deepEqual(fields(csv.slice(0, csv.lastIndexOf("\r\nr,"))), ["", ...words]);
        assert.ok(csv.endsWith(`r${",nan".repeat(words.length)}\r\n`));
      }),
    );
  });

  it("hatch what is forbidden in a figure, and keep words inside it", async () => {
    const { text } = await written(causal, "svg", { keys: ["<b>", "&", "\u0007"] });
    assert.equal(text.match(/stroke="#aaa"/g)?.length, 3);
    assert.match(text, /&#60;b&#62;/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML forbids them
    assert.doesNotMatch(text, /<b>|[\u0000-\u0008]|NaN/);
  });

  it("refuse more numbers than a file should have", async () => {
    const { result, labels, words } = await source(causal);
    const huge = { ...result, sizes: { ...result.sizes, queries: 2 ** 14, keys: 2 ** 14 } };
    const request = {
      batch: 0,
      head: 0,
      stage: "weights",
      format: "csv",
      query: null,
      key: null,
      picture: { colorMap: "", scale: "linear" },
    } as const;
    await assert.rejects(exported({ result: huge, labels, words }, request), RangeError);
  });
});

/** The fields of one CSV record, by RFC 4180. */
function fields(record: string): string[] {
  const matches = `,${record}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,"]*))/g);
  return [...matches].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain!);
}
