import assert from "node:assert/strict";
import fc from "fast-check";
import { leavesOut, shownKeys } from "../../../webview/data/filters.ts";
import { gridOf, isCalledPicture } from "../../../webview/data/patches.ts";
import { Queue } from "../../../webview/data/queue.ts";
import { isSpecial, translator } from "../../../webview/words.ts";

const place = { query: 0, key: 0 };

describe("filters", () => {
  it("show the largest of a row, and say how much of its weight that is", () => {
    const weights = [0.1, 0.5, 0, 0.4];
    assert.deepEqual(shownKeys(weights, { kind: "top", count: 2 }), { keys: [1, 3], mass: 0.9 });
    assert.deepEqual(shownKeys(weights, { kind: "threshold", least: 0.4 }).keys, [1, 3]);
    assert.deepEqual(shownKeys(weights, { kind: "all" }).keys, [1, 3, 0]);
    assert.deepEqual(shownKeys(weights, { kind: "all" }, (key) => key === 1).keys, [3, 0]);
  });

  it("never show more than all the weight, nor less for more keys", () => {
    const weights = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 9 }), (row, count) => {
        const fewer = shownKeys(row, { kind: "top", count });
        const more = shownKeys(row, { kind: "top", count: count + 1 });
        assert.ok(fewer.mass <= more.mass && fewer.keys.length <= count);
      }),
    );
  });

  it("veil what is not among the largest of its own row", () => {
    const rule = leavesOut({ filter: { kind: "top", count: 2 }, isHidden: null }, "weights")!;
    const rowOf = () => Float32Array.of(0.1, 0.5, 0.4);
    assert.equal(rule(place, 0.1, rowOf), true);
    assert.equal(rule(place, Math.fround(0.4), rowOf), false);
    assert.equal(
      rule({ query: 1, key: 0 }, 0.1, () => null),
      false,
      "a row that is not there hides nothing",
    );
  });

  it("are about weights: other stages keep all their cells", () => {
    assert.equal(leavesOut({ filter: { kind: "threshold", least: 1 }, isHidden: null }, "scores"), null);
    assert.ok(leavesOut({ filter: { kind: "all" }, isHidden: () => true }, "scores")!(place, 0, () => null));
  });
});

describe("words", () => {
  it("know a tokenizer's own tokens from people's words", () => {
    for (const token of ["<s>", "</s>", "<|im_start|>", "[CLS]", "[unused]".toUpperCase(), "<pad>"])
      assert.ok(isSpecial(token), token);
    for (const token of ["the", "a<b", "[0.5]", "<", "", undefined]) assert.ok(!isSpecial(token), String(token));
  });

  it("fill in what they name, once, and leave unknown holes alone", () => {
    const translate = translator({ "{0} of {1}": "{1}/{0}" });
    assert.equal(translate("{0} of {1}", { 0: "{1}", 1: 2 }), "2/{1}");
    assert.equal(translate("{2}", { 0: 1 }), "{2}");
    assert.equal(translator({})("toString"), "toString");
  });
});

describe("patches", () => {
  const result = (positions: number, words: string[] | null = null, causal = "none") =>
    ({ sizes: { queries: positions, keys: positions }, queryTokens: words, causal }) as unknown as Parameters<
      typeof gridOf
    >[0];

  it("are a square behind no, one, two or five tokens", () => {
    assert.deepEqual(gridOf(result(196)), { side: 14, classTokens: 0 });
    assert.deepEqual(gridOf(result(197)), { side: 14, classTokens: 1 });
    assert.deepEqual(gridOf(result(198)), { side: 14, classTokens: 2 });
    assert.deepEqual(gridOf(result(201)), { side: 14, classTokens: 5 });
    assert.equal(gridOf(result(7)), null);
    assert.equal(gridOf(result(196, ["words"])), null);
    assert.equal(gridOf(result(196, null, "topLeft")), null);
    assert.equal(gridOf(result(64 * 64)), null);
  });

  it("are offered where a name speaks of pictures, and not for every text of as many positions", () => {
    const called = (uri: string, name = "", path = "$.Q") =>
      isCalledPicture({ uri, name, roles: { query: { path } } } as unknown as Parameters<typeof isCalledPicture>[0]);
    for (const uri of ["file:///a/vit_b16.npz", "file:///ViT.json", "file:///dinov2.npz", "file:///my%20image.json"])
      assert.ok(called(uri), uri);
    assert.ok(called("file:///a.safetensors", "", "vision_model.encoder.layers.0.q_proj"));
    assert.ok(called("file:///a.py", "PatchAttention"));
    for (const uri of [
      "file:///images/gpt2.npz",
      "file:///attention.json",
      "file:///activity.json",
      "file:///sample.py",
    ])
      assert.ok(!called(uri), uri);
  });
});

describe("the queue of small pictures", () => {
  it("runs so many at a time, and goes on after one that failed or was given up", async () => {
    const queue = new Queue(2);
    let [running, most] = [0, 0];
    const task = (fails: boolean) => async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 1));
      running--;
      if (fails) throw new Error("failed");
      return 1;
    };
    const givenUp = AbortSignal.abort();
    const all = [false, true, false, true, false].map((fails) => queue.run(task(fails)));
    const never = queue.run(task(false), givenUp);
    const settled = await Promise.allSettled([...all, never]);
    assert.deepEqual(
      settled.map(({ status }) => status),
      ["fulfilled", "rejected", "fulfilled", "rejected", "fulfilled", "rejected"],
    );
    assert.equal(most, 2);
  });
});
