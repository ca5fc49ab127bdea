import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { LayerPlace } from "../../../../src/reading/document.ts";
import { statistics } from "../../../../src/tensor/statistics.ts";
import { read } from "./reader.ts";

interface Fixture {
  readonly code: string;
  readonly layers: Readonly<
    Record<
      string,
      {
        readonly count: number;
        readonly parameters: Readonly<
          Record<
            string,
            { readonly shape: number[]; readonly dtype: string; readonly limits: readonly [number, number] }
          >
        >;
        readonly inside: Readonly<Record<string, number>>;
      }
    >
  >;
}

const fixture = JSON.parse(
  readFileSync(new URL("../../../fixtures/python/layer_tables.json", import.meta.url), "utf8"),
) as Fixture;

/** The layer at the last character of the first place where `found` stands. */
async function layerAt(text: string, found: string): Promise<LayerPlace> {
  const { layerAt: find } = await read(text);
  const place = find!(text.indexOf(found) + found.length - 1);
  if (!place) throw new Error(`no layer at ${found}`);
  return place;
}

describe("layers that Python code makes", () => {
  for (const [name, expected] of Object.entries(fixture.layers)) {
    it(`${name}: the parameters that PyTorch makes, and how many there are`, async () => {
      const place = await layerAt(fixture.code, name === "model" ? name : `self.${name}`);
      const { layer } = place;
      assert.equal(layer.count, expected.count);
      for (const parameter of layer.parameters) {
        const { shape, dtype, limits } = expected.parameters[parameter.name]!;
        assert.deepEqual([parameter.shape, parameter.dtype], [shape, dtype], parameter.name);
        const { minimum, maximum } = statistics(parameter.values!);
        for (const [at, limit] of [minimum, maximum].entries())
          assert.ok(Math.abs(limit - limits[at]!) < 1e-6, `${parameter.name}: ${minimum} … ${maximum}, not ${limits}`);
      }
      if (layer.inside.length === 0) assert.equal(layer.parameters.length, Object.keys(expected.parameters).length);
    });
  }

  it("lists layers that are alike as one, those of a list too", async () => {
    const { layer } = await layerAt(fixture.code, "model");
    const blocks = layer.inside.find(({ kind }) => kind === "Block")!;
    assert.deepEqual(blocks.names, ["blocks.0", "blocks.1", "blocks.2"]);
    assert.equal(3 * Number(blocks.count), fixture.layers.model!.inside.blocks);
    assert.deepEqual(
      layer.parameters.map(({ name }) => name),
      ["place"],
    );
  });

  it("tells that a place was several layers in turn", async () => {
    const place = await layerAt(fixture.code, "nn.MultiheadAttention");
    assert.equal(place.others.length, 2);
    assert.equal(place.called, false);
    assert.equal(fixture.code.slice(place.range.start, place.range.end), place.name);
  });
});

const attention = `import torch
import torch.nn as nn
import torch.nn.functional as F
class Attention(nn.Module):
    def __init__(self, size=32, heads=4):
        super().__init__()
        self.heads = heads
        self.to_q = nn.Linear(size, size, bias=False)
        self.to_kv = nn.Linear(size, 2 * size)
        self.out = nn.Linear(size, size)
    def forward(self, x):
        B, T, C = x.shape
        q = self.to_q(x).view(B, T, self.heads, C // self.heads).transpose(1, 2)
        k, v = self.to_kv(x).split(C, dim=2)
        k = k.view(B, T, self.heads, C // self.heads).transpose(1, 2)
        v = v.view(B, T, self.heads, C // self.heads).transpose(1, 2)
        weights = F.softmax(q @ k.transpose(-2, -1) / 8 ** 0.5, dim=-1)
        return self.out((weights @ v).transpose(1, 2).reshape(B, T, C))
`;

describe("what layers do in attention", () => {
  const tasks = async (text: string) =>
    Promise.all(["self.to_q", "self.to_kv", "self.out"].map(async (name) => (await layerAt(text, name)).tasks));

  it("is told of code that nobody calls, with names for sizes", async () => {
    assert.deepEqual(await tasks(attention), [["query"], ["key", "value"], ["output"]]);
    const { layer } = await layerAt(attention, "self.to_kv");
    assert.deepEqual(layer.settings, { in_features: "size", out_features: "2*size" });
    assert.equal(layer.count, "2*size*size + 2*size");
    assert.deepEqual(layer.parameters[0]!.shape, ["2*size", "size"]);
  });

  it("is told of code that is called", async () => {
    const called = `${attention}model = Attention()\ny = model(torch.randn(2, 6, 32))\n`;
    assert.deepEqual(await tasks(called), [["query"], ["key", "value"], ["output"]]);
    const { layer } = await layerAt(called, "self.to_kv");
    assert.deepEqual(layer.settings, { in_features: "32", out_features: "64" });
  });

  it("is told of learned scores", async () => {
    const text = readFileSync(new URL("../../../../examples/additive_attention.py", import.meta.url), "utf8");
    assert.deepEqual((await layerAt(text, "self.score")).tasks, ["scores"]);
    assert.deepEqual((await layerAt(text, "self.hidden")).tasks, []);
  });

  it("is what a call that gives a tensor is about only beside it", async () => {
    assert.equal((await layerAt(attention, "self.to_q")).called, false);
    const { layerAt: find } = await read(attention);
    const at = attention.indexOf("self.to_q(x)");
    assert.equal(find!(at + 6)!.called, true);
    assert.equal(find!(at + "self.to_q(x".length), null, "x is a tensor, narrower than any layer");
  });
});

describe("layers of which not all is known", () => {
  it("a count is not told where a layer may hold more", async () => {
    const text = "from somewhere import Thing\nfrom torch import nn\nx = nn.Sequential(nn.Linear(2, 3), Thing())\n";
    assert.equal((await layerAt(text, "nn.Sequential")).layer.count, null);
  });

  it("sizes that depend on a choice", async () => {
    const text = `from torch import nn
import random
layer = nn.Linear(2, 3) if random.random() < 0.5 else nn.Linear(2, 4)
`;
    assert.equal((await layerAt(text, "nn.Linear(2, 3")).layer.settings.out_features, "3");
  });
});
