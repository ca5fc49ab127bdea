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

/** Whether anything is told of the first place where this text stands. */
async function isTold(text: string, piece: string): Promise<boolean> {
  const start = text.indexOf(piece);
  const { expressions } = await read(text);
  return expressions!.some(({ range }) => range.start === start && range.end === start + piece.length);
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

  it("keeps the rank where each way of a condition names the sizes differently, which have names that only tell them apart", async () => {
    const text = `import numpy as np
def f(x, flag):
    if flag:
        n, h, l, d = x.shape
    else:
        h, l, d, e = x.shape
    return x + 1
`;
    assert.deepEqual(await shapes(text, "x + 1"), [[[["d0", "d1", "d2", "d3"]], [null]]]);
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
    assert.deepEqual(await shapes(text, "y.reshape(b, n, heads * (d // heads))"), [[[["b", "n", "d"]], ["float32"]]]);
  });

  it("is told its rank by what takes so many axes", async () => {
    const text = `import torch
from torch import nn
class Distil(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.conv = nn.Conv1d(c, c, 3, padding=1)
    def forward(self, x):
        return self.conv(x.permute(0, 2, 1)).transpose(1, 2)
class Image(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.norm = nn.BatchNorm2d(c)
    def forward(self, image):
        return self.norm(image) * 2
class Recurrent(nn.Module):
    def __init__(self, size, hidden, layers):
        super().__init__()
        self.rnn = nn.GRU(size, hidden, num_layers=layers, batch_first=True)
    def forward(self, x):
        out, last = self.rnn(x)
        return out + 0, last + 0
`;
    assert.deepEqual(await shapes(text, "self.conv(x.permute(0, 2, 1)).transpose(1, 2)"), [
      [[["d0", "d1", "c"]], ["float32"]],
    ]);
    assert.deepEqual(await shapes(text, "self.norm(image) * 2"), [[[["d0", "c", "d2", "d3"]], ["float32"]]]);
    assert.deepEqual(await shapes(text, "out + 0"), [[[["d0", "d1", "hidden"]], ["float32"]]]);
    assert.deepEqual(await shapes(text, "last + 0"), [[[["layers", "d0", "hidden"]], ["float32"]]]);
  });

  it("names computed sizes after their parts, or after what they are bound to", async () => {
    const text = `import math, torch
from torch import nn
class Mlp(nn.Module):
    def __init__(self, dim, hidden=None):
        super().__init__()
        hidden = hidden or dim
        self.up = nn.Linear(dim, hidden)
    def forward(self, x):
        return self.up(x)
class Block(nn.Module):
    def __init__(self, dim, ratio=4.0, heads=8):
        super().__init__()
        self.wide = Mlp(dim, int(dim * ratio))
        self.part = nn.Linear(dim, int(dim / heads))
        self.above = nn.Linear(dim, math.ceil(dim / heads))
        root = int(math.sqrt(dim))
        self.root = nn.Linear(dim, root)
    def forward(self, x):
        b, n, c = x.shape
        return self.wide(x), self.part(x), self.above(x), self.root(x)
`;
    assert.deepEqual(await shapes(text, "self.wide(x)"), [[[["b", "n", "4*dim"]], ["float32"]]]);
    assert.deepEqual(await shapes(text, "self.part(x)"), [[[["b", "n", "dim // heads"]], ["float32"]]]);
    assert.deepEqual(await shapes(text, "self.above(x)"), [[[["b", "n", "(dim + heads - 1) // heads"]], ["float32"]]]);
    assert.deepEqual(await shapes(text, "self.root(x)"), [[[["b", "n", "root"]], ["float32"]]]);
    // What a function does not tell by itself, those that call it do.
    assert.deepEqual(await shapes(text, "self.up(x)"), [[[["b", "n", "4*dim"]], ["float32"]]]);
  });

  it("leaves the rank of a module open that callers in this file give heads, but shows it in a hover", async () => {
    const text = `import torch
from torch import nn
class Norm(nn.Module):
    def forward(self, x):
        return x.float() * 2
class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = Norm()
    def forward(self, q):
        B, H, L, D = q.shape
        return self.norm(q.float())
`;
    assert.deepEqual(await shapes(text, "x.float()"), [[[null], ["float32"]]]);
    const place = (await read(text)).at(text.indexOf("x.float()") + 3);
    assert.equal(place?.tensor.shape?.length, 4);
  });

  it("tells of a helper what all its callers give it, the general case alone, and nothing where one gives no tensor", async () => {
    const text = `import torch
from torch import nn
def exists(val):
    return val is not None
def turned(t):
    return torch.cat((-t, t), dim=-1)
def scaled(pos, t):
    pos = pos[:, None].contiguous()
    return t * pos.cos() + turned(t)
class Block(nn.Module):
    def __init__(self, dim, width=None):
        super().__init__()
        self.width = width if exists(width) else dim
    def forward(self, x):
        b, n, c = x.shape
        y = x[:1] + 0
        return turned(x), turned(y), exists(x)
`;
    assert.deepEqual(await shapes(text, "-t"), [[[["b", "n", "c"]], ["float32"]]]);
    const document = await read(text);
    const val = text.indexOf("val is not");
    assert.equal(
      document.expressions!.find((e) => e.range.start === val),
      undefined,
    );
    // What is multiplied and handed on may be a tensor of any rank: no claim is made from the other factor.
    const product = text.indexOf("t * pos.cos()");
    const told = document.expressions!.filter((e) => e.range.start === product && e.range.end === product + 13);
    assert.deepEqual(
      told.flatMap((e) => e.shapes).filter((shape) => shape !== null),
      [],
    );
  });

  it("does not guess a rank from what takes several, nor that a squeezed axis stays", async () => {
    const text = `import torch
from torch import nn
class Pool(nn.Module):
    def __init__(self):
        super().__init__()
        self.pool = nn.AvgPool2d(3, 1, 1)
    def forward(self, x):
        return self.pool(x) - x
class Last(nn.Module):
    def forward(self, x):
        b, n, c = x.shape
        return x.squeeze(1)
`;
    assert.deepEqual(await shapes(text, "self.pool(x) - x"), [[[null], [null]]]);
    assert.deepEqual(await shapes(text, "x.squeeze(1)"), [[[null], ["float32"]]]);
  });

  it("follows heads through view, tables through slices, and either of two layers", async () => {
    const text = `import torch
from torch import nn
class Heads(nn.Module):
    def __init__(self, dim, longest, heads=8, dim_head=64):
        super().__init__()
        self.heads = heads
        self.size = dim // heads
        self.query = nn.Linear(dim, dim)
        self.positions = nn.Parameter(torch.zeros(1, longest, dim))
        self.out = nn.Linear(dim, dim) if not (heads == 1 and dim_head == dim) else nn.Identity()
        self.last = nn.Linear(dim, dim) if longest > dim else nn.Identity()
    def forward(self, query):
        batch = query.size(0)
        q = self.query(query).view(batch, -1, self.heads, self.size).transpose(1, 2)
        n = query.size(1)
        placed = query + self.positions[:, :n]
        return q + 0, self.out(placed), self.last(query)
class Tokens(nn.Module):
    def __init__(self, words, dim):
        super().__init__()
        self.embedding = nn.Embedding(words, dim)
    def forward(self, ids):
        x = self.embedding(ids)
        b, t, c = x.shape
        return ids + 0
`;
    assert.deepEqual(await shapes(text, "q + 0"), [[[["batch", "heads", "n", "dim // heads"]], ["float32"]]]);
    assert.deepEqual(await shapes(text, "self.positions[:, :n]"), [[[[1, "n", "dim"]], ["float32"]]]);
    assert.deepEqual(await shapes(text, "self.out(placed)"), [[[["batch", "n", "dim"]], ["float32"]]]);
    assert.deepEqual(await shapes(text, "self.last(query)"), [[[["batch", "n", "dim"]], ["float32"]]]);
    assert.deepEqual(await shapes(text, "ids + 0"), [[[["b", "t"]], ["int64"]]]);
  });

  it("follows a layer that a model may go without, on the way where it is there", async () => {
    const text = `import torch.nn as nn

class Attention(nn.Module):
    def __init__(self, dim, heads, dropout):
        super().__init__()
        self.heads = heads
        self.key = nn.Linear(dim, dim)
        self.dropout = None
        if dropout > 0:
            self.dropout = nn.Dropout(dropout)
        self.out = nn.Linear(dim, 2 * dim) if heads > 1 else None

    @staticmethod
    def weigh(keys, dropout):
        scores = keys @ keys.transpose(-2, -1)
        if dropout is not None:
            scores = dropout(scores)
        return scores @ keys

    def forward(self, x):
        B, T, C = x.shape
        keys = self.key(x).view(B, T, self.heads, -1).transpose(1, 2)
        mixed = self.weigh(keys, self.dropout).transpose(1, 2).reshape(B, T, C)
        if self.out is None:
            return mixed
        return self.out(mixed)
`;
    assert.deepEqual(await shapes(text, "scores @ keys"), [[[["B", "heads", "T", "dim // heads"]], ["float32"]]]);
    assert.deepEqual(await shapes(text, "self.out(mixed)"), [[[["B", "T", "2*dim"]], ["float32"]]]);
  });

  it("believes a comment where the code tells no rank, says so, and lists nothing for it", async () => {
    const text = `import torch
from torch import nn
class Feed(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.net = nn.Linear(dim, dim)
    def forward(self, x):
        """x (torch.Tensor): of shape (batch, seq_len, dim)"""
        return self.net(x)
def contradicted(y):  # y: (B, T)
    b, t, c = y.shape
    return y + 1
`;
    const document = await read(text);
    const { tensor } = document.at(text.indexOf("self.net(x)") + "self.net(x)".length)!;
    assert.deepEqual([tensor.shape, tensor.why?.code], [["batch", "seq_len", "dim"], "python.commented"]);
    assert.deepEqual(await shapes(text, "self.net(x)"), [[[null], ["float32"]]]);
    assert.deepEqual(await shapes(text, "y + 1"), [[[["b", "t", "c"]], ["float32"]]]);
  });

  it("knows no dtype where each way of a condition sets another", async () => {
    const text = `import torch
x = torch.zeros(2)
if input():
    x.data = x.double()
else:
    x.data = x.half()
y = x + 1
`;
    const { shape, dtype } = (await read(text)).tensors.find((t) => t.name === "y")!;
    assert.deepEqual([shape, dtype], [[2], null]);
  });

  it("tells a helper as its first call finds it", async () => {
    const text = `import torch
from torch import nn
class Cached(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.proj = nn.Linear(dim, dim)
        self.mask = None
    def forward(self, x):
        b, n, c = x.shape
        return self.proj(x).masked_fill(self.cached(n), 0)
    def cached(self, n):
        if self.mask is not None:
            return self.mask[:n]
        self.mask = torch.ones(n, 1, dtype=torch.bool)
        return self.mask
`;
    const document = await read(text);
    const seen = document.expressions!.map((e) => text.slice(e.range.start, e.range.end));
    assert.ok(!seen.includes("self.mask[:n]"));
    assert.ok(seen.includes("torch.ones(n, 1, dtype=torch.bool)"));
  });

  it("does not change what the module holds", async () => {
    const text =
      "import torch\nmask = torch.ones(2)\nlayers = [1]\ndef reset():\n    mask.zero_()\n    layers.append(2)\nn = torch.zeros(len(layers))\n";
    const document = await read(text);
    const mask = document.tensors.find((t) => t.name === "mask")!;
    assert.deepEqual([...mask.values!.data], [1, 1]);
  });

  it("hints shapes only where they are read as those of what stands before them", async () => {
    const text = [
      "import torch",
      "q, k = torch.randn(4, 8), torch.randn(5, 8)",
      "scores = q @ k.T / 8 ** 0.5",
      "weights = (scores - 1).softmax(-1)",
      "total = (weights * 2).sum() + max(q @ k.T, 1)",
      "shifted: torch.Tensor = (q + 1)",
      "q.add(",
      "    -q",
      ").T",
    ].join("\n");
    const { hints = [] } = await read(text);
    const shown = [...hints].sort((a, b) => b.range.end - a.range.end);
    const told = shown.reduce(
      (all, { range, shapes }) => `${all.slice(0, range.end)}:${JSON.stringify(shapes[0])}${all.slice(range.end)}`,
      text,
    );
    assert.deepEqual(told.split("\n").slice(1), [
      "q:[4,8], k:[5,8] = torch.randn(4, 8):[4,8], torch.randn(5, 8):[5,8]",
      "scores:[4,5] = q:[4,8] @ k:[5,8].T:[8,5] / 8 ** 0.5",
      "weights:[4,5] = (scores:[4,5] - 1):[4,5].softmax(-1)",
      "total = (weights:[4,5] * 2):[4,5].sum():[] + max(q:[4,8] @ k:[5,8].T:[8,5], 1)",
      "shifted:[4,8]: torch.Tensor = (q:[4,8] + 1)",
      "q:[4,8].add(",
      "    -q:[4,8]",
      "):[4,8].T:[8,4]",
    ]);
  });

  it("does not take axes of one after a -1 for a split of one axis: they are there for broadcasting", async () => {
    const text = `import torch
from torch import nn
class Residual(nn.Module):
    def __init__(self, channels, time_dim):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)
        self.time = nn.Linear(time_dim, channels)
    def forward(self, image, time):
        batch = image.shape[0]
        out = self.conv(image)
        return out + self.time(time).view(batch, -1, 1, 1)
`;
    // time is [batch, time_dim] for all that is known, so the sum has the image's channels, never one.
    assert.deepEqual(await shapes(text, "self.conv(image)"), [[[["batch", "channels", "d2", "d3"]], ["float32"]]]);
    assert.deepEqual(await shapes(text, "self.time(time)"), [[[null], ["float32"]]]);
  });

  it("tells no default where a caller in the file gives something else, but its sizes where each has a name of its own", async () => {
    const text = `import torch
from torch import nn
class Conv(nn.Module):
    def __init__(self, inputs, outputs, kernel=1):
        super().__init__()
        self.conv = nn.Conv1d(inputs, outputs, kernel)
        nn.init.xavier_uniform_(self.conv.weight)
class Mlp(nn.Module):
    def __init__(self, dim, hidden=None):
        super().__init__()
        hidden = hidden or dim
        self.fc = nn.Linear(dim, hidden)
        nn.init.ones_(self.fc.weight)
class General(nn.Module):
    def __init__(self, into=(12, 64)):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(*into))
class Post(nn.Module):
    def __init__(self, channels, width):
        super().__init__()
        self.layer = Conv(channels, channels, kernel=width)
        self.mlp = Mlp(channels, width)
        self.general = General((width, channels))
`;
    assert.equal(await isTold(text, "self.conv.weight"), false);
    assert.deepEqual(await shapes(text, "self.fc.weight"), [[[["width", "channels"]], ["float32"]]]);
    assert.deepEqual(await shapes(text, "torch.zeros(*into)"), [[[["width", "channels"]], ["float32"]]]);
    const alone = text.slice(0, text.indexOf("class Post"));
    assert.deepEqual(await shapes(alone, "self.conv.weight"), [[[["outputs", "inputs", 1]], ["float32"]]]);
    assert.deepEqual(await shapes(alone, "self.fc.weight"), [[[["dim", "dim"]], ["float32"]]]);
    assert.deepEqual(await shapes(alone, "torch.zeros(*into)"), [[[[12, 64]], ["float32"]]]);
  });

  it("knows the shape of a layer of which nobody says whether it has a bias, but not its values", async () => {
    const text = `import torch
from torch import nn
class Block(nn.Module):
    def __init__(self, dim, bias):
        super().__init__()
        self.conv = nn.Conv2d(dim, dim + 1, 1, bias=bias)
        self.up = nn.ConvTranspose2d(dim + 1, dim, 2, 2, bias=bias)
        self.fc = nn.Linear(dim, 3 * dim, bias=bias)
    def forward(self, image, x):
        b, n, c = x.shape
        return self.up(self.conv(image)), self.fc(x), self.fc.bias
`;
    assert.deepEqual(await shapes(text, "self.conv(image)"), [[[["d0", "dim + 1", "d2", "d3"]], ["float32"]]]);
    assert.deepEqual(await shapes(text, "self.up(self.conv(image))"), [[[["d0", "dim", "2*d2", "2*d3"]], ["float32"]]]);
    assert.deepEqual(await shapes(text, "self.fc(x)"), [[[["b", "n", "3*dim"]], ["float32"]]]);
    assert.equal(await isTold(text, "self.fc.bias"), false);
    const { tensor } = (await read(text)).at(text.indexOf("self.fc(x)") + "self.fc(x)".length)!;
    assert.deepEqual(tensor.why, { code: "python.parameter", args: { name: "bias" } });
  });

  it("takes a size that is indexed or unpacked for one size an axis", async () => {
    const text = `import torch
from torch import nn
class Window(nn.Module):
    def __init__(self, dim, window_size, resolution):
        super().__init__()
        self.window_size = window_size
        self.rows = torch.arange(self.window_size[0])
        self.table = nn.Parameter(torch.zeros(2 * window_size[0] - 1, window_size[1]))
        H, W = resolution
        self.mask = torch.zeros(1, H, W, 1)
`;
    assert.deepEqual(await shapes(text, "torch.arange(self.window_size[0])"), [[[["window_size_0"]], ["int64"]]]);
    assert.deepEqual(await shapes(text, "torch.zeros(2 * window_size[0] - 1, window_size[1])"), [
      [[["2*window_size_0 - 1", "window_size_1"]], ["float32"]],
    ]);
    assert.deepEqual(await shapes(text, "torch.zeros(1, H, W, 1)"), [
      [[[1, "resolution_0", "resolution_1", 1]], ["float32"]],
    ]);
  });

  it("claims no floats of what a number is looked for in: those may be tokens", async () => {
    const text = `import torch
def positions(tensor, padding_idx):
    rows, columns = tensor.size()
    return tensor.ne(padding_idx), tensor.clone()
def scaled(tensor, padding_idx):
    rows, columns = tensor.size()
    return tensor.abs()
`;
    assert.deepEqual(await shapes(text, "tensor.clone()"), [[[["rows", "columns"]], [null]]]);
    assert.deepEqual(await shapes(text, "tensor.abs()"), [[[["rows", "columns"]], ["float32"]]]);
  });

  it("tells what a constructor applies to its own layers", async () => {
    const text = `import torch
from torch import nn
class Attention(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.conv = nn.Conv2d(dim, heads, 3)
        self.apply(self._init_weights)
    def _init_weights(self, m):
        if isinstance(m, (nn.Conv2d, nn.Linear)):
            nn.init.trunc_normal_(m.weight, std=0.02)
            nn.init.zeros_(m.bias)
`;
    assert.deepEqual(await shapes(text, "m.weight"), [[[["heads", "dim", 3, 3]], ["float32"]]]);
    assert.deepEqual(await shapes(text, "m.bias"), [[[["heads"]], ["float32"]]]);
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

describe("a parameter of which only the sizes are read", () => {
  it("is not said to hold floats: it may be the numbers of tokens", async () => {
    const text = `import torch

def make_mask(x):
    b, s = x.size()
    return torch.tril(torch.ones((s, s)).expand(b, 1, s, s)) + 0 * len(x)
`;
    const { expressions = [] } = await read(text);
    const found = expressions.filter((e) => text.slice(e.range.start, e.range.end) === "x");
    assert.deepEqual(
      found.map((e) => [e.shapes, e.dtypes]),
      [
        [[["b", "s"]], [null]],
        [[["b", "s"]], [null]],
      ],
    );
  });
});

describe("a parameter that is only converted", () => {
  it("is not said to hold floats: they may be positions", async () => {
    const text = `import torch

def angles(t, frequencies):
    return torch.einsum("i, j -> i j", t.type_as(frequencies), frequencies)
`;
    const { expressions = [] } = await read(text);
    const found = expressions.filter((e) => text.slice(e.range.start, e.range.end) === "t");
    assert.deepEqual(
      found.map((e) => [e.shapes, e.dtypes]),
      [[[["i"]], [null]]],
    );
  });
});

describe("einops.einsum with an ellipsis", () => {
  const text = (pattern: string): string => `from einops import einsum

def project(x, weight):
    return einsum(x, weight, "${pattern}")
`;
  const shapesOf = async (code: string): Promise<unknown> =>
    (await read(code)).expressions!.find((e) => code.slice(e.range.start, e.range.end).startsWith("einsum("))?.shapes ??
    [];

  it("tells nothing of an operand of unknown rank: it may stand for any number of axes", async () => {
    const found = await shapesOf(text("... i, o i -> ... o"));
    assert.ok(!JSON.stringify(found).includes('["o"]'), JSON.stringify(found));
  });

  it("tells the ranks of operands without one", async () => {
    assert.deepEqual(await shapesOf(text("b i, o i -> b o")), [["b", "o"]]);
  });
});

describe("a number by default", () => {
  const text = `import torch
import torch.nn as nn

class Rotary(nn.Module):
    def __init__(self, width=768, depth=3):
        super().__init__()
        self.angles = torch.arange(0, width, 2) / width
        self.steps = torch.stack([self.angles for _ in range(depth)])
`;

  it("is a size with the name of the parameter, also where arange counts to it; range does it so often", async () => {
    const { expressions = [] } = await read(text);
    const shapesOf = (code: string): unknown =>
      expressions.find((e) => text.slice(e.range.start, e.range.end) === code)?.shapes;
    assert.deepEqual(shapesOf("torch.arange(0, width, 2)"), [["(width + 1) // 2"]]);
    assert.deepEqual(shapesOf("torch.stack([self.angles for _ in range(depth)])"), [[3, "(width + 1) // 2"]]);
  });
});

describe("a method that the constructor of a module calls", () => {
  const text = `import torch
import torch.nn as nn

class Gate(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(features, features))
        self.reset()
        self.later = nn.Conv2d(1, 1, 3)

    def reset(self):
        for parameter in self.parameters():
            parameter.data.uniform_(-1, 1)

    def forward(self, x):
        return x @ self.weight
`;

  it("is told as the constructor finds it: layers that it makes later are not there yet", async () => {
    const { expressions = [] } = await read(text);
    const found = expressions.find((e) => text.slice(e.range.start, e.range.end) === "parameter.data");
    assert.deepEqual(found?.shapes, [["features", "features"]]);
  });
});
