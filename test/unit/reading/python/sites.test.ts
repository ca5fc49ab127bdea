import assert from "node:assert/strict";
import type { AttentionSite, TensorDocument } from "../../../../src/reading/document.ts";
import { toFloat64 } from "../../../../src/tensor/tensor.ts";
import { read } from "./reader.ts";

const head =
  "import math\nimport numpy as np\nimport torch\nimport torch.nn as nn\nimport torch.nn.functional as F\ntorch.manual_seed(0)\n";
const inputs = `${head}q = torch.randn(1, 4, 10, 8)\nk = torch.randn(1, 4, 12, 8)\nv = torch.randn(1, 4, 12, 8)\n`;

function only(document: TensorDocument): AttentionSite {
  assert.equal(document.sites.length, 1, JSON.stringify(document.sites.map((s) => s.id)));
  return document.sites[0]!;
}

function played(document: TensorDocument, site: AttentionSite): Record<string, string> {
  const name = (id: string) => document.tensors.find((t) => t.id === id)?.name ?? "?";
  return Object.fromEntries(Object.entries(site.roles).map(([role, id]) => [role, name(id)]));
}

/** What the tensor under the first place of `found` plays; `after` counts from its start. */
function partAt(document: TensorDocument, text: string, found: string, after = 0): string | undefined {
  return document.at(text.indexOf(found) + after)?.plays?.part;
}

const block = `${head}class Block(nn.Module):
    def forward(self, x):
        B, H, T, C = x.shape
        q, k, v = x, x * 2, x * 3
        scores = q @ k.transpose(-2, -1)
        att = scores / math.sqrt(C)
        keep = torch.tril(torch.ones(T, T)) == 1
        masked = att.masked_fill(~keep, float("-inf"))
        shifted = masked + torch.zeros(T, T)
        w = F.softmax(shifted, dim=-1)
        w = F.dropout(w, 0.0)
        y = w @ v
        return y
`;

/** The text of the expression that makes each part. */
function makersOf(text: string, { made = {} }: AttentionSite): Record<string, string> {
  return Object.fromEntries(Object.entries(made).map(([part, { start, end }]) => [part, text.slice(start, end)]));
}

