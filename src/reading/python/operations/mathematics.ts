import { namelessSize } from "../run/dims.ts";
import { ceilingOf, floorOf } from "../run/fractions.ts";
import { type Machine, raise, unclear } from "../run/machine.ts";
import { numeric, sizeValue } from "../run/scalars.ts";
import { elements } from "../run/tensorValue.ts";
import { args, bool, float, int, list, none, tuple, unknown, type Value } from "../run/values.ts";
import { type Given, type Operation, operation } from "./operation.ts";

/** Combinations of items are listed up to so many. */
const mostRows = 10_000;

const floats: Readonly<Record<string, (x: number, y: number) => number>> = {
  sqrt: Math.sqrt,
  exp: Math.exp,
  log2: Math.log2,
  log10: Math.log10,
  log1p: Math.log1p,
  expm1: Math.expm1,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  fabs: Math.abs,
  radians: (x) => (x * Math.PI) / 180,
  degrees: (x) => (x * 180) / Math.PI,
  pow: (x, y) => x ** y,
  atan2: Math.atan2,
  hypot: Math.hypot,
  fmod: (x, y) => x % y,
  copysign: (x, y) => Math.sign(y) * Math.abs(x),
  erf: () => Number.NaN,
};

function scalar(value: Value | undefined): number | null {
  if (!value) return null;
  if (value.kind !== "tensor") return numeric(value);
  const data = elements(value);
  return data?.length === 1 ? Number(data[0]) : null;
}

function float1(g: Given): Value {
  const name = g.path.slice(5);
  const [x, y] = [scalar(g.need("x")), g.get("y") ? scalar(g.get("y")) : 0];
  if (x === null || y === null || name === "erf") return unknown("python.symbolicNumber", undefined, "float");
  if (name === "sqrt" && x < 0) raise("ValueError", "python.mathDomain");
  return float(floats[name]!(x, y));
}

function whole(g: Given, m: Machine, of: (x: number) => number): Value {
  const value = g.need("x");
  if (value.kind === "symbol" || value.kind === "int") return value;
  const x = scalar(value);
  if (x !== null && Number.isFinite(x)) return int(of(x));
  const size = (of === Math.ceil ? ceilingOf : floorOf)(value, m.symbols);
  if (size !== null) return sizeValue(size);
  return m.symbolic && value.kind === "unknown" && value.type
    ? sizeValue(m.symbols.fresh(namelessSize(0)))
    : unknown("python.symbolicNumber", undefined, "int");
}

function gcd(a: number, b: number): number {
  return b === 0 ? Math.abs(a) : gcd(b, a % b);
}

function items(m: Machine, value: Value): readonly Value[] {
  const inside = m.iterate(value);
  return !inside || inside.open ? unclear("python.notIterable") : inside.items;
}

function iterator(of: readonly Value[]): Value {
  let at = 0;
  return { kind: "iterator", next: () => of[at++], open: false };
}

