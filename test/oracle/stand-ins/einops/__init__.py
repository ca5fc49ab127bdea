"""Enough of einops to run code that uses it: rearrange, reduce, repeat, einsum, pack, unpack, and the layers."""
import math
import re

import numpy as np
import torch

__version__ = "0.0"


class EinopsError(RuntimeError):
    pass


def _groups(side):
    """`b (h d) ... ()` → [["b"], ["h", "d"], "...", []]."""
    groups, inside = [], None
    for token in re.findall(r"\.\.\.|\(|\)|[A-Za-z_][A-Za-z0-9_]*|\d+|[^\s]", side.replace("…", "...")):
        if token == "(":
            inside = []
        elif token == ")":
            groups.append(inside)
            inside = None
        elif inside is not None:
            inside.append(token)
        else:
            groups.append([token] if token != "..." else "...")
    return groups


def _plan(pattern, shape, sizes):
    left, right = (_groups(side) for side in pattern.split("->"))
    rest = len(shape) - sum(g != "..." for g in left)
    names = [f"_{i}" for i in range(rest)] if "..." in left else []
    expand = lambda groups: [g2 for g in groups for g2 in ([[n] for n in names] if g == "..." else
                             [[n2 for n in g for n2 in (names if n == "..." else [n])]])]
    left, right = expand(left), expand(right)
    if len(left) != len(shape):
        raise EinopsError(f"{pattern}: {len(shape)} axes")
    known = {**sizes}
    for i, (group, size) in enumerate(zip(left, shape)):
        open_ = [n for n in group if n not in known and not n.isdigit()]
        given = math.prod(known.get(n, int(n) if n.isdigit() else 1) for n in group if n not in open_)
        if len(open_) > 1 or (open_ and size % given) or (not open_ and given != size):
            raise EinopsError(f"{pattern}: {group} does not fit {size}")
        if open_:
            known[open_[0]] = size // given
    return left, right, known


def _size(name, known):
    return int(name) if name.isdigit() else known[name]


def _transform(x, pattern, sizes, reduction=None):
    if isinstance(x, (list, tuple)):
        x = torch.stack(list(x)) if isinstance(x[0], torch.Tensor) else np.stack(x)
    left, right, known = _plan(pattern, tuple(x.shape), sizes)
    atoms = [n for g in left for n in g]
    wanted = [n for g in right for n in g]
    x = x.reshape([_size(n, known) for n in atoms])
    is_torch = isinstance(x, torch.Tensor)
    dropped = [i for i, n in enumerate(atoms) if n not in wanted]
    if dropped:
        solid = [i for i in dropped if not atoms[i].isdigit() or atoms[i] != "1"]
        if reduction is None and solid:
            raise EinopsError(f"{pattern}: axes vanish")
        x = _reduce(x, reduction or "sum", tuple(dropped))
        atoms = [n for n in atoms if n in wanted]
    present = [n for n in wanted if n in atoms]
    order = [atoms.index(n) for n in present]
    x = x.permute(order) if is_torch else x.transpose(order)
    target = []
    for n in wanted:
        target.append(_size(n, known) if n in atoms else 1)
    x = x.reshape(target)
    full = [_size(n, known) for n in wanted]
    if full != target:
        x = x.expand(full) if is_torch else np.broadcast_to(x, full)
    return x.reshape([math.prod(_size(n, known) for n in g) for g in right])


def _reduce(x, name, axes):
    if callable(name):
        return name(x, axes)
    if isinstance(x, np.ndarray):
        return getattr(np, name)(x, axis=axes)
    if name in ("max", "min"):
        return getattr(x, "a" + name)(axes)
    if name == "prod":
        for axis in sorted(axes, reverse=True):
            x = x.prod(axis)
        return x
    return getattr(x, name)(axes)


def rearrange(tensor, pattern, **sizes):
    return _transform(tensor, pattern, sizes)


def reduce(tensor, pattern, reduction, **sizes):
    return _transform(tensor, pattern, sizes, reduction)


def repeat(tensor, pattern, **sizes):
    return _transform(tensor, pattern, sizes)


def einsum(*operands):
    *tensors, pattern = operands
    letters = {}
    code = lambda side: "".join(t if t == "..." else letters.setdefault(t, chr(97 + len(letters))) for t in side.split())
    inputs, output = pattern.split("->")
    text = ",".join(code(side) for side in inputs.split(",")) + "->" + code(output)
    return torch.einsum(text, *tensors) if isinstance(tensors[0], torch.Tensor) else np.einsum(text, *tensors)


def pack(tensors, pattern):
    axis = pattern.split().index("*")
    after = len(pattern.split()) - axis - 1
    shapes = [tuple(t.shape[axis:t.ndim - after]) for t in tensors]
    flat = [t.reshape(*t.shape[:axis], -1, *t.shape[t.ndim - after:]) for t in tensors]
    return (torch.cat(flat, axis) if isinstance(flat[0], torch.Tensor) else np.concatenate(flat, axis)), shapes


def unpack(tensor, shapes, pattern):
    axis = pattern.split().index("*")
    sizes = [math.prod(s) for s in shapes]
    if -1 in sizes:
        sizes[sizes.index(-1)] = tensor.shape[axis] - sum(s for s in sizes if s != -1)
    parts = torch.split(tensor, sizes, axis) if isinstance(tensor, torch.Tensor) else np.split(tensor, np.cumsum(sizes)[:-1], axis)
    return [p.reshape(*p.shape[:axis], *s, *p.shape[axis + 1:]) for p, s in zip(parts, shapes)]


def asnumpy(tensor):
    return tensor.detach().numpy() if isinstance(tensor, torch.Tensor) else tensor


def parse_shape(x, pattern):
    return {n: s for n, s in zip(pattern.split(), x.shape) if n != "_"}
