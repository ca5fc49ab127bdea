"""Random operands: arrays, tensors and numbers of every kind, as Python writes them."""
import random

INTEGERS = ["int8", "int16", "int32", "int64", "uint8"]
FLOATS = ["float16", "float32", "float64"]


class Operands:
    """Lines that make operands for one statement, and the shapes that they have."""

    def __init__(self, choose: random.Random, at: int, framework: str):
        self.choose, self.at, self.framework = choose, at, framework
        self.lines, self.shapes, self.made = [], {}, []

    def chance(self, share):
        return self.choose.random() < share

    def size(self):
        return self.choose.choice([1, 2, 2, 3, 3, 4, 5] + ([0] if self.chance(0.15) else []))

    def shape(self, rank=None):
        if rank is None:
            rank = self.choose.choice([0, 1, 1, 2, 2, 2, 3, 3, 4])
        return tuple(self.size() for _ in range(rank))

    def dtype(self, kinds="bif"):
        pool = []
        if "b" in kinds:
            pool += ["bool"]
        if "i" in kinds:
            pool += INTEGERS
        if "f" in kinds:
            pool += FLOATS + ["float32", "float64"] + (["bfloat16"] if self.framework == "torch" else [])
        if "c" in kinds:
            pool += ["complex64"]
        if self.framework == "np" and "i" in kinds:
            pool += ["uint16", "uint32", "uint64"]
        return self.choose.choice(pool)

    def dtype_name(self, dtype=None):
        dtype = dtype or self.dtype("bifc" if self.chance(0.1) else "bif")
        if self.framework == "np":
            spelled = "np.bool_" if dtype == "bool" else f"np.{dtype}"
            return self.choose.choice([spelled, spelled, repr(dtype), {"int64": "int", "float64": "float", "bool": "bool"}.get(dtype, spelled)])
        return f"torch.{dtype}"

    def number(self, dtype):
        pick = self.choose
        if dtype == "bool":
            return str(pick.random() < 0.5)
        if dtype.startswith("complex"):
            return f"{pick.randint(-3, 3)}+{pick.randint(0, 3)}j"
        if dtype in INTEGERS or dtype.startswith("uint"):
            wide = {"int8": 120, "uint8": 250}.get(dtype, 300)
            low = 0 if dtype.startswith("u") else -3
            return str(pick.randint(low, 6) if pick.random() < 0.85 else pick.randint(low * 40, wide))
        return pick.choice([str(pick.randint(-4, 4)) + ".0", str(pick.randint(-40, 40) / 8), str(round(pick.uniform(-3, 3), 3)), "0.0"]) if pick.random() < 0.97 else pick.choice(["float('nan')", "float('inf')", "-float('inf')", "-0.0", "1e-8", "70000.0"])

    def tensor(self, shape=None, kinds="bif", dtype=None, plain=False):
        """The name of a new array or tensor, sometimes a view."""
        shape = self.shape() if shape is None else tuple(shape)
        dtype = dtype or self.dtype(kinds)
        count = 1
        for size in shape:
            count *= size
        flat = "[" + ", ".join(self.number(dtype) for _ in range(count)) + "]"
        name = f"a{self.at}_{len(self.shapes)}"
        maker = "torch.tensor" if self.framework == "torch" else "np.array"
        kind = f"torch.{dtype}" if self.framework == "torch" else f"np.{dtype + '_' if dtype == 'bool' else dtype}"
        if plain or not self.chance(0.15) or len(shape) < 2:
            text = f"{maker}({flat}, dtype={kind})" + ("" if len(shape) == 1 else f".reshape({shape})" if shape != () or self.framework == "torch" else ".reshape(())")
        else:
            # The same shape, but its last two axes lie the other way round.
            swapped = shape[:-2] + (shape[-1], shape[-2])
            text = f"{maker}({flat}, dtype={kind}).reshape({swapped})." + (f"transpose(-1, -2)" if self.framework == "torch" else "swapaxes(-1, -2)")
        self.lines.append(f"{name} = {text}")
        self.shapes[name] = shape
        self.made.append(name)
        return name

    def beside(self, shape):
        """A shape that broadcasts with another one, mostly."""
        if self.chance(0.08):
            return self.shape()
        cut = shape[self.choose.randint(0, len(shape)):] if self.chance(0.4) else shape
        mixed = tuple(1 if self.chance(0.2) else s for s in cut)
        return (self.size(),) + mixed if self.chance(0.1) and len(mixed) < 4 else mixed

    def scalar(self):
        """A number of Python, NumPy or PyTorch."""
        pick = self.choose
        options = ["True", "False", str(pick.randint(-3, 5)), str(pick.randint(-3, 5)), "300", "70000", "-1", str(pick.randint(-8, 8) / 4), "0.1", "2.5", "1e10"]
        if self.chance(0.05):
            options = ["1j", "2+1j"]
        if self.chance(0.25):
            kind = pick.choice(["float32", "float64", "float16", "int64", "int32", "int8", "uint8", "bool_"])
            value = str(pick.randint(0, 5)) if kind != "bool_" else "True"
            options = [f"np.{kind}({value})", f"np.{kind}({value})", f"np.array({value}, dtype=np.{kind})"]
        if self.framework == "torch" and self.chance(0.15):
            dtype = self.dtype()
            options = [f"torch.tensor({self.number(dtype)}, dtype=torch.{dtype})"]
        return pick.choice(options)

    def axis(self, rank):
        if self.chance(0.03):
            return self.choose.choice([rank, -rank - 1, rank + 1])
        return self.choose.randint(-rank, rank - 1) if rank else self.choose.choice([0, -1])

    def axes(self, rank):
        count = self.choose.randint(0 if self.chance(0.1) else 1, max(1, rank))
        chosen = self.choose.sample(range(max(rank, 1)), min(count, max(rank, 1)))
        return tuple(a - rank if self.chance(0.4) else a for a in chosen)

    def sizes(self, count):
        """A way to lay out `count` elements."""
        left, out = count, []
        for _ in range(self.choose.randint(0, 3)):
            fits = [d for d in range(1, max(left, 1) + 1) if left % d == 0]
            out.append(self.choose.choice(fits))
            left //= out[-1]
        out.append(left)
        self.choose.shuffle(out)
        if self.chance(0.4):
            out[self.choose.randrange(len(out))] = -1
        if self.chance(0.05):
            out[self.choose.randrange(len(out))] += 1
        return tuple(out)

    def index(self, shape):
        """An index of any kind for one shape."""
        parts, axis, pick = [], 0, self.choose
        rank = len(shape)
        while axis < rank and not (parts and self.chance(0.25)):
            size = shape[axis]
            kind = pick.random()
            if kind < 0.28:
                parts.append(str(pick.randint(-size, size - 1) if size and not self.chance(0.03) else size))
            elif kind < 0.62:
                parts.append(self.slice(size))
            elif kind < 0.70:
                parts.append("None")
                continue
            elif kind < 0.76 and "..." not in parts:
                parts.append("...")
                axis = max(axis, rank - pick.randint(0, max(0, rank - axis)))
                continue
            elif kind < 0.9 and size:
                entries = [pick.randint(-size, size - 1) for _ in range(pick.choice([1, 2, 3]))]
                text = str(entries)
                parts.append(pick.choice([text, f"np.array({text})", f"torch.tensor({text})" if self.framework == "torch" else text, f"{self.made_of(text)}[:, None]"]))
            elif size:
                ranks = pick.choice([1, 1, 2]) if axis + 1 < rank else 1
                parts.append(self.tensor(shape[axis:axis + ranks], dtype="bool", plain=True))
                axis += ranks - 1
            else:
                parts.append(":")
            axis += 1
        if not parts:
            parts = [pick.choice(["None", "...", "()", "True", "False"])]
        return ", ".join(parts) if len(parts) > 1 or not self.chance(0.1) else parts[0] + ","

    def made_of(self, text):
        return f"torch.tensor({text})" if self.framework == "torch" else f"np.array({text})"

    def slice(self, size):
        pick = self.choose
        ends = ["", "", str(pick.randint(-size - 1, size + 2)), str(pick.randint(0, max(size, 1)))]
        steps = ["", "", "", ":2", ":1", ":3"] + ([":-1", ":-2"] if self.framework == "np" or self.chance(0.05) else [])
        return f"{pick.choice(ends)}:{pick.choice(ends)}{pick.choice(steps)}"