describe("the expressions that make the parts of attention", () => {
  it("are known of every stage that is written by hand", async () => {
    const text = `${block}Block()(torch.randn(2, 3, 5, 8))\n`;
    assert.deepEqual(makersOf(text, only(await read(text))), {
      scores: "q @ k.transpose(-2, -1)",
      scaled: "scores / math.sqrt(C)",
      masked: "masked + torch.zeros(T, T)",
      mask: "torch.zeros(T, T)",
      query: "torch.randn(2, 3, 5, 8)",
      key: "x * 2",
      value: "x * 3",
      weights: "F.softmax(shifted, dim=-1)",
      output: "w @ v",
    });
  });

  it("are the call where one call does all", async () => {
    const text = `${inputs}out = F.scaled_dot_product_attention(q, k, v)\n`;
    const made = makersOf(text, only(await read(text)));
    for (const part of ["scores", "scaled", "masked", "weights", "output"])
      assert.equal(made[part], "F.scaled_dot_product_attention(q, k, v)");
    assert.equal(made.key, "torch.randn(1, 4, 12, 8)");
  });

  it("are those before other orders of axes", async () => {
    const text = `${head}q = torch.randn(2, 5, 3, 8)
s = torch.einsum("bihd,bjhd->bijh", q, q + 1) / math.sqrt(8)
w = s.softmax(dim=2)
y = torch.einsum("bijh,bjhd->bihd", w, q + 2)
`;
    const made = makersOf(text, only(await read(text)));
    assert.match(made.scores!, /^torch.einsum\("bihd/);
    assert.match(made.output!, /^torch.einsum\("bijh/);
    assert.equal(made.query, "torch.randn(2, 5, 3, 8)");
    assert.equal(made.weights, "s.softmax(dim=2)");
  });

  it("knows the expression of weights that no query and key made", async () => {
    const text = `${head}scores = nn.Linear(4, 1)(torch.tanh(nn.Linear(8, 4)(torch.randn(2, 5, 8))))\nweights = scores.softmax(dim=1)\n`;
    assert.deepEqual(makersOf(text, only(await read(text))), { weights: "scores.softmax(dim=1)" });
  });
});

describe("attention in Python", () => {
  it("is seen in a fused call, with its options", async () => {
    const document = await read(`${inputs}out = F.scaled_dot_product_attention(q, k, v, is_causal=True, scale=0.25)\n`);
    const site = only(document);
    assert.deepEqual(played(document, site), { query: "q", key: "k", value: "v", output: "out" });
    assert.deepEqual(site.options, { causal: true, scale: 0.25 });
  });

  it("is seen where it is written by hand: scale, mask, softmax, product", async () => {
    const text = `${inputs}keep = torch.tril(torch.ones(10, 12))
s = q @ k.transpose(-2, -1) / math.sqrt(8)
s = s.masked_fill(keep == 0, float("-inf"))
w = torch.softmax(s, dim=-1)
out = torch.matmul(F.dropout(w, 0.0), v)
`;
    const document = await read(text);
    const site = only(document);
    const { mask, ...rest } = played(document, site);
    assert.deepEqual(rest, { query: "q", key: "k", value: "v", weights: "w", output: "out" });
    assert.ok(Math.abs(site.options.scale! - 1 / Math.sqrt(8)) < 1e-12);
    const keeps = document.tensors.find((t) => t.id === site.roles.mask)!;
    assert.ok(mask);
    assert.deepEqual([keeps.dtype, keeps.shape, keeps.scope], ["bool", [10, 12], "local"]);
    assert.deepEqual([...toFloat64(keeps.values!)].slice(0, 3), [1, 0, 0]);
  });

  it("is seen in NumPy with softmax by hand", async () => {
    const text = `${head}np.random.seed(1)
Q, K, V = np.random.randn(5, 4), np.random.randn(6, 4), np.random.randn(6, 3)
S = Q @ K.T / np.sqrt(4)
E = np.exp(S - S.max(axis=-1, keepdims=True))
W = E / E.sum(axis=-1, keepdims=True)
O = W @ V
`;
    const document = await read(text);
    const site = only(document);
    assert.deepEqual(played(document, site), { query: "Q", key: "K", value: "V", weights: "W", output: "O" });
    assert.deepEqual(site.options, { scale: 0.5 });
  });

  it("is seen in a small network that scores, and is named after its function", async () => {
    const text = `${head}class Additive(nn.Module):
    def __init__(self):
        super().__init__()
        self.score = nn.Sequential(nn.Linear(32, 16), nn.Tanh(), nn.Linear(16, 1, bias=False))

    def forward(self, x):
        return F.softmax(self.score(x), dim=1)

weights = Additive()(torch.randn(64, 10, 32))
`;
    const document = await read(text);
    const site = only(document);
    assert.equal(site.name, "Additive.forward");
    assert.deepEqual(played(document, site), { weights: "weights" });
  });

  it("gives every tensor on the way its part, inside a function that is called and in one that nobody calls", async () => {
    for (const text of [`${block}Block()(torch.randn(1, 2, 5, 8))\n`, block]) {
      const document = await read(text);
      const part = (found: string, after = 0) => partAt(document, text, found, after);
      assert.equal(part("q @ k"), "query");
      assert.equal(part("scores = "), "scores");
      assert.equal(part("scores / math"), "scores");
      assert.equal(part("att = "), "scaled");
      assert.equal(part("masked = "), "masked");
      assert.equal(part("shifted = "), "masked");
      assert.equal(part("torch.zeros"), "mask");
      assert.equal(part("w = F.softmax"), "weights");
      assert.equal(part("w @ v"), "weights", "a copy plays what it is a copy of");
      assert.equal(part("v\n        return"), "value");
      assert.equal(part("y = w"), "output");
      assert.equal(part("~keep"), undefined, "true forbids there");
      assert.equal(part("x.shape"), "query");
    }
  });

  it("is told of tensors whose axes are in another order than those of the site, with that order", async () => {
    const text = `${head}q, k, v = torch.randn(2, 6, 4, 8), torch.randn(2, 7, 4, 8), torch.randn(2, 7, 4, 5)
scores = torch.einsum("bqhd,bkhd->bqhk", q, k)
scaled = scores / math.sqrt(8)
weights = F.softmax(scaled, dim=-1)
out = torch.einsum("bqhk,bkhd->bqhd", weights, v)
`;
    const document = await read(text);
    const site = only(document).id;
    const axes = [0, 2, 1, 3];
    const places = ["q, k", "k, v", "v = ", "scores = ", "scaled = ", "weights = ", "out = "];
    const parts = ["query", "key", "value", "scores", "scaled", "weights", "output"];
    for (const [at, found] of places.entries())
      assert.deepEqual(document.at(text.indexOf(found))?.plays, { site, part: parts[at], axes }, found);
  });

  it("is told of keys that are transposed for the product, and of heads before they are", async () => {
    const text = `${head}x = torch.randn(2, 6, 32)
q = x.view(2, 6, 4, 8)
turned = q.transpose(1, 2)
keys = turned.transpose(-2, -1)
out = (turned @ keys).softmax(-1) @ torch.randn(2, 4, 6, 5)
`;
    const document = await read(text);
    const at = (found: string) => document.at(text.indexOf(found))?.plays;
    const site = only(document).id;
    assert.deepEqual(at("q = "), { site, part: "query", axes: [0, 2, 1, 3] });
    assert.deepEqual(at("turned = "), { site, part: "query" });
    assert.deepEqual(at("keys = "), { site, part: "key", axes: [0, 1, 3, 2] });
  });

  it("has the cap that the scores are bent by, and the capped scores are scaled scores", async () => {
    const text = `${inputs}cap = 30.0
scores = q @ k.transpose(-2, -1) / math.sqrt(8)
bent = torch.tanh(scores / cap)
capped = bent * cap
masked = capped.masked_fill(torch.ones(10, 12).triu(1).bool(), float("-inf"))
out = masked.softmax(-1) @ v
`;
    const document = await read(text);
    assert.deepEqual(only(document).options, { scale: 1 / Math.sqrt(8), softcap: 30 });
    const part = (found: string) => partAt(document, text, found);
    assert.deepEqual(["scores = ", "bent = ", "capped = ", "masked = "].map(part), [
      "scaled",
      undefined,
      "scaled",
      "masked",
    ]);
  });

  it("is not said to have a cap where the mask comes before it: there −∞ would attend again", async () => {
    const text = `${head}a, b, c = torch.randn(10, 8), torch.randn(12, 8), torch.randn(12, 8)
kept = (a @ b.T).masked_fill(torch.ones(10, 12).triu(1).bool(), float("-inf"))
d = (30 * torch.tanh(kept / 30)).softmax(-1) @ c
`;
    assert.deepEqual(
      (await read(text)).sites.filter(({ roles }) => roles.query),
      [],
    );
  });

  it("is about the output where a layer gives its weights as well", async () => {
    const text = `${head}layer = nn.MultiheadAttention(8, 2)\nx = torch.randn(5, 1, 8)\ny, w = layer(x, x, x)\n`;
    const place = (await read(text)).at(text.indexOf("layer(x"));
    assert.equal(place?.tensor.made?.operation, "multi_head_attention");
    assert.deepEqual(place?.tensor.shape, [5, 1, 8]);
  });

  it("is seen where the powers of a softmax by hand are written twice", async () => {
    const text = `${head}Q, K, V = np.ones((5, 4)), np.ones((6, 4)), np.ones((6, 3))
S = Q @ K.T / np.sqrt(4)
W = np.exp(S) / np.exp(S).sum(axis=-1, keepdims=True)
O = W @ V
`;
    const document = await read(text);
    assert.deepEqual(only(document).options, { scale: 0.5 });
    assert.equal(partAt(document, text, "S = "), "scaled");
  });

  it("is not seen in a classifier's softmax", async () => {
    const document = await read(
      `${head}logits = nn.Linear(4, 3)(torch.randn(2, 4))\nprobabilities = F.softmax(logits, dim=-1)\nloss = probabilities @ torch.ones(3)\n`,
    );
    assert.deepEqual(document.sites, []);
  });
});
