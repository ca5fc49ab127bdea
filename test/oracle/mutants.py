"""Writes real programs with small changes of meaning beside the real ones: new data for trace.py and score.mjs.

    python3 mutants.py FOLDER LIST.txt EACH SEED > MUTANTS.txt     (writes NAME__K.py beside each NAME.py of FOLDER)

A change is of the kind that people make: another size, axis, flag, operator, method, order of arguments, type of numbers, an
axis more or less, a condition turned round, a keyword left out. Many of them no longer run; trace.py keeps those that do.
"""
import ast
import os
import random
import sys

METHODS = [["view", "reshape"], ["sum", "mean", "prod", "std", "amax"], ["argmax", "argmin"], ["float", "double", "half", "long", "int", "bool"],
           ["zeros", "ones", "rand", "randn", "empty"], ["softmax", "log_softmax"], ["exp", "abs", "sqrt", "relu", "sign", "round"], ["tril", "triu"],
           ["max", "min"], ["cat", "stack"], ["expand", "repeat"], ["chunk", "split"], ["matmul", "mul", "add"], ["masked_fill", "masked_fill_"],
           ["squeeze", "unsqueeze"], ["any", "all"], ["permute", "transpose", "view", "reshape"], ["cumsum", "cumprod"], ["flatten", "ravel"],
           ["zeros_like", "ones_like", "rand_like", "empty_like"], ["vstack", "hstack", "concatenate", "stack"], ["BatchNorm1d", "LayerNorm"],
           ["ReLU", "GELU", "Tanh", "Identity"], ["LSTM", "GRU", "RNN"], ["maximum", "minimum", "add", "greater"], ["int64", "int32", "float64", "float32", "bool"]]
WRAPS = ["({0})[None]", "({0}).unsqueeze(-1)", "({0})[..., 0]", "({0})[:, -1:]", "({0})[::2]", "({0}).transpose(-1, -2)", "({0}).T", "({0}) * 2",
         "({0}) / 3", "({0}) // 2", "({0}) > 0", "1 - ({0})", "({0}).sum(-1)", "({0}).mean(0)", "({0}).sum(-1, keepdim=True)", "({0}).double()",
         "({0}).long()", "({0}).half()", "({0}).flatten(1)", "({0}).max(-1)[0]", "({0}).argmax(-1)", "({0}) @ ({0})", "({0})[[0, 0]]", "({0})[..., None, :]",
         "({0}).squeeze()", "({0}).reshape(-1)", "({0}).contiguous()", "({0}).clone()", "({0}) + 1.5", "({0}) + True", "-({0})", "({0}) ** 2", "({0}) & ({0})",
         "({0}) == ({0})", "({0}).expand(2, *({0}).shape)", "({0}).view(*({0}).shape[:-1], -1, 1)", "({0}).astype('float32')", "({0}).detach().numpy()",
         "({0}).std(-1)", "({0})[({0}) > 0]", "({0}).topk(1)[1]", "({0}).chunk(2, -1)[1]", "({0}).roll(1, 0)", "({0}).cumsum(-1)", "({0}).type_as(({0}).sum())"]
KEYWORDS = ["keepdim=True", "keepdims=True", "bias=False", "batch_first=True", "dim=0", "dim=-1", "dim=1", "axis=0", "axis=-1", "dtype=torch.float64",
            "dtype=torch.int64", "dtype=np.float32", "stride=2", "padding=1", "bidirectional=True", "num_layers=2", "unbiased=False", "device=None"]
OPERATORS = ["+", "-", "*", "/", "//", "@", "%", "**"]


def offsets(source):
    starts = [0]
    for line in source.encode().split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts


def changes(source, choose):
    """One change a node that has any: (start, end, text) in bytes."""
    starts, raw, result = offsets(source), source.encode(), []

    def span(node):
        return starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset

    def text(node):
        a, b = span(node)
        return raw[a:b].decode()

    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float, bool):
            v = node.value
            if isinstance(v, bool):
                result.append((*span(node), str(not v)))
            elif isinstance(v, int):
                result.append((*span(node), str(choose.choice([v + 1, max(v - 1, 0), 2 * v, v // 2, 1, 0, -1, 2, 3, float(v)]))))
            else:
                result.append((*span(node), str(choose.choice([int(v), 2 * v, v / 2, 0.0, True]))))
        elif isinstance(node, ast.BinOp):
            result.append((*span(node), f"({text(node.left)}) {choose.choice(OPERATORS)} ({text(node.right)})"))
            result.append((*span(node), f"({text(node.right)}) {choose.choice(OPERATORS)} ({text(node.left)})"))
        elif isinstance(node, ast.Call):
            arguments = [text(a) for a in node.args] + [f"{k.arg}={text(k.value)}" if k.arg else f"**{text(k.value)}" for k in node.keywords]
            function = text(node.func)
            if len(node.args) > 1:
                shuffled = arguments[: len(node.args)]
                choose.shuffle(shuffled)
                result.append((*span(node), f"{function}({', '.join(shuffled + arguments[len(node.args):])})"))
            if arguments:
                left = arguments[:]
                left.pop(choose.randrange(len(left)))
                result.append((*span(node), f"{function}({', '.join(left)})"))
            result.append((*span(node), f"{function}({', '.join(arguments + [choose.choice(KEYWORDS)])})"))
            result.append((*span(node), choose.choice(WRAPS).format(text(node))))
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            for group in METHODS:
                if node.attr in group:
                    result.append((*span(node), f"{text(node.value)}.{choose.choice(group)}"))
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and len(node.id) < 12 and choose.random() < 0.3:
            result.append((*span(node), choose.choice(WRAPS).format(node.id)))
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            index = text(node.slice)
            new = choose.choice([f"None, {index}", f"..., {index}", f"{index}, None", f"{index}, ...", f":, {index}", f"-1", f"[0]", f"1:"])
            result.append((*span(node), f"{text(node.value)}[{new}]"))
        elif isinstance(node, (ast.If, ast.IfExp, ast.While)) and "__name__" not in text(node.test):
            result.append((*span(node.test), f"not ({text(node.test)})"))
        elif isinstance(node, (ast.Expr, ast.Assign, ast.AugAssign)) and choose.random() < 0.3:
            result.append((*span(node), "pass"))
    return result


def mutant(source, choose):
    for _ in range(choose.choice([1, 1, 2])):
        possible = changes(source, choose)
        if not possible:
            return None
        start, end, new = choose.choice(possible)
        raw = source.encode()
        source = (raw[:start] + new.encode() + raw[end:]).decode()
        try:
            ast.parse(source)
        except (SyntaxError, ValueError):
            return None
    return source


def main():
    folder, names, each, seed = sys.argv[1:5]
    choose = random.Random(int(seed))
    for name in open(names).read().split("\n"):
        try:
            source = open(os.path.join(folder, name), encoding="utf-8-sig").read()
            ast.parse(source)
        except (OSError, SyntaxError, ValueError):
            continue
        for number in range(int(each)):
            changed = mutant(source, choose)
            if changed and changed != source:
                path = f"{name[:-3]}__{seed}_{number}.py"
                open(os.path.join(folder, path), "w", encoding="utf-8").write(changed)
                print(path)


main()
