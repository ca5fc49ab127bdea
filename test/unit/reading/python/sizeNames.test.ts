import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { read, reader } from "./reader.ts";

const block = readFileSync(new URL("../../../../examples/gpt_block.py", import.meta.url), "utf8");

/** The sizes at the end of a snippet, as a hover has them: `B=2`, `d_model (512)`, `?`. */
async function sizes(text: string, snippet: string): Promise<string> {
  return told(await read(text), text, snippet);
}

function told(document: Awaited<ReturnType<typeof read>>, text: string, snippet: string): string {
  assert.ok(text.includes(snippet), `no ${snippet}`);
  const place = document.at(text.indexOf(snippet) + snippet.length);
  const names = place?.told?.().names;
  const shape = place?.tensor.shape ?? [];
  return shape
    .map((size, axis) => {
      const name = names?.[axis];
      const number = typeof size === "number" ? `=${size}` : name?.default ? ` (${name.default})` : "";
      return name ? `${name.text}${number}` : String(size);
    })
    .join(", ");
}

const attention = (call: string) => `import torch, torch.nn as nn
class Attention(nn.Module):
    def __init__(self, width, heads=4):
        super().__init__()
        self.heads, self.head_size = heads, width // heads
        self.q, self.kv = nn.Linear(width, width), nn.Linear(width, 2 * width)
    def forward(self, x, memory=None):
        B, T, C = x.shape
        memory = x if memory is None else memory
        S = memory.size(1)
        q = self.q(x).view(B, T, self.heads, self.head_size).transpose(1, 2)
        k, v = self.kv(memory).view(B, S, 2, self.heads, self.head_size).permute(2, 0, 3, 1, 4)
        scores = q @ k.transpose(-2, -1)
        return scores.softmax(-1) @ v
${call}
`;

describe("names of sizes in code that is called", () => {
  it("are those of the variables in the function around, and its expressions over them", async () => {
    assert.equal(await sizes(block, "C // self.heads).transpose(1, 2)"), "B=2, heads=4, T=6, C // heads=8");
    assert.equal(await sizes(block, "self.qkv(x)"), "B=2, T=6, 3*C=96");
    assert.equal(await sizes(block, "merged = context.transpose(1, 2)"), "B=2, T=6, heads=4, C // heads=8");
    assert.equal(await sizes(block, "self.out(merged"), "B=2, T=6, C=32");
    assert.equal(await sizes(block, "~self.past[:T, :T]"), "T=6, T=6");
  });

  it("are told apart where sizes are equal", async () => {
    const text = attention("Attention(16, 4)(torch.randn(4, 4, 16))");
    assert.equal(await sizes(text, "        q"), "B=4, heads=4, T=4, head_size=4");
    assert.equal(await sizes(text, "        scores"), "B=4, heads=4, T=4, T=4");
  });

  it("tell queries from keys where the program gives a second sequence of the same length", async () => {
    const text = attention("Attention(16, 4)(torch.randn(2, 5, 16), torch.randn(2, 5, 16))");
    assert.equal(await sizes(text, "        scores"), "B=2, heads=4, T=5, S=5");
    assert.equal(await sizes(text, "        k"), "B=2, heads=4, S=5, head_size=4");
  });

  it("never stand for another number than they had: each of several calls has its own", async () => {
    const text = attention("layer = Attention(16)\nlayer(torch.randn(2, 5, 16))\nlayer(torch.randn(3, 7, 16))");
    const document = await read(text);
    assert.equal(told(document, text, "        q"), "B=3, heads=4, T=7, head_size=4");
    assert.deepEqual(document.at(text.indexOf("        q") + 9)?.told?.().others, [[2, 4, 5, 4]]);
  });

  it("are no longer those of a variable that stands for something else by now", async () => {
    const text = `import torch
def f(x, y):
    B, N, D = x.shape
    B, M, D = y.shape
    N = M
    return x @ y.transpose(1, 2)
f(torch.randn(2, 3, 4), torch.randn(2, 5, 4))
`;
    assert.equal(await sizes(text, "return x"), "2, 3, D=4");
    assert.equal(await sizes(text, "y.transpose(1, 2)"), "B=2, D=4, M=5");
  });

  it("are constants at the top of the file, where functions use them", async () => {
    const text = `import torch, torch.nn as nn
n_embd = 64
head_size = 16
class Head(nn.Module):
    def __init__(self):
        super().__init__()
        self.key = nn.Linear(n_embd, head_size)
    def forward(self, x):
        B, T, C = x.shape
        k = self.key(x)
        return k
Head()(torch.randn(4, 8, n_embd))
`;
    assert.equal(await sizes(text, "        k"), "B=4, T=8, head_size=16");
  });

  it("follow an edit, as everything does", async () => {
    const python = await reader();
    const before = python.read(block, { language: "python" });
    const text = block.replace("torch.randn(2, 6, 32)", "torch.randn(3, 6, 32)");
    const after = python.read(text, { language: "python", previous: before });
    assert.equal(told(after, text, "self.qkv(x)"), "B=3, T=6, 3*C=96");
  });
});

describe("names of sizes in code that nobody calls", () => {
  it("have the defaults of their parameters beside them", async () => {
    const text = `import torch.nn as nn
class Attention(nn.Module):
    def __init__(self, d_model=512, n_head=8):
        super().__init__()
        self.n_head = n_head
        self.query = nn.Linear(d_model, d_model)
    def forward(self, x):
        B, T, _ = x.shape
        q = self.query(x).view(B, T, self.n_head, -1)
        return q
`;
    assert.equal(await sizes(text, "self.query(x)"), "B, T, d_model (512)");
    assert.equal(await sizes(text, "        q"), "B, T, n_head (8), d_model // n_head (64)");
  });
});
