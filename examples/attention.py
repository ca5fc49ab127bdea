"""Scaled dot-product attention on three words, with every number written out.

Hover the matrices, or run "Attention: Run on This File" from the command palette.
"""

import numpy as np

tokens = ["the", "cat", "sat"]

Q = np.array([
    [1.0, 0.2, 0.0, 0.5],
    [0.1, 1.4, 0.3, 0.0],
    [0.0, 0.9, 1.6, 0.2],
])
K = np.array([
    [0.8, 0.0, 0.1, 0.4],
    [0.2, 1.5, 0.2, 0.1],
    [0.1, 0.4, 1.3, 0.0],
])
V = np.array([
    [1.0, 0.0],
    [0.0, 1.0],
    [0.5, 0.5],
])

scores = Q @ K.T / np.sqrt(K.shape[-1])
weights = np.exp(scores) / np.exp(scores).sum(axis=-1, keepdims=True)
output = weights @ V
print(np.round(weights, 3))
