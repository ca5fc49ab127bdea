import assert from "node:assert/strict";
import { processorTime } from "../../support/processorTime.ts";
import { read } from "./reader.ts";

describe("long chains of tensors of which nothing is known", () => {
  it("are read in a moment, although each hangs twice on the one before", async () => {
    const steps = Array.from({ length: 60 }, () => "    x = x + x.cumsum(dim=-1)").join("\n");
    const started = processorTime();
    const document = await read(
      `import torch\n\ndef chain(x: torch.Tensor):\n${steps}\n    return x\n\nz = torch.zeros(2)\n`,
    );
    assert.ok(processorTime() - started < 15_000);
    assert.deepEqual(document.tensors.find((t) => t.name === "z")?.shape, [2]);
  });
});

describe("an expression whose tensor changes its shape in place later", () => {
  it("keeps the shape that it had", async () => {
    const text = "import torch\nx = torch.zeros(2, 3)\ny = (x + 1).unsqueeze_(1)\nz = y\ny.t_()\n".replace(
      "y.t_()",
      "y.squeeze_(1)",
    );
    const document = await read(text);
    const at = (part: string) =>
      document.expressions!.find((e) => text.slice(e.range.start, e.range.end) === part)!.shapes;
    assert.deepEqual(at("x + 1"), [[2, 3]]);
    assert.deepEqual(at("(x + 1).unsqueeze_(1)"), [[2, 1, 3]]);
    assert.deepEqual(document.tensors.find((t) => t.name === "z")?.shape, [2, 3]);
  });
});

describe("a tensor of unknown rank that changes its shape in place", () => {
  const text = `import torch
from torch import nn


class Places(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)

    def forward(self, x, places):
        turned = x.transpose(0, 1)
        flat = x.flatten(1)
        front = torch.cat([x, x])
        x.unsqueeze_(0)
        kept = self.conv(x)
        table = torch.tensor(places).unsqueeze_(0)
        return kept + table, turned + table, flat, front
`;
  const parts = ["x.transpose(0, 1)", "x.flatten(1)", "torch.cat([x, x])", "self.conv(x)", "kept + table"];
  const shapesIn = async (program: string) => {
    const document = await read(program);
    return parts.map(
      (part) => document.expressions!.find((e) => program.slice(e.range.start, e.range.end) === part)?.shapes ?? [],
    );
  };

  it("ends, and tells nothing made before the axes that came later", async () => {
    const ranks = (await shapesIn(text)).map((shapes) => shapes.flatMap((shape) => shape?.length ?? []));
    const trueRanks = [3, 2, 3, 4, 4]; // PyTorch's for x of [3, 8, 8]
    for (const [at, told] of ranks.entries()) for (const rank of told) assert.equal(rank, trueRanks[at], parts[at]);
    assert.deepEqual(ranks[3], [4]);
  });

  it("has PyTorch's shapes where it is called", async () => {
    const called = `${text}\nPlaces()(torch.zeros(3, 8, 8), [1.0])\n`;
    assert.deepEqual(await shapesIn(called), [[[8, 3, 8]], [[3, 64]], [[6, 8, 8]], [[1, 8, 8, 8]], [[1, 8, 8, 8]]]);
  });
});

describe("the dtype of a parameter that a layer of unknown work looks up", () => {
  it("is not taken for floats: PyTorch refuses an index of floats", async () => {
    const document = await read(`import torch
from torch import nn


class Table(torch.autograd.Function):
    @staticmethod
    def forward(ctx, tokens, table):
        return table[tokens]


class Embedding(nn.Module):
    def __init__(self, count, width):
        super().__init__()
        self.table = nn.Parameter(torch.randn(count, width))

    def forward(self, tokens):
        return Table.apply(tokens, self.table)


class Model(nn.Module):
    def __init__(self, count, width):
        super().__init__()
        self.token_embeddings = Embedding(count, width)

    def forward(self, inputs):
        batch, length = inputs.shape
        return self.token_embeddings(inputs)
`);
    const told = document.expressions!.filter(({ shapes }) => shapes[0]?.join() === "batch,length");
    assert.ok(told.length > 0);
    for (const { dtypes } of told) for (const dtype of dtypes) assert.notEqual(dtype, "float32");
  });
});
