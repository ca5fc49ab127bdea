import assert from "node:assert/strict";
import { read } from "./reader.ts";

const block = `import math
import torch
import torch.nn as nn
import torch.nn.functional as F

class Attention(nn.Module):
    def __init__(self, dim, heads=8, dropout=0.1):
        super().__init__()
        assert dim % heads == 0
        self.heads = heads
        self.qkv = nn.Linear(dim, dim * 3)
        self.out = nn.Linear(dim, dim)
        self.drop = nn.Dropout(dropout)

    def forward(self, x, mask=None):
        B, T, C = x.shape
        q, k, v = self.qkv(x).chunk(3, dim=-1)
        q, k, v = (t.view(B, T, self.heads, C // self.heads).transpose(1, 2) for t in (q, k, v))
        att = (q @ k.transpose(-2, -1)) / math.sqrt(q.size(-1))
        att = self.drop(F.softmax(att, dim=-1))
        y = (att @ v).transpose(1, 2).contiguous().view(B, T, C)
        return self.out(y)

class Block(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.norm = nn.LayerNorm(config.n_embd)
        self.attention = Attention(config.n_embd, config.n_head)

    def forward(self, x):
        return x + self.attention(self.norm(x))
`;

async function shapes(text: string, expression: string): Promise<unknown> {
  const document = await read(text);
  const found = document.expressions!.filter((e) => text.slice(e.range.start, e.range.end) === expression);
  assert.ok(found.length > 0, `no expression ${expression}`);
  return found.map((e) => [e.shapes, e.dtypes]);
}

describe("code that nobody calls", () => {
  it("has sizes with the names that it gives them", async () => {
    assert.deepEqual(await shapes(block, "q @ k.transpose(-2, -1)"), [[[["B", "heads", "T", "T"]], ["float32"]]]);
    assert.deepEqual(await shapes(block, "att @ v"), [[[["B", "heads", "T", "dim // heads"]], ["float32"]]]);
    assert.deepEqual(await shapes(block, "self.qkv(x)"), [[[["B", "T", "3*dim"]], ["float32"]]]);
    assert.deepEqual(await shapes(block, "self.out(y)"), [[[["B", "T", "dim"]], ["float32"]]]);
  });

  it("shows in a hover what callers suppose of it, where it tells nothing by itself", async () => {
    const document = await read(block);
    const place = document.at(block.indexOf("self.norm(x))") + 6);
    assert.deepEqual(place?.tensor.shape?.length, 3);
  });

  it("keeps the rank where each way of a condition names the sizes differently", async () => {
    const text = `import numpy as np
def f(x, flag):
    if flag:
        n, h, l, d = x.shape
    else:
        h, l, d, e = x.shape
    return x + 1
`;
    assert.deepEqual(await shapes(text, "x + 1"), [[[[null, null, null, null]], [null]]]);
  });

  it("adds nothing to what the program does itself", async () => {
    const text = `${block}\ny = Attention(32, 4)(torch.randn(2, 6, 32))\n`;
    assert.deepEqual(await shapes(text, "att @ v"), [[[[2, 4, 6, 8]], ["float32"]]]);
  });

  it("knows that a size that divides another leaves no rest", async () => {
    const text = `${block}
def merge(x, heads: int):
    b, n, d = x.shape
    assert d % heads == 0
    y = x.view(b, n, heads, d // heads)
    return y.reshape(b, n, heads * (d // heads))
`;
    assert.deepEqual(await shapes(text, "y.reshape(b, n, heads * (d // heads))"), [[[["b", "n", "d"]], [null]]]);
  });

  it("does not change what the module holds", async () => {
    const text =
      "import torch\nmask = torch.ones(2)\nlayers = [1]\ndef reset():\n    mask.zero_()\n    layers.append(2)\nn = torch.zeros(len(layers))\n";
    const document = await read(text);
    const mask = document.tensors.find((t) => t.name === "mask")!;
    assert.deepEqual([...mask.values!.data], [1, 1]);
  });

  it("gives assignments for inlay hints", async () => {
    const document = await read(block);
    const told = document.assignments!.map((a) => [block.slice(a.range.start, a.range.end), a.shapes[0]]);
    assert.deepEqual(
      told.find(([name]) => name === "att"),
      ["att", ["B", "heads", "T", "T"]],
    );
    assert.deepEqual(
      told.find(([name]) => name === "y"),
      ["y", ["B", "T", "dim"]],
    );
  });
});
