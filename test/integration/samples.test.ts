import { match, ok, strictEqual } from "node:assert/strict";
import {
  closeAll,
  eventually,
  hoverAt,
  lensesOf,
  loupe,
  notebookOf,
  wordsOf,
  writeAndOpen,
} from "./support/workspace.ts";

const uncalled = `import torch.nn as nn
import torch.nn.functional as F


class Encoder(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)

    def forward(self, x):
        B, T, C = x.shape
        q, k, v = self.qkv(x).view(B, T, 3, self.heads, C // self.heads).permute(2, 0, 3, 1, 4)
        return F.scaled_dot_product_attention(q, k, v)
`;

describe("Python that leaves its numbers open", () => {
  before(loupe);
  afterEach(closeAll);

  it("has a lens that says so, and weights that sum to 1", async () => {
    const { document } = await writeAndOpen("uncalled.py", uncalled);
    await eventually(async () => {
      const [lens] = await lensesOf(document.uri);
      strictEqual(lens?.command?.title, "▷ Attention · batch B · heads · T×T · sampled");
    });
    const api = await loupe();
    const { sites } = (await api.inspect(document))!;
    const answer = await api.attend({ document, choice: { site: sites[0]!.id } });
    ok(answer.ok);
    const weights = await answer.value.weights({ batch: 1, head: 3, query: 5 });
    ok(Math.abs(weights.reduce((sum, weight) => sum + weight, 0) - 1) < 1e-6);
    await eventually(async () =>
      match(wordsOf(await hoverAt(document, "q, k, v)", "return")), /Sampled values \(seed 0\)/),
    );
  });

  it("is so in a notebook's cell too", async () => {
    const cells = [
      "import torch\nimport torch.nn.functional as F\nq = torch.randn(4, 8)",
      "w = F.softmax(q @ q.T, dim=-1)\no = w @ q",
    ];
    const notebook = await notebookOf("samples.ipynb", cells);
    await eventually(async () => {
      const [lens] = await lensesOf(notebook.cellAt(1).document.uri);
      strictEqual(lens?.command?.title, "▷ Attention · 4×4 · sampled");
    });
  });
});
