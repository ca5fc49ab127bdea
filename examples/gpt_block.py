"""One block of a small language model: causal self-attention with several heads, then a feed-forward network.

Hover the names, or press the lens above an attention: shapes and numbers are those that PyTorch would give, and nothing
is run. `Encoder` is called by nobody: its sizes have names, and its attention runs on samples.
"""
import math
from dataclasses import dataclass

import torch
import torch.nn as nn
import torch.nn.functional as F


@dataclass
class Config:
    length: int = 8  # most positions of a sequence
    width: int = 32  # features of a position
    heads: int = 4


class CausalSelfAttention(nn.Module):
    def __init__(self, config):
        super().__init__()
        assert config.width % config.heads == 0
        self.heads = config.heads
        self.qkv = nn.Linear(config.width, 3 * config.width)
        self.out = nn.Linear(config.width, config.width)
        past = torch.tril(torch.ones(config.length, config.length)).bool()
        self.register_buffer("past", past)  # a position sees itself and what came before

    def forward(self, x):
        B, T, C = x.shape
        q, k, v = self.qkv(x).split(C, dim=2)
        q = q.view(B, T, self.heads, C // self.heads).transpose(1, 2)
        k = k.view(B, T, self.heads, C // self.heads).transpose(1, 2)
        v = v.view(B, T, self.heads, C // self.heads).transpose(1, 2)

        scores = q @ k.transpose(-2, -1) / math.sqrt(k.size(-1))
        scores = scores.masked_fill(~self.past[:T, :T], float("-inf"))
        weights = F.softmax(scores, dim=-1)
        context = weights @ v

        merged = context.transpose(1, 2).reshape(B, T, C)
        return self.out(merged)


class Block(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.norm1 = nn.LayerNorm(config.width)
        self.attention = CausalSelfAttention(config)
        self.norm2 = nn.LayerNorm(config.width)
        self.mlp = nn.Sequential(
            nn.Linear(config.width, 4 * config.width),
            nn.GELU(),
            nn.Linear(4 * config.width, config.width),
        )

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class Encoder(nn.Module):
    """Attention in one call, without a mask: every position sees all others."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)

    def forward(self, x):
        B, T, C = x.shape
        q, k, v = self.qkv(x).view(B, T, 3, self.heads, C // self.heads).permute(2, 0, 3, 1, 4)
        return F.scaled_dot_product_attention(q, k, v)


torch.manual_seed(0)
block = Block(Config())
x = torch.randn(2, 6, 32)
y = block(x)
