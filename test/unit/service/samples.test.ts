import assert from "node:assert/strict";
import { createCore } from "../../../src/service/core.ts";
import { reader } from "../reading/python/reader.ts";

const head = "import torch\nimport torch.nn.functional as F\n";
const open = `${head}q = torch.randn(2, 4, 10, 8)
k = torch.randn(2, 4, 12, 8)
v = torch.randn(2, 4, 12, 8)
o = F.scaled_dot_product_attention(q, k, v)
`;

async function opened(text: string) {
  const core = createCore({ readerOf: reader, nextTurn: async () => {} });
  const summary = await core.open({ uri: "a", language: "python", version: 1, text });
  return { core, summary };
}

async function attended(text: string, sampleSeed = 0) {
  const { core, summary } = await opened(text);
  const outcome = await core.attend({ uri: "a", choice: { site: summary.sites[0]!.id }, options: { sampleSeed } });
  if (!outcome.ok) throw new Error(outcome.problem.code);
  return { core, result: outcome.value };
}

describe("attention on samples", () => {
  it("is offered where values are not known, and said to be sampled", async () => {
    const { summary } = await opened(open);
    assert.equal(summary.sites[0]!.sampled, true);
    assert.equal(summary.sites[0]!.problem, undefined);
    const seeded = await opened(open.replace("q =", "torch.manual_seed(0)\nq ="));
    assert.equal(seeded.summary.sites[0]!.sampled, undefined);
  });

  it("has weights that sum to 1, the same for the same seed", async () => {
    const { core, result } = await attended(open, 7);
    assert.equal(result.sampled, 7);
    assert.deepEqual(result.roles.query?.origin, "sampled");
    assert.ok(result.notes.some(({ code }) => code === "service.sampled"));
    const row = async (from: typeof core, id: number) =>
      (await from.row({ result: id, batch: 1, head: 3, query: 9 })).weights;
    const weights = await row(core, result.result);
    assert.equal(weights.length, 12);
    assert.ok(Math.abs(weights.reduce((sum, w) => sum + w, 0) - 1) < 1e-6);
    const again = await attended(open, 7);
    assert.deepEqual(await row(again.core, again.result.result), weights);
    const other = await attended(open, 8);
    assert.notDeepEqual(await row(other.core, other.result.result), weights);
  });

  it("draws query, key and value themselves where they are too large to be followed", async () => {
    const { result } = await attended(open.replaceAll("10, 8", "3000, 64").replaceAll("12, 8", "3000, 64"));
    assert.deepEqual([result.sizes.queries, result.sizes.size, result.sampled], [3000, 64, 0]);
  });

  it("says so in hovers, with the numbers of the sample", async () => {
    const { core } = await opened(open);
    const facts = await core.facts({ uri: "a", offset: open.indexOf("q, k, v)"), options: { sampleSeed: 0 } });
    assert.equal(facts?.tensor.origin, "sampled");
    assert.ok(facts?.tensor.statistics);
    assert.equal(facts?.attention?.sampled, 0);
  });

  it("keeps the sizes of the code in hovers where these have no numbers", async () => {
    const text = `${head}def f(q, k, v):\n    B, H, T, D = q.shape\n    return F.scaled_dot_product_attention(q, k, v)\n`;
    const { core } = await opened(text);
    const facts = await core.facts({ uri: "a", offset: text.indexOf("q, k, v)\n", 80), options: { sampleSeed: 0 } });
    assert.deepEqual(facts?.tensor.shape, ["B", "H", "T", "D"]);
    assert.deepEqual([facts?.attention?.sizes.queries, facts?.attention?.sizes.size], ["T", "D"]);
  });

  it("says so in what is exported", async () => {
    const { core, result } = await attended(open);
    const exported = await core.export({
      result: result.result,
      batch: 0,
      head: 0,
      stage: "weights",
      format: "json",
      query: null,
      key: null,
      picture: { colorMap: "viridis", scale: "linear" },
      words: { queries: "q", keys: "k", dimensions: "d", stage: "w", sampled: "sampled" },
    });
    assert.ok(exported.ok);
    assert.match(exported.value.name, /sampled/);
    assert.match(new TextDecoder().decode(exported.value.bytes), /sampled/);
  });

  it("is not offered for what has no shape, and for widths that differ", async () => {
    const { summary } = await opened(open.replace("(2, 4, 12, 8)", "(2, 4, 12, 9)"));
    assert.ok(summary.sites.every(({ problem, sampled }) => problem || !sampled));
  });
});
