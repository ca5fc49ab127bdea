import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import type { CoreApi, Painted } from "../../../src/protocol/core.ts";
import { jsonReader } from "../../../src/reading/json/reader.ts";
import { createCore } from "../../../src/service/core.ts";

const uri = "file:///attention.json";
const text = '{"Q": [[1.50, 0], [0, -1e-2]],\n "K": [[2, 0], [0, 2]],\n "V": [[1], [3]],\n "tokens": ["a", "b"]}';

describe("core, back to the text", () => {
  let core: CoreApi;

  beforeEach(async () => {
    core = createCore({ readerOf: async () => jsonReader(), nextTurn: () => setImmediate() });
    await core.open({ uri, language: "json", version: 7, text });
  });

  const stretches = ({ starts, ends }: Painted) => Array.from(starts, (start, at) => text.slice(start, ends[at]));
  const whole = { start: 0, end: text.length };
  const everything = { uri, ...whole, visible: whole, limit: 2000, levels: 16 };

  describe("edit", () => {
    const edit = { uri, version: 7, tensor: "", element: 0, change: { value: 2, precision: "drag" as const } };

    it("replaces one number in its own manner, and nothing else", async () => {
      const outcome = await core.edit({ ...edit, tensor: await idOf("Q") });
      assert.deepEqual(outcome, { ok: true, value: { range: { start: 8, end: 12 }, text: "2.00" } });
    });

    it("is refused when the text has moved", async () => {
      const outcome = await core.edit({ ...edit, tensor: await idOf("Q"), version: 6 });
      assert.deepEqual(outcome, { ok: false, problem: { code: "service.moved" } });
    });

    it("is refused for an element that is not there", async () => {
      const outcome = await core.edit({ ...edit, tensor: await idOf("Q"), element: 4 });
      assert.ok(!outcome.ok && outcome.problem.code === "service.notWritten");
    });
  });

  describe("paint", () => {
    it("gives each number a level between its tensor's limits", async () => {
      const painted = await core.paint(everything);
      assert.deepEqual(stretches(painted), ["1.50", "0", "0", "-1e-2", "2", "0", "0", "2", "1", "3"]);
      assert.deepEqual([...painted.levels], [15, 0, 0, 0, 15, 0, 0, 15, 0, 15]);
      assert.equal(painted.version, 7);
    });

    it("stays in the stretch that was asked for, and under the limit", async () => {
      const start = text.indexOf('"K"');
      const some = await core.paint({ ...everything, start, end: text.indexOf('"V"') });
      assert.deepEqual(stretches(some), ["2", "0", "0", "2"]);
      assert.equal((await core.paint({ ...everything, limit: 3 })).starts.length, 3);
    });

    it("spends its limit on what can be seen, then on what is below, then on what is above", async () => {
      const visible = { start: text.indexOf('"K"'), end: text.indexOf('"V"') };
      const some = async (limit: number) => stretches(await core.paint({ ...everything, visible, limit })).join(" ");
      assert.equal(await some(3), "2 0 0");
      assert.equal(await some(5), "2 0 0 2 1");
      assert.equal(await some(8), "0 -1e-2 2 0 0 2 1 3");
      const { sites } = await summary();
      const choice = { site: sites[0]!.id };
      const outcome = await core.attend({ uri, choice, options: {} });
      assert.ok(outcome.ok);
      const attention = { result: outcome.value.result, batch: 0, head: 0, query: 0, choice };
      const seen = { start: text.indexOf('"V"'), end: text.length };
      const painted = await core.paint({ ...everything, attention, visible: seen, limit: 5 });
      assert.deepEqual(stretches(painted), ["[0, 2]", "[1]", "[3]", '"a"', '"b"']);
    });

    it("finds the numbers of a sparse tensor, in whatever order they are written", async () => {
      const sparse = '{"attention": {"shape": [2, 2], "entries": [[1, 0, 0.25], [0, 0, 1], [1, 1, 0.75]]}}';
      await core.open({ uri: "file:///sparse.json", language: "json", version: 1, text: sparse });
      const all = { start: 0, end: sparse.length };
      const { starts, ends, levels } = await core.paint({
        ...everything,
        ...all,
        visible: all,
        uri: "file:///sparse.json",
      });
      assert.deepEqual(
        Array.from(starts, (start, at) => sparse.slice(start, ends[at])),
        ["0.25", "1", "0.75"],
      );
      assert.deepEqual([...levels], [4, 15, 12]);
    });

    it("tints tokens and rows of K and V by the attention of a query", async () => {
      const { sites } = await summary();
      const choice = { site: sites[0]!.id };
      const outcome = await core.attend({ uri, choice, options: {} });
      assert.ok(outcome.ok);
      const attention = { result: outcome.value.result, batch: 0, head: 0, query: 0, choice };
      const painted = await core.paint({ ...everything, attention });
      assert.deepEqual(stretches(painted), ["[2, 0]", "[0, 2]", "[1]", "[3]", '"a"', '"b"']);
      const [first, second] = painted.levels;
      assert.ok(first === 15 && second! < 15);
      assert.deepEqual([...painted.levels], [first, second, first, second, first, second]);
    });
  });

  it("finds words from offsets, and offsets from words", async () => {
    const { sites } = await summary();
    const choice = { site: sites[0]!.id };
    const located = await core.locate({ uri, offset: text.indexOf('"b"') + 1, choice });
    assert.deepEqual(located?.word, { query: 1, key: null });
    const words = await core.words({ uri, choice, query: 0, key: 1 });
    const written = [words.query, words.key].map((range) => text.slice(range!.start, range!.end));
    assert.deepEqual(written, ['"a"', '"b"']);
    assert.equal(await core.locate({ uri, offset: text.indexOf('"tokens"') + 1, choice }), null);
    assert.deepEqual(await core.words({ uri, choice, query: 7, key: null }), { query: null, key: null });
  });

  it("copies a tensor as code, and as a file", async () => {
    const tensor = await idOf("V");
    const code = await core.copy({ uri, tensor, as: "numpy" });
    assert.deepEqual(code, { ok: true, value: "V = np.array([[1],\n [3]], dtype=np.int64)" });
    const file = await core.npy({ uri, tensor });
    assert.ok(file.ok && file.value.length === 128 + 16);
  });

  it("tells statistics of tensors that are not too large", async () => {
    const [q, v] = [await idOf("Q"), await idOf("V")];
    const [ofQ, ofV, none] = await core.statistics({ uri, tensors: [q, v, "nowhere"], limit: 3 });
    assert.equal(ofQ, null);
    assert.deepEqual([ofV?.minimum, ofV?.maximum], [1, 3]);
    assert.equal(none, null);
  });

  const summary = () => core.open({ uri, language: "json", version: 7, text });

  async function idOf(name: string): Promise<string> {
    return (await summary()).tensors.find((tensor) => tensor.name === name)!.id;
  }
});
