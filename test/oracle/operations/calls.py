"""Random calls of everything in the reader's tables, by the names of the parameters."""
import re

LIBRARIES = re.compile(r"^(torch|numpy)\.")
SKIPPED = re.compile(r"random|\.nn\.(?!functional\.)|optim|distributions|utils|cuda|autograd|jit|compile|backends|distributed|seed|rng_state|rand|normal|bernoulli|multinomial|poisson|dropout|gumbel|empty|set_|amp\.|vmap|func\.|mps|xpu|dynamo|^torch\.(Size|device|finfo|iinfo|Generator|save|load|hub)|scalar\.|list$|function$|tensor$|flatiter|nonzero_tuple|cauchy|exponential|geometric|uniform|resize|set_$|as_strided|strides|_C|is_\w+$|get_device|data_ptr|apply_along|no_grad|enable_grad|backward|hook|refine|rename|names")


def calls(table):
    """Paths of the table that can be called here, with their parameters."""
    return [(path, parameters) for path, parameters in table if LIBRARIES.match(path) and not SKIPPED.search(path)]


def library_of(path):
    return "np" if path.startswith("numpy") else "torch"


def call(o, path, parameters):
    short = path.split(".")[-1]
    method = path.startswith("torch.Tensor.") or path.startswith("numpy.ndarray.")
    shapes = Shapes(o, short)
    positional, named, keywords_only = [], [], False
    for at, p in enumerate(parameters):
        kind, name = p["kind"], p["name"]
        if kind == "keywords":
            continue
        if kind == "rest":
            positional += shapes.rest(name)
            keywords_only = True
            continue
        if p["optional"] and not o.chance(0.35 if at == 1 else 0.16):
            keywords_only = True
            continue
        spelled = {"dim": "axis", "keepdim": "keepdims", "input": "a"}.get(name, name) if o.framework == "np" and o.chance(0.85) else name
        value = shapes.value(name, at)
        if value is None:
            keywords_only = True
        elif keywords_only or kind == "keywordOnly" or (at > 0 and not method and o.chance(0.06)):
            named.append(f"{spelled}={value}")
            keywords_only = True
        else:
            positional.append(value)
    prefix = path.replace("torch.nn.functional", "F").replace("numpy", "np")
    if method:
        first = positional.pop(0) if positional else o.tensor()
        return f"{first}.{short}({', '.join(positional + named)})"
    return f"{prefix}({', '.join(positional + named)})"


