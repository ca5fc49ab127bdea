"""Attention whose scores come from a small network: which of ten positions matter?

Hover anything: shapes and numbers are those that PyTorch would give, and nothing is run.
"""
import torch
import torch.nn as nn
import torch.nn.functional as F


class AdditiveAttention(nn.Module):
    """Scores each position with a small network; softmax makes the scores of a sequence sum to 1."""

    def __init__(self, width=32, hidden=16):
        super().__init__()
        self.hidden = nn.Linear(width, hidden)
        self.score = nn.Linear(hidden, 1, bias=False)

    def forward(self, sequence):
        scores = self.score(torch.tanh(self.hidden(sequence)))
        weights = F.softmax(scores, dim=1)
        return weights


torch.manual_seed(0)
attention = AdditiveAttention()
sequences = torch.randn(64, 10, 32)  # 64 sequences of 10 positions with 32 features each
weights = attention(sequences)

totals = weights.sum(dim=1)  # 1 for each sequence
context = (weights * sequences).sum(dim=1)  # the features, weighted
