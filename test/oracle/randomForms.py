"""Random calls of attention in its other forms with what they come to: nn.MultiheadAttention by PyTorch itself, the rest by
NumPy from their definitions, in float64.

    python3 test/oracle/randomForms.py 500 1 > forms.jsonl && node test/oracle/randomForms.mjs forms.jsonl
"""
import json
import math
import sys

import numpy as np
import torch
from torch import nn

count, seed = int(sys.argv[1]), int(sys.argv[2])
rng = np.random.default_rng(seed)
torch.manual_seed(seed)
torch.set_default_dtype(torch.float64)


def chance(p):
    return rng.random() < p


def pick(*choices):
    return choices[rng.integers(len(choices))]


def size(low, high):
    return int(rng.integers(low, high + 1))


def written(x):
    x = x.detach().numpy() if isinstance(x, torch.Tensor) else np.asarray(x)
    special = {math.inf: "inf", -math.inf: "-inf"}
    data = [int(v) if isinstance(v, bool) else "nan" if v != v else special.get(v, v) for v in x.reshape(-1).tolist()]
    return {"dtype": "bool" if x.dtype == bool else "float64", "shape": list(x.shape), "data": data}


def random_mask(*shape):
    mask = rng.random(shape) < pick(0.1, 0.4, 0.8)
    if chance(0.5):
        return mask
    return np.where(mask, -np.inf, rng.normal(0, 2, shape)) if chance(0.5) else rng.normal(0, 2, shape)


def multihead():
    heads, head_size = size(1, 4), size(1, 4)
    E, L, S, N = heads * head_size, size(1, 5), size(1, 5), size(1, 3)
    unbatched = chance(0.25)
    N = 1 if unbatched else N
    options = {"bias": chance(0.7), "add_bias_kv": chance(0.3), "add_zero_attn": chance(0.3), "batch_first": chance(0.5)}
    kdim, vdim = (size(1, 6), size(1, 6)) if chance(0.4) else (E, E)
    module = nn.MultiheadAttention(E, heads, kdim=kdim, vdim=vdim, **options).eval()
    for p in module.parameters():
        p.data = torch.randn_like(p)
    shape = (lambda n, e: (n, e)) if unbatched else (lambda n, e: (N, n, e) if options["batch_first"] else (n, N, e))
    query, key, value = (torch.randn(*shape(n, e)) for n, e in ((L, E), (S, kdim), (S, vdim)))
    mask = random_mask(*pick((L, S), (N * heads, L, S))) if chance(0.6) else None
    padding = random_mask(*((S,) if unbatched else (N, S))) if chance(0.5) else None
    given = {name: torch.from_numpy(m) for name, m in (("attn_mask", mask), ("key_padding_mask", padding)) if m is not None}
    masks = given
    if len(given) == 2:
        # PyTorch 1.13 joins only some kinds; 2.x adds their terms.
        term = lambda m: torch.zeros(m.shape).masked_fill(m, -math.inf) if m.dtype == torch.bool else m
        rows = term(given["key_padding_mask"]).reshape(N, 1, 1, S).expand(N, heads, 1, S).reshape(N * heads, 1, S)
        masks = {"attn_mask": term(given["attn_mask"]).expand(N * heads, L, S) + rows}
    output, apart = module(query, key, value, average_attn_weights=False, **masks)
    _, average = module(query, key, value, **masks)
    return {
        "form": "multihead", "heads": heads, "options": options,
        "parameters": {n.replace(".", "_"): written(p) for n, p in module.state_dict().items()},
        "inputs": {"query": written(query), "key": written(key), "value": written(value), **{n: written(m) for n, m in given.items()}},
        "output": written(output), "apart": written(apart), "average": written(average),
    }


def softmax(s, sink=None):
    """Rows of s; −∞ everywhere gives 0. A sink's logit takes part and gets no weight out."""
    out = np.zeros_like(s)
    for at in np.ndindex(s.shape[:-1]):
        row = s[at]
        if not np.isfinite(row).any():
            continue
        top = max(row.max(), -np.inf if sink is None else sink[at[1]])
        e = np.exp(row - top)
        out[at] = e / (e.sum() + (0 if sink is None else np.exp(sink[at[1]] - top)))
    return out


