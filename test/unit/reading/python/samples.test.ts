import assert from "node:assert/strict";
import type { AttentionSite, TensorDocument, TensorEntry } from "../../../../src/reading/document.ts";
import { toFloat64 } from "../../../../src/tensor/tensor.ts";
import { read } from "./reader.ts";

const head = `import math
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
`;

function played(
  document: TensorDocument,
  site: AttentionSite,
  role: "query" | "key" | "mask" | "weights",
): TensorEntry {
  return document.tensors.find(({ id }) => id === site.roles[role])!;
}

function rowSums(weights: TensorEntry): number[] {
  const length = Number(weights.shape!.at(-1));
  const values = toFloat64(weights.values!);
  return Array.from({ length: values.length / length }, (_, row) =>
    values.slice(row * length, (row + 1) * length).reduce((sum, x) => sum + x, 0),
  );
}

describe("samples of what Python code leaves open", () => {
  it("stand in for random numbers without a seed, and nowhere else", async () => {
    const document = await read(`${head}q = torch.randn(6, 8)
torch.manual_seed(0)
k = torch.randn(6, 8)
v = torch.randn(6, 8)
o = F.scaled_dot_product_attention(q, k, v)
`);
    const named = (from: TensorDocument, name: string) => from.tensors.find((t) => t.name === name)!;
    assert.equal(named(document, "q").values, null);
    const sampled = document.sampled!(0);
    assert.deepEqual(toFloat64(named(sampled, "k").values!), toFloat64(named(document, "k").values!));
    assert.ok(toFloat64(named(sampled, "q").values!).every(Number.isFinite));
    assert.deepEqual(document.sampled!(0), sampled);
    assert.notDeepEqual(toFloat64(named(document.sampled!(1), "q").values!), toFloat64(named(sampled, "q").values!));
  });

  it("stand in for the arguments of a class that nobody calls, in sizes that fit each other", async () => {
    const document = await read(`${head}class Attention(nn.Module):
    def __init__(self, config):
        super().__init__()
        assert config.n_embd % config.n_head == 0
        self.qkv = nn.Linear(config.n_embd, 3 * config.n_embd)
        self.heads = config.n_head
        self.drop = nn.Dropout(config.dropout)
        size = config.block_size
        self.register_buffer("keep", torch.tril(torch.ones(size, size)).view(1, 1, size, size))

    def forward(self, x):
        B, T, C = x.size()
        q, k, v = self.qkv(x).split(C, dim=2)
        q, k, v = (t.view(B, T, self.heads, C // self.heads).transpose(1, 2) for t in (q, k, v))
        att = q @ k.transpose(-2, -1) / math.sqrt(k.size(-1))
        att = att.masked_fill(self.keep[:, :, :T, :T] == 0, float("-inf"))
        return self.drop(F.softmax(att, dim=-1)) @ v
`);
    const [open] = document.sites;
    assert.deepEqual(played(document, open!, "query").shape, ["B", "n_head", "T", "n_embd // n_head"]);
    const sampled = document.sampled!(0);
    const [site] = sampled.sites;
    assert.equal(site!.id, open!.id);
    assert.deepEqual(played(sampled, site!, "query").shape, [2, 4, 6, 8]);
    assert.deepEqual([...toFloat64(played(sampled, site!, "mask").values!)].slice(0, 7), [1, 0, 0, 0, 0, 0, 1]);
    for (const sum of rowSums(played(sampled, site!, "weights"))) assert.ok(Math.abs(sum - 1) < 1e-6);
  });

  it("take a rank with which the code runs, where it does not say one", async () => {
    const twoAxes =
      "def attention(q, k, v):\n    w = F.softmax(q @ k.T / math.sqrt(q.shape[-1]), dim=-1)\n    return w @ v\n";
    const threeAxes = "def attention(q, k, v):\n    w = F.softmax(q @ k.transpose(1, 2), dim=-1)\n    return w @ v\n";
    for (const [text, shape] of [
      [twoAxes, [6, 8]],
      [threeAxes, [2, 6, 8]],
    ] as const) {
      const document = await read(head + text);
      assert.equal(document.sites.length, 1);
      const sampled = document.sampled!(0);
      assert.deepEqual(played(sampled, sampled.sites[0]!, "query").shape, shape);
      assert.ok(played(sampled, sampled.sites[0]!, "weights").values);
    }
  });

  it("stand in for what JAX draws, and for default_rng without a seed", async () => {
    const document = await read(`import jax
import jax.numpy as jnp
import numpy as np
q = jax.random.normal(jax.random.PRNGKey(0), (4, 8))
w = jax.nn.softmax(q @ q.T / jnp.sqrt(8.0), axis=-1)
o = w @ q
rng = np.random.default_rng()
a = rng.standard_normal((3, 3))
`);
    const sampled = document.sampled!(3);
    for (const name of ["q", "w", "o", "a"]) {
      assert.equal(document.tensors.find((t) => t.name === name)!.values, null, name);
      assert.ok(sampled.tensors.find((t) => t.name === name)!.values, name);
    }
  });
});
