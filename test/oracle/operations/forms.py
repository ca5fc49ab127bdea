"""Statements that no table of names lists: operators, indexing, writes, Python's own types, einsum and einops."""

BINARY = ["+", "-", "*", "/", "//", "%", "**", "&", "|", "^", "<<", ">>", "@"]
COMPARE = ["<", "<=", ">", ">=", "==", "!="]


def operator(o):
    a = o.tensor(kinds="bifc" if o.chance(0.1) else "bif")
    symbol = o.choose.choice(BINARY[:7] * 2 + BINARY + COMPARE)
    if symbol == "@":
        n, k, m = o.size(), o.size(), o.size()
        a = o.tensor(o.choose.choice([(k,), (n, k), (2, n, k)]), kinds="if")
        b = o.tensor(o.choose.choice([(k,), (k, m), (2, k, m), (1, k, m)]), dtype=None if o.chance(0.2) else dtype_of(o, a))
    else:
        b = o.scalar() if o.chance(0.5) else o.tensor(o.beside(o.shapes[a]))
    return f"{a} {symbol} {b}" if o.chance(0.7) else f"{b} {symbol} {a}"


def dtype_of(o, name):
    line = next(l for l in o.lines if l.startswith(name + " = "))
    return line.split("dtype=")[1].split(")")[0].split(".")[1].rstrip("_")


def in_place(o):
    a = o.tensor()
    b = o.scalar() if o.chance(0.5) else o.tensor(o.beside(o.shapes[a]))
    o.lines.append(f"{a} {o.choose.choice(BINARY[:12])}= {b}")
    return f"{a} + 0" if o.chance(0.3) else a


def unary(o):
    a = o.tensor()
    return o.choose.choice([f"-{a}", f"+{a}", f"~{a}", f"abs({a})", f"len({a})", f"{a}.T", f"{a}.shape", f"{a}.ndim", f"tuple({a}.shape)[::-1]", f"float({a})", f"int({a})", f"bool({a})", f"list({a})", f"sum({a})", f"max({a})", f"{a}.real", f"{a}.imag", f"round({a})", f"not {a}", f"{a}.dtype == {o.dtype_name()}", f"sorted({a})", f"divmod({a}, 2)", f"pow({a}, 2)"])


def indexing(o):
    a = o.tensor(o.shape(o.choose.choice([1, 2, 3, 3, 4])), kinds="bif")
    return f"{a}[{o.index(o.shapes[a])}]"


def writing(o):
    """A view of a view, written through."""
    a = o.tensor(o.shape(o.choose.choice([1, 2, 3])), plain=True)
    shape = o.shapes[a]
    way = o.choose.random()
    value = o.scalar() if o.chance(0.7) else o.tensor(o.beside(shape)[-1:])
    if way < 0.4:
        o.lines.append(f"{a}[{o.index(shape)}] = {value}")
    elif way < 0.6:
        o.lines.append(f"{a}[{o.index(shape)}] {o.choose.choice(['+', '-', '*'])}= {value}")
    else:
        views = ["[0]", "[:, 0]", "[1:]", "[::2]", ".T", ".reshape(-1)", ".transpose(0, 1)", "[None]", "[..., 0]", ".squeeze()", ".ravel()", ".flatten()", ".copy()" if o.framework == "np" else ".clone()",
                 "[[0]]", ".swapaxes(0, -1)"] + ([".view(-1)", ".unsqueeze(0)", ".expand(2, *{}.shape)".format(a), ".contiguous()", ".narrow(0, 0, 1)", ".diagonal()", ".detach()", ".unbind()[0]", ".chunk(2)[0]", ".split(1)[0]", ".permute(*range({}.dim() - 1, -1, -1))".format(a), ".movedim(0, -1)", ".select(0, 0)", ".float()", ".to(torch.float32)", ".flatten(0)", ".numpy()"] if o.framework == "torch" else [".astype({}.dtype)".format(a), ".astype(np.float32, copy=False)", ".diagonal()", ".view()"])
        view = a + o.choose.choice(views)
        o.lines.append(f"v{o.at} = {view}")
        write = o.choose.choice([f"v{o.at}[0] = {value}", f"v{o.at} += {value}", f"v{o.at}[...] = {value}", f"v{o.at} *= 2"] + ([f"v{o.at}.mul_(2)", f"v{o.at}.zero_()", f"v{o.at}.fill_(3)", f"v{o.at}.add_(1)", f"v{o.at}.copy_({a} + 1)"] if o.framework == "torch" else [f"v{o.at}.fill(3)", f"np.add(v{o.at}, 1, out=v{o.at})"]))
        o.lines.append(write)
    return f"{a} + 0"


