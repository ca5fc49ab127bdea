import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { AttentionSite, Language, Role, TensorDocument, TensorEntry } from "../../../../src/reading/document.ts";
import { jsonReader } from "../../../../src/reading/json/reader.ts";
import { toFloat64 } from "../../../../src/tensor/tensor.ts";

const folder = new URL("../../../../examples/layouts/", import.meta.url);

interface Read {
  readonly text: string;
  readonly document: TensorDocument;
  readonly site: AttentionSite;
  readonly entry: (role: Role) => TensorEntry;
}

function read(name: string, which = 0): Read {
  const text = readFileSync(new URL(name, folder), "utf8");
  const document = jsonReader().read(text, { language: name.split(".").pop() as Language });
  assert.deepEqual(document.problems, []);
  const site = document.sites[which]!;
  return { text, document, site, entry: (role) => document.tensors.find(({ id }) => id === site.roles[role])! };
}

/** Every element is written where its place says, and the place is found again from its text. */
function assertPlaces({ text, document, entry }: Read, role: Role, unit = 1): void {
  const { places, values } = entry(role);
  const numbers = toFloat64(values!);
  for (const [flat, value] of numbers.entries()) {
    const { start, end } = places!.range(flat);
    assert.ok(
      Math.abs(Number(text.slice(start, end)) - value) <= 1e-7 * unit,
      `${flat}: ${text.slice(start, end)} is not ${value}`,
    );
    assert.equal(places!.at(start), flat);
    assert.equal(places!.at(end), flat);
    const row = places!.row(flat);
    assert.ok(row.start <= start && end <= row.end);
    assert.equal(document.at(start)?.element, flat);
    assert.equal(document.at(start)?.tensor.id, entry(role).id);
  }
}

const tokens = ["[CLS]", "the", "cat", "sat", "[SEP]"];
const french = ["le", "chat", "noir", "."];