def rotated(x, pairs, D, base, start):
    out = x.copy()
    for t in range(x.shape[-2]):
        for p in range(D // 2):
            a, b = (2 * p, 2 * p + 1) if pairs == "interleaved" else (p, p + D // 2)
            z = (x[..., t, a] + 1j * x[..., t, b]) * np.exp(1j * (start + t) * base ** (-2 * p / D))
            out[..., t, a], out[..., t, b] = z.real, z.imag
    return out


def t5_bucket(distance, buckets, bidirectional, farthest):
    """As the definition has it, in float32 as models compute it."""
    start = 0
    if bidirectional:
        buckets //= 2
        start = buckets if distance > 0 else 0
        distance = abs(distance)
    else:
        distance = max(0, -distance)
    exact = buckets // 2
    if distance < exact:
        return start + distance
    grown = torch.log(torch.tensor(distance, dtype=torch.float32) / exact) / math.log(farthest / exact) * (buckets - exact)
    return start + min(buckets - 1, exact + int(grown.to(torch.long)))


def plain():
    B, G, group, L, S, E, Ev = size(1, 2), size(1, 3), size(1, 3), size(1, 7), size(1, 9), size(1, 8), size(1, 5)
    H = G * group
    q, k, v = rng.normal(size=(B, H, L, E)), rng.normal(size=(B, G, S, E)), rng.normal(size=(B, G, S, Ev))
    case = {"form": "plain", "inputs": {"query": written(q), "key": written(k), "value": written(v)}}
    scale = 1 / math.sqrt(E)
    if chance(0.3) and E >= 2:
        D = 2 * size(1, E // 2)
        turn = {"pairs": pick("interleaved", "half"), "size": D, "base": pick(100.0, 10000.0), "queryStart": size(0, 9), "keyStart": size(0, 3)}
        case["rotary"] = turn
        q = rotated(q, turn["pairs"], D, turn["base"], turn["queryStart"])
        k = rotated(k, turn["pairs"], D, turn["base"], turn["keyStart"])
    elif chance(0.3):
        kind = pick("rms", "layer", "l2")
        gains = [rng.normal(size=E), rng.normal(size=E)]
        case["norm"] = {"kind": kind, "queryGain": written(gains[0]), "keyGain": written(gains[1])}

        def norm(x, gain):
            if kind == "rms":
                x = x / np.sqrt((x**2).mean(-1, keepdims=True) + 1e-6)
            elif kind == "layer":
                x = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-6)
            else:
                x = x / np.maximum(1e-12, np.linalg.norm(x, axis=-1, keepdims=True))
            return x * gain

        q, k = norm(q, gains[0]), norm(k, gains[1])
    kk, vv = np.repeat(k, group, 1), np.repeat(v, group, 1)
    if chance(0.25):
        scale = case["scale"] = pick(0.3, 1.0, 2.0)
    s = np.einsum("bhle,bhse->bhls", q, kk) * scale
    if chance(0.2):
        case["softcap"] = 1.5
        s = 1.5 * np.tanh(s / 1.5)
    i, j = np.arange(L)[:, None], np.arange(S)[None, :]
    own, start, allowed = i, 0, np.ones((L, S), bool)
    rule = pick("none", "topLeft", "bottomRight", "packed")
    if rule in ("topLeft", "bottomRight"):
        case["causal"] = rule
        own = i + (S - L if rule == "bottomRight" else 0)
    if rule == "packed":
        cuts = lambda n: [0, *sorted(size(0, n) for _ in range(2)), n]
        starts, ends = cuts(L), cuts(S)
        case["cuSeqlens"] = {"queries": written(np.array(starts)), "keys": written(np.array(ends))}
        part = lambda edges, n: np.searchsorted(edges, np.arange(n), side="right") - 1
        pq, pk = part(starts, L), part(ends, S)
        allowed &= pq[:, None] == pk[None, :]
        start = np.take(ends, pq)[:, None]
        own = i - np.take(starts, pq)[:, None] + start
        case["causal"] = pick("none", "topLeft", "bottomRight")
        if case["causal"] == "bottomRight":
            own = own + (np.diff(ends)[pq] - np.diff(starts)[pq])[:, None]
    reach = math.inf
    if chance(0.3):
        case["slidingWindow"] = size(1, 4)
        reach = case["slidingWindow"] - 1
    sparse = {}
    if chance(0.35):
        makers = {"dilation": lambda: size(1, 3), "block": lambda: size(1, 4), "prefix": lambda: size(0, 4)}
        makers["globals"] = lambda: sorted({size(0, 4), size(0, 9)})
        case["sparse"] = sparse = {name: make() for name, make in makers.items() if chance(0.45)}
    step = sparse.get("dilation", 1)
    near = (own - j <= step * reach) & ((own - j) % step == 0)
    if "block" in sparse:
        near &= (own - start) // sparse["block"] == (j - start) // sparse["block"]
    if "globals" in sparse:
        near |= np.isin(own - start, sparse["globals"]) | np.isin(j - start, sparse["globals"])
    allowed &= near
    if "prefix" in sparse:
        allowed &= (j - start < sparse["prefix"]) | (j <= own)
    elif case.get("causal", "none") != "none":
        allowed &= j <= own
    bias = pick("none", "alibi", "clipped", "t5") if rule != "packed" else "none"
    if bias == "alibi":
        case["alibi"] = H
        power = 2 ** int(math.log2(H))
        slopes = [2 ** (-8 * (n + 1) / power) for n in range(power)] + [2 ** (-8 * (n + 1) / (2 * power)) for n in range(0, 2 * power, 2)]
        s = s - np.array(slopes[:H])[:, None, None] * np.abs(j - own)
    elif bias == "clipped":
        clip = size(0, 3)
        table = rng.normal(size=(pick(1, H), 2 * clip + 1))
        case["clipped"] = written(table)
        s = s + np.broadcast_to(table[:, np.clip(j - own, -clip, clip) + clip], (H, L, S))
    elif bias == "t5" and rule != "bottomRight":
        buckets, both = pick(8, 16, 32), chance(0.5)
        table = rng.normal(size=(buckets, H))
        case["t5"] = {"embedding": written(table), "bidirectional": both, "farthest": pick(16, 128)}
        where = np.array([[t5_bucket(int(y) - x, buckets, both, case["t5"]["farthest"]) for y in range(S)] for x in range(L)])
        s = s + np.moveaxis(table[where], -1, 0)
    if chance(0.3):
        if chance(0.5):
            mask = rng.random(pick((S,), (L, S), (H, 1, S), (B, 1, L, S))) < 0.6
        else:
            mask = np.where(rng.random((L, S)) < 0.3, -np.inf, rng.normal(size=(L, S)))
        case["mask"] = written(mask)
        s = np.where(mask, s, -np.inf) if mask.dtype == bool else s + mask
    s = np.where(allowed, s, -np.inf)
    sink = None
    if chance(0.3):
        sink = np.zeros(H) if chance(0.4) else rng.normal(size=H)
        case["sinks"] = list(sink)
    weights = softmax(s, sink)
    return {**case, "weights": written(weights), "output": written(weights @ vv)}


for number in range(count):
    case = multihead() if chance(0.35) else plain()
    print(json.dumps({"name": f"{seed}-{number}", **case}))
