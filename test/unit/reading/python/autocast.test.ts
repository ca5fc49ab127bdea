import assert from "node:assert/strict";
import { named, read } from "./reader.ts";

const text = `import torch
from torch import nn
layer = nn.Linear(3, 4)
a = torch.randn(2, 3)
with torch.autocast("cpu", dtype=torch.bfloat16):
    b = torch.zeros(2, 3)
    x = layer(a)
    y = a @ a.T
    z = x.float()
    view = a.T
    chosen = a > 0
    wide = a.double() + 1
with torch.autocast("cuda"):
    other = layer(a)
with torch.autocast("cpu", enabled=False):
    off = layer(a)
after = layer(a)
later = x + 1
`;

describe("what is computed under autocast", () => {
  it("has a type that is not told where PyTorch chooses it, and its shape all the same", async () => {
    const reading = await read(text);
    for (const name of ["x", "y", "later"]) assert.equal(named(reading, name).dtype, null, name);
    assert.deepEqual(named(reading, "x").shape, [2, 4]);
    assert.deepEqual(named(reading, "y").shape, [2, 2]);
  });

  it("has the type that the code says, or that autocast leaves alone", async () => {
    const reading = await read(text);
    for (const name of ["b", "z", "view", "other", "off", "after"])
      assert.equal(named(reading, name).dtype, "float32", name);
    assert.equal(named(reading, "chosen").dtype, "bool");
    assert.equal(named(reading, "wide").dtype, "float64");
  });
});
