import assert from "node:assert/strict";
import type { Language, TensorDocument } from "../../../../src/reading/document.ts";
import { jsonReader } from "../../../../src/reading/json/reader.ts";
import { processorTime } from "../../support/processorTime.ts";

const read = (text: string, language: Language = "json"): TensorDocument => jsonReader().read(text, { language });
const tensorsOf = (text: string) => read(text).tensors.map(({ path, shape, dtype }) => [path, shape, dtype]);

/** Code, text at the place, and arguments of every problem. */
function problemsOf(text: string, language: Language = "json") {
  return read(text, language).problems.map(({ message, range, severity }) => [
    severity,
    message.code,
    text.slice(range.start, range.end),
  ]);
}

const qkv = '"Q": [[1, 2], [3, 4]], "K": [[1, 0], [0, 1], [1, 1]], "V": [[1], [2], [3]]';

describe("tensors of JSON", () => {
  it("are arrays of numbers, with NumPy's dtypes", () => {
    assert.deepEqual(
      tensorsOf('{"a": [1, 2.5], "b": [[1, 2], [3, 4]], "c": [true, false], "d": [1, true], "e": [-0]}'),
      [
        ["$.a", [2], "float64"],
        ["$.b", [2, 2], "int64"],
        ["$.c", [2], "bool"],
        ["$.d", [2], "int64"],
        ["$.e", [1], "float64"],
      ],
    );
  });

  it("keep integers of 64 bits exact", () => {
    const values = (text: string) => read(text).tensors[0]!.values;
    assert.deepEqual(
      [...values("[9007199254740993, -9223372036854775808, 9223372036854775807, 5]")!.data],
      [9007199254740993n, -9223372036854775808n, 9223372036854775807n, 5n],
    );
    assert.equal(values("[18446744073709551615]")!.dtype, "uint64");
    assert.equal(values("[18446744073709551616]")!.dtype, "float64");
    assert.equal(values("[-1, 18446744073709551615]")!.dtype, "float64");
    assert.equal(values("[9223372036854775808]")!.data[0], 9223372036854775808n);
  });

  it("are named by their keys, and by place below them", () => {
    const text = '{"layers": [{"w x": [[1.5]]}, {"w x": [[2.5]]}], "list": ["a", [1], [2]]}';
    assert.deepEqual(
      read(text).tensors.map(({ path, name }) => [path, name]),
      [
        ['$.layers[0]["w x"]', "w x"],
        ['$.layers[1]["w x"]', "w x"],
        ["$.list[1]", "list[1]"],
        ["$.list[2]", "list[2]"],
      ],
    );
    assert.deepEqual(
      read("[[1]]").tensors.map(({ path, name }) => [path, name]),
      [["$", "$"]],
    );
  });

  it("answer what is at an offset", () => {
    const text = '{"Q": [[1, -2.5],\n [3, 4]]}';
    const document = read(text);
    const at = (offset: number) => {
      const place = document.at(offset);
      return place && [text.slice(place.range.start, place.range.end), place.element];
    };
    assert.deepEqual(at(2), ['"Q"', null]);
    assert.deepEqual(at(text.indexOf("-2.5") + 2), ["-2.5", 1]);
    assert.deepEqual(at(text.indexOf("-2.5") + 4), ["-2.5", 1]);
    assert.deepEqual(at(text.indexOf(", -")), ["1", 0]);
    assert.deepEqual(at(text.indexOf(" -2.5")), ["[1, -2.5]", null]);
    assert.deepEqual(at(text.indexOf("\n")), ["[[1, -2.5],\n [3, 4]]", null]);
    assert.equal(document.at(0), null);
    assert.equal(document.at(text.length), null);
    assert.equal(document.at(-5), null);
  });

  it("count once where a key comes twice: the last one, as in JSON.parse", () => {
    const { tensors, sites } = read('{"Q": [[1]], "K": [[2]], "Q": [[3]]}');
    assert.equal(new Set(tensors.map(({ id }) => id)).size, 3);
    assert.equal(tensors.find(({ id }) => id === sites[0]?.roles.query)?.range.start, 30);
  });

  it("take NaN and infinities as strings among numbers, and null as NaN", () => {
    const { tensors, problems } = read('{"m": [["-inf", 1], [null, "NaN"]]}');
    assert.deepEqual([...tensors[0]!.values!.data], [-Infinity, 1, Number.NaN, Number.NaN]);
    assert.deepEqual(
      problems.map(({ message }) => message),
      [{ code: "json.null", args: { count: 1, tensor: "m" } }],
    );
    assert.deepEqual(tensors[0]!.places!.range(0), { start: 8, end: 14 });
  });
});

