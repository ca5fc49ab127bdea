"""Makes statements that use every operation of the reader's tables with random arguments, runs them, and writes down what came of each.

    node compare.mjs --table > table.json
    python3 make.py table.json COUNT SEED > cases.json     (read by compare.mjs)
    python3 make.py --again cases.json > again.json        (the same statements with another NumPy)
"""
import json
import os
import random
import resource
import signal
import sys
import warnings
import zlib

import numpy as np

sys.path.insert(1, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "stand-ins"))
if sys.argv[1] == "--again":
    torch = None
else:
    import torch
    from torch import nn

from calls import call, calls, library_of
from forms import FORMS
from modules import module
from operands import Operands

HEADER = "import math, itertools, functools\nimport numpy as np\nimport torch\nfrom torch import nn\nimport torch.nn.functional as F\nimport einops\n"
FEW = 64
resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
warnings.simplefilter("ignore")
SECONDS = 5


class TooLong(BaseException):
    pass


def stop(*_):
    raise TooLong


signal.signal(signal.SIGALRM, stop)


def case(choose, at, operations):
    if choose.random() < 0.1 and torch:
        o = Operands(choose, at, "torch")
        return o, module(o)
    if choose.random() < 0.35:
        form = choose.choice(FORMS)
        o = Operands(choose, at, choose.choice(["np", "torch"]))
        return o, form(o)
    path, parameters = choose.choice(operations)
    o = Operands(choose, at, library_of(path))
    return o, call(o, path, parameters)


def told(value):
    """Shape, dtype and a few values of a tensor or array; None for what is neither."""
    if torch and isinstance(value, torch.Tensor):
        value = value.detach()
        values = value.reshape(-1).tolist() if value.numel() <= FEW else None
        return {"shape": list(value.shape), "dtype": str(value.dtype)[6:], "values": spelled(values)}
    if isinstance(value, (np.ndarray, np.generic)) and value.dtype.kind in "biufc":
        value = np.asarray(value)
        return {"shape": list(value.shape), "dtype": str(value.dtype), "values": spelled(value.reshape(-1).tolist() if value.size <= FEW else None)}
    return None


def spelled(values):
    if values is None or any(isinstance(v, complex) for v in values):
        return None
    return [str(int(v)) if isinstance(v, (bool, int)) else repr(v) for v in values]


def parts(name, value):
    """Statements that show the tensors in a result, and what Python's own values are, as tensors."""
    if told(value):
        return []
    if isinstance(value, str):
        return [f"{name}_s = np.array([ord(c) for c in {name}] + [0])"]
    if isinstance(value, (bool, int, float)):
        return [f"{name}_n = np.array({name})"] if not isinstance(value, int) or abs(value) < 2**53 else [f"{name}_s = np.array([ord(c) for c in str({name})])"]
    if isinstance(value, (tuple, list)) and value and len(value) <= 8 and all(told(v) for v in value):
        return [f"{name}_{at} = {name}[{at}]" for at in range(len(value))] + [f"{name}_l = np.array(len({name}))"]
    if isinstance(value, (tuple, list, dict, set)) and len(value) < 50 and not any(told(v) for v in value):
        return [f"{name}_s = np.array([ord(c) for c in repr({name})] + [0])"]
    return []


def run(lines, names):
    """Empty, or what was raised; None where memory or time ran out."""
    signal.alarm(SECONDS)
    try:
        for line in lines:
            exec(line, names)
    except (MemoryError, TooLong):
        return None
    except Exception as error:
        return f"{type(error).__name__}: {str(error).splitlines()[0][:150] if str(error) else ''}"
    finally:
        signal.alarm(0)
    return ""


def fresh():
    names = {}
    exec(HEADER if torch else HEADER.replace("import torch\nfrom torch import nn\nimport torch.nn.functional as F\nimport einops\n", ""), names)
    return names


def held(lines, names, at):
    return {n: told(v) for n, v in names.items() if told(v) and n.split("_")[0] in (f"a{at}", f"r{at}", f"v{at}", f"m{at}")}


def make(count, seed, operations):
    choose = random.Random(seed)
    for at in range(count):
        try:
            o, expression = case(choose, at, operations)
        except (IndexError, ValueError, TypeError):
            continue
        name = f"r{at}"
        names = fresh()
        lines = o.lines + [f"{name} = {expression}"]
        if torch:
            torch.manual_seed(0)
        raised = run(lines, names)
        if raised is None:
            continue
        more = parts(name, names[name]) if not raised else []
        if more:
            run(more, names)
        for extra in getattr(o, "after", []) if not raised else []:
            if run([extra], names) == "":
                more.append(extra)
        yield {"at": at, "lines": lines + more, "raised": raised, "held": held(lines, names, at)}


def again(cases):
    for each in cases:
        if torch is None and any(w in line for line in each["lines"] for w in ("torch", "nn.", "F.", "einops")):
            continue
        names = fresh()
        raised = run(each["lines"], names)
        if raised is not None:
            yield {**each, "raised": raised, "held": held(each["lines"], names, each["at"])}


if __name__ == "__main__":
    if sys.argv[1] == "--again":
        made = list(again(json.load(open(sys.argv[2]))))
    else:
        operations = calls([(p["path"], p["parameters"]) for p in json.load(open(sys.argv[1]))])
        made = list(make(int(sys.argv[2]), int(sys.argv[3]), operations))
    json.dump(made, sys.stdout)
