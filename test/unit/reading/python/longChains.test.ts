import assert from "node:assert/strict";
import { toFloat64 } from "../../../../src/tensor/tensor.ts";
import { named, read } from "./reader.ts";

describe("values at the end of long chains", () => {
  it("are computed without exhausting the stack, step by step and in place", async () => {
    const document = await read(`import torch
x = torch.zeros(2)
for i in range(2000):
    x = x + 1
y = torch.zeros(2)
for i in range(1000):
    y += x
z = torch.zeros(2)
for i in range(1000):
    z += z + 1
`);
    assert.deepEqual([...toFloat64(named(document, "x").values!)], [2000, 2000]);
    assert.deepEqual([...toFloat64(named(document, "y").values!)], [2_000_000, 2_000_000]);
    assert.ok(toFloat64(named(document, "z").values!).every((value) => value === Number.POSITIVE_INFINITY));
  });
});