describe("bad JSON input", () => {
  it("names ragged rows with their length and what was expected", () => {
    const text = `{"Q": [[1, 2], [3, 4], [5]], ${qkv.slice(qkv.indexOf('"K"'))}}`;
    const document = read(text);
    const q = document.tensors[0]!;
    assert.deepEqual(
      document.problems.map(({ message }) => message),
      [{ code: "json.ragged", args: { row: "$.Q[2]", length: 1, expected: 2 } }],
    );
    assert.deepEqual(problemsOf(text), [["error", "json.ragged", "[5]"]]);
    assert.deepEqual([q.shape, q.values, q.why?.code], [[3, null], null, "json.raggedTensor"]);
    assert.deepEqual([...q.flat!.data], [1, 2, 3, 4, 5]);
    assert.equal(document.at(text.indexOf("5"))?.element, 4);
    assert.equal(document.sites[0]?.roles.query, "$.Q");
  });

  it("says it as an information where a list has no role", () => {
    assert.deepEqual(problemsOf('{"boxes": [[1, 2], [3]]}'), [["information", "json.ragged", "[3]"]]);
  });

  it("says when the first row is the odd one, and when rows mix numbers and arrays", () => {
    assert.deepEqual(problemsOf('{"Q": [[1], [2, 3], [4, 5]]}'), [["error", "json.ragged", "[1]"]]);
    assert.deepEqual(problemsOf('{"Q": [[1, [2]], [[3], [4]]]}'), [["error", "json.mixed", "[1, [2]]"]]);
    assert.deepEqual(problemsOf('{"Q": [1, [2, 3]]}'), [["error", "json.mixed", "[1, [2, 3]]"]]);
  });

  it("says where text stands instead of a number, in a tensor that has a role", () => {
    const text = `{${qkv.replace("3, 4", '"3", 4')}}`;
    assert.deepEqual(problemsOf(text), [["error", "json.text", '"3"']]);
    assert.deepEqual(read(text).tensors[0]!.why, { code: "json.text", args: { text: "3", tensor: "Q" } });
    assert.deepEqual(problemsOf('{"row": [1, "x", [2, 3]]}'), []);
  });

  it("says which widths and lengths differ, with both shapes", () => {
    const text = '{"Q": [[1, 2]], "K": [[1, 2, 3], [4, 5, 6]], "V": [[1]]}';
    assert.deepEqual(
      read(text).problems.map(({ message }) => message),
      [
        {
          code: "json.width",
          args: { first: "Q", firstShape: [1, 2], second: "K", secondShape: [2, 3], one: 2, other: 3 },
        },
        {
          code: "json.length",
          args: { first: "K", firstShape: [2, 3], second: "V", secondShape: [1, 1], one: 2, other: 1 },
        },
      ],
    );
  });

  it("says that a tensor of a role is empty", () => {
    assert.deepEqual(problemsOf('{"Q": [[], []], "K": [[1]]}'), [["error", "json.empty", "[[], []]"]]);
    assert.deepEqual(tensorsOf('{"a": [], "b": [[], []]}'), []);
  });

  it("says when words do not fit the rows", () => {
    assert.deepEqual(problemsOf(`{"tokens": ["a"], ${qkv}}`), [["warning", "json.tokens", '["a"]']]);
  });

  it("checks weights that are given", () => {
    const text = '{"attn": [[0.5, 0.5], [0.5, 0.6], [-0.5, 1.5], [0, 0], [0.333, 0.666]]}';
    assert.deepEqual(problemsOf(text), [
      ["warning", "json.weightSum", "[0.5, 0.6]"],
      ["warning", "json.negativeWeight", "-0.5"],
    ]);
  });

  it("takes an empty list for an empty matrix beside one that is not", () => {
    const { sites, problems } = read('{"Q": [[1, 2]], "K": [], "V": [[1]]}');
    assert.deepEqual(sites[0]?.roles, { query: "$.Q", key: "$.K", value: "$.V" });
    assert.deepEqual(problems.map(({ message: { code, args } }) => [code, args?.tensor]).slice(0, 1), [
      ["json.empty", "K"],
    ]);
    assert.deepEqual(read('{"query": [], "key": [], "value": []}').sites, []);
  });

  it("marks half-typed text as broken, at the place, said elsewhere but in jsonl", () => {
    const [problem] = read('{"Q": [[1, 2], [3,').problems;
    assert.deepEqual([problem?.broken, problem?.saidElsewhere, problem?.range], [true, true, { start: 17, end: 18 }]);
    assert.deepEqual(read('{"Q": [[1, 2], [3,').tensors, []);
    assert.equal(read("{", "jsonl").problems[0]?.saidElsewhere, undefined);
    assert.deepEqual(
      read(`{"a": [1, 2], "b": tru}`).tensors.map(({ name }) => name),
      ["a"],
    );
  });

  it("finishes with absurd nesting", () => {
    const started = processorTime();
    read(`${"[".repeat(100_000)}1${"]".repeat(100_000)}`);
    read(`${'{"Q":[[1]],"a":'.repeat(50_000)}1${"}".repeat(50_000)}`);
    read(`[${'{"attn":[[1]]},'.repeat(30_000)}0]`);
    assert.ok(processorTime() - started < 10_000);
  });
});