def einsum(o):
    letters = "abcd"
    sizes = {l: o.choose.choice([1, 2, 3]) for l in letters}
    terms = ["".join(o.choose.sample(letters, o.choose.randint(1, 3))) for _ in range(o.choose.choice([1, 2, 2]))]
    used = sorted(set("".join(terms)))
    out = "".join(o.choose.sample(used, o.choose.randint(0, len(used))))
    dots = o.chance(0.2)
    dtype = o.dtype("f") if o.chance(0.7) else o.dtype("i")
    operands = [o.tensor(((2,) if dots else ()) + tuple(sizes[l] for l in t), dtype=dtype) for t in terms]
    equation = ",".join(("..." if dots else "") + t for t in terms) + (o.choose.choice(["->", " -> "]) + ("..." if dots else "") + out if o.chance(0.8) else "")
    return f"{o.framework}.einsum({equation!r}, {', '.join(operands)})"


def joining(o):
    base = o.shape(o.choose.choice([1, 2, 2, 3]))
    axis = o.axis(len(base))
    parts = []
    for _ in range(o.choose.randint(1, 3)):
        shape = list(base)
        if -len(base) <= axis < len(base) and o.chance(0.6):
            shape[axis] = o.size()
        parts.append(o.tensor(shape))
    name = o.choose.choice(["concatenate", "stack", "vstack", "hstack", "dstack", "column_stack"] + (["cat", "concat"] if o.framework == "torch" else []))
    bag = o.choose.choice(["[{}]", "({},)"]).format(", ".join(parts))
    wants = name in ("cat", "concat", "concatenate", "stack") and o.chance(0.7)
    keyword = o.choose.choice(["", "dim=" if o.framework == "torch" else "axis=", "axis="])
    return f"{o.framework}.{name}({bag}{f', {keyword}{axis}' if wants else ''})"


def python_number(o):
    pick = o.choose
    n = lambda: pick.choice([str(pick.randint(-20, 20)), str(pick.randint(0, 9)), str(pick.randint(-50, 50) / 8), "True", str(10 ** pick.randint(3, 18) + 7), "0.1", "1e300", "2"])
    a, b = n(), n()
    return pick.choice([
        f"{a} {pick.choice(BINARY[:12])} {b}", f"({a}) ** ({b})", f"({a}) {pick.choice(COMPARE)} ({b})", f"round({a}, {pick.randint(-2, 3)})", f"round({a})", f"divmod({a}, {b})", f"abs({a})", f"-({a})",
        f"int({a})", f"float({a})", f"bool({a})", f"max({a}, {b})", f"min([{a}, {b}, {n()}])", f"sum([{a}, {b}, {n()}], {n()})", f"math.{pick.choice(['floor', 'ceil', 'trunc', 'sqrt', 'exp', 'log', 'log2', 'isqrt', 'factorial', 'isnan', 'fabs', 'radians', 'log10', 'tanh'])}({a})",
        f"math.{pick.choice(['gcd', 'pow', 'fmod', 'copysign', 'hypot', 'comb', 'log', 'atan2', 'perm', 'lcm'])}({a}, {b})", f"math.prod([{a}, {b}])", f"({a}).__class__.__name__", f"isinstance({a}, (int, float))", f"sorted([{a}, {b}, {n()}], reverse={pick.random() < 0.5})",
        f"list(range({pick.randint(-5, 5)}, {pick.randint(-5, 9)}, {pick.choice([1, 2, -1, -2, 3])}))", f"len(range({pick.randint(-5, 5)}, {pick.randint(-5, 9)}, {pick.choice([1, 2, -1, 3])}))", f"[x {pick.choice(BINARY[:6])} {b} for x in range(4) if x {pick.choice(COMPARE)} 2]",
        f"{a} if {b} else {n()}", f"{a} and {b}", f"{a} or {b}", f"not {a}", f"{a} < {b} <= {n()}", f"int('{pick.randint(-99, 99)}')", f"float('{pick.choice(['1e3', 'inf', '-2.5', ' 3 ', 'nan'])}')", f"int({pick.choice(['2.9', '-2.9', 'True'])})", f"(lambda x, y=2: x * y)({a})", f"pow({pick.randint(0, 9)}, {pick.randint(0, 9)}, {pick.randint(1, 9)})",
        f"int.bit_length({pick.randint(-99, 99)})", f"{pick.randint(0, 99)}.0.is_integer()", f"~{pick.randint(-9, 9)}",
    ])


