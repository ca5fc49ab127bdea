import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createCore } from "../../../../src/service/core.ts";
import { toFloat64 } from "../../../../src/tensor/tensor.ts";
import { read, reader } from "./reader.ts";

const fixture = (name: string) =>
  readFileSync(new URL(`../../../fixtures/python/stacks/${name}`, import.meta.url), "utf8");
/** The weights of each softmax, in the order of the calls, by PyTorch. */
const expected = JSON.parse(fixture("weights.json")) as Record<string, number[][]>;

/** The weights of the only site, as they lie there. */
async function stacked(text: string) {
  const document = await read(text);
  assert.equal(document.sites.length, 1);
  const [site] = document.sites;
  const weights = document.tensors.find(({ id }) => id === site!.roles.weights)!;
  return { document, site: site!, shape: weights.shape, values: toFloat64(weights.values!) };
}

function near(found: Float64Array, wanted: readonly number[]): void {
  assert.equal(found.length, wanted.length);
  const worst = Math.max(...found.map((weight, at) => Math.abs(weight - wanted[at]!)));
  assert.ok(worst < 1e-6, `off by ${worst}`);
}

describe("a stack of blocks that the program makes itself", () => {
  it("is one site with every layer, with the weights that PyTorch computes", async () => {
    const { site, shape, values } = await stacked(fixture("layers.py"));
    assert.deepEqual(shape, [6, 4, 6, 6]);
    assert.deepEqual(site.axes?.batch, {
      meaning: "layer",
      labels: ["0 · b0", "0 · b1", "1 · b0", "1 · b1", "2 · b0", "2 · b1"],
    });
    near(values, expected.layers!.flat());
  });

  it("keeps what stands in the text: the parts, and the lines that make them, are those of the last layer", async () => {
    const text = fixture("layers.py");
    const { document, site } = await stacked(text);
    const place = document.at(text.indexOf("weights = "));
    assert.deepEqual([place?.plays, place?.tensor.shape], [{ site: site.id, part: "weights" }, [2, 4, 6, 6]]);
    const { start, end } = site.made!.weights!;
    assert.equal(text.slice(start, end), "F.softmax(scores, dim=-1)");
  });

  it("has heads where modules side by side are given the same, in each layer", async () => {
    const { site, shape, values } = await stacked(fixture("heads_in_layers.py"));
    assert.deepEqual(shape, [6, 4, 8, 8]);
    assert.equal(site.axes?.batch?.meaning, "layer");
    // PyTorch's are [layer][head][batch].
    const size = 64;
    const each = expected.heads_in_layers!.map((weights) => [weights.slice(0, size), weights.slice(size)]);
    const wanted = [0, 1, 2].flatMap((layer) =>
      [0, 1].flatMap((batch) => [0, 1, 2, 3].flatMap((head) => each[layer * 4 + head]![batch]!)),
    );
    near(values, wanted);
  });

  it("computes every layer in the panel, and says so", async () => {
    const core = createCore({ readerOf: reader, nextTurn: async () => {} });
    const { sites } = await core.open({ uri: "a", language: "python", version: 1, text: fixture("layers.py") });
    assert.equal(sites[0]!.axes?.batch?.labels?.length, 6);
    const outcome = await core.attend({ uri: "a", choice: { site: sites[0]!.id }, options: {} });
    assert.ok(outcome.ok);
    assert.deepEqual([outcome.value.sizes.batch, outcome.value.sizes.heads], [6, 4]);
  });

  const attention = `import torch
import torch.nn as nn
torch.manual_seed(0)
class A(nn.Module):
    def __init__(self):
        super().__init__()
        self.q, self.k, self.v = nn.Linear(8, 8), nn.Linear(8, 8), nn.Linear(8, 8)
    def forward(self, x):
        return (self.q(x) @ self.k(x).transpose(-2, -1) / 8 ** 0.5).softmax(-1) @ self.v(x)
`;

  it("counts each module once, however often the whole is called", async () => {
    const text = `${attention}stack = nn.Sequential(A(), A())\nfor _ in range(3):\n    y = stack(torch.randn(5, 8))\n`;
    const { site, shape } = await stacked(text);
    assert.deepEqual(shape, [2, 1, 5, 5]);
    assert.deepEqual(site.axes?.batch?.labels, ["0", "1"]);
  });

  it("is none where one module is called again and again, or each gets something else", async () => {
    for (const calls of [
      "a = A()\nfor _ in range(3):\n    y = a(torch.randn(5, 8))\n",
      "for _ in range(3):\n    y = A()(torch.randn(5, 8))\n",
    ]) {
      const { site, shape } = await stacked(attention + calls);
      assert.equal(site.axes, undefined);
      assert.deepEqual(shape, [5, 5]);
    }
  });
});
