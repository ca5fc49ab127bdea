import assert from "node:assert/strict";
import { createCore } from "../../../src/service/core.ts";
import { reader } from "../reading/python/reader.ts";

const training = `import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)
table = torch.zeros(3, 3)
for step in range(3000):
    for row in range(3):
        table[row] = table[row] + step
q = torch.randn(6, 8)
w = F.softmax(q @ q.T / 8 ** 0.5, dim=-1)
o = w @ q
`;

async function edited() {
  const core = createCore({ readerOf: reader, nextTurn: async () => {} });
  const first = await core.open({ uri: "a", language: "python", version: 1, text: training });
  const change = { offset: training.length, length: 0, text: "p = o.sum(dim=0)\n" };
  return { core, first, second: await core.change({ uri: "a", version: 2, changes: [change] }) };
}

describe("an edit of Python that takes long to follow", () => {
  it("is first read in a hurry, with the shapes of what was typed", async () => {
    const { core, first, second } = await edited();
    assert.equal(first.draft, undefined);
    assert.equal(second.draft, true);
    assert.deepEqual(second.tensors.find(({ name }) => name === "p")?.shape, [8]);
    const { hints } = await core.hints({
      uri: "a",
      start: training.length,
      end: training.length + 17,
      of: "assignments",
    });
    assert.deepEqual(hints[0]?.shapes, [[8]]);
  });

  it("is read to the end when asked, and is the same as if it had been opened so", async () => {
    const { core } = await edited();
    const refined = await core.refine({ uri: "a" });
    assert.equal(refined.draft, undefined);
    const text = `${training}p = o.sum(dim=0)\n`;
    assert.deepEqual(refined.tensors, (await core.open({ uri: "a", language: "python", version: 2, text })).tensors);
  });

  it("is read to the end before anything is computed or told of its values", async () => {
    const { core, second } = await edited();
    const outcome = await core.attend({ uri: "a", choice: { site: second.sites[0]!.id }, options: {} });
    assert.ok(outcome.ok);
    assert.equal(outcome.value.sampled, undefined);
    assert.equal((await core.refine({ uri: "a" })).draft, undefined);
  });

  it("stays unhurried where reading is quick", async () => {
    const core = createCore({ readerOf: reader, nextTurn: async () => {} });
    const text = "import torch\nx = torch.ones(2, 3)\n";
    await core.open({ uri: "a", language: "python", version: 1, text });
    const change = { offset: text.length, length: 0, text: "y = x.T\n" };
    assert.equal((await core.change({ uri: "a", version: 2, changes: [change] })).draft, undefined);
  });
});