def python_sequence(o):
    pick = o.choose
    items = [str(pick.randint(-3, 9)) for _ in range(pick.randint(0, 6))]
    l = "[" + ", ".join(items) + "]"
    t = "(" + "".join(i + ", " for i in items) + ")"
    s = repr("".join(pick.choice("abc XY-_,1") for _ in range(pick.randint(0, 8))))
    w = repr(pick.choice(["a", "b", "-", ",", "ab", " ", "X"]))
    any_of = pick.choice([l, t, s])
    index = o.slice(len(items)) if pick.random() < 0.7 else str(pick.randint(-7, 7))
    back = pick.choice(["", "::-1", "::-2", "-3:", ":-1", "1:-1", "5:0:-1"])
    return pick.choice([
        f"{any_of}[{index}]", f"{any_of}[{back or ':'}]", f"{any_of} + {any_of}", f"{any_of} * {pick.randint(-1, 3)}", f"len({any_of})", f"{pick.randint(-3, 9)} in {l}", f"{w} in {s}", f"{l} {pick.choice(COMPARE)} [1, 2]", f"{t} {pick.choice(COMPARE)} (1, 2)", f"{s} {pick.choice(COMPARE)} {w}",
        f"sum({l})", f"max({l})", f"min({t})", f"sorted({any_of})", f"list(reversed({any_of}))", f"list(enumerate({any_of}, {pick.randint(0, 2)}))", f"list(zip({l}, {any_of}))", f"{l}.index({pick.randint(0, 4)})", f"{t}.count({pick.randint(0, 4)})", f"any({l})", f"all({t})", f"list(map(lambda x: x * 2, {any_of}))", f"list(filter(None, {l}))", f"dict(enumerate({any_of}))", f"len(set({any_of}))", f"list({s})", f"tuple({l})", f"[*{t}, 1, *{l}]", f"{{k: v for k, v in enumerate({l})}}",
        f"{s}.split()", f"{s}.split({w})", f"{s}.split({w}, 1)", f"{s}.rsplit({w}, 1)", f"{s}.upper()", f"{s}.lower()", f"{s}.title()", f"{s}.capitalize()", f"{s}.strip({w})", f"{s}.strip()", f"{s}.lstrip({w})", f"{s}.rstrip()", f"{s}.replace({w}, 'zz')", f"{s}.replace({w}, '', 1)", f"{w}.join({s})", f"{w}.join(['x', 'y'])", f"{s}.find({w})", f"{s}.count({w})", f"{s}.startswith({w})", f"{s}.endswith({w})", f"{s}.isdigit()", f"{s}.zfill({pick.randint(0, 9)})", f"{s}.ljust({pick.randint(0, 9)}, '*')", f"{s}.rjust({pick.randint(0, 9)})", f"{s}.splitlines()", f"{s}.index({w})",
        f"str({pick.choice([l, t, s, '1.0', '1e20', '1e-7', '0.1', 'None', 'True', '-0.0', '10**20', '1/3', '1e16', '123456789.123'])})", f"repr({pick.choice([l, t, s, '1.5'])})", f"f'{{{pick.choice(['3.14159', '42', '1e10', '-7', '0.5'])}:{pick.choice(['.2f', '5', '>8', '<6', '^7', '05', '.3e', ',', '+', '.1%', 'g', '.3g', ''])}}}'", f"f'{{{s}!r}}x{{{l}}}'", f"'%d-%s-%.2f' % ({pick.randint(0, 9)}, {s}, 1.5)", f"'%5d|%-5s|%05.1f' % (3, 'a', 2.25)", f"'{{}} {{:>4}}'.format({s}, 7)", f"'{{0}}{{1}}{{0}}'.format(1, 'b')", f"'{{a}}'.format(a={l})", f"format(3.14159, '{pick.choice(['.2f', '8.3f', 'e', ''])}')",
        f"ord({w}[0])", f"chr({pick.randint(33, 120)})", f"[c for c in {s} if c != {w}]", f"sorted({l}, key=lambda x: -x)", f"sorted({l}, reverse=True)", f"max({l}, key=lambda x: -x)", f"max({l}, default=7)", f"list({{1: 2, 3: 4}}.items())", f"{{1: 2}}.get({pick.randint(0, 2)}, 9)", f"[x for y in [{l}, {l}] for x in y]", f"next(iter({l}))", f"next(iter([]), 5)", f"list(itertools.product([1, 2], {l}))", f"list(itertools.combinations({l}, 2))", f"list(itertools.chain({l}, {t}))", f"functools.reduce(lambda x, y: x + y, {l})",
    ])


