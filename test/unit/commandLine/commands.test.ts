import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { attendCommand } from "../../../src/commandLine/attend.ts";
import { type CommandInput, languageOf, UsageError } from "../../../src/commandLine/commandLine.ts";
import { explainCommand } from "../../../src/commandLine/explain.ts";
import { inspectCommand } from "../../../src/commandLine/inspect.ts";
import { attentionSentences } from "../../../src/explain/sentences/attention.ts";
import { jsonSentences } from "../../../src/explain/sentences/json.ts";
import { serviceSentences } from "../../../src/explain/sentences/service.ts";
import { sayer } from "../../../src/explain/sentences.ts";
import { jsonReader } from "../../../src/reading/json/reader.ts";
import type { Translate } from "../../../src/tensor/message.ts";

const root = join(import.meta.dirname, "../../..");
const json = { json: true, values: 64, expressions: false } as const;

const translate: Translate = (text, args = {}) =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(args[name] ?? whole));

function input(text: string, file = "file.json"): CommandInput {
  const reader = jsonReader();
  const document = reader.read(text, { language: "json" });
  const say = sayer(translate, [jsonSentences, attentionSentences, serviceSentences]);
  return { file, text, language: "json", reader, document, translate, say };
}

function fileInput(path: string): CommandInput {
  return input(readFileSync(join(root, path), "utf8"), path);
}

describe("inspect", () => {
  it("lists tensors with name, place, shape, dtype and values as tools read them", () => {
    const text = '{"w": [[1.5, NaN], [-Infinity, 2]]}';
    const { file, tensors, problems } = JSON.parse(inspectCommand(input(text), json));
    assert.equal(file, "file.json");
    assert.deepEqual(tensors, [
      {
        name: "w",
        path: "$.w",
        range: { start: { line: 0, character: 6 }, end: { line: 0, character: text.length - 1 } },
        shape: [2, 2],
        dtype: "float64",
        values: [1.5, "nan", "-inf", 2],
        exact: true,
      },
    ]);
    assert.ok(problems.every(({ severity }: { severity: string }) => severity === "information"));
  });

  it("gives at most as many values as asked for", () => {
    const [tensor] = JSON.parse(inspectCommand(input('{"a": [1, 2, 3]}'), { ...json, values: 2 })).tensors;
    assert.deepEqual(tensor.values, [1, 2]);
  });

  it("says in a sentence what is wrong, and where", () => {
    const { problems } = JSON.parse(inspectCommand(input('{"Q": [[1, 2],\n [3]], "K": [[1, 2]], "V": [[1]]}'), json));
    const ragged = problems.find(({ code }: { code: string }) => code.includes("ragged"));
    assert.equal(ragged.range.start.line, 1);
    assert.match(ragged.message, /\b1\b.*\b2\b|\b2\b.*\b1\b/);
  });

  it("is a table for people", () => {
    assert.match(
      inspectCommand(fileInput("examples/attention.json"), { ...json, json: false }),
      /^\$\.Q {2}4×8 {2}float64 {2}4:8$/m,
    );
  });
});

