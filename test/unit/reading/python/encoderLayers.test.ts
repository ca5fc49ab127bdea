import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { toFloat64 } from "../../../../src/tensor/tensor.ts";
import { read } from "./reader.ts";

const fixture = new URL("../../../fixtures/python/encoder_layers.json", import.meta.url);
/** `[layer and batch entry][head][query][key]`, by PyTorch. */
const expected = JSON.parse(readFileSync(fixture, "utf8")) as number[][][][];

const encoder = (layers: number, batch: number) => `import torch
import torch.nn as nn
torch.manual_seed(0)
layer = nn.TransformerEncoderLayer(16, 4, 32, dropout=0.0, batch_first=True)
encoder = nn.TransformerEncoder(layer, ${layers})
x = torch.randn(${batch}, 5, 16)
y = encoder(x)
`;

describe("the layers of nn.TransformerEncoder", () => {
  it("are all in one site, with the weights that PyTorch computes", async () => {
    const document = await read(encoder(3, 2));
    const [site, ...others] = document.sites;
    assert.equal(others.length, 0);
    assert.deepEqual(site!.axes?.batch, {
      meaning: "layer",
      labels: ["0 · b0", "0 · b1", "1 · b0", "1 · b1", "2 · b0", "2 · b1"],
    });
    const weights = document.tensors.find(({ id }) => id === site!.roles.weights)!;
    assert.deepEqual(weights.shape, [6, 4, 5, 5]);
    const flat = expected.flat(3);
    const worst = Math.max(...toFloat64(weights.values!).map((weight, at) => Math.abs(weight - flat[at]!)));
    assert.ok(worst < 1e-6, `off by ${worst}`);
  });

  it("are counted alone where the batch is one", async () => {
    const { sites } = await read(encoder(2, 1));
    assert.deepEqual(sites[0]!.axes?.batch?.labels, ["0", "1"]);
  });

  it("need no axis where there is one", async () => {
    const { sites } = await read(encoder(1, 2));
    assert.equal(sites[0]!.axes, undefined);
  });

  it("of a decoder are told by their attention to memory", async () => {
    const text = `${encoder(2, 1)}decoder = nn.TransformerDecoder(nn.TransformerDecoderLayer(16, 4, 32, dropout=0.0, batch_first=True), 2)
z = decoder(torch.randn(1, 7, 16), y)
`;
    const { sites, tensors } = await read(text);
    const weights = tensors.find(({ id }) => id === sites[1]!.roles.weights)!;
    assert.deepEqual(weights.shape, [2, 4, 7, 5]);
  });
});
