"""Random configurations of the operator Attention (ONNX, opsets 23 to 25) with what they come to, by NumPy in float64.

    python3 test/oracle/randomAttention.py 2000 1 > cases.jsonl && node test/oracle/randomAttention.mjs cases.jsonl

Written from the operator's description alone, cell by cell where that is plainer: it shares no thought with the engine.
Y and qk_matmul_output are told in float64, not rounded to their type: how near the nearest number is, the reader checks.
A line of output is one case: what the operator is given and either `outputs`, or `refused` with why it must not be taken.
"""
import json
import sys

import numpy as np

count, seed = int(sys.argv[1]), int(sys.argv[2])
rng = np.random.default_rng(seed)


def chance(p):
    return rng.random() < p


def pick(*choices):
    return choices[rng.integers(len(choices))]


def rounded(x, dtype):
    """x as the nearest number of a type, in float64; halves go to even."""
    x = np.asarray(x, np.float64)
    if dtype == "bfloat16":
        bits = x.astype(np.float32).view(np.uint32).astype(np.uint64)
        up = (bits + np.uint64(0x7FFF) + ((bits >> np.uint64(16)) & np.uint64(1))) & np.uint64(0xFFFF0000)
        kept = np.where(np.isnan(x), np.uint64(0x7FC00000), up).astype(np.uint32).view(np.float32)
        return kept.astype(np.float64)
    with np.errstate(over="ignore"):
        return x.astype(dtype).astype(np.float64)


def numbers(shape, dtype):
    spread = pick(1, 1, 1, 3, 10)
    return rounded(rng.normal(0, spread, shape), dtype)


def written(dtype, x, bare=False):
    """As test cases have it; bare: NaN and infinities as Python's json module writes them."""
    x = np.asarray(x)
    special = {} if bare else {float("-inf"): "-inf", float("inf"): "inf"}
    data = [v if bare or isinstance(v, (bool, int)) else "nan" if v != v else special.get(v, v) for v in x.reshape(-1).tolist()]
    return {"dtype": dtype, "shape": list(x.shape), "data": data}


def random_mask(B, H, L, S):
    """Of rank 1 to 4, aligned right, some axes 1, the last perhaps shorter than S; boolean, additive or of integers."""
    rank = int(rng.integers(1, 5))
    last = S if chance(0.7) else int(rng.integers(1, S + 1))
    shape = [B, H, L, last][4 - rank :]
    for axis in range(rank - 1):
        if chance(0.25):
            shape[axis] = 1
    kind = pick("bool", "bool", "float", "float", "int64")
    if kind == "bool":
        mask = rng.random(shape) < pick(0.2, 0.6, 0.9)
    elif kind == "int64":
        return "int64", rng.integers(-3, 4, shape)
    else:
        kind = pick("float32", "float32", "float16", "bfloat16", "float64")
        mask = rounded(rng.normal(0, pick(2, 2, 100), shape), kind)
        if chance(0.1):
            mask[tuple(int(rng.integers(size)) for size in shape)] = np.nan
        mask[rng.random(shape) < pick(0, 0.2, 0.7)] = -np.inf
    if rank >= 2 and chance(0.3):
        mask[..., int(rng.integers(shape[-2])), :] = False if kind == "bool" else -np.inf
    return kind, mask


def widened(mask, S):
    """Its last axis as long as S: what is missing may not be attended to. As float64 terms and a table of who may."""
    if mask.dtype == bool:
        term, may = np.zeros(mask.shape), mask
    else:
        term, may = mask.astype(np.float64), np.isfinite(mask) | (mask == np.inf) | np.isnan(mask)
    missing = [(0, 0)] * (mask.ndim - 1) + [(0, S - mask.shape[-1])]
    return np.pad(term, missing), np.pad(may, missing)


def softmax_in(code, row):
    """Softmax whose every step is rounded to the type of that code of TensorProto; float64 where there is none."""
    dtype = {None: "float64", 1: "float32", 10: "float16", 11: "float64", 16: "bfloat16"}[code]
    row = rounded(row, dtype)
    if np.isnan(row).any():
        return np.full(row.shape, np.nan)
    e = rounded(np.exp(rounded(row - row.max(), dtype)), dtype)
    return rounded(e / rounded(e.sum(), dtype), dtype)