describe("attend", () => {
  it("gives weights and output of the file's problem", async () => {
    const { weights, output, scale } = JSON.parse(
      await attendCommand(fileInput("examples/attention.json"), { json: true }),
    );
    assert.deepEqual([weights.shape, output.shape, scale], [[1, 1, 4, 6], [1, 1, 4, 8], 1 / Math.sqrt(8)]);
    const row = weights.data.slice(0, 6).reduce((sum: number, w: number) => sum + w);
    assert.ok(Math.abs(row - 1) < 1e-12);
  });

  it("equals NumPy on the example to 1e-12", async () => {
    const expected = JSON.parse(readFileSync(join(root, "test/fixtures/numpy/example.json"), "utf8"));
    const { weights, output } = JSON.parse(await attendCommand(fileInput("examples/attention.json"), { json: true }));
    for (const [at, w] of weights.data.entries()) assert.ok(Math.abs(w - expected.weights[at]) < 1e-12);
    for (const [at, y] of output.data.entries()) assert.ok(Math.abs(y - expected.output[at]) < 1e-12);
  });

  it("takes tensors by name, and one for all three as self-attention", async () => {
    const both = await attendCommand(input('{"x": [[1, 0], [0, 1]], "y": [[5], [7]]}'), {
      json: true,
      query: "x",
      value: "y",
      key: "$.x",
    });
    assert.deepEqual(JSON.parse(both).output.shape, [1, 1, 2, 1]);
    const self = await attendCommand(input('{"x": [[1, 0], [0, 1]]}'), { json: true, query: "x", causal: "topLeft" });
    assert.deepEqual(JSON.parse(self).weights.data.slice(0, 2), [1, 0]);
  });

  it("is a table with the file's words for people", async () => {
    const lines = (await attendCommand(fileInput("examples/attention.json"), { json: false })).split("\n");
    assert.match(lines[0]!, /The +cat +sat +on +the +mat$/);
    assert.match(lines[2]!, /^chat /);
  });

  it("says in one line what a file without a problem lacks", async () => {
    for (const text of ["{}", "[1, 2", '{"a": "b"}', '{"Q": [[1, 2]], "K": [[1]], "V": [[1]]}', '{"x": [[1]]}']) {
      await assert.rejects(attendCommand(input(text), { json: true }), (error) => {
        assert.ok(error instanceof UsageError);
        return !error.message.includes("\n") && error.message.startsWith("file.json: ");
      });
    }
  });

  it("asks to name matrices, no vectors and no empty lists; says which tensor holds text", async () => {
    for (const [text, said] of [
      ['{"Q": [], "K": [], "V": [1, 2]}', /there is no matrix in it/],
      ['{"x": [[1, 2]], "y": [1, 2]}', /--value: \$\.x\.$/],
      ['{"Q": [[1, "six"]], "K": [[1, 2]], "V": [[1]]}', /Expected a number in Q, got the text “six”/],
    ] as const) {
      await assert.rejects(attendCommand(input(text), { json: true }), said);
    }
  });

  it("names the layers of a file that says so", async () => {
    const text = await attendCommand(fileInput("examples/layouts/layers.json"), { json: false });
    assert.deepEqual(text.match(/^(layer|batch).*$/gm), ["layer 0, head 0", "layer 1, head 0", "layer 2, head 0"]);
  });

  it("says which row makes a tensor ragged, of Q as of given weights", async () => {
    for (const [text, said] of [
      ['{"Q": [[1, 2], [3]], "K": [[1, 2]], "V": [[1]]}', /\$\.Q\[1\] has the length 1, the other rows 2/],
      ['{"attention": [[0.5, 0.5], [1]]}', /\$\.attention\[1\] has the length 1, the other rows 2/],
    ] as const) {
      await assert.rejects(attendCommand(input(text), { json: true }), said);
    }
  });

  it("says where a text is broken, where that is why there is nothing to compute", async () => {
    for (const [text, line] of [
      ['{"Q": [[1, 2]],\n"K": [[1, 2]],\n"V": [[1]', 3],
      ["[1, 2", 1],
    ] as const) {
      await assert.rejects(attendCommand(input(text), { json: true }), new RegExp(`file.json: Line ${line}: `));
    }
  });

  it("answers ONNX test cases by the operator's names", async () => {
    const folder = "test/fixtures/onnx";
    for (const name of readdirSync(join(root, folder)).filter((file) => file.endsWith(".json"))) {
      const { outputs } = JSON.parse(readFileSync(join(root, folder, name), "utf8"));
      const answered = JSON.parse(await attendCommand(fileInput(`${folder}/${name}`), { json: true }));
      for (const [key, { shape, dtype }] of Object.entries<{ shape: number[]; dtype: string }>(outputs)) {
        assert.deepEqual([answered[key].shape, answered[key].dtype], [shape, dtype], `${name} ${key}`);
      }
    }
  });

  const matrix = { dtype: "float32", shape: [1, 1, 2, 2], data: [1, 0.5, 0.25, 2] };
  const onnx = { opset: 24, attributes: {} as unknown, inputs: { Q: matrix, K: matrix, V: matrix } as object };

  it("takes optional inputs that are null, absent attributes, and NaN as Python writes it", async () => {
    const plain = await attendCommand(input(JSON.stringify(onnx)), { json: true });
    const empty = { ...onnx, attributes: undefined, inputs: { ...onnx.inputs, attn_mask: null, past_key: null } };
    assert.equal(await attendCommand(input(JSON.stringify(empty)), { json: true }), plain);
    const bare = `\uFEFF${JSON.stringify(onnx).replace("0.5", "NaN")}`;
    const { Y } = JSON.parse(await attendCommand(input(bare), { json: true }));
    assert.deepEqual(Y.data.slice(0, 2), ["nan", "nan"]);
  });

  for (const [what, spoiled, said] of [
    ["an input of another name", { inputs: { ...onnx.inputs, mask: matrix } }, /no input mask .* attn_mask/],
    ["Q that is missing", { inputs: { K: matrix, V: matrix } }, /input Q is missing/],
    ["an attribute that is null", { attributes: { scale: null } }, /scale is null; expected a finite number/],
    ["an attribute that is a text", { attributes: { softcap: "2" } }, /softcap is "2"; expected ≥ 0/],
    ["an opset that is a text", { opset: "24" }, /opset "24"/],
    [
      "a fraction among integers",
      { inputs: { ...onnx.inputs, nonpad_kv_seqlen: { dtype: "int64", shape: [1], data: [1.5] } } },
      /nonpad_kv_seqlen .*integer.*int64.*1\.5/,
    ],
    [
      "more real keys than keys",
      { inputs: { ...onnx.inputs, nonpad_kv_seqlen: { dtype: "int64", shape: [1], data: [3] } } },
      /nonpad_kv_seqlen is \[3\].*from 0 to 2/,
    ],
  ] as const) {
    it(`refuses an ONNX test case with ${what}, in a sentence`, async () => {
      await assert.rejects(attendCommand(input(JSON.stringify({ ...onnx, ...spoiled })), { json: true }), (error) => {
        assert.ok(error instanceof UsageError);
        assert.match(error.message, said);
        return true;
      });
    });
  }
});

describe("explain", () => {
  it("says of a place everything that a hover says there, in plain text", async () => {
    const said = await explainCommand(fileInput("examples/attention.json"), "6:14");
    assert.match(said, /Q\[1, 1\]/);
    assert.match(said, /0\.7746/);
    assert.doesNotMatch(said, /<|\*\*/);
  });

  it("says in one line that there is nothing, or that the place is none", async () => {
    for (const at of ["1:1", "999:1", "x", "3"]) {
      await assert.rejects(explainCommand(fileInput("examples/attention.json"), at), UsageError);
    }
  });
});

describe("the language of a file", () => {
  it("goes by its ending", () => {
    assert.deepEqual([".py", ".JSON", ".jsonc", ".ndjson", ".txt"].map(languageOf), [
      "python",
      "json",
      "jsonc",
      "jsonl",
      "json",
    ]);
  });
});
