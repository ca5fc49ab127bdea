const head = `import math
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)

`;

const block = (name) => `
class Attention${name}(nn.Module):
    def __init__(self, dim, heads=4, dropout=0.0):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(dim, dim * 3)
        self.out = nn.Linear(dim, dim)
        self.drop = nn.Dropout(dropout)

    def forward(self, x, mask=None):
        B, T, C = x.shape
        q, k, v = self.qkv(x).chunk(3, dim=-1)
        q = q.view(B, T, self.heads, C // self.heads).transpose(1, 2)
        k = k.view(B, T, self.heads, C // self.heads).transpose(1, 2)
        v = v.view(B, T, self.heads, C // self.heads).transpose(1, 2)
        scores = q @ k.transpose(-2, -1) / math.sqrt(C // self.heads)
        if mask is not None:
            scores = scores.masked_fill(mask == 0, float("-inf"))
        weights = self.drop(F.softmax(scores, dim=-1))
        y = (weights @ v).transpose(1, 2).reshape(B, T, C)
        return self.out(y)


class Block${name}(nn.Module):
    def __init__(self, dim, heads=4):
        super().__init__()
        self.norm1 = nn.LayerNorm(dim)
        self.attention = Attention${name}(dim, heads)
        self.norm2 = nn.LayerNorm(dim)
        self.mlp = nn.Sequential(nn.Linear(dim, 4 * dim), nn.GELU(), nn.Linear(4 * dim, dim))

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        return x + self.mlp(self.norm2(x))

`;

/** A model of \`layers\` blocks that is made and called. */
export function blockFile(layers) {
  return `${head}${block("")}
model = nn.Sequential(*[Block(32) for _ in range(${layers})])
x = torch.randn(2, 16, 32)
y = model(x)
loss = y.pow(2).mean()
`;
}

/** A model, trained: a loop that nobody can follow to its end. */
export function trainingFile() {
  return `${head}${block("")}
model = nn.Sequential(*[Block(32) for _ in range(4)])
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for step in range(1000):
    x = torch.randn(8, 16, 32)
    y = model(x)
    loss = F.mse_loss(y, x)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 100 == 0:
        print(step, loss.item())
`;
}

/** Classes until there are so many lines, the last of them called. */
export function longFile(lines) {
  const each = block("").split("\n").length - 1;
  const count = Math.floor((lines - head.split("\n").length - 2) / each);
  const blocks = Array.from({ length: count }, (_, at) => block(at)).join("");
  return `${head}${blocks}y = Block${count - 1}(32)(torch.randn(2, 16, 32))\n`;
}
