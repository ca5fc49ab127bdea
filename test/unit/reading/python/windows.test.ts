import assert from "node:assert/strict";
import { named, read } from "./reader.ts";

async function shapeOf(slices: string, drawn = "torch.randint(len(data) - block, (4,))", after = ""): Promise<unknown> {
  const text = `import torch\ndata, block = torch.arange(100), 8\nix = ${drawn}\n${after}\nx = torch.stack([${slices} for i in ix])\n`;
  return named(await read(text), "x").shape;
}

describe("windows of data that begin where a number was drawn", () => {
  it("have the length that their ends are apart, where they cannot reach beyond the data", async () => {
    assert.deepEqual(await shapeOf("data[i:i + block]"), [4, 8]);
    assert.deepEqual(await shapeOf("data[i + 1:i + 1 + block]"), [4, 8]);
    assert.deepEqual(await shapeOf("data[1 + i:i + block]"), [4, 7]);
    assert.deepEqual(await shapeOf("data[i - 3:i + 5]", "torch.randint(3, 96, (4,))"), [4, 8]);
  });

  it("are not told where the last of them may be shorter", async () => {
    assert.deepEqual(await shapeOf("data[i + 2:i + 2 + block]"), [4, null]);
    assert.deepEqual(await shapeOf("data[i - 1:i + 7]"), [4, null]);
    assert.deepEqual(await shapeOf("data[i:i + block]", undefined, "ix += 50"), [4, null]);
    assert.deepEqual(await shapeOf("data[i:block]"), [4, null]);
  });
});
