import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { attend } from "../../../src/attention/engine.ts";
import type { AttentionProblem } from "../../../src/attention/problem.ts";
import type { Block } from "../../../src/explain/blocks.ts";
import { blocksToText } from "../../../src/explain/blocksToText.ts";
import { tourFacts } from "../../../src/explain/gather/tour.ts";
import { bytesText } from "../../../src/explain/tour/longPage.ts";
import { tourPages } from "../../../src/explain/tour/tour.ts";
import type { TourFacts } from "../../../src/explain/tour/tourFacts.ts";
import { numberText } from "../../../src/tensor/print.ts";
import { tensor } from "../../../src/tensor/tensor.ts";
import { english } from "./sampleFacts.ts";

interface Example {
  readonly query_tokens: string[];
  readonly key_tokens: string[];
  readonly Q: number[][];
  readonly K: number[][];
  readonly V: number[][];
}

const example = JSON.parse(
  readFileSync(new URL("../../../examples/attention.json", import.meta.url), "utf8"),
) as Example;
const matrix = (rows: number[][]) => tensor("float64", [rows.length, rows[0]!.length], Float64Array.from(rows.flat()));
const tokens = (labels: string[]) => ({ labels, range: { start: 0, end: 0 }, place: () => ({ start: 0, end: 0 }) });
const site = { id: "$", name: "", queryTokens: tokens(example.query_tokens), keyTokens: tokens(example.key_tokens) };

async function factsOf(
  problem: AttentionProblem,
  of: typeof site | { id: string; name: string; queryTokens: null; keyTokens: null } = site,
): Promise<TourFacts> {
  const result = await attend(problem);
  assert.ok(result.ok);
  return tourFacts(result.value, problem, of);
}