/** math, itertools, functools, copy and the parts of other modules that code around tensors uses. */
export const mathematics: readonly Operation[] = [
  operation(
    Object.keys(floats)
      .map((name) => `math.${name}`)
      .join(" "),
    "x, y?",
    float1,
  ),
  operation("math.log", "x, base?", (g) => {
    const [x, base] = [scalar(g.need("x")), g.get("base") ? scalar(g.get("base")) : Math.E];
    if (x === null || base === null) return unknown("python.symbolicNumber", undefined, "float");
    if (x <= 0) raise("ValueError", "python.mathDomain");
    return float(g.get("base") ? Math.log(x) / Math.log(base) : Math.log(x));
  }),
  operation("math.floor", "x", (g, m) => whole(g, m, Math.floor)),
  operation("math.ceil", "x", (g, m) => whole(g, m, Math.ceil)),
  operation("math.trunc", "x", (g, m) => whole(g, m, Math.trunc)),
  operation("math.isnan math.isinf math.isfinite", "x", (g) => {
    const x = scalar(g.need("x"));
    return x === null
      ? unknown("python.undecided", undefined, "bool")
      : bool(
          g.path.endsWith("nan")
            ? Number.isNaN(x)
            : g.path.endsWith("inf")
              ? Math.abs(x) === Number.POSITIVE_INFINITY
              : Number.isFinite(x),
        );
  }),
  operation("math.isqrt math.factorial", "x", (g) => {
    const x = scalar(g.need("x"));
    if (x === null || x > 18) return unknown("python.symbolicNumber", undefined, "int");
    return int(
      g.path.endsWith("isqrt")
        ? Math.floor(Math.sqrt(x))
        : Array.from({ length: x }, (_, i) => i + 1).reduce((a, b) => a * b, 1),
    );
  }),
  operation("math.gcd math.lcm", "*x", (g) => {
    const all = g.rest.map(scalar);
    if (all.includes(null)) return unknown("python.symbolicNumber", undefined, "int");
    const numbers = all as number[];
    return int(
      numbers.reduce(
        (a, b) => (g.path.endsWith("gcd") ? gcd(a, b) : (a * b) / gcd(a, b)),
        g.path.endsWith("gcd") ? 0 : 1,
      ),
    );
  }),
  operation("math.prod np.prod.list", "x, *, start?", (g, m) =>
    items(m, g.need("x")).reduce((a, b) => m.binary("*", a, b), g.get("start") ?? int(1)),
  ),
  operation("math.comb math.perm", "*x", () => unknown("python.symbolicNumber", undefined, "int")),
  operation("operator.mul.function operator.itemgetter operator.attrgetter", "*x", () =>
    unclear("python.unsupported", { what: "operator" }),
  ),
  operation("functools.reduce", "f, x, start?", (g, m) => {
    const all = [...(g.get("start") ? [g.need("start")] : []), ...items(m, g.need("x"))];
    return all.slice(1).reduce((a, b) => m.call(g.need("f"), args([a, b])), all[0] ?? unclear("python.undecided"));
  }),
  operation("functools.partial", "f, *x, **more", (g) => {
    const [f, positional, named] = [g.need("f"), g.rest, g.keywords];
    return {
      kind: "builtin",
      name: "partial",
      call: (given, m) =>
        m.call(f, {
          ...given,
          positional: [...positional, ...given.positional],
          named: new Map([...named, ...given.named]),
        }),
    };
  }),
  operation("functools.wraps functools.lru_cache functools.cache functools.total_ordering", "*x, **more", () => ({
    kind: "builtin",
    name: "decorator",
    call: (given) => given.positional[0] ?? none,
  })),
  operation("itertools.chain itertools.chain.from_iterable", "*x", (g, m) => {
    const sources = g.path.endsWith("from_iterable") ? items(m, g.rest[0]!) : g.rest;
    return iterator(sources.flatMap((s) => items(m, s)));
  }),
  operation("itertools.product", "*x, repeat?", (g, m) => {
    const lists = g.rest.map((s) => items(m, s));
    const times = g.int("repeat", 1);
    const count = lists.reduce((so, { length }) => so * length, 1) ** times;
    if (count > mostRows || times > mostRows) unclear("python.budget");
    const all = Array.from({ length: times }, () => lists).flat();
    const rows = all.reduce<Value[][]>((made, one) => made.flatMap((row) => one.map((item) => [...row, item])), [[]]);
    return iterator(rows.map(tuple));
  }),
  operation("itertools.combinations", "x, r", (g, m) => {
    const [all, size] = [items(m, g.need("x")), g.int("r")];
    const rows: Value[][] = [];
    const pick = (from: number, row: Value[]): void => {
      if (row.length === size) rows.push(row);
      else for (let at = from; at < all.length; at++) pick(at + 1, [...row, all[at]!]);
      if (rows.length > mostRows) unclear("python.budget");
    };
    pick(0, []);
    return iterator(rows.map(tuple));
  }),
  operation("itertools.repeat", "x, times?", (g) =>
    g.get("times")
      ? iterator(Array.from({ length: Math.min(g.int("times"), 10_000) }, () => g.need("x")))
      : { kind: "iterator", next: () => g.need("x"), open: true },
  ),
  operation(
    "itertools.accumulate itertools.islice itertools.count itertools.cycle itertools.zip_longest itertools.permutations itertools.starmap",
    "*x, **more",
    () => unclear("python.unsupported", { what: "itertools" }),
  ),
  operation("copy.copy copy.deepcopy", "x, memo?", (g, m) =>
    copied(m, g.values.get("x")!, g.path.endsWith("deepcopy"), new Map()),
  ),
  operation("dataclasses.field attr.ib pydantic.Field", "*more, default?, default_factory?, init?, **rest", (g) => {
    const attributes = new Map<string, Value>();
    const [value, factory] = [g.values.get("default") ?? g.rest[0], g.get("default_factory")];
    if (value) attributes.set("default", value);
    if (factory) attributes.set("default_factory", factory);
    if (g.get("init")) attributes.set("init", g.need("init"));
    return {
      kind: "instance",
      type: { kind: "library", path: "dataclasses.field" },
      attributes,
      data: {},
      open: false,
    };
  }),
  operation("dataclasses.asdict", "x", (g, m) => m.attribute(g.need("x"), "__dict__")),
  operation("collections.namedtuple", "name, fields, *more, defaults?", (g, m) => {
    const given = g.need("fields");
    const names =
      given.kind === "string"
        ? given.value.split(/[\s,]+/).filter(Boolean)
        : items(m, given).map((f) => (f.kind === "string" ? f.value : unclear("python.undecided")));
    const typeName = g.text("name", "namedtuple");
    return {
      kind: "builtin",
      name: typeName,
      call: (passed) => ({
        ...tuple(
          names.map((name, at) => passed.positional[at] ?? passed.named.get(name) ?? unknown("python.missingArgument")),
        ),
        names,
        typeName,
      }),
    };
  }),
  operation("collections.defaultdict", "factory?, *more", (g) => ({
    kind: "dict",
    entries: new Map(),
    open: g.rest.length > 0,
    ...(g.get("factory") ? { factory: g.need("factory") } : {}),
  })),
  operation("collections.deque collections.Counter", "x?, maxlen?", (g, m) =>
    g.path.endsWith("deque") ? deque(g, m) : unclear("python.unsupported", { what: "Counter" }),
  ),
  operation("types.SimpleNamespace argparse.Namespace", "**more", (g) => ({
    kind: "instance",
    type: { kind: "library", path: "types.SimpleNamespace" },
    attributes: new Map(g.keywords),
    data: {},
    open: false,
  })),
  operation("typing.cast", "type, x", (g) => g.values.get("x")!),
  operation("typing.TypeVar typing.NewType", "*x, **more", () => unknown("python.type", undefined, "other")),
  operation("enum.auto", "", () => unknown("python.type", undefined, "int")),
  operation("time.time time.perf_counter time.monotonic time.process_time", "", () =>
    unknown("python.outside", undefined, "float"),
  ),
  operation("os.cpu_count os.getpid", "", () => unknown("python.outside", undefined, "int")),
  operation(
    "time.sleep warnings.warn warnings.filterwarnings warnings.simplefilter logging.info logging.warning logging.debug logging.error logging.basicConfig os.makedirs sys.setrecursionlimit gc.collect",
    "*x, **more",
    () => none,
  ),
];

