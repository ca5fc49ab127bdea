import assert from "node:assert/strict";
import { read } from "./reader.ts";

async function shapes(text: string, expression: string): Promise<unknown> {
  const document = await read(text);
  const at = text.indexOf(expression);
  return document.expressions!.find((e) => e.range.start === at && e.range.end === at + expression.length)?.shapes;
}

describe("lists that long loops fill", () => {
  const work = Array.from({ length: 8 }, (_, at) => `        w${at} = i * ${at}\n`).join("");

  it("have as many items as there are rounds, though not all of them are run", async () => {
    const text = `import numpy as np
rows, labels = [], []
for c in range(10):
    for i in range(3000):
${work}        rows.append(np.zeros((4, 2)))
        labels.append(c)
A = np.stack(rows)
B = np.array(labels)
`;
    assert.deepEqual(await shapes(text, "np.stack(rows)"), [[30000, 4, 2]]);
    assert.deepEqual(await shapes(text, "np.array(labels)"), [[30000]]);
  });

  it("stay open where a round may append less, or the list is used otherwise", async () => {
    const loop = (line: string) => `import numpy as np
rows = []
for i in range(6000):
${work.replaceAll("        ", "    ")}${line}
A = np.array(rows)
`;
    for (const line of [
      "    if i % 2:\n        rows.append(1.0)",
      "    rows.append(1.0)\n    rows = rows[-9:]",
      "    rows.append(1.0)\n    if len(rows) > 99:\n        break",
    ])
      assert.notDeepEqual(await shapes(loop(line), "np.array(rows)"), [[6000]], line);
    assert.deepEqual(await shapes(loop("    rows.append(1.0)"), "np.array(rows)"), [[6000]]);
  });
});

describe("a data loader", () => {
  it("gives full batches and the rest, and knows their number", async () => {
    const text = `import torch
from torch.utils.data import DataLoader, TensorDataset
loader = DataLoader(TensorDataset(torch.zeros(1003, 3), torch.zeros(1003).long()), batch_size=32)
n = torch.zeros(len(loader))
for x, y in loader:
    a = x + 1
    b = y * 2
`;
    assert.deepEqual(await shapes(text, "torch.zeros(len(loader))"), [[32]]);
    assert.deepEqual(await shapes(text, "x + 1"), [
      [32, 3],
      [11, 3],
    ]);
    assert.deepEqual(await shapes(text, "y * 2"), [[32], [11]]);
  });
});

describe("torch.distributions and strides", () => {
  it("tell shapes", async () => {
    const text = `import torch
from torch.distributions import Categorical, Normal
d = Categorical(logits=torch.zeros(5, 4, 7))
a = d.sample()
b = d.sample((3,))
c = d.log_prob(a)
e = d.entropy()
f = Normal(torch.zeros(2, 1), torch.ones(3)).rsample()
g = torch.as_strided(torch.arange(12.0), (3, 4), (2, 1)) * 1
h = torch.fill(torch.zeros(4), 1) * 1
`;
    const document = await read(text);
    const told = Object.fromEntries(document.tensors.map((t) => [t.name, [t.shape, t.dtype]]));
    assert.deepEqual(told, {
      a: [[5, 4], "int64"],
      b: [[3, 5, 4], "int64"],
      c: [[5, 4], "float32"],
      e: [[5, 4], "float32"],
      f: [[2, 3], "float32"],
      g: [[3, 4], "float32"],
      h: [[4], "float32"],
    });
    const g = document.tensors.find((t) => t.name === "g");
    assert.deepEqual([...(g?.values?.data ?? [])], [0, 1, 2, 3, 2, 3, 4, 5, 4, 5, 6, 7]);
  });
});

describe("parameters of a module", () => {
  it("come in PyTorch's order", async () => {
    const text = `import torch
from torch import nn
m = nn.Sequential(nn.Linear(4, 6), nn.LayerNorm(5), nn.Conv2d(3, 9, 2), nn.MultiheadAttention(8, 2), nn.GRU(7, 1))
sizes = torch.tensor([p.shape[0] * 100 + p.dim() for p in m.parameters()])
`;
    // PyTorch 1.13: weight, bias; weight, bias; weight, bias; in_proj, out_proj; input and hidden weights, then biases.
    const sizes = [602, 601, 501, 501, 904, 901, 2402, 2401, 802, 801, 302, 302, 301, 301];
    const document = await read(text);
    const told = document.tensors.find((t) => t.name === "sizes")?.values?.data ?? [];
    assert.deepEqual([...told].map(Number), sizes);
  });
});

describe("array.flat", () => {
  it("is no array itself, but reads and writes through one", async () => {
    const text = `import numpy as np
a = np.arange(6.0).reshape(2, 3)
b = np.zeros((2, 3))
for i, v in enumerate(a.flat):
    b.flat[i] = v * 2
c = a.flat[4] + np.zeros(1)
`;
    const document = await read(text);
    assert.equal(
      document.expressions!.some((e) => text.slice(e.range.start, e.range.end).endsWith(".flat")),
      false,
    );
    const values = (name: string) => [...(document.tensors.find((t) => t.name === name)?.values?.data ?? [])];
    assert.deepEqual(values("b"), [0, 2, 4, 6, 8, 10]);
    assert.deepEqual(values("c"), [4]);
  });
});