/** The example's attention, computed here in the plainest way. */
function plainly(query: number, causal: boolean) {
  const scores = example.K.map((k) => k.reduce((sum, x, at) => sum + x * example.Q[query]![at]!, 0));
  const scaled = scores.map((s, key) => (causal && key > query ? Number.NEGATIVE_INFINITY : s / Math.sqrt(8)));
  const most = Math.max(...scaled);
  const powers = scaled.map((s) => Math.exp(s - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  const weights = powers.map((p) => p / sum);
  const output = example.V[0]!.map((_, column) =>
    weights.reduce((total, w, key) => total + w * example.V[key]![column]!, 0),
  );
  return { scores, scaled, powers, sum, weights, output };
}

describe("the tour of the formula", () => {
  const problem = { query: matrix(example.Q), key: matrix(example.K), value: matrix(example.V) };
  let facts: TourFacts;
  let pages: { title: string; text: string }[];

  before(async () => {
    facts = await factsOf(problem);
    pages = tourPages(facts, english.translate).map(({ title, blocks }) => ({ title, text: blocksToText(blocks) }));
  });

  const page = (title: RegExp) => pages.find((each) => title.test(each.title))!.text;

  it("goes from why to what to read, each page with something to say", () => {
    assert.deepEqual(
      pages.map(({ title }) => title),
      [
        "Why attention",
        "Three steps",
        "Step 1: scores",
        "Why divide by √d_k",
        "Step 2: softmax",
        "Step 3: the weighted sum",
        "Several heads",
        "Masks",
        "Self-attention and cross-attention",
        "Additive and multiplicative scores",
        "Efficient and long attention",
        "Questions and answers",
        "Read on",
      ],
    );
    for (const { title, text } of pages) assert.ok(text.length > 150, title);
  });

  it("follows the query whose attention is clearest with the numbers that follow from the file", () => {
    const query = facts.attention.row!.query;
    const mine = plainly(query, false);
    const order = [...mine.weights.keys()].sort((a, b) => mine.weights[b]! - mine.weights[a]!);
    for (const [at, key] of order.entries()) {
      const line = new RegExp(
        `${key} ${example.key_tokens[key]} +${numberText(mine.scaled[key]!)} +${numberText(mine.powers[key]!)} +${mine.weights[key]!.toFixed(4)}`,
      );
      assert.match(page(/Step 2/), line);
      assert.equal(facts.softmax[at]!.key, key);
    }
    assert.ok(page(/Step 2/).includes(`the exponentials add up to ${numberText(mine.sum)},`));
    for (const x of mine.output.slice(0, 4))
      assert.match(page(/Step 3/), new RegExp(`\n {2}output .*${numberText(x)}`));
    assert.ok(page(/Step 1/).includes(`= ${numberText(mine.scores[order[0]!]!)}\n`));
    const entropies = [1, 2, 3].map((each) =>
      plainly(each, false).weights.reduce((sum, w) => sum - w * Math.log(w), 0),
    );
    assert.equal(query, 1 + entropies.indexOf(Math.min(...entropies)));
  });

  it("shows what a causal mask would do to the same query", () => {
    const mine = plainly(facts.attention.row!.query, true);
    for (const { key, token, weight } of facts.softmax) {
      const masked = mine.weights[key]! === 0 ? "0" : mine.weights[key]!.toFixed(4);
      assert.match(page(/Masks/), new RegExp(`${key} ${token} +${weight.toFixed(4)} +${masked}\n`));
    }
    assert.match(page(/Masks/), /with the causal mask/);
  });

  it("says what the file's sizes mean, and nothing it cannot know", async () => {
    assert.match(page(/Self/), /queries \(4\) and keys \(6\) stand for different positions: cross-attention/);
    const same = await factsOf(
      { query: problem.key, key: problem.key, value: problem.value, causal: "topLeft" },
      { ...site, queryTokens: site.keyTokens },
    );
    const text = (facts: TourFacts) =>
      tourPages(facts, english.translate)
        .map(({ blocks }) => blocksToText(blocks))
        .join("");
    assert.match(text(same), /the same tokens: self-attention/);
    assert.match(text(same), /without the causal mask/);
    const nameless = await factsOf(
      { query: problem.key, key: problem.key, value: problem.value },
      { id: "$", name: "x", queryTokens: null, keyTokens: null },
    );
    assert.match(text(nameless), /as many queries as keys \(6\): it may be self-attention/);
    assert.match(text(nameless), /In x: 6 queries, 6 keys\./);
    const heads = tensor("float32", [4, 2, 2], new Float32Array(16));
    const shared = tensor("float32", [2, 2, 2], new Float32Array(8));
    assert.match(
      text(await factsOf({ query: heads, key: shared, value: shared })),
      /Here 4 query heads share 2 key\/value heads/,
    );
  });

  it("computes what long inputs cost", () => {
    assert.match(page(/long/), /1\u202f024 +1\u202f048\u202f576 +4 MiB/);
    assert.match(page(/long/), /131\u202f072 +17\u202f179\u202f869\u202f184 +64 GiB/);
    assert.deepEqual([0, 1, 1023, 1024, 1536, 2 ** 40, 2 ** 60].map(bytesText), [
      "0 B",
      "1 B",
      "1020 B",
      "1 KiB",
      "1.5 KiB",
      "1 TiB",
      "1050000 TiB",
    ]);
  });

  it("survives numbers that are none, one position, and a row that may see nothing", async () => {
    const one = tensor("float64", [1, 1], Float64Array.of(1));
    const poison = tensor("float64", [2, 1], Float64Array.of(Number.NaN, Number.POSITIVE_INFINITY));
    const nobody = tensor("bool", [1, 1], Uint8Array.of(0));
    const alone = tourPages(await factsOf({ query: one, key: one, value: one }), english.translate);
    assert.match(blocksToText(alone[0]!.blocks), /In this file: 1 query, 1 key\./);
    for (const odd of [
      { query: one, key: one, value: one },
      { query: poison, key: poison, value: poison },
      { query: one, key: one, value: one, mask: nobody },
    ]) {
      const all: Block[] = tourPages(
        await factsOf(odd, { id: "$", name: "", queryTokens: null, keyTokens: null }),
        english.translate,
      ).flatMap(({ blocks }) => blocks);
      assert.doesNotMatch(blocksToText(all), /undefined|\{\w+\}|\[object/);
    }
  });

  it("cites its sources with their addresses", () => {
    for (const id of ["1706.03762", "1409.0473", "1508.04025", "2205.14135"])
      assert.ok(page(/Read on/).includes(`<https://arxiv.org/abs/${id}>`));
    assert.match(page(/Read on/), /illustrated-transformer[\s\S]*docs\.pytorch\.org/);
  });
});