describe("layouts of attention in JSON", () => {
  it("q_proj, k_proj, v_proj with a boolean mask and a scale", () => {
    const found = read("projections.json");
    assert.deepEqual(found.site.roles, { query: "$.q_proj", key: "$.k_proj", value: "$.v_proj", mask: "$.mask" });
    assert.deepEqual(found.site.options, { scale: 0.5 });
    assert.equal(found.entry("mask").dtype, "bool");
    assert.deepEqual(found.site.queryTokens?.labels, tokens);
    assertPlaces(found, "value");
  });

  it("queries, keys, values with heads; the source's words belong to the keys", () => {
    const found = read("plural.json");
    assert.deepEqual(found.site.axes, { head: { meaning: "head", labels: null } });
    assert.deepEqual(found.site.queryTokens?.labels, french);
    assert.equal(found.site.keyTokens?.labels.length, 5);
  });

  it("weights alone, with tokens", () => {
    const found = read("weights.json");
    assert.deepEqual(found.site.roles, { weights: "$.attention_weights" });
    assert.deepEqual(found.site.keyTokens?.labels, tokens);
    const { start, end } = found.site.keyTokens!.place(2);
    assert.equal(found.text.slice(start, end), '"cat"');
  });

  it("a matrix for each layer, stacked", () => {
    const found = read("layers.json");
    assert.deepEqual(found.entry("weights").shape, [3, 1, 5, 5]);
    assert.deepEqual(found.site.axes, { batch: { meaning: "layer", labels: ["0", "1", "2"] } });
    assertPlaces(found, "weights");
  });

  it("BertViz head view, with the layers it includes", () => {
    const found = read("bertviz-head-view.json");
    assert.deepEqual(found.entry("weights").shape, [2, 3, 5, 5]);
    assert.deepEqual(found.site.axes?.batch, { meaning: "layer", labels: ["0", "11"] });
    assert.deepEqual(found.site.queryTokens?.labels, tokens);
    assertPlaces(found, "weights");
  });

  it("BertViz model view: encoder and cross attention", () => {
    assert.equal(read("bertviz-model-view.json").site.name, "Encoder");
    const cross = read("bertviz-model-view.json", 1);
    assert.equal(cross.site.name, "Cross");
    assert.deepEqual([cross.site.queryTokens?.labels, cross.site.keyTokens?.labels], [french, tokens]);
  });

  it("BertViz neuron view: queries and keys beside the weights", () => {
    const found = read("bertviz-neuron-view.json");
    const path = "$.attention.all";
    assert.deepEqual(found.site.roles, { query: `${path}.queries`, key: `${path}.keys`, weights: `${path}.attn` });
    assert.equal(found.site.axes?.batch?.meaning, "layer");
  });

  it("Inspectus: base64 for each layer and head; its source words belong to the queries", () => {
    const found = read("inspectus.json");
    assert.deepEqual(found.entry("weights").shape, [2, 2, 4, 5]);
    assert.deepEqual(found.site.axes, {
      batch: { meaning: "layer", labels: ["0", "1"] },
      head: { meaning: "head", labels: ["0", "1"] },
    });
    assert.deepEqual([found.site.queryTokens?.labels, found.site.keyTokens?.labels], [french, tokens]);
    const numbers = toFloat64(found.entry("weights").values!);
    for (let row = 0; row < 16; row++) {
      const sum = numbers.subarray(row * 5, row * 5 + 5).reduce((a, b) => a + b, 0);
      assert.ok(Math.abs(sum - 1) < 1e-6);
    }
  });

  it("Hugging Face attentions: [layers][batch][heads][queries][keys]", () => {
    const found = read("hugging-face.json");
    assert.deepEqual(found.entry("weights").shape, [2, 3, 5, 5]);
    assert.equal(found.entry("weights").derivedFrom, "$.attentions");
    assert.deepEqual(found.site.axes, {
      batch: { meaning: "layer", labels: null },
      head: { meaning: "head", labels: null },
    });
    assertPlaces(found, "weights");
  });

  it("Transformer Explainer: a tensor for each block, head and stage", () => {
    const found = read("transformer-explainer.json");
    assert.deepEqual(found.entry("weights").shape, [2, 2, 5, 5]);
    assert.deepEqual(found.entry("scores").shape, [2, 2, 5, 5]);
    assertPlaces(found, "weights");
  });

  it("KServe v2: tensors by name in a list", () => {
    const found = read("kserve.json");
    assert.deepEqual(
      found.document.tensors.map(({ name, dtype, shape }) => [name, dtype, shape]),
      [
        ["query", "float32", [1, 2, 3, 4]],
        ["key", "float32", [1, 2, 4, 4]],
        ["value", "float32", [1, 2, 4, 4]],
      ],
    );
    assertPlaces(found, "key");
    assert.deepEqual([found.document.tensors[0]?.values?.data.constructor], [Float32Array]);
  });

  it("numbers in one list with their shape", () => {
    const found = read("flat.json");
    assert.deepEqual(found.entry("query").shape, [5, 4]);
    assert.deepEqual(found.site.options, { causal: true });
    assertPlaces(found, "query");
    const { start, end } = found.entry("query").places!.row(5);
    assert.equal(found.text.slice(start, end).split(",").length, 4);
  });

  it("base64 of float32, float64 and float16", () => {
    const found = read("base64.json");
    assert.deepEqual(
      found.document.tensors.map(({ dtype }) => dtype),
      ["float32", "float64", "float16"],
    );
    const flat = read("flat.json");
    for (const [role, digits] of [
      ["query", 4],
      ["key", 4],
      ["value", 2],
    ] as const) {
      const [one, other] = [toFloat64(found.entry(role).values!), toFloat64(flat.entry(role).values!)];
      for (const [at, x] of one.entries()) assert.ok(Math.abs(x - other[at]!) < 10 ** -digits, `${role} ${at}`);
    }
  });

  it("sparse: three ways of coordinates give one matrix", () => {
    const all = ["sparse.json", "sparse-triples.json", "sparse-indices.json"].map((name) => read(name));
    for (const { entry } of all)
      assert.deepEqual(toFloat64(entry("weights").values!), toFloat64(all[0]!.entry("weights").values!));
    const { places } = all[0]!.entry("weights");
    const { start, end } = places!.range(6);
    assert.equal(all[0]!.text.slice(start, end), "0.75");
    assert.equal(places!.at(start), 6);
  });

  it("comments, trailing commas, softcap and a window", () => {
    assert.deepEqual(read("commented.jsonc").site.options, { softcap: 30, window: [1, null] });
  });

  it("jsonl: a problem a line", () => {
    const found = read("steps.jsonl");
    assert.deepEqual(
      found.document.sites.map(({ name }) => name),
      [":1", ":2", ":3"],
    );
    assertPlaces(read("steps.jsonl", 2), "query");
  });

  it("offers matrices whose rows sum to 1 as possible weights, and says nothing of them", () => {
    const rows = [
      [0.25, 0.75, 0],
      [0.1, 0.2, 0.7],
    ];
    const text = JSON.stringify({
      probabilities_of_words: rows,
      other: [
        [0.5, 0.25],
        [1, 1],
      ],
      unit: [[1], [1]],
    });
    const { sites, problems } = jsonReader().read(text, { language: "json" });
    assert.deepEqual(
      sites.map(({ certainty, roles }) => [certainty, roles]),
      [["possible", { weights: "$.probabilities_of_words" }]],
    );
    assert.deepEqual(problems, []);
    const named = jsonReader().read(JSON.stringify({ attention: rows }), { language: "json" });
    assert.deepEqual(
      named.sites.map(({ certainty }) => certainty),
      ["recognised"],
    );
  });
});
