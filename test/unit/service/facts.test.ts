import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { jsonReader } from "../../../src/reading/json/reader.ts";
import { createCore } from "../../../src/service/core.ts";

const example = readFileSync(new URL("../../../examples/attention.json", import.meta.url), "utf8");
const shared = readFileSync(new URL("../../../examples/self_attention.json", import.meta.url), "utf8");

async function opened(text: string) {
  const core = createCore({ readerOf: async () => jsonReader(), nextTurn: async () => {} });
  await core.open({ uri: "x", language: "json", version: 1, text });
  const at = (found: string, after = 0) => core.facts({ uri: "x", offset: text.indexOf(found) + after });
  return { core, at };
}

describe("facts about a place", () => {
  it("of a number: its index, token, rank, what it would change, the row around it", async () => {
    const { at } = await opened(example);
    const facts = await at("3.20", 1);
    assert.deepEqual(facts?.element?.index, [1, 1]);
    assert.equal(facts?.element?.token, "chat");
    assert.deepEqual(facts?.element?.rank, { place: 1, of: 8 });
    assert.equal(facts?.element?.effect?.changes[0]?.queryToken, "chat");
    assert.equal(facts?.attention?.row?.query, 1);
    assert.equal(example.slice(facts!.range.start, facts!.range.end).trim(), "3.20");
  });

  it("of a row of K: who attends to it; of a row of Q: where it attends", async () => {
    const { at } = await opened(example);
    const key = await at("[-0.16");
    assert.equal(key?.element, undefined);
    assert.deepEqual([key?.attention?.keyRow?.key, key?.attention?.keyRow?.token], [2, "sat"]);
    const query = await at("[-0.01");
    assert.deepEqual([query?.attention?.row?.query, query?.attention?.row?.top[0]?.token], [1, "cat"]);
  });

  it("of a tensor's name: its part, its numbers, how scores spread", async () => {
    const { at } = await opened(example);
    const facts = await at('"K"', 1);
    assert.equal(facts?.attention?.role, "key");
    assert.equal(facts?.tensor.statistics?.count, 48);
    assert.ok(facts!.attention!.spread!.deviation > facts!.attention!.spread!.scaledDeviation);
  });

  it("of a word: the query and the key that it names", async () => {
    const cross = await (await opened(example)).at('"mat"', 2);
    assert.deepEqual(cross?.word, { label: "mat", query: null, key: 5 });
    assert.equal(cross?.attention?.keyRow?.key, 5);
    assert.equal(cross?.attention?.row, undefined);
    const self = await (await opened(shared)).at('"duck"', 2);
    assert.deepEqual(self?.word, { label: "duck", query: 3, key: 3 });
    assert.deepEqual([self?.attention?.row?.query, self?.attention?.keyRow?.key], [3, 3]);
    assert.equal(shared.slice(self!.range.start, self!.range.end), '"duck"');
  });

  it("of a word of the keys alone: K, not Q, is what it names a row of", async () => {
    const word = await (await opened(example)).at('"mat"', 2);
    assert.deepEqual([word?.tensor.name, word?.attention?.role], ["K", "key"]);
  });

  it("of an option, and of its name: what it is in the attention beside it", async () => {
    const written = shared.replace(
      '"causal": true',
      '"causal": true, "scale": 0.25, "softcap": 20, "window": [2, null]',
    );
    const { at } = await opened(written);
    for (const place of [await at('"scale"', 2), await at("0.25", 1)]) {
      assert.equal(place?.option?.option, "scale");
      assert.deepEqual([place?.option?.scale, place?.attention?.scale], [0.25, 0.25]);
      assert.ok(place!.attention!.spread!.deviation > 0);
      assert.equal(place?.tensor.name, "scale");
    }
    const causal = await at("true");
    assert.deepEqual([causal?.option?.option, causal?.option?.causal], ["causal", true]);
    assert.equal(written.slice(causal!.range.start, causal!.range.end), "true");
    assert.equal((await at("20"))?.option?.softcap, 20);
    assert.deepEqual((await at("[2, null]", 1))?.option?.window, [2, null]);
  });

  it("of a list of words, and of its name: which axis it names", async () => {
    const { at } = await opened(example);
    for (const place of [await at('"query_tokens"', 2), await at('["Le"')]) {
      assert.deepEqual(place?.tokens, { queries: true, keys: false });
      assert.deepEqual([place?.tensor.name, place?.tensor.shape], ["query_tokens", [4]]);
    }
    const self = await (await opened(shared)).at('"tokens"', 2);
    assert.deepEqual(self?.tokens, { queries: true, keys: true });
  });

  it("of a weight: its pair, worked out", async () => {
    const weights = "[[0.5, 0.5], [0.9, 0.1]]";
    const text = `{"Q": [[1, 0], [0, 1]], "K": [[1, 0], [0, 1]], "V": [[1], [2]], "weights": ${weights}}`;
    const { at } = await opened(text);
    const facts = await at("0.9", 1);
    assert.deepEqual([facts?.attention?.pair?.query, facts?.attention?.pair?.key], [1, 0]);
    assert.deepEqual([...facts!.attention!.pair!.products], [0, 0]);
  });

  it("of nothing: null", async () => {
    const { at } = await opened(example);
    assert.equal(await at("{"), null);
  });

  it("for the tour: of the first problem that can be computed, null without one", async () => {
    const { core } = await opened(example);
    assert.equal((await core.tour({ uri: "x" }))?.attention.sizes.keys, 6);
    const broken = await opened('{"Q": [[1, 2]], "K": [[1, 2, 3]], "V": [[1]]}');
    assert.equal(await broken.core.tour({ uri: "x" }), null);
  });
});
