import assert from "node:assert/strict";
import type { TensorTags } from "../../../../src/reading/document.ts";
import { read } from "./reader.ts";

const head =
  "import torch, math\nimport torch.nn as nn\nimport torch.nn.functional as F\nimport numpy as np\nfrom einops import rearrange\n";
const qkv =
  "B, H, T, S, D = 2, 4, 6, 10, 8\nq = torch.randn(B, H, T, D)\nk = torch.randn(B, H, S, D)\nv = torch.randn(B, H, S, D)\n";

/** The tags of the last place where each expression is written; `name =` stands for what is bound to a name. */
async function tags(text: string, ...expressions: string[]): Promise<TensorTags[]> {
  const source = head + text;
  const document = await read(source);
  return expressions.map((expression) => {
    const at = source.lastIndexOf(expression);
    assert.ok(at >= 0, `no ${expression}`);
    // The end of a call or an operator is in no smaller expression; of a binding the name is meant.
    const found =
      document.tags!(expression.endsWith(" =") ? at : at + expression.length) ??
      assert.fail(`no tensor at ${expression}`);
    return found;
  });
}

describe("where axes came from", () => {
  it("keeps their names through projections, splits and transposes", async () => {
    const [x, heads, scores] = await tags(
      "x = torch.randn(2, 6, 32)\nw = nn.Linear(32, 32)\ny = w(x)\nh = y.view(2, 6, 4, 8).transpose(1, 2)\ns = h @ h.transpose(-2, -1)\nx\n",
      "x =",
      "h =",
      "s =",
    );
    const [batch, time] = x!.axes!;
    assert.deepEqual([heads!.axes![0], heads!.axes![2]], [batch, time]);
    assert.match(heads!.axes![1]![0]!, /\/0$/);
    assert.match(heads!.axes![3]![0]!, /\/1$/);
    assert.deepEqual(scores!.contracted, [[heads!.axes![3], heads!.axes![3]]]);
  });

  it("knows what names of sizes do in code that nobody calls", async () => {
    const text = `class Heads(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.heads = heads
        self.proj = nn.Linear(dim, dim)
    def forward(self, x):
        b, n, c = x.shape
        y = self.proj(x)
        right = y.view(b, n, self.heads, c // self.heads).transpose(1, 2)
        back = right.transpose(1, 2).reshape(b, n, c)
        return back, right
`;
    const [split, back] = await tags(text, "right =", "back =");
    assert.deepEqual([split!.mixed, back!.mixed], [[], []]);
    assert.match(back!.axes![2]!.join(" "), /\/0 .*\/1$/);
  });

  it("knows the axes of einsum and einops", async () => {
    const [scores, heads, output] = await tags(
      `${qkv}s = torch.einsum('bhid,bhjd->bhij', q, k)\nx = torch.randn(2, 6, 32)\nh = rearrange(x, 'b n (h d) -> b h n d', h=4)\no = torch.einsum('bhij,bhjd->bhid', s, v)\n`,
      "q, k)",
      "h=4)",
      "s, v)",
    );
    assert.equal(scores!.contracted.length, 1);
    assert.equal(heads!.axes![2]!.length, 1);
    assert.equal(output!.axes![2]![0], scores!.axes![2]![0]);
  });
});