def python_statements(o):
    """A list that is changed by its methods."""
    name, pick = f"l{o.at}", o.choose
    o.lines.append(f"{name} = [{', '.join(str(pick.randint(-3, 9)) for _ in range(pick.randint(0, 5)))}]")
    for _ in range(pick.randint(1, 4)):
        o.lines.append(pick.choice([f"{name}.append({pick.randint(0, 9)})", f"{name}.extend([1, 2])", f"{name}.insert({pick.randint(-4, 5)}, 7)", f"{name}.pop()", f"{name}.pop({pick.randint(-2, 2)})", f"{name}.reverse()", f"{name}.sort()", f"{name}.sort(reverse=True)", f"{name} += (3,)", f"{name} *= 2", f"del {name}[{pick.randint(-2, 2)}]", f"del {name}[{o.slice(3)}]", f"{name}[{o.slice(4)}] = [8, 9]", f"{name}[{pick.randint(-2, 2)}] = 5", f"{name}.remove(1)", f"{name}.clear()", f"{name}[::2] = [0] * len({name}[::2])", f"{name} = {name}[:]", f"first, *{name} = {name} + [0]", f"{name} = [x for x in {name} if x % 2]"]))
    return name


def rearranging(o):
    names = ["b", "c", "h", "w"][: o.choose.randint(2, 4)]
    sizes = [o.choose.choice([1, 2, 3, 4]) for _ in names]
    a = o.tensor(sizes, kinds="if")
    mixed = o.choose.sample(names, len(names))
    given = ""
    left = list(names)
    if o.chance(0.5):
        at = o.choose.randrange(len(names))
        part = o.choose.choice([d for d in range(1, sizes[at] + 1) if sizes[at] % d == 0] + [2])
        left[at] = f"({names[at]}1 {names[at]}2)"
        given = f", {names[at]}{o.choose.choice('12')}={part}"
        mixed[mixed.index(names[at])] = f"{names[at]}1"
        mixed.insert(o.choose.randint(0, len(mixed)), f"{names[at]}2")
    kind = o.choose.choice(["rearrange", "rearrange", "reduce", "repeat"])
    if kind == "reduce":
        mixed = mixed[: o.choose.randint(0, len(mixed))]
        given = f", {o.choose.choice(['mean', 'sum', 'max', 'min', 'prod'])!r}" + given
    if kind == "repeat":
        mixed.insert(o.choose.randint(0, len(mixed)), "r")
        given += f", r={o.choose.randint(1, 3)}"
    if len(mixed) > 1 and o.chance(0.5):
        at = o.choose.randrange(len(mixed) - 1)
        mixed[at:at + 2] = [f"({mixed[at]} {mixed[at + 1]})"]
    if o.chance(0.1):
        mixed.insert(0, o.choose.choice(["1", "()"]))
    return f"einops.{kind}({a}, '{' '.join(left)} -> {' '.join(mixed)}'{given})"


FORMS = [operator] * 6 + [in_place, in_place, unary, indexing, indexing, indexing, writing, writing, einsum, joining, python_number, python_sequence, python_sequence, python_statements, rearranging]
