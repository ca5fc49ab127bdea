import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import type { CoreApi, DocumentSummary, ResultSummary } from "../../../src/protocol/core.ts";
import { CallError } from "../../../src/protocol/rpc.ts";
import { jsonReader } from "../../../src/reading/json/reader.ts";
import { createCore } from "../../../src/service/core.ts";

const uri = "file:///attention.json";
const example = readFileSync(new URL("../../../examples/attention.json", import.meta.url), "utf8");

describe("core", () => {
  let core: CoreApi;

  beforeEach(() => {
    core = createCore({ readerOf: async () => jsonReader(), nextTurn: () => setImmediate() });
  });

  const open = (text: string, version = 1): Promise<DocumentSummary> =>
    core.open({ uri, language: "json", version, text });

  async function attend(text = example): Promise<ResultSummary> {
    const { sites } = await open(text);
    const outcome = await core.attend({ uri, choice: { site: sites[0]!.id }, options: {} });
    assert.ok(outcome.ok, JSON.stringify(outcome));
    return outcome.value;
  }

  it("summarises tensors, sites and words without numbers", async () => {
    const { tensors, sites } = await open(example);
    assert.deepEqual(
      tensors.map(({ name, shape, dtype }) => [name, shape, dtype]),
      [
        ["Q", [4, 8], "float64"],
        ["K", [6, 8], "float64"],
        ["V", [6, 8], "float64"],
      ],
    );
    assert.equal(sites.length, 1);
    assert.equal(sites[0]!.problem, undefined);
    assert.doesNotMatch(JSON.stringify({ tensors, sites }), /2\.5|"data"/);
  });

  it("computes the example with its words and sizes", async () => {
    const result = await attend();
    assert.deepEqual([result.sizes.queries, result.sizes.keys, result.sizes.size], [4, 6, 8]);
    assert.equal(result.scale, 1 / Math.sqrt(8));
    assert.deepEqual(result.keyTokens, ["The", "cat", "sat", "on", "the", "mat"]);
    const row = await core.row({ result: result.result, batch: 0, head: 0, query: 1 });
    assert.equal(row.statistics.peak, 1);
  });

  it("says of a site why it cannot run", async () => {
    const { sites } = await open('{"Q": [[1, 2]], "K": [[1, 2, 3]], "V": [[1]]}');
    assert.equal(sites[0]!.problem?.code, "attention.width");
  });

  it("mirrors edits: the last of several is read, those before are superseded", async () => {
    await open('{"Q": [[1]], "K": [[1]], "V": [[1]]}');
    const at = '{"Q": [['.length;
    const edits = ["2", "3", "45"].map((text, n) =>
      core.change({ uri, version: n + 2, changes: [{ offset: at, length: 1, text }] }),
    );
    const [first, second, last] = await Promise.allSettled(edits);
    for (const early of [first, second]) {
      assert.ok(early?.status === "rejected" && CallError.is(early.reason, "superseded"));
    }
    assert.ok(last?.status === "fulfilled");
    assert.equal(last.value.version, 4);
    const facts = await core.facts({ uri, offset: at });
    assert.deepEqual([facts?.version, facts?.element?.value], [4, 45]);
  });

  it("goes on from what was read last when edits between were overtaken", async () => {
    await open('{"Q": [[1.5, 2.5]], "K": [[1.5, 2.5]], "V": [[1.5, 2.5]]}');
    const at = '{"Q": [['.length;
    const type = (version: number, offset: number, text: string) =>
      core.change({ uri, version, changes: [{ offset, length: 0, text }] });
    await type(2, at, "3");
    const [overtaken] = await Promise.allSettled([type(3, at, "4"), type(4, at + "431.5, ".length, "5")]);
    assert.equal(overtaken?.status, "rejected");
    const { tensors } = await type(5, at, "-");
    const written = await Promise.all(tensors.map(({ range }) => core.facts({ uri, offset: range.start + 2 })));
    assert.deepEqual(
      written.map((facts) => facts?.element?.value),
      [-431.5, 1.5, 1.5],
    );
    const second = await core.facts({ uri, offset: at + "-431.5, ".length });
    assert.deepEqual([second?.element?.value, second?.version], [52.5, 5]);
  });

  it("applies several changes of one edit as the editor gives them, last place first", async () => {
    await open('{"Q": [[1]], "K": [[1]], "V": [[1]]}');
    const summary = await core.change({
      uri,
      version: 2,
      changes: [
        { offset: 20, length: 1, text: "30" },
        { offset: 8, length: 1, text: "20" },
      ],
    });
    const values = await Promise.all(summary.tensors.map(({ range }) => core.facts({ uri, offset: range.start + 2 })));
    assert.deepEqual(
      values.map((facts) => facts?.element?.value),
      [20, 30, 1],
    );
  });

  it("finds what is under the cursor, and where a row is written", async () => {
    await open(example);
    const offset = example.indexOf("3.20");
    const located = await core.locate({ uri, offset });
    assert.deepEqual([located?.role, located?.index], ["query", [1, 1]]);
    const [row] = await core.ranges({ uri, tensor: located!.tensor, elements: [8], of: "row" });
    assert.equal(
      example.slice(row!.start, row!.end),
      example
        .split("\n")
        .find((line) => line.includes("3.20"))!
        .trim()
        .replace(/,$/, ""),
    );
  });

  it("takes a row's bracket for the row", async () => {
    await open(example);
    const start = example.indexOf("[", example.indexOf("0.40]") + 5);
    const located = await core.locate({ uri, offset: start });
    assert.deepEqual([located?.element, located?.index, located?.wholeRow], [null, [1, 0], true]);
    const matrix = await core.locate({ uri, offset: example.indexOf('"Q": [') + 5 });
    assert.deepEqual([matrix?.tensor, matrix?.index, matrix?.wholeRow], ["$.Q", null, undefined]);
  });

  it("has no place between tensors and no error beyond the text", async () => {
    await open(example);
    assert.equal(await core.facts({ uri, offset: 0 }), null);
    assert.equal(await core.facts({ uri, offset: example.length + 100 }), null);
  });

  it("lets the user choose roles, also self-attention from one matrix", async () => {
    const { tensors, sites } = await open('{"x": [[1, 2], [3, 4], [5, 6]]}');
    assert.equal(sites.filter(({ certainty }) => certainty === "recognised").length, 0);
    const id = tensors[0]!.id;
    const outcome = await core.attend({
      uri,
      choice: { query: id, key: id, value: id },
      options: { causal: "topLeft" },
    });
    assert.ok(outcome.ok);
    const row = await core.row({ result: outcome.value.result, batch: 0, head: 0, query: 0 });
    assert.deepEqual([...row.weights], [1, 0, 0]);
  });

  it("takes a matrix as weights that are given, where the user says so", async () => {
    const { sites } = await open('{"words": ["a", "b"], "x": [[0.25, 0.75], [1, 0]]}');
    assert.deepEqual(
      sites.map(({ certainty }) => certainty),
      ["possible"],
    );
    const outcome = await core.attend({ uri, choice: { weights: "$.x" }, options: {} });
    assert.ok(outcome.ok);
    const { result, given, keyTokens } = outcome.value;
    assert.deepEqual([given, keyTokens], [true, ["a", "b"]]);
    assert.deepEqual([...(await core.row({ result, batch: 0, head: 0, query: 0 })).weights], [0.25, 0.75]);
  });

  it("shows weights as given where a value is missing, and knows how exact their sums can be", async () => {
    const rows = [
      [0.377, 0.622],
      [0.5, 0.5],
    ];
    const { sites } = await open(JSON.stringify({ query: [[1], [2]], key: [[1], [2]], attention: rows }));
    const outcome = await core.attend({ uri, choice: { site: sites[0]!.id }, options: {} });
    assert.ok(outcome.ok);
    assert.deepEqual([outcome.value.given, outcome.value.stages, outcome.value.notes], [true, ["weights"], []]);
  });

  it("forbids cells and keys that the user took out, on top of what the file says", async () => {
    const { sites } = await open(example);
    const choice = { site: sites[0]!.id };
    const outcome = await core.attend({ uri, choice, options: { blocked: [[1, 1]], excluded: [0] } });
    assert.ok(outcome.ok);
    const { weights } = await core.row({ result: outcome.value.result, batch: 0, head: 0, query: 1 });
    assert.deepEqual([weights[0], weights[1]], [0, 0]);
    assert.ok(Math.abs(weights.reduce((sum, w) => sum + w) - 1) < 1e-12);
  });

  it("shows inputs in blocks that keep what is largest in size", async () => {
    const { result } = await attend();
    const asked = { result, batch: 0, head: 0, row: 0, column: 0 };
    const whole = await core.input({ ...asked, role: "value", rows: 6, columns: 8, step: 1 });
    assert.deepEqual(
      [...whole.values.slice(0, 2)].map((x) => x.toFixed(2)),
      ["-0.43", "-0.30"],
    );
    const blocks = await core.input({ ...asked, role: "value", rows: 1, columns: 1, step: 8 });
    assert.equal(blocks.values[0]!.toFixed(2), "2.24");
  });

  it("orders the top keys and finds each row's limits", async () => {
    const { result } = await attend();
    const head = { result, batch: 0, head: 0 };
    const top = await core.top({ ...head, query: 3, count: 2 });
    assert.deepEqual([...top.keys], [5, 3]);
    const limits = await core.rowLimits({ ...head, stage: "weights", row: 0, rows: 4, step: 1 });
    assert.equal(limits.maximum[3], Math.fround(top.weights[0]!));
  });

  it("compares two results: difference by cell, divergence by row", async () => {
    const { sites } = await open(example);
    const [plain, causal] = await Promise.all(
      (["none", "topLeft"] as const).map((rule) =>
        core.attend({ uri, choice: { site: sites[0]!.id }, options: { causal: rule } }),
      ),
    );
    assert.ok(plain?.ok && causal?.ok);
    const head = { batch: 0, head: 0 };
    const asked = { ...head, result: causal.value.result, other: { ...head, result: plain.value.result } };
    const tile = await core.difference({ ...asked, stage: "weights", row: 0, column: 0, rows: 4, columns: 6, step: 1 });
    const rows = await Promise.all(
      [causal, plain].map(({ value }) => core.row({ ...head, result: value.result, query: 0 })),
    );
    assert.equal(tile.values[0], Math.fround(rows[0]!.weights[0]! - rows[1]!.weights[0]!));
    const { rows: divergences, largest } = await core.divergence(asked);
    assert.equal(divergences.length, 4);
    assert.ok(divergences.every((each) => each > 0 && each <= Math.log(2)));
    assert.equal(divergences.indexOf(Math.max(...divergences)), 3);
    assert.ok(largest.value > 0.4);
    const self = await core.divergence({ ...asked, other: { ...head, result: causal.value.result } });
    assert.deepEqual([...self.rows], [0, 0, 0, 0]);
  });

  it("forgets results and documents when told to", async () => {
    const { result } = await attend();
    await core.release({ result });
    await assert.rejects(core.row({ result, batch: 0, head: 0, query: 0 }), (error) => CallError.is(error, "gone"));
    await core.close({ uri });
    await assert.rejects(core.facts({ uri, offset: 0 }), (error) => CallError.is(error, "gone"));
  });
});