def make():
    opset = pick(23, 24, 25)
    flat = chance(0.4)
    B, kv, group = int(rng.integers(1, 4)), int(rng.integers(1, 4)), int(rng.integers(1, 4))
    H = kv * group if chance(0.8) else kv
    L, N = int(rng.integers(1, 7)), int(rng.integers(1, 8))
    E, Ev = int(rng.integers(1, 9)), int(rng.integers(1, 9))
    dtype = pick("float32", "float32", "float16", "bfloat16", "float64")
    value_dtype = dtype if chance(0.8) else pick("float32", "float16", "bfloat16", "float64")
    bare = chance(0.3)
    attributes, inputs = {}, {}
    cache = pick("none", "none", "past", "nonpad") if opset >= 24 else pick("none", "past")
    P = int(rng.integers(0, 5)) if cache == "past" else 0
    S = P + N
    q, k, v = numbers((B, H, L, E), dtype), numbers((B, kv, N, E), dtype), numbers((B, kv, N, Ev), value_dtype)
    for x in (q, k, v):
        if chance(0.1):
            x[tuple(int(rng.integers(size)) for size in x.shape)] = np.nan
        if chance(0.05):
            x *= 0
    offset, real = np.zeros(B, int), np.full(B, S)
    if cache == "nonpad":
        real = rng.integers(0, N + 1, B)
        offset = real - L
        inputs["nonpad_kv_seqlen"] = written("int64", real)
        for b in range(B):
            if chance(0.3):
                # Whatever lies in the padding, it must do no harm.
                k[b, :, real[b] :] = np.nan
                v[b, :, real[b] :] = pick(np.nan, np.inf)
    flatten = lambda x: x.transpose(0, 2, 1, 3).reshape(B, x.shape[2], -1) if flat else x
    for name, x in (("Q", q), ("K", k), ("V", v)):
        inputs[name] = written(value_dtype if name == "V" else dtype, flatten(x), bare)
    if cache == "past":
        pk, pv = numbers((B, kv, P, E), dtype), numbers((B, kv, P, Ev), value_dtype)
        inputs["past_key"], inputs["past_value"] = written(dtype, pk, bare), written(value_dtype, pv, bare)
        k, v = np.concatenate([pk, k], 2), np.concatenate([pv, v], 2)
        offset = offset + P
    if flat:
        attributes.update(q_num_heads=H, kv_num_heads=kv)
    elif opset < 25 and chance(0.2):
        attributes.update(q_num_heads=H, kv_num_heads=kv)
    term, may = np.zeros((1,)), np.ones((1,), bool)
    if chance(0.6):
        kind, mask = random_mask(B, H, L, S)
        inputs["attn_mask"] = written(kind, mask, bare)
        term, may = widened(mask, S)
    for name in ("attn_mask", "past_key", "past_value"):
        if name not in inputs and chance(0.1):
            inputs[name] = None
    causal = chance(0.4)
    if causal or chance(0.1):
        attributes["is_causal"] = int(causal)
    left = right = None
    if opset >= 25 and chance(0.5):
        left, right = (None if chance(0.3) else int(rng.integers(0, 5)) for _ in range(2))
        if left is not None or chance(0.3):
            attributes["left_window_size"] = -1 if left is None else left
        if right is not None or chance(0.3):
            attributes["right_window_size"] = -1 if right is None else right
    scale = 1 / np.sqrt(E)
    if chance(0.3):
        scale = attributes["scale"] = float(pick(0.1, 0.5, 1.0, 2.0, 0.0, -0.7))
    softcap = float(pick(0.5, 2.0, 30.0)) if chance(0.35) else 0.0
    if softcap or chance(0.1):
        attributes["softcap"] = softcap
    softmax = None
    if chance(0.25):
        softmax = attributes["softmax_precision"] = int(pick(1, 10, 11, 16))
    mode = int(rng.integers(0, 4))
    if mode or chance(0.2):
        attributes["qk_matmul_output_mode"] = mode

    shape = (B, H, L, S)
    term, may = np.broadcast_to(term, shape), np.broadcast_to(may, shape)
    stages, Y = [np.zeros(shape) for _ in range(4)], np.zeros((B, H, L, Ev))
    for b in range(B):
        for h in range(H):
            g = h // (H // kv)
            for i in range(L):
                position, open_keys = i + offset[b], []
                for j in range(S):
                    s = float(np.dot(q[b, h, i], k[b, g, j])) * scale
                    capped = softcap * np.tanh(s / softcap) if softcap else s
                    ok = (
                        may[b, h, i, j]
                        and j < real[b]
                        and not (causal and j > position)
                        and not (left is not None and j < position - left)
                        and not (right is not None and j > position + right)
                    )
                    stages[0][b, h, i, j], stages[1][b, h, i, j] = s, capped
                    stages[2][b, h, i, j] = capped + term[b, h, i, j] if ok else -np.inf
                    if ok:
                        open_keys.append(j)
                if not open_keys:
                    continue
                weights = softmax_in(softmax, stages[2][b, h, i, open_keys])
                stages[3][b, h, i, open_keys] = weights
                Y[b, h, i] = weights @ v[b, g, open_keys]
    qk = stages[mode]
    outputs = {
        "Y": written(dtype, flatten(Y)),
        "present_key": written(dtype, k),
        "present_value": written(value_dtype, v),
        "qk_matmul_output": written(dtype, qk),
    }
    return {"opset": opset, "attributes": attributes, "inputs": inputs, "outputs": outputs}


