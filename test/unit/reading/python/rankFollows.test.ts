import assert from "node:assert/strict";
import { shapesIn } from "./reader.ts";

const head = "import torch\nfrom torch import nn\nimport torch.nn.functional as F\n";

describe("the rank of what nobody gives", () => {
  it("follows from that of a result, back through everything that keeps it", async () => {
    const text = `${head}class Scaled(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(dim))
        self.proj = nn.Linear(dim, dim)
    def forward(self, x):
        y = x + F.relu(x).mean(-1, keepdim=True)
        y = self.proj(y * self.weight)
        b, n, d = y.shape
        return y
`;
    assert.deepEqual((await shapesIn(text, "F.relu(x)"))[0]?.slice(0, 2), ["b", "n"]);
    assert.deepEqual(await shapesIn(text, "F.relu(x).mean(-1, keepdim=True)"), [["b", "n", 1]]);
  });

  it("follows from a product of batches of matrices through parts and wholes", async () => {
    const text = `${head}class Parts(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.query = nn.Linear(dim, dim)
    def forward(self, x, y, z, w, u):
        a = torch.cat(self.query(x).split([4, 4], 2), 0).bmm(torch.stack([y, y], 0)[0])
        b = torch.relu(z).unbind(1)[0].mm(torch.relu(w).unsqueeze(0)[0])
        c = torch.relu(u).sum(-1).bmm(a)
        return a, b, c
`;
    const rank = async (name: string) => (await shapesIn(text, name))[0]?.length;
    assert.deepEqual(await Promise.all(["x", "y", "z", "w", "u"].map(rank)), [3, 3, 3, 2, 4]);
  });

  it("does not follow where a known operand may have brought the axes", async () => {
    const text = `${head}class Placed(nn.Module):
    def __init__(self, longest, dim):
        super().__init__()
        self.places = nn.Parameter(torch.zeros(1, longest, dim))
    def forward(self, x, y):
        placed = x + self.places
        b, n, c = placed.shape
        mixed = x * y
        b, n, c = mixed.shape
        return placed
`;
    assert.deepEqual(await shapesIn(text, "x"), [null]);
    assert.deepEqual(await shapesIn(text, "y"), [null]);
    assert.equal((await shapesIn(text, "placed"))[0]?.length, 3);
  });
});

describe("layers that are made in a loop of unknown length", () => {
  it("are whole", async () => {
    const text = `${head}class Feed(nn.Module):
    def __init__(self, dim, hidden):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(dim, hidden), nn.GELU(), nn.Linear(hidden, dim))
    def forward(self, x):
        return self.net(x)
class Stack(nn.Module):
    def __init__(self, dim, depth, hidden):
        super().__init__()
        self.layers = nn.ModuleList([])
        for _ in range(depth):
            self.layers.append(nn.ModuleList([nn.LayerNorm(dim), Feed(dim, hidden)]))
    def forward(self, x):
        b, n, d = x.shape
        for norm, feed in self.layers:
            x = feed(norm(x)) + x
        return x
`;
    assert.deepEqual(await shapesIn(text, "feed(norm(x)) + x"), [["b", "n", "dim"]]);
  });
});

describe("what callers that nobody calls give to a helper", () => {
  it("leaves out the number of one of them, such as a batch of one", async () => {
    const text = `${head}class Model(nn.Module):
    def __init__(self, words, dim):
        super().__init__()
        self.embedding = nn.Embedding(words, dim)
    def masked(self, ids):
        b, n = ids.size()
        return ids + 0
    def forward(self, ids):
        return self.embedding(ids), self.masked(ids[:, :-1])
    def translate(self, words: int):
        return self.masked(torch.zeros(1, words, dtype=torch.long))
`;
    assert.deepEqual(await shapesIn(text, "ids + 0"), [["b", "d1 - 1"]]);
  });
});
