"""Runs one Python file and notes the shape and dtype of every array that every expression had.

    python3 trace_file.py FILE ROOT [--drive]      (prints JSON; trace.py calls it for a folder)

Each expression is wrapped in a call that notes its value and returns it. Modules that are not installed are replaced by
stand-ins whose values are no arrays, so that what does not need them still runs. With --drive, modules and functions
that nothing called are called with made-up arguments.
"""
import ast
import importlib.abc
import importlib.machinery
import io
import json
import os
import sys
import types

import numpy as np
import torch
from torch import nn

torch.set_num_threads(1)
HERE = os.path.dirname(os.path.abspath(__file__))


class StandIn(type):
    """A class that can be called, subclassed, indexed and asked for any attribute; nothing of it is an array."""

    # While modules are driven with made-up arguments, a stand-in refuses arrays: what it would have taken is not known.
    takes_arrays = True

    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return stand_in(name)

    def __call__(cls, *args, **kwargs):
        if len(args) == 1 and not kwargs and isinstance(args[0], (type, types.FunctionType)):
            return args[0]
        refuse_arrays(args, kwargs)
        return super().__call__()

    def __iter__(cls):
        return iter(())

    def __getitem__(cls, key):
        return cls


def refuse_arrays(args, kwargs):
    if not StandIn.takes_arrays and any(isinstance(a, (torch.Tensor, np.ndarray)) for a in (*args, *kwargs.values())):
        raise TypeError("nobody knows which arrays a module takes that is not installed")


def stand_in(name):
    def called(self, *args, **kwargs):
        refuse_arrays(args, kwargs)
        return self

    def attribute(self, key):
        if key.startswith("__"):
            raise AttributeError(key)
        return stand_in(key)

    body = {"__getattr__": attribute, "__init__": lambda self, *a, **k: None, "__call__": called,
            "__iter__": lambda self: iter(()), "__getitem__": lambda self, k: self, "__enter__": lambda self: self,
            "__exit__": lambda self, *a: False, "__len__": lambda self: 0}
    return StandIn(name, (), body)