describe("tags tell right attention from wrong", () => {
  const end = (t: TensorTags): readonly string[] => t.contracted[0]![0];

  it("softmax-axis: the axis that sums to 1 is the one that the product with V sums over", async () => {
    const written = (dim: number) =>
      `${qkv}w = torch.softmax(q @ k.transpose(-2, -1), dim=${dim})\no = torch.einsum('bhij,bhjd->bhid', w, v)\n`;
    for (const [dim, right] of [
      [-1, true],
      [3, true],
      [-2, false],
      [1, false],
    ] as const) {
      const [weights, output] = await tags(written(dim), `dim=${dim})`, "w, v)");
      assert.deepEqual([dim, String(weights!.normalised!.factors) === String(end(output!))], [dim, right]);
    }
    const byHand = `${qkv}s = q @ k.transpose(-2, -1)\ne = torch.exp(s)\nw = e / e.sum(dim=-2, keepdim=True)\no = torch.matmul(w, v)\n`;
    const [weights, output] = await tags(byHand, "w =", "o =");
    assert.equal(weights!.normalised!.axis, 2);
    assert.notDeepEqual(weights!.normalised!.factors, end(output!));
  });

  it("softmax-single: every weight over an axis of one element is 1", async () => {
    const written = (dim: number) => `x = torch.randn(4, 10, 32)\nw = F.softmax(nn.Linear(32, 1)(x), dim=${dim})\n`;
    const [right] = await tags(written(1), "dim=1)");
    const [wrong] = await tags(written(-1), "dim=-1)");
    assert.equal(right!.normalised!.factors.length, 1);
    assert.deepEqual(wrong!.normalised!.factors, []);
  });

  it("scale: the factor beside the length that the product has summed over", async () => {
    const written = (factor: string) => `${qkv}w = torch.softmax(q @ k.transpose(-2, -1) ${factor}, dim=-1)\n`;
    const scaleOf = async (factor: string) => (await tags(written(factor), "dim=-1)"))[0]!;
    const right = await scaleOf("/ math.sqrt(D)");
    assert.ok(Math.abs(right.scale! - 1 / Math.sqrt(right.length as number)) < 1e-6);
    for (const factor of ["/ math.sqrt(H * D)", "* math.sqrt(D)", ""]) {
      const wrong = await scaleOf(factor);
      assert.equal(wrong.length, 8);
      assert.ok(Math.abs(wrong.scale! - 1 / Math.sqrt(8)) > 1e-3, factor);
    }
  });

  it("head-split: which reshape mixes axes that do not belong together", async () => {
    const written = (call: string) =>
      `x = torch.randn(2, 6, 32)\nh = x.view(2, 6, 4, 8).transpose(1, 2)\ny = ${call}\n`;
    for (const [call, mixed] of [
      ["x.view(2, 6, 4, 8)", []],
      ["x.reshape(2, 4, 6, 8)", [1, 2]],
      ["h.transpose(1, 2).reshape(2, 6, 32)", []],
      ["h.reshape(2, 6, 32)", [1, 2]],
      ["x.reshape(12, 32)", []],
      ["h.reshape(8, 6, 8)", []],
    ] as const) {
      const [made] = await tags(written(call), call);
      assert.deepEqual([call, made!.mixed], [call, mixed]);
    }
  });

  it("mask-polarity: what true means, and what the operation takes it to mean", async () => {
    const written = (mask: string, use: string) =>
      `${qkv}ids = torch.randint(0, 9, (2, 10))\nk = torch.randn(B, H, T, D)\nv = torch.randn(B, H, T, D)\nmask = ${mask}\no = ${use}\n`;
    const fill = "(q @ k.transpose(-2, -1)).masked_fill(mask, -1e9)";
    const fused = "F.scaled_dot_product_attention(q, k, v, attn_mask=mask)";
    for (const [mask, meaning] of [
      ["torch.tril(torch.ones(T, T)).bool()", "keep"],
      ["torch.triu(torch.ones(T, T, dtype=torch.bool), diagonal=1)", "drop"],
      ["torch.tril(torch.ones(T, T)) == 0", "drop"],
      ["~torch.triu(torch.ones(T, T), diagonal=1).bool()", "keep"],
      ["torch.arange(T)[None, :] <= torch.arange(T)[:, None]", "keep"],
      ["torch.arange(T)[None, :] > torch.arange(T)[:, None]", "drop"],
    ] as const) {
      for (const [use, expected] of [
        [fill, "drop"],
        [fused, "keep"],
      ] as const) {
        const [made] = await tags(written(mask, use), use);
        assert.deepEqual([mask, made!.masks], [mask, [{ polarity: meaning, expected }]]);
      }
    }
    const [padding] = await tags(written("(ids != 0)[:, None, None, :6]", fill), "(ids != 0)");
    assert.equal(padding!.polarity, "keep");
  });

  it("mask-polarity: nn.MultiheadAttention drops where its masks are true", async () => {
    const text =
      "x = torch.randn(2, 6, 32)\nm = nn.MultiheadAttention(32, 4, batch_first=True)\nmask = torch.tril(torch.ones(6, 6)).bool()\no, w = m(x, x, x, attn_mask=mask)\no\n";
    const [output] = await tags(text, "\no");
    assert.deepEqual(output!.masks, [{ polarity: "keep", expected: "drop" }]);
  });

  it("mask-after-softmax, dropout-in-eval, causal-and-mask, half-mask-constant: what an operation was given", async () => {
    const document = await read(
      `${head}${qkv}w = torch.softmax(q @ k.transpose(-2, -1), -1)\nz = w.masked_fill(torch.ones(T, S).bool(), 0)\nn = F.scaled_dot_product_attention(q, k, v, dropout_p=0.1, is_causal=True, attn_mask=torch.ones(T, S))\nh = q.half().masked_fill(torch.ones(T, D).bool(), -1e9)\n`,
    );
    const made = (name: string) => document.tensors.find((t) => t.name === name)!;
    assert.deepEqual([made("z").made!.operation, made("z").made!.details.value], ["masked_fill", 0]);
    const { causal, dropout, mask, guarded } = made("n").made!.details;
    assert.deepEqual({ causal, dropout, mask, guarded }, { causal: true, dropout: 0.1, mask: true, guarded: false });
    assert.deepEqual([made("h").dtype, made("h").made!.details.value], ["float16", -1e9]);
  });

  it("numbers just drawn that are divided: weights, not scores", async () => {
    const document = await read(
      `${head}${qkv}i = torch.randn(8, 4) / 8\nj = i / 8\ns = q @ k.transpose(-2, -1) / 8\ntorch.manual_seed(0)\nl = torch.randn(8, 4) / 8\n`,
    );
    const ofDraw = (name: string) => document.tensors.find((t) => t.name === name)!.made!.details.ofDraw;
    assert.deepEqual(["i", "j", "s", "l"].map(ofDraw), [true, undefined, undefined, true]);
  });

  it("dropout-in-eval: whether what is given to attention asks for the training mode", async () => {
    const written = (p: string) =>
      `${head}${qkv}class A(nn.Module):\n    def forward(self, q, k, v):\n        return F.scaled_dot_product_attention(q, k, v, dropout_p=${p})\no = A()(q, k, v)\n`;
    for (const [p, guarded] of [
      ["0.1 if self.training else 0.0", true],
      ["0.1 * self.training", true],
      ["0.1", false],
    ] as const) {
      const { made } = (await read(written(p))).tensors.find((t) => t.name === "o")!;
      assert.equal(made!.details.guarded, guarded, p);
    }
  });

  it("fully-masked-row and shape-mismatch: values of masks, and what would raise", async () => {
    const document = await read(
      `${head}${qkv}mask = torch.tril(torch.ones(4, 4)).bool() & torch.tensor([False, True, True, True])\nbad = q @ k\n`,
    );
    const mask = document.tensors.find((t) => t.name === "mask")!;
    assert.deepEqual([...mask.values!.data].slice(0, 4).map(Number), [0, 0, 0, 0]);
    assert.equal(
      document.tensors.find((t) => t.name === "bad"),
      undefined,
    );
  });

  it("batch-first: how a layer reads its input", async () => {
    const text =
      "m = nn.MultiheadAttention(32, 4)\no, w = m(torch.randn(6, 2, 32), torch.randn(6, 2, 32), torch.randn(6, 2, 32))\n";
    const document = await read(head + text);
    const { made } = document.tensors.find((t) => t.name === "o")!;
    assert.deepEqual([made?.operation, made?.details.batchFirst], ["multi_head_attention", false]);
  });
});