describe("silence", () => {
  const documents: Readonly<Record<string, unknown>> = {
    GeoJSON: {
      type: "FeatureCollection",
      features: [
        {
          type: "Feature",
          properties: { name: "x", value: 3 },
          geometry: {
            type: "Polygon",
            coordinates: [
              [
                [0, 0],
                [1, 0],
                [1, 1],
                [0, 0],
              ],
            ],
          },
        },
      ],
    },
    "package-lock.json": {
      name: "a",
      lockfileVersion: 3,
      packages: { "node_modules/key": { version: "1.0.0", engines: { node: ">=18" }, os: ["linux"], cpu: ["x64"] } },
    },
    "tsconfig.json": {
      compilerOptions: { target: "ES2023", lib: ["ES2023", "DOM"], paths: { "#a": ["./a.ts"] }, strict: true },
      include: ["src"],
      exclude: [],
    },
    "a Plotly figure": {
      data: [
        {
          type: "heatmap",
          z: [
            [0.2, 0.8],
            [0.5, 0.5],
          ],
          x: ["a", "b"],
          y: ["c", "d"],
        },
        { type: "bar", values: [1, 2], labels: ["p", "q"] },
      ],
      layout: { title: { text: "t" }, shapes: [], margin: { l: 10 } },
    },
    "a Vega-Lite chart": {
      data: { values: [{ a: 1, b: 2 }] },
      encoding: { x: { field: "a", scale: { domain: [0, 1] } } },
    },
    "Hugging Face tokens": { input_ids: [[101, 102]], attention_mask: [[1, 1]], token_type_ids: [[0, 0]] },
    "model parameters": {
      "h.0.attn.q_proj.weight": [[1, 2]],
      "h.0.attn.k_proj.weight": [[1, 2]],
      W_q: [[1]],
      W_k: [[1]],
      "attn.bias": [[1]],
    },
    "keypoints and values": { keypoints: [[1, 2]], key: [[1, 2]], values: [[1, 2]], query_string: "x" },
    settings: { attention_dropout: 0.1, num_attention_heads: 12, attn_config: [[1, 2]], key: "x", query: "y" },
  };
  for (const [name, document] of Object.entries(documents)) {
    it(`nothing is recognised in ${name}`, () => {
      const { sites, problems } = read(JSON.stringify(document, null, 2));
      assert.deepEqual(
        sites.filter(({ certainty }) => certainty === "recognised"),
        [],
      );
      assert.deepEqual(problems, []);
    });
  }
});
