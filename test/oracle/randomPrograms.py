"""Makes small programs that draw random numbers, runs them, and writes down what every name then held.

    python3 randomPrograms.py COUNT SEED > programs.json      (read by randomDifferential.mjs)

Each program seeds a generator with a number chosen among ordinary and awkward ones and draws a few times, so that the
order and the amount of what is drawn counts as well as the values.
"""
import json
import random
import sys

import numpy as np
import torch

SEEDS = [0, 1, 2, 7, 13, 42, 123, 1234, 1337, 2024, 3407, 10**6 + 3, 2**31 - 1, 2**31, 2**32 - 1]
SIZES = [1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 24, 31, 32, 33, 64]
choose = random.Random(int(sys.argv[2]))


def size():
    return choose.choice(SIZES)


def shape():
    return tuple(choose.choice([1, 2, 3, 4, 5, 8]) for _ in range(choose.randint(1, 3)))


def integer_dtype():
    return choose.choice(["bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"])


def bounds(dtype):
    low, high = (0, 1) if dtype == "bool" else (int(np.iinfo(dtype).min), int(np.iinfo(dtype).max))
    first, second = sorted(choose.choice([choose.randint(low, high), max(low, min(high, choose.randint(-5, 300)))]) for _ in range(2))
    return first, second + 1


def weights(count):
    parts = [choose.randint(1, 9) for _ in range(count)]
    return "np.array(%s) / %d" % (parts, sum(parts))


def numpy_draw(g, modern):
    n = choose.randint(2, 12)
    k = choose.randint(1, n)
    dtype = integer_dtype()
    low, high = bounds(dtype)
    a, b = choose.choice([(0, 1), (-1, 1), (0.5, 2.5), (-3, 7), (1e-3, 1e3)])
    common = [
        f"{g}.uniform({a}, {b}, {shape()})", f"{g}.normal({a}, {b}, {shape()})", f"{g}.normal(size={size()})",
        f"{g}.permutation({n})", f"{g}.permutation(np.arange({3 * n}).reshape({n}, 3))",
        f"{g}.choice({n}, {k})", f"{g}.choice({n}, {shape()})", f"{g}.choice({n}, {k}, replace=False)",
        f"{g}.choice({n}, {k}, p={weights(n)})", f"{g}.choice({n}, {k}, replace=False, p={weights(n)})",
        f"{g}.choice([3, 1, 4, 1, 5], {k})", f"{g}.random({size()})", f"{g}.random({shape()})", f"{g}.standard_normal({shape()})",
        f"{g}.choice({n * 1000}, {k}, replace=False)",
    ]
    if modern:
        return choose.choice(common + [
            f"{g}.integers({low}, {high}, {shape()}, dtype=np.{dtype + ('_' if dtype == 'bool' else '')})",
            f"{g}.integers({n}, size={size()})", f"{g}.integers(0, {n}, {size()}, endpoint=True)",
            f"{g}.random({size()}, dtype=np.float32)", f"{g}.standard_normal({size()}, dtype=np.float32)",
            f"{g}.integers(0, 2**40, {size()})", f"{g}.choice({n}, {k}, replace=False, shuffle=False)",
        ])
    return choose.choice(common + [
        f"{g}.randint({low}, {high}, {shape()}, dtype=np.{dtype + ('_' if dtype == 'bool' else '')})",
        f"{g}.randint({n}, size={size()})", f"{g}.rand{shape()}".replace(",)", ")"), f"{g}.randn({size()})",
        f"{g}.randn{shape()}".replace(",)", ")"), f"{g}.random_sample({size()})", f"{g}.randint(0, 2**40, {size()})",
    ])


def shuffled(g, name):
    n = choose.randint(2, 9)
    return [f"{name} = " + choose.choice([f"np.arange({n})", f"np.arange({2 * n}).reshape({n}, 2)", f"np.linspace(0, 1, {n})"]), f"{g}.shuffle({name})"]


def torch_draw(given):
    n = choose.randint(2, 40)
    a, b = choose.choice([(0, 1), (-1, 1), (0.5, 2.5), (-3, 7)])
    gen = f", generator={given}" if given else ""
    kinds = [
        f"torch.rand({size()}{gen})", f"torch.rand({shape()}{gen})", f"torch.randn({size()}{gen})", f"torch.randn({shape()}{gen})",
        f"torch.randint({n}, {shape()}{gen})", f"torch.randint(-5, {n}, ({size()},){gen})", f"torch.randperm({n}{gen})",
        f"torch.rand({size()}, dtype=torch.float64{gen})", f"torch.randn({size()}, dtype=torch.float64{gen})",
        f"torch.empty({shape()}).uniform_({a}, {b}{gen})", f"torch.empty({size()}).normal_({a}, {b}{gen})",
        f"torch.normal({float(a)}, {float(b)}, ({size()},){gen})", f"torch.randint(0, 2**40, ({size()},){gen})",
        f"torch.zeros({size()}).random_(0, {n}{gen})",
    ]
    if not given:
        kinds += [
            f"torch.randn_like(torch.zeros({choose.randint(1, 6)}, {choose.randint(1, 6)}).t())",
            f"torch.rand_like(torch.zeros({choose.randint(1, 6)}, {choose.randint(1, 6)}).t())",
            f"torch.randn_like(torch.zeros({shape()}))", f"torch.rand_like(torch.zeros({size()}))",
            f"torch.randint_like(torch.zeros({size()}), {n})", f"torch.zeros({choose.randint(2, 5)}, {choose.randint(2, 8)}).t().normal_()",
            f"nn.init.xavier_uniform_(torch.empty({choose.randint(1, 9)}, {choose.randint(1, 9)}))",
            f"nn.init.xavier_normal_(torch.empty({choose.randint(1, 9)}, {choose.randint(1, 9)}))",
            f"nn.init.kaiming_uniform_(torch.empty({choose.randint(1, 9)}, {choose.randint(1, 9)}), a=5 ** 0.5)",
            f"nn.init.kaiming_normal_(torch.empty({choose.randint(1, 9)}, {choose.randint(1, 9)}), nonlinearity='relu')",
            f"nn.init.normal_(torch.empty({size()}), std=0.02)", f"nn.init.uniform_(torch.empty({size()}), -0.1, 0.1)",
            f"nn.init.trunc_normal_(torch.empty({size()}), std=0.02)", f"torch.bernoulli(torch.full(({size()},), 0.3))",
            f"torch.empty({size()}).exponential_()", f"torch.multinomial(torch.ones({n}), {choose.randint(1, 2)})",
        ]
    return choose.choice(kinds)