def less(t):
    """A tensor with one number fewer than its shape says."""
    return {**t, "data": t["data"][:-1]}


def spoiled():
    """A case that the operator forbids, and what a sentence about it must name."""
    while True:
        case = make()
        inputs, attributes, opset = case["inputs"], case["attributes"], case["opset"]
        Q, K, V = inputs["Q"], inputs["K"], inputs["V"]
        rank, past = len(Q["shape"]), inputs.get("past_key")
        other = next(d for d in ("float32", "float16") if d != Q["dtype"])
        input = pick("Q", "K", "V")
        ways = {
            "both caches": (past and opset >= 24, lambda: inputs.update(nonpad_kv_seqlen=written("int64", np.ones(Q["shape"][0], int))), "nonpad_kv_seqlen"),
            "one past": (past, lambda: inputs.pop(pick("past_key", "past_value")), "past_"),
            "head counts": (rank == 4 and opset == 25, lambda: attributes.update(kv_num_heads=K["shape"][1]), "kv_num_heads"),
            "no head counts": (rank == 3, lambda: attributes.pop("q_num_heads"), "q_num_heads"),
            "window before 25": (opset < 25, lambda: attributes.update(left_window_size=2), "left_window_size"),
            "nonpad before 24": (opset == 23, lambda: inputs.update(nonpad_kv_seqlen=written("int64", np.ones(Q["shape"][0], int))), "nonpad_kv_seqlen"),
            "nonpad": (opset >= 24 and not past, lambda: inputs.update(nonpad_kv_seqlen=written("int64", np.full(Q["shape"][0], pick(-1, 99)))), "nonpad_kv_seqlen"),
            "fraction": (opset >= 24 and not past, lambda: inputs.update(nonpad_kv_seqlen=written("int64", np.full(Q["shape"][0], 0.5))), "nonpad_kv_seqlen"),
            "mask": (True, lambda: inputs.update(attn_mask=written("bool", np.ones(pick((1, 1, 97), (1, 1, 1, 1, 1)), bool))), "mask"),
            "mode": (True, lambda: attributes.update(qk_matmul_output_mode=pick(4, -1, 1.5, "1", None, True)), "qk_matmul_output_mode"),
            "precision": (True, lambda: attributes.update(softmax_precision=pick(7, 0, "float32")), "softmax_precision"),
            "softcap": (True, lambda: attributes.update(softcap=pick(-1.0, "2", None)), "softcap"),
            "causal": (True, lambda: attributes.update(is_causal=pick(2, True, None)), "is_causal"),
            "scale": (True, lambda: attributes.update(scale=pick("1", None, [1])), "scale"),
            "attribute": (True, lambda: attributes.update(num_heads=1), "num_heads"),
            "input": (True, lambda: inputs.update(key_padding_mask=written("bool", np.ones((1, 1), bool))), "key_padding_mask"),
            "missing": (True, lambda: inputs.pop(input), input),
            "null": (True, lambda: inputs.update({input: None}), input),
            "count": (True, lambda: inputs.update({input: less(inputs[input])}), input),
            "integers": (True, lambda: inputs.update({input: written("int32", np.ones(inputs[input]["shape"], int))}), input),
            "types": (True, lambda: K.update(dtype=other), "K"),
            "type of the past": (past, lambda: past.update(dtype=other), "past_key"),
            "batch": (True, lambda: inputs.update(K=written(Q["dtype"], np.ones([K["shape"][0] + 1, *K["shape"][1:]]))), "K"),
            "opset": (True, lambda: case.update(opset=pick(22, 1, "24", 23.5)), "opset"),
        }
        why = str(pick(*ways))
        may, spoil, names = ways[why]
        if not may:
            continue
        spoil()
        del case["outputs"]
        return {**case, "refused": why, "names": names}


for number in range(count):
    case = spoiled() if chance(0.08) else make()
    print(json.dumps({"name": f"{seed}-{number}", **case}))
