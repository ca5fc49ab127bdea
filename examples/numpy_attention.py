"""Self-attention in NumPy, step by step: five words, each a vector of eight numbers.

Every name below has a shape and numbers in its hover; the last line's lens opens the weights.
"""
import numpy as np

rng = np.random.default_rng(0)


def softmax(x, axis=-1):
    """Positive numbers that sum to 1 along an axis; taking off the maximum keeps exp from overflowing."""
    powers = np.exp(x - x.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


words = ["a", "cat", "saw", "the", "moon"]
X = rng.standard_normal((len(words), 8))

# Three projections: what a word looks for, what it offers, and what it passes on.
W_q, W_k, W_v = (rng.standard_normal((8, 4)) / np.sqrt(8) for _ in range(3))
Q, K, V = X @ W_q, X @ W_k, X @ W_v

scores = Q @ K.T  # [i, j]: how well word i's query fits word j's key
scaled = scores / np.sqrt(K.shape[-1])
weights = softmax(scaled)  # each row sums to 1
output = weights @ V

# Two heads: each sees half of the numbers of a query and a key.
heads = lambda t: t.reshape(len(words), 2, 2).transpose(1, 0, 2)
Qh, Kh, Vh = heads(Q), heads(K), heads(V)
per_head = softmax(np.einsum("hid,hjd->hij", Qh, Kh) / np.sqrt(2))
both = np.einsum("hij,hjd->ihd", per_head, Vh).reshape(len(words), 4)