def layer():
    h = choose.choice([1, 2, 4])
    d = h * choose.randint(1, 6)
    i, o, k = choose.randint(1, 12), choose.randint(1, 12), choose.randint(1, 3)
    bias = choose.choice(["", ", bias=False"])
    return choose.choice([
        f"nn.Linear({i}, {o}{bias})", f"nn.Embedding({i}, {o})", f"nn.Embedding({i}, {o}, padding_idx=0)", f"nn.MultiheadAttention({d}, {h})",
        f"nn.MultiheadAttention({d}, {h}{bias}, batch_first=True)", f"nn.MultiheadAttention({d}, {h}, kdim={i}, vdim={o})",
        f"nn.MultiheadAttention({d}, {h}, add_bias_kv=True)", f"nn.LayerNorm({d})", f"nn.Conv1d({i}, {o}, {k}{bias})",
        f"nn.Conv2d({i}, {o}, {k}{bias})", f"nn.Conv2d({2 * i}, {2 * o}, {k}, groups=2)", f"nn.ConvTranspose2d({i}, {o}, {k})",
        f"nn.TransformerEncoderLayer({d}, {h}, {choose.randint(1, 16)})", f"nn.TransformerDecoderLayer({d}, {h}, {choose.randint(1, 16)})",
        f"nn.TransformerEncoder(nn.TransformerEncoderLayer({d}, {h}, 8), 2)", f"nn.LSTM({i}, {o})", f"nn.GRU({i}, {o}, bidirectional=True)",
        f"nn.GRUCell({i}, {o})", f"nn.Bilinear({i}, {o}, 3)", f"nn.RNN({i}, {o}, num_layers=2)", f"nn.EmbeddingBag({i}, {o})", f"nn.Conv3d({i}, {o}, {k})",
    ])


def program():
    seed = choose.choice(SEEDS + [choose.randrange(2**32) for _ in range(5)])
    lines = ["import numpy as np", "import torch", "from torch import nn"]
    kind = choose.choice(["legacy", "RandomState", "modern", "torch", "generator", "layers"])
    wide = choose.choice([seed, seed, seed + 2**32, -seed - 1, 2**63 - 1 - seed])
    lines.append({
        "legacy": f"np.random.seed({seed})", "RandomState": f"g = np.random.RandomState({seed})",
        "modern": f"g = np.random.default_rng({choose.choice([seed, seed * 2**40 + 5])})",
        "torch": f"torch.manual_seed({wide})", "generator": f"g = torch.Generator().manual_seed({wide})", "layers": f"torch.manual_seed({seed})",
    }[kind])
    g = "np.random" if kind == "legacy" else "g"
    for at in range(choose.randint(2, 7)):
        name = f"x{at}"
        if kind in ("torch", "generator"):
            lines.append(f"{name} = {torch_draw('g' if kind == 'generator' else None)}")
        elif kind == "layers":
            lines.append(f"{name} = {choose.choice([layer, layer, lambda: torch_draw(None)])()}")
            if lines[-1].split(" = ")[1].startswith("nn.") and "init." not in lines[-1]:
                lines += parameters(lines, name)
        elif choose.random() < 0.15:
            lines += shuffled(g, name)
        else:
            lines.append(f"{name} = {numpy_draw(g, kind == 'modern')}")
    return "\n".join(lines) + "\n"


def parameters(lines, name):
    """A line for each of a layer's parameters."""
    names = {"np": np, "torch": torch, "nn": torch.nn}
    module = eval(lines[-1].split(" = ")[1], names)
    return [f"{name}_{at} = {name}.{path(key)}.detach()" for at, (key, _) in enumerate(module.named_parameters())]


def path(key):
    return ".".join(f"{part}" for part in key.split(".")).replace(".0.", "[0].").replace(".1.", "[1].")


def held(text):
    names = {}
    exec(text, names)
    answer = {}
    for name, value in names.items():
        if isinstance(value, torch.Tensor):
            value = value.detach().numpy()
        if isinstance(value, np.ndarray):
            flat = value.ravel()
            answer[name] = {"shape": list(value.shape), "dtype": str(value.dtype), "values": [repr(float(v)) if value.dtype.kind == "f" else str(int(v)) for v in flat]}
    return answer


programs = []
while len(programs) < int(sys.argv[1]):
    text = program()
    try:
        programs.append({"text": text, "held": held(text)})
    except (ValueError, TypeError, RuntimeError, OverflowError) as error:
        print(f"{type(error).__name__}: {error}\n{text}", file=sys.stderr)
json.dump(programs, sys.stdout)