/** A copy of containers and instances; tensors are cloned by a deep one. */
function copied(m: Machine, value: Value, deep: boolean, seen: Map<Value, Value>): Value {
  const known = seen.get(value);
  if (known) return known;
  const inner = (v: Value) => (deep ? copied(m, v, deep, seen) : v);
  switch (value.kind) {
    case "list": {
      const made = list([], value.open);
      seen.set(value, made);
      made.items = value.items.map(inner);
      return made;
    }
    case "dict":
      return {
        ...value,
        entries: new Map([...value.entries].map(([key, e]) => [key, { key: e.key, value: inner(e.value) }])),
      };
    case "tuple":
      return { ...value, items: value.items.map(inner) };
    case "instance": {
      const made = { ...value, attributes: new Map<string, Value>() };
      seen.set(value, made);
      for (const [name, v] of value.attributes) made.attributes.set(name, inner(v));
      made.data = Object.fromEntries(Object.entries(value.data).map(([name, v]) => [name, copiedData(v, inner)]));
      return made;
    }
    case "tensor":
      return deep ? keepKind(value, m.operate("torch.clone", args([value]))) : value;
    default:
      return value;
  }
}

/** What a layer keeps of values is copied with it. */
function copiedData(data: unknown, inner: (v: Value) => Value): unknown {
  if (Array.isArray(data)) return data.map((v) => copiedData(v, inner));
  return typeof data === "object" && data !== null && "kind" in data ? inner(data as Value) : data;
}

function keepKind(of: Extract<Value, { kind: "tensor" }>, made: Value): Value {
  if (made.kind !== "tensor") return made;
  made.parameter = of.parameter;
  made.requiresGrad = of.requiresGrad;
  return made;
}

/** A list that lets go of its first items when it holds more than `maxlen`. */
function deque(g: Given, m: Machine): Value {
  const most = g.optionalInt("maxlen");
  const all = g.get("x") ? [...items(m, g.need("x"))] : [];
  return { ...list(most === undefined ? all : all.slice(Math.max(0, all.length - most))), most };
}