class MissingModules(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Comes last: whatever nobody else finds, if it is not the file's own project, is a stand-in."""

    def __init__(self, root):
        self.root = root
        self.used = []

    def find_spec(self, name, path, target=None):
        top = name.split(".")[0]
        own = any(os.path.exists(os.path.join(folder, top + end)) for folder in sys.path if folder.startswith(self.root) for end in ("", ".py"))
        if own or top in ("torch", "numpy", "einops"):
            return None
        self.used.append(name)
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        module = types.ModuleType(spec.name)
        module.__path__ = []
        module.__version__ = "0.15.0"
        module.__getattr__ = lambda name: stand_in(name) if not name.startswith("__") else (_ for _ in ()).throw(AttributeError(name))
        return module

    def exec_module(self, module):
        pass


class Wrap(ast.NodeTransformer):
    """Puts a note around every expression that is read. Places inside f-strings are left out: `ast` misplaces them."""

    def __init__(self):
        self.nodes = []

    def note(self, node):
        place = (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)
        kind = type(node).__name__
        node = self.generic_visit(node)
        self.nodes.append((place, kind))
        call = ast.Call(ast.Name("__note__", ast.Load()), [ast.Constant(len(self.nodes) - 1), node], [])
        return ast.copy_location(call, node)

    def visit(self, node):
        if isinstance(node, (ast.JoinedStr, ast.Constant)):
            return node
        if isinstance(node, ast.expr) and not isinstance(node, (ast.Starred, ast.Slice)):
            if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
                return self.generic_visit(node)
            if isinstance(node, ast.Name) and node.id in ("super", "__class__"):
                return node
            return self.note(node)
        return self.generic_visit(node)

    def visit_AnnAssign(self, node):
        if node.value:
            node.value = self.visit(node.value)
        node.target = self.generic_visit(node.target)
        return node

    def visit_arg(self, node):
        return node

    def visit_FunctionDef(self, node):
        returns, node.returns = node.returns, None
        node = self.generic_visit(node)
        node.returns = returns
        return node

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_ExceptHandler(self, node):
        node = self.generic_visit(node)
        node.body.insert(0, ast.copy_location(ast.Expr(ast.Call(ast.Name("__caught__", ast.Load()), [], [])), node))
        return node

    def visit_match_case(self, node):
        node.body = [self.visit(s) for s in node.body]
        return node


class Notes:
    def __init__(self, nodes):
        self.nodes = nodes
        self.seen = [None] * len(nodes)
        self.error = None

    def caught(self):
        """The program caught an exception: what it would have done without it is not seen. Fallbacks of imports are ordinary."""
        exception = sys.exc_info()[1]
        if self.error is None and not isinstance(exception, (ImportError, StopIteration)):
            self.error = said(exception)

    def __call__(self, index, value):
        if isinstance(value, StandIn) or isinstance(type(value), StandIn):
            return value
        entry = self.seen[index]
        if entry is None:
            entry = self.seen[index] = {}
        if isinstance(value, (torch.Tensor, np.ndarray, np.generic)) and type(value).__name__ != "UninitializedParameter":
            kind = "scalar" if isinstance(value, np.generic) else "array"
            key = (kind, tuple(value.shape), str(value.dtype).replace("torch.", ""))
        else:
            key = ("other", None, None)
        if len(entry) < 400:
            entry[key] = entry.get(key, 0) + 1
        return value


def said(exception):
    return f"{type(exception).__name__}: {exception}"[:300]


def utf16(line, column):
    return len(line.encode("utf-8")[:column].decode("utf-8", "replace").encode("utf-16-le")) // 2


def report(source, notes):
    lines = source.split("\n")
    result = []
    for ((l, c, el, ec), kind), entry in zip(notes.nodes, notes.seen):
        if entry is None:
            continue
        place = [l - 1, utf16(lines[l - 1], c), el - 1, utf16(lines[el - 1], ec)]
        arrays = [(list(shape), dtype, k) for (k, shape, dtype) in entry if k != "other"]
        result.append({"place": place, "node": kind, "text": ast.get_source_segment(source, _Place(l, c, el, ec)),
                       "arrays": [{"shape": s, "dtype": d, "scalar": k == "scalar"} for s, d, k in arrays],
                       "other": ("other", None, None) in entry})
    return result


class _Place:
    def __init__(self, *place):
        self.lineno, self.col_offset, self.end_lineno, self.end_col_offset = place


def module_arrays(namespace):
    result = {}
    for name, value in namespace.items():
        if name.startswith("__") or not isinstance(value, (torch.Tensor, np.ndarray)):
            continue
        entry = {"shape": list(value.shape), "dtype": str(value.dtype).replace("torch.", "")}
        if value.size if isinstance(value, np.ndarray) else value.numel() <= 2000:
            array = value.detach().to(torch.float64).numpy() if isinstance(value, torch.Tensor) and value.dtype.is_floating_point else np.asarray(value.detach() if isinstance(value, torch.Tensor) else value)
            try:
                entry["values"] = [repr(float(x)) for x in array.ravel()[:2000]]
            except (TypeError, ValueError):
                pass
        result[name] = entry
    return result


def package_of(path, root):
    """The dotted package of a file, and the folder that its top package lies in; folders without __init__.py count below ROOT."""
    folder, parts = os.path.dirname(path), []
    while os.path.exists(os.path.join(folder, "__init__.py")):
        folder, last = os.path.split(folder)
        parts.insert(0, last)
    if parts:
        return ".".join(parts), folder
    return os.path.relpath(os.path.dirname(path), root).replace(os.sep, ".").strip("."), root


def no_accelerator():
    """What would go to an accelerator stays where it is."""
    stay = lambda self, *args, **kwargs: self
    torch.Tensor.cuda = nn.Module.cuda = stay
    tensor_to, module_to = torch.Tensor.to, nn.Module.to

    def to(original):
        def moved(self, *args, **kwargs):
            kept = [a for a in args if not on_accelerator(a)]
            named = {k: v for k, v in kwargs.items() if not on_accelerator(v)}
            return original(self, *kept, **named) if kept or named else self
        return moved

    torch.Tensor.to, nn.Module.to = to(tensor_to), to(module_to)


def on_accelerator(device):
    return str(device).startswith(("cuda", "mps")) if isinstance(device, (str, torch.device)) else False


def trace(path, root, drive):
    """The truth about one file; changes this process for good, so call it in one of its own."""
    path, root = os.path.abspath(path), os.path.abspath(root)
    source = io.open(path, encoding="utf-8-sig", newline=None).read()
    missing = MissingModules(root)
    package, folder = package_of(path, root)
    own = [folder, root] if os.path.exists(os.path.join(os.path.dirname(path), "__init__.py")) else [os.path.dirname(path), root]
    sys.path[:0] = [os.path.join(HERE, "stand-ins"), *own]
    # Imports are looked for from the file's folder upwards, as the reader does.
    above = os.path.dirname(path)
    while above.startswith(root):
        sys.path.append(above)
        above = os.path.dirname(above)
    sys.argv = [path]
    sys.meta_path.append(missing)
    sys.stdout, sys.stderr = io.StringIO(), io.StringIO()
    no_accelerator()
    wrap = Wrap()
    tree = ast.fix_missing_locations(wrap.visit(ast.parse(source)))
    notes = Notes(wrap.nodes)
    module = types.ModuleType("__main__")
    module.__dict__.update({"__note__": notes, "__caught__": notes.caught, "__name__": "__main__", "__file__": path})
    if "from ." in source and package:
        module.__package__ = package
        try:
            __import__(package)
        except BaseException:
            pass
    sys.modules["__main__"] = module
    try:
        exec(compile(tree, path, "exec"), module.__dict__)
    except BaseException as exception:
        notes.error = said(exception)
    error = notes.error
    # What a program that was stopped would still have called is not known: nothing of it is driven.
    driven = []
    if drive and error is None:
        from drive import call_the_rest
        StandIn.takes_arrays = False
        driven = call_the_rest(module, notes)
    return {"error": error, "missing": missing.used, "driven": driven, "expressions": report(source, notes),
            "module": module_arrays(module.__dict__) if error is None else {}}


def main():
    out, sys.path = sys.stdout, [HERE, *sys.path]
    json.dump(trace(sys.argv[1], sys.argv[2], "--drive" in sys.argv), out)
    out.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