class Shapes:
    """Values for the parameters of one call, which have to fit each other."""

    def __init__(self, o, short):
        self.o, self.short, self.base = o, short, None

    def first(self):
        o, short = self.o, self.short
        kinds = "bifc" if o.chance(0.04) else "bif"
        if re.search(r"mm$|bmm|matmul|linear|conv|pool|pad|fold|interpolate|upsample|pixel|norm|softm|loss|entropy|linalg|inv|det|svd|qr|cholesky|glu|elu|sigmoid|attention|grid", short) and o.chance(0.8):
            kinds = "f"
        rank = {"t": 2, "mm": 2, "bmm": 3, "mv": 2, "dot": 1, "vdot": 1, "addmm": 2, "baddbmm": 3, "addbmm": 2, "diag": 2, "trace": 2, "outer": 1, "ger": 1, "inverse": 2}.get(short) if o.chance(0.9) else None
        pools = re.search(r"(pool|conv\w*)([123])d", short)
        if pools and o.chance(0.95):
            return self.made(tuple(o.choose.choice([2, 4])for _ in range(o.choose.choice([1, 2]))) + tuple(o.choose.randint(4, 7) for _ in range(int(pools[2]))), "f")
        if re.search(r"interpolate|upsample|pixel|unfold|^fold", short) and o.chance(0.9):
            return self.made((o.choose.choice([1, 2]), o.choose.choice([4, 8, 9])) + tuple(o.choose.randint(2, 6) for _ in range(o.choose.choice([1, 2, 2]))), "f")
        if short == "one_hot":
            return self.made(o.shape(), dtype="int64")
        if short == "embedding":
            return self.made(o.shape(), dtype="int64")
        if re.search("and_?$|or_?$|shift|not_?$|invert", short) and o.chance(0.8):
            kinds = "bi"
        return self.made(o.shape(rank), kinds)

    def made(self, shape, kinds="bif", dtype=None):
        self.base = shape
        self.kinds = kinds
        return self.o.tensor(shape, kinds, dtype)

    def rank(self):
        return len(self.base) if self.base is not None else 2

    def rest(self, name):
        o, pick = self.o, self.o.choose
        if name in ("size", "sizes") and self.short in ("expand", "broadcast_to"):
            return [str(pick.choice([s if s != 1 else pick.choice([1, 3]), -1])) for s in ((2,) if o.chance(0.3) else ()) + (self.base or ())]
        if name == "shape":
            count = 1
            for s in self.base or ():
                count *= s
            sizes = o.sizes(count)
            return [str(sizes)] if o.chance(0.4) else [str(s) for s in sizes]
        if name in ("sizes", "size", "reps"):
            if self.base is None:
                return [str(o.shape(pick.randint(0, 3)))] if o.chance(0.4) else [str(s) for s in o.shape(pick.randint(0, 3))]
            return [str(pick.choice([1, 1, 2, 3])) for _ in range(pick.choice([self.rank(), self.rank(), self.rank() + 1]))]
        if name == "axes":
            order = pick.sample(range(self.rank()), self.rank())
            return [str(tuple(order))] if o.chance(0.3) else [str(a) for a in order]
        if name == "dims":
            return [str(o.axes(self.rank()))] if o.chance(0.6) else [str(a) for a in o.axes(self.rank())]
        if name in ("tensors", "operands"):
            parts = [o.tensor(o.shape(1) if self.short == "meshgrid" else None) for _ in range(pick.randint(1, 3))]
            return parts
        if self.short.startswith("new_"):
            return [str(o.shape(2))] + ([o.scalar()] if self.short == "new_full" else [])
        if self.short in ("to", "type"):
            return [o.dtype_name()]
        if name == "shapes":
            base = o.shape(3)
            return [str(tuple(o.beside(base))) for _ in range(pick.randint(1, 3))]
        if name in ("x", "given") and self.short in ("promote_types", "result_type"):
            return [o.dtype_name() if self.short == "promote_types" else o.tensor(), o.dtype_name() if self.short == "promote_types" else o.scalar()]
        if name in ("more", "rest") and re.search("scatter|index_|put", self.short):
            return self.scattered()
        if self.short in ("isin", "in1d"):
            return []
        return [o.scalar() if o.chance(0.6) else o.tensor(o.beside(self.base or ()))] if self.short.endswith("_") and not re.search("log|tan|sin|cos|exp|sign|frac|gamma", self.short) else []

    def scattered(self):
        o, pick = self.o, self.o.choose
        axis = pick.randrange(max(self.rank(), 1))
        size = (self.base or (1,))[axis] if self.rank() else 1
        if self.short.startswith("index_put"):
            return [f"(torch.tensor([{pick.randrange(max(size, 1))}]),)", o.scalar_tensor() if hasattr(o, "scalar_tensor") else "torch.tensor(1.0)"]
        count = pick.randint(1, max(size, 1))
        if self.short.startswith("index_"):
            index = f"torch.tensor({[pick.randrange(max(size, 1)) for _ in range(count)]})"
            shape = tuple(count if a == axis else s for a, s in enumerate(self.base or ()))
            return [str(axis), index, o.scalar() if "fill" in self.short else o.tensor(shape)]
        if self.short.startswith("masked"):
            return [o.tensor(self.base, dtype="bool"), o.tensor(self.base)]
        total = 1
        for s in self.base or ():
            total *= s
        index = f"torch.tensor({[pick.randrange(max(size, 1)) for _ in range(total)]}).reshape({self.base})"
        value = o.scalar() if o.chance(0.4) and "add" not in self.short else o.tensor(self.base, dtype=self.o.dtype("f"))
        return [str(axis), index, value] + ([repr(pick.choice(["sum", "prod", "mean", "amax", "amin"]))] if "reduce" in self.short else [])

    def value(self, name, at):
        o, pick, short = self.o, self.o.choose, self.short
        base = self.base if self.base is not None else (2, 3)
        rank = len(base)
        if at == 0 and name in ("input", "a", "self", "x", "arr", "data", "object", "array", "tensor", "ndarray", "condition", "query", "logits", "sorted_sequence", "input1", "row"):
            if short in ("arange", "linspace"):
                return str(pick.randint(-3, 6))
            if name == "row":
                return str(pick.randint(0, 4))
            if name in ("data", "object") or (o.framework == "np" and o.chance(0.12)):
                return self.literal()
            if name == "condition":
                return self.made(o.shape(), dtype="bool" if o.chance(0.85) else "int64")
            if name == "sorted_sequence" or short in ("searchsorted",):
                self.base = (4,)
                return o.made_of("[1, 3, 5, 7]") if o.chance(0.7) else o.made_of("[0.5, 1.5, 2.5, 9.0]")
            if o.framework == "np" and o.chance(0.06):
                return o.scalar()
            return self.first()
        if name in ("input", "other", "tensor1", "tensor2", "end", "values", "fill_value", "value", "v", "min", "max", "a_min", "a_max", "val", "test_elements", "mask_value", "target", "y"):
            return self.other(name)
        table = {
            "dim": lambda: (str(o.axes(rank)) if o.chance(0.3) else str(o.axis(rank))) if not o.chance(0.05) else "None", "axis": lambda: str(o.axis(rank)), "keepdim": lambda: str(o.chance(0.8)), "keepdims": lambda: str(o.chance(0.8)),
            "dim0": lambda: str(o.axis(rank)), "dim1": lambda: str(o.axis(rank)), "dim2": lambda: str(o.axis(rank)), "axis1": lambda: str(o.axis(rank)), "axis2": lambda: str(o.axis(rank)), "start_dim": lambda: str(o.axis(rank)), "end_dim": lambda: str(o.axis(rank)), "dimension": lambda: str(o.axis(rank)),
            "dtype": lambda: o.dtype_name(), "diagonal": lambda: str(pick.randint(-2, 3)), "offset": lambda: str(pick.randint(-2, 2)), "k": lambda: str(pick.randint(-1, 3)),
            "out": lambda: o.tensor(base if o.chance(0.7) else o.shape(), plain=True), "unbiased": lambda: str(o.chance(0.5)), "correction": lambda: str(pick.randint(0, 2)), "ddof": lambda: str(pick.randint(0, 2)),
            "descending": lambda: str(o.chance(0.7)), "largest": lambda: str(o.chance(0.5)), "sorted": lambda: "True", "stable": lambda: "True", "decimals": lambda: str(pick.randint(-1, 2)), "alpha": lambda: pick.choice(["2", "0.5", "True", "-1"]), "beta": lambda: pick.choice(["2", "1", "0.5"]),
            "rounding_mode": lambda: pick.choice(["'floor'", "'trunc'", "None"]), "size": lambda: str(o.shape(2)) if short not in ("unfold",) else str(pick.randint(1, 3)), "shape": lambda: str(o.shape(pick.randint(0, 3))) if short != "reshape" else str(o.sizes(_count(base))), "dims": lambda: str(tuple(pick.sample(range(rank), rank))) if "perm" in short else str(o.axis(rank)) if o.chance(0.6) else str(o.axes(rank)),
            "sizes": lambda: str(o.sizes(pick.choice(base) if base else 1)), "axes": lambda: str(tuple(pick.sample(range(rank), rank))) if short == "transpose" else str(pick.randint(0, 2)), "source": lambda: str(o.axis(rank)), "destination": lambda: str(o.axis(rank)), "shifts": lambda: str(pick.randint(-3, 3)) if o.chance(0.7) else "(1, -1)",
            "repeats": lambda: str(pick.randint(0, 3)), "chunks": lambda: str(pick.randint(1, 4)), "split_size": lambda: str(pick.randint(1, 3)) if o.chance(0.7) else str([1, 2]), "sections": lambda: str(pick.randint(1, 3)) if o.chance(0.6) else str([1, 2]), "length": lambda: str(pick.randint(0, 3)), "step": lambda: str(pick.choice([1, 2, 3, 0.5])), "steps": lambda: str(pick.randint(0, 6)), "stop": lambda: str(pick.choice([pick.randint(-2, 9), 2.5])), "n": lambda: str(pick.randint(0, 4)), "m": lambda: str(pick.randint(0, 4)), "col": lambda: str(pick.randint(0, 4)),
            "index": lambda: self.index(), "indices": lambda: self.index(), "mask": lambda: o.tensor(o.beside(base), dtype="bool" if o.chance(0.95) else "uint8"), "where": lambda: o.tensor(o.beside(base), dtype="bool"), "num_classes": lambda: str(pick.randint(-1, 9)), "p": lambda: pick.choice(["1", "2", "3", "float('inf')", "'fro'"]), "ord": lambda: pick.choice(["1", "2", "np.inf"]), "q": lambda: pick.choice(["0.5", "0.25"]),
            "tensors": lambda: "[" + ", ".join(o.tensor(base if self.base is not None else self._set(o.shape(2))) for _ in range(pick.randint(1, 3))) + "]", "batch1": lambda: self._mat(), "batch2": lambda: self._mat(2), "weight": lambda: self._weight(), "bias": lambda: o.tensor((4,), "f"), "kernel_size": lambda: str(pick.randint(1, 3)) if o.chance(0.7) else "(2, 3)", "stride": lambda: str(pick.randint(1, 3)), "padding": lambda: str(pick.randint(0, 1)), "dilation": lambda: str(pick.randint(1, 2)), "groups": lambda: str(pick.randint(1, 2)), "ceil_mode": lambda: "True", "return_indices": lambda: "True", "output_size": lambda: str(pick.randint(1, 4)) if o.chance(0.6) else "(2, 3)", "count_include_pad": lambda: "False",
            "scale_factor": lambda: pick.choice(["2", "0.5", "1.5"]), "mode": lambda: repr(pick.choice(["nearest", "bilinear", "linear"] if "inter" in short else ["constant", "reflect", "replicate", "edge", "same", "full"])), "pad": lambda: str([pick.randint(-1, 2) for _ in range(pick.choice([2, 2, 4]))]), "pad_width": lambda: pick.choice(["1", "(1, 2)", "((1, 0), (0, 2))"]), "upscale_factor": lambda: pick.choice(["2", "3"]), "downscale_factor": lambda: pick.choice(["2", "3"]), "normalized_shape": lambda: str(list(base[-1:])), "num_groups": lambda: "2", "reduction": lambda: pick.choice(["'mean'", "'sum'", "'none'"]),
            "min_val": lambda: "-0.5", "max_val": lambda: "0.5", "negative_slope": lambda: "0.2", "threshold": lambda: "0.5", "inplace": lambda: "True", "approximate": lambda: "'tanh'", "equal_nan": lambda: "True", "descend": lambda: "True", "minlength": lambda: "5", "return_inverse": lambda: "True", "return_counts": lambda: "True", "return_index": lambda: "True", "side": lambda: "'right'", "right": lambda: "True", "kth": lambda: "1", "bins": lambda: o.made_of("[1, 3, 5]"), "boundaries": lambda: o.made_of("[1, 3, 5]"), "order": lambda: repr(pick.choice(["C", "F"])), "indexing": lambda: repr(pick.choice(["ij", "xy"])), "initial": lambda: "2", "N": lambda: "3", "num": lambda: "4", "endpoint": lambda: "False",
            "key": lambda: o.tensor(base, "f"), "is_causal": lambda: "True", "attn_mask": lambda: o.tensor(base[-2:-1] * 2, dtype="bool"), "copy": lambda: "False", "ndmin": lambda: "2", "dimensions": lambda: "(2, 3)", "as_tuple": lambda: "True", "interpolation": lambda: "'lower'", "method": lambda: "'lower'", "weights": lambda: o.tensor(base, "f"), "input2": lambda: o.tensor(base, "f"), "eps": lambda: "1e-3", "start": lambda: str(pick.randint(-2, 3)), "repeat": lambda: "2", "to": lambda: "2", "batch_first": lambda: "True", "s": lambda: "(2, 2)", "UPLO": lambda: "'U'", "casting": lambda: "'unsafe'", "tol": lambda: "0.1", "align_corners": lambda: "False", "prepend": lambda: "0", "nan": lambda: "1.5", "posinf": lambda: "9.0", "arr": lambda: o.tensor(base), "storage_offset": lambda: "0",
        }
        if name == "step" and short == "unfold":
            return str(pick.randint(1, 2))
        if name == "out" and not o.chance(0.5):
            return None
        make = table.get(name)
        return make() if make else (o.scalar() if o.chance(0.5) and at < 3 else None)

    def _set(self, shape):
        self.base = shape
        return shape

    def _mat(self, which=1):
        base = (2,) * max(2, self.rank())
        n, k = (base[-2], 3) if which == 1 else (3, base[-1])
        if self.base is not None and len(self.base) >= 2:
            n, k = (self.base[-2], 3) if which == 1 else (3, self.base[-1])
        lead = (self.base[0],) if self.short.startswith("baddbmm") and self.base else (2,) if self.short.startswith("addbmm") else ()
        return self.o.tensor(lead + (n, k), "f")

    def _weight(self):
        o, short = self.o, self.short
        base = self.base or (2, 3)
        if "linear" in short:
            return o.tensor((4, base[-1] if base else 1), "f")
        if "embedding" in short:
            return o.tensor((7, 3), "f")
        found = re.search(r"conv(_transpose)?([123])d", short)
        if found:
            channels = base[-int(found[2]) - 1]
            return o.tensor(((channels, 4) if found[1] else (4, channels)) + tuple(o.choose.randint(1, 3) for _ in range(int(found[2]))), "f")
        return o.tensor(base[-1:] if "norm" in short else base[:1] if o.chance(0.5) else (1,), "f")

    def other(self, name):
        o, short = self.o, self.short
        base = self.base if self.base is not None else self._set(o.shape())
        if name in ("min", "max", "a_min", "a_max", "value", "fill_value", "v", "val"):
            return o.scalar() if o.chance(0.8) else o.tensor(o.beside(base))
        fitting = {"mm": 2, "matmul": None, "bmm": 3, "dot": None, "inner": None, "mv": 1, "vdot": 1, "spmm": 2, "__matmul__": None, "solve": None}
        if short in fitting and o.chance(0.9) and base:
            same = dtype_of(o)
            k = base[-1]
            options = {2: (k, 3), 3: (base[0], k, 2), 1: (k,)}
            shape = options.get(fitting[short]) or o.choose.choice([(k,), (k, 3), (k, 2)] + ([base[:-2] + (k, 2)] if len(base) > 2 else []))
            if short in ("inner", "vdot"):
                shape = (k,) if o.chance(0.6) else (3, k)
            return o.tensor(shape, dtype=same if o.chance(0.85) else None)
        if name == "target" and "loss" not in short and "entropy" not in short:
            return o.tensor(base, "f")
        if name == "target":
            return o.tensor(base, "f") if "nll" not in short and "cross" not in short else o.tensor(base[:1] + base[2:], dtype="int64", plain=True)
        if short in ("view_as", "reshape_as", "type_as", "expand_as", "tensordot", "outer", "ger", "kron"):
            return o.tensor(o.beside(base) if o.chance(0.6) else base)
        if o.framework == "np" and o.chance(0.1):
            return o.choose.choice(["[1, 2]", "[[1.5], [2]]", "(True, False)"])
        return o.scalar() if o.chance(0.4) else o.tensor(o.beside(base))

    def index(self):
        o, short = self.o, self.short
        base = self.base or (2,)
        most = max(min(base), 1) if base else 1
        if short in ("select",):
            return str(o.choose.randint(-most, most - 1))
        if short in ("gather", "take_along_axis", "take_along_dim"):
            count = _count(base)
            return o.made_of(str([o.choose.randrange(most) for _ in range(count)])) + f".reshape({tuple(base)})"
        text = str([o.choose.randrange(most) for _ in range(o.choose.randint(0, 3))])
        if o.framework == "np" and o.chance(0.4):
            return o.choose.choice([text, str(o.choose.randrange(most))])
        return o.made_of(text) if text != "[]" else "torch.tensor([], dtype=torch.int64)" if o.framework == "torch" else "np.array([], dtype=int)"

    def literal(self):
        o, pick = self.o, self.o.choose
        self.base = (2,)
        return pick.choice([f"[{o.scalar()}, {o.scalar()}]", f"[[1, 2], [3, {pick.choice(['4.5', '4', 'True'])}]]", o.scalar(), "[]", "[[]]", "[True, False]", "range(4)", "(1, 2.5)", "[1, True]", f"[{o.tensor((2,))}, {o.tensor((2,))}]", "[1+2j]", "[[1], [2, 3]]", "3", "2.5", "[10**10]", "[2**63]", self.o.tensor(), "np.arange(3)"])


def dtype_of(o):
    return o.lines[-1].split("dtype=")[1].split(")")[0].split(".")[1].rstrip("_") if o.lines and "dtype=" in o.lines[-1] else None


def _count(shape):
    total = 1
    for s in shape:
        total *= s
    return total
