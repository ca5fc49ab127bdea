import assert from "node:assert/strict";
import { read, shapesIn } from "./reader.ts";

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

  it("follows from where an axis that was asked for by its number meets another of that size", async () => {
    const text = `${head}class Places(nn.Module):
    def __init__(self, dim, longest):
        super().__init__()
        self.register_buffer("places", torch.zeros(1, longest, dim))
        self.table = nn.Parameter(torch.zeros(longest, dim))
        self.words = nn.Embedding(9, dim)
    def forward(self, x, y, ids, z):
        x = x + self.places[:, :x.size(1)]
        y = y + self.table[:y.shape[1]]
        w = self.words(ids) * 2 + self.places[:, :ids.size(1)]
        z = z + self.places[:, :z.size(-2)]
        return torch.relu(x), torch.relu(y), torch.relu(w), torch.relu(z)
`;
    for (const name of ["x", "y", "w"])
      assert.deepEqual((await shapesIn(text, `torch.relu(${name})`))[0]?.at(2), "dim", name);
    assert.equal((await shapesIn(text, "ids"))[0]?.length, 2);
    assert.deepEqual(await shapesIn(text, "torch.relu(z)"), [null]);
  });

  it("follows from heads that are split off, from sizes for every axis, and from what is put together", async () => {
    const text = `${head}class Split(nn.Module):
    def __init__(self, heads, size):
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(heads * size, heads * size)
        self.size = size
    def forward(self, x, y, z, w):
        n = x.size(1)
        q = self.query(x).view(-1, n, self.heads, self.size)
        late = y.size(2)
        y = y.repeat(1, late, 1)
        both = torch.cat([torch.relu(z), q], dim=1)
        part = torch.gather(torch.relu(w), -1, both.argsort(-1))
        return q, y, part
`;
    const rank = async (expression: string) => (await shapesIn(text, expression))[0]?.length;
    const expressions = ["self.query(x)", "y", "torch.relu(z)", "torch.relu(w)"];
    assert.deepEqual(await Promise.all(expressions.map(rank)), [3, 3, 4, 4]);
  });

  it("does not follow from a reshape that lets axes change places", async () => {
    const text = `${head}class Skewed(nn.Module):
    def forward(self, x):
        return torch.reshape(x, [x.size(0), x.size(1), x.size(-1), x.size(-2)]) + 0
`;
    assert.deepEqual(await shapesIn(text, "x"), [null]);
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

describe("what is squeezed where nobody calls", () => {
  it("loses the axes that surely have size 1, if there are any", async () => {
    const text = `${head}class Squeezed(nn.Module):
    def forward(self, q, x):
        b, n, d = q.shape
        one = (q.unsqueeze(-2) @ q.unsqueeze(-1)).squeeze()
        b, n, d = x.shape
        return one + 0, x.squeeze()
`;
    assert.deepEqual(await shapesIn(text, "one + 0"), [["b", "n"]]);
    assert.deepEqual(await shapesIn(text, "x.squeeze()"), [null]);
  });
});

describe("the dtype of what nobody gives", () => {
  it("is that of classes, of places and of what it is put together with, and none where only a comment tells its shape", async () => {
    const text = `${head}class Kinds(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.table = nn.Parameter(torch.zeros(9, dim))
    def forward(self, a, ids, c, d):
        """d: (batch, words)"""
        b_, n, k = c.shape
        hot = F.one_hot(a, 9).float() @ self.table
        at = torch.gather(c, -1, ids)
        more = torch.cat([torch.relu(d), d], 1)
        return hot, at, torch.cat([a, torch.zeros(1, 2, dtype=torch.long)], 1), more
`;
    const { expressions = [] } = await read(text);
    const dtypeIn = (part: string, name: string) =>
      expressions.find((e) => e.range.start === text.indexOf(part) + part.indexOf(name))?.dtypes[0];
    assert.equal(dtypeIn("F.one_hot(a,", "a,"), "int64");
    assert.equal(dtypeIn("-1, ids)", "ids"), "int64");
    assert.equal(dtypeIn("relu(d), d]", "d]"), null);
  });
});

describe("a parameter of forward", () => {
  it("is a tensor where it has a method of tensors, is put together with others, given to a layer, or so called", async () => {
    const text = `${head}class Parts(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(dim, dim)])
    def forward(self, a, b, c, text_embedding, n):
        return a.pow(2), torch.cat((b, b), 1), self.layers[0](c), text_embedding, n
`;
    for (const name of ["a.pow(2)", "b", "c", "text_embedding"]) await shapesIn(text, name);
    await assert.rejects(shapesIn(text, "n"));
  });
});

describe("a size that nothing tells", () => {
  it("has a name of its own, which what the code needs later turns into another", async () => {
    const text = `${head}class Chosen(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.proj = nn.Linear(dim, dim)
    def forward(self, x, d, d2):
        b, n, c = x.shape
        kept = x[:, torch.randperm(n) > 3]
        both = torch.cat([kept, kept], 1)
        e, f, d = d.shape
        g, h, d2 = d2.shape
        return self.proj(both), d, kept
`;
    assert.deepEqual(await shapesIn(text, "x[:, torch.randperm(n) > 3]"), [["b", "d1", "dim"]]);
    assert.deepEqual(await shapesIn(text, "self.proj(both)"), [["b", "2*d1", "dim"]]);
  });

  it("is never taken for the second size of a name", async () => {
    const text = `${head}def f(d, x, y, z):
    a, b, d = x.shape
    a, b, d = y.shape
    return z.permute(0, 1, 2) + 0, y + 0
`;
    const [y] = await shapesIn(text, "y + 0");
    const [z] = await shapesIn(text, "z.permute(0, 1, 2) + 0");
    assert.notEqual(y?.[2], z?.[2]);
  });

  it("counts for a helper unless one caller has flattened it", async () => {
    const text = `${head}class Encoder(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.norm = nn.LayerNorm(dim)
    def forward(self, x, places):
        return self.norm(x) + places
class Model(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.encoder = Encoder(dim)
        self.table = nn.Parameter(torch.zeros(dim))
    def forward(self, x, image):
        b, n, dim = x.shape
        return self.encoder(x, image.permute(1, 0).reshape(-1, 1) * self.table)
`;
    assert.deepEqual(await shapesIn(text, "x"), [["b", "n", "dim"]]);
    const { expressions = [] } = await read(text);
    const at = text.indexOf("places\nclass");
    assert.deepEqual(expressions.find((e) => e.range.start === at)?.shapes ?? [null], [null]);
  });
});

describe("a default of 1 that no caller in the file takes", () => {
  it("tells nothing", async () => {
    const text = `${head}class Scales(nn.Module):
    def __init__(self, dim, heads=1):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(heads, dim))
    def forward(self, x):
        return x * unknown(self.gamma)
    def reset(self):
        return self.gamma + 0
class Model(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.scales = Scales(dim, heads=2)
    def forward(self, x):
        b, n, d = x.shape
        return x @ self.scales.reset()
`;
    await assert.rejects(shapesIn(text, "torch.ones(heads, dim)"));
    assert.deepEqual(await shapesIn(text.replace("heads=2", "heads=1"), "torch.ones(heads, dim)"), [[1, "dim"]]);
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
