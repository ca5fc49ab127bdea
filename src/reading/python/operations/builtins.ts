import { isInstanceOf, isModule, isModuleClass } from "../run/classes.ts";
import { compareValues } from "../run/compare.ts";
import { namelessSize } from "../run/dims.ts";
import { floorOf } from "../run/fractions.ts";
import { lengthOf } from "../run/iterate.ts";
import { joinValues } from "../run/join.ts";
import { keyOf } from "../run/keys.ts";
import { type Machine, raise, type Sequence, unclear } from "../run/machine.ts";
import { isNumber, numeric, sizeValue } from "../run/scalars.ts";
import { elements } from "../run/tensorValue.ts";
import { fixedText, repr, str } from "../run/text.ts";
import {
  args,
  bool,
  float,
  type IteratorValue,
  int,
  list,
  none,
  string,
  tuple,
  unknown,
  type Value,
} from "../run/values.ts";
import { type Given, type Operation, operation } from "./operation.ts";

function items(m: Machine, value: Value): Sequence {
  if (value.kind === "unknown") unclear(value.why.code, value.why.args);
  return m.iterate(value) ?? unclear("python.notIterable");
}

function iterator(of: readonly Value[], open: boolean): IteratorValue {
  let at = 0;
  return { kind: "iterator", next: () => of[at++], open };
}

function unknownBool(): Value {
  return unknown("python.undecided", undefined, "bool");
}

/** Python's built-in functions. */
export const builtins: readonly Operation[] = [
  operation("py.len", "x", (g, m) => lengthOf(m, g.need("x"))),
  operation("py.range", "start, stop?, step?", (g) => {
    const [start, stop, step] = [g.need("start"), g.get("stop"), g.get("step")];
    return stop
      ? { kind: "range", start, stop, step: step ?? int(1) }
      : { kind: "range", start: int(0), stop: start, step: int(1) };
  }),
  operation("py.print py.help py.breakpoint py.input", "*x, **more", (g) =>
    g.path.endsWith("input") ? unknown("python.input", undefined, "string") : none,
  ),
  operation("py.list", "x?", (g, m) => {
    const source = g.get("x");
    if (!source) return list([]);
    const inside = items(m, source);
    return inside.shuffled
      ? { ...list([...inside.items], inside.open), shuffled: true }
      : list([...inside.items], inside.open);
  }),
  operation("py.tuple", "x?", (g, m) => {
    const source = g.get("x");
    if (!source) return tuple([]);
    const inside = items(m, source);
    const parts = inside.shuffled ? inside.items.map(() => anyOf(m, inside.items)) : inside.items;
    return { ...tuple(parts), open: inside.open };
  }),
  operation("py.set py.frozenset", "x?", (g, m) => {
    const inside = g.get("x") ? items(m, g.need("x")) : { items: [], open: false };
    const entries = new Map<string, Value>();
    let { open } = inside;
    for (const item of inside.items) {
      const key = keyOf(item);
      if (key === null) open = true;
      else entries.set(key, item);
    }
    return { kind: "set", entries, open };
  }),
  operation("py.dict collections.OrderedDict", "x?, **more", (g, m) => dictionary(g, m)),
  operation("py.enumerate", "x, start?", (g, m) => {
    const inside = items(m, g.need("x"));
    const from = g.int("start", 0);
    return iterator(
      inside.items.map((item, at) =>
        tuple([inside.shuffled ? unknown("python.shuffled", undefined, "int") : int(at + from), item]),
      ),
      inside.open,
    );
  }),
  operation("py.zip", "*x, strict?", (g, m) => zipped(m, g.rest)),
  operation("py.map", "f, *x", (g, m) => {
    const rows = zipped(m, g.rest);
    const results: Value[] = [];
    for (let row = rows.next(); row; row = rows.next())
      results.push(m.call(g.need("f"), args(row.kind === "tuple" ? row.items : [row])));
    return iterator(results, rows.open);
  }),
  operation("py.filter", "f, x", (g, m) => {
    const inside = items(m, g.need("x"));
    const test = g.get("f");
    const kept = inside.items
      .map((item) => ({ item, truth: m.truth(test ? m.call(test, args([item])) : item) }))
      .filter((k) => k.truth !== false);
    return iterator(
      kept.map((k) => k.item),
      inside.open || kept.some((k) => k.truth === null),
    );
  }),
  operation("py.reversed", "x", (g, m) => {
    const inside = items(m, g.need("x"));
    return iterator([...inside.items].reverse(), inside.open);
  }),
  operation("py.iter", "x", (g, m) => {
    const source = g.need("x");
    if (source.kind === "iterator") return source;
    const inside = items(m, source);
    return iterator(inside.items, inside.open);
  }),
  operation("py.next", "x, default?", (g, m) => {
    const source = g.need("x");
    if (source.kind === "iterator")
      return (
        source.next() ??
        g.get("default") ??
        (source.open ? unclear("python.undecided") : raise("StopIteration", "python.raised", { type: "StopIteration" }))
      );
    if (source.kind === "instance") {
      const method = m.find(source, "__next__");
      if (method) return m.call(method, args([]));
    }
    return unclear("python.notIterable");
  }),
  operation("py.sum", "x, start?", (g, m) => {
    const inside = items(m, g.need("x"));
    if (inside.open) unclear("python.undecided");
    return inside.items.reduce((total, item) => m.binary("+", total, item), g.get("start") ?? int(0));
  }),
  operation("py.max py.min", "*x, key?, default?", (g, m) => extreme(g, m)),
  operation("py.any py.all", "x", (g, m) => {
    const inside = items(m, g.need("x"));
    const wanted = g.path.endsWith("any");
    const truths = inside.items.map((item) => m.truth(item));
    if (truths.includes(wanted)) return bool(wanted);
    return truths.includes(null) || inside.open ? unknownBool() : bool(!wanted);
  }),
  operation("py.sorted", "x, key?, reverse?", (g, m) => sorted(g, m)),
  operation("py.abs", "x", (g, m) => {
    const x = g.need("x");
    if (x.kind === "tensor") return m.operate("torch.abs", args([x]));
    const value = numeric(x);
    if (value === null)
      return unknown(
        "python.symbolicNumber",
        undefined,
        x.kind === "symbol" ? "int" : x.kind === "unknown" ? x.type : undefined,
      );
    return x.kind === "float" ? float(Math.abs(value)) : int(Math.abs(value));
  }),
  operation("py.round", "x, digits?", (g, m) => {
    const x = g.need("x");
    if (x.kind === "tensor") return m.operate("torch.round", args([x]));
    const value = numeric(x);
    if (value === null && !g.has("digits") && m.symbolic && x.kind === "unknown" && x.type)
      return sizeValue(m.symbols.fresh(namelessSize(0)));
    if (value === null) return unknown("python.symbolicNumber", undefined, g.has("digits") ? "float" : "int");
    if (!g.get("digits")) return int(roundHalfEven(value));
    return rounded(x, value, g.int("digits"));
  }),
  operation("py.int", "x?, base?", (g, m) => toInt(g, m)),
  operation("py.float", "x?", (g, m) => toFloat(g, m)),
  operation("py.bool", "x?", (g, m) => {
    const truth = g.has("x") ? m.truth(g.values.get("x")!) : false;
    return truth === null ? unknownBool() : bool(truth);
  }),
  operation("py.str py.repr", "x?, **more", (g) => {
    const x = g.values.get("x");
    if (!x) return string("");
    const text = g.path.endsWith("repr") ? repr(x) : str(x);
    return text === null ? unknown("python.text", undefined, "string") : string(text);
  }),
  operation("py.isinstance", "x, type", (g, m) => isInstance(m, g.values.get("x")!, g.need("type"))),
  operation("py.issubclass", "x, type", () => unknownBool()),
  operation("py.hasattr", "x, name", (g, m) => {
    const found = m.find(g.values.get("x")!, g.text("name"));
    return found === undefined ? bool(false) : found.kind === "unknown" ? unknownBool() : bool(true);
  }),
  operation("py.getattr", "x, name, default?", (g, m) => {
    const found = m.find(g.need("x"), g.text("name"));
    return (
      found ??
      g.values.get("default") ??
      raise("AttributeError", "python.noAttribute", { name: g.text("name"), kind: g.need("x").kind })
    );
  }),
  operation("py.setattr", "x, name, value", (g, m) => {
    const name = g.get("name");
    if (name?.kind === "string") m.setAttribute(g.need("x"), name.value, g.values.get("value")!);
    else {
      const target = g.need("x");
      if (target.kind === "instance") m.state.set(target, "open", true);
    }
    return none;
  }),
  operation("py.callable", "x", (g) => {
    const x = g.values.get("x")!;
    if (x.kind === "unknown") return unknownBool();
    return bool(["function", "bound", "builtin", "class", "library"].includes(x.kind) || isModule(x));
  }),
  operation("inspect.isfunction inspect.ismethod inspect.isclass", "x", (g) => {
    const x = g.values.get("x")!;
    if (x.kind === "unknown" && x.type === undefined) return unknownBool();
    const kind = { isfunction: "function", ismethod: "bound", isclass: "class" }[g.path.slice("inspect.".length)];
    return x.kind === "library" ? unknownBool() : bool(x.kind === kind);
  }),
  operation("py.type", "x", (g) => {
    const x = g.values.get("x")!;
    return x.kind === "instance" ? x.type : unknown("python.type", undefined, "other");
  }),
  operation("py.id py.hash py.ord", "x", (g) => {
    const x = g.get("x");
    return g.path.endsWith("ord") && x?.kind === "string"
      ? int(x.value.codePointAt(0) ?? 0)
      : unknown("python.type", undefined, "int");
  }),
  operation("py.chr", "x", (g) => string(String.fromCodePoint(g.int("x")))),
  operation("py.pow", "x, y, z?", (g, m) =>
    g.get("z") ? unclear("python.unsupported", { what: "pow" }) : m.binary("**", g.need("x"), g.need("y")),
  ),
  operation("py.divmod", "x, y", (g, m) =>
    tuple([m.binary("//", g.need("x"), g.need("y")), m.binary("%", g.need("x"), g.need("y"))]),
  ),
  operation("py.slice", "a, b?, c?", (g) => {
    const [a, b, c] = [g.values.get("a")!, g.values.get("b"), g.values.get("c")];
    return b
      ? { kind: "slice", lower: a, upper: b, step: c ?? none }
      : { kind: "slice", lower: none, upper: a, step: none };
  }),
  operation("py.open py.eval py.exec py.compile py.__import__ py.memoryview py.bytearray py.bytes", "*x, **more", () =>
    unknown("python.outside", undefined, "other"),
  ),
  operation("py.exit py.quit sys.exit os._exit", "*x", () =>
    raise("SystemExit", "python.raised", { type: "SystemExit" }),
  ),
  operation("py.vars py.dir py.locals py.globals", "x?", (g, m) =>
    g.path.endsWith("vars") && g.get("x")
      ? m.attribute(g.need("x"), "__dict__")
      : unclear("python.unsupported", { what: g.path }),
  ),
  operation("py.object.__init__", "self, *x, **more", () => none),
  operation("py.object.__setattr__", "self, name, value", (g, m) => {
    const [self, name] = [g.need("self"), g.get("name")];
    if (self.kind !== "instance") return none;
    if (name?.kind === "string") m.state.setKey(self.attributes, name.value, g.values.get("value")!);
    else m.state.set(self, "open", true);
    return none;
  }),
  operation("py.object", "", () => unknown("python.type", undefined, "other")),
  operation("py.format", "x, format?", () => unknown("python.text", undefined, "string")),
];

function dictionary(g: Given, m: Machine): Value {
  const entries = new Map<string, { key: Value; value: Value }>();
  const source = g.get("x");
  let open = false;
  if (source?.kind === "dict") {
    for (const [key, entry] of source.entries) entries.set(key, entry);
    open = source.open;
  } else if (source) {
    const inside = items(m, source);
    open = inside.open;
    for (const pair of inside.items) {
      const parts = m.iterate(pair);
      const key = parts?.items[0] ? keyOf(parts.items[0]) : null;
      if (parts && key !== null && parts.items[1]) entries.set(key, { key: parts.items[0]!, value: parts.items[1] });
      else open = true;
    }
  }
  for (const [key, value] of g.keywords) entries.set(`s${key}`, { key: string(key), value });
  return { kind: "dict", entries, open };
}

function zipped(m: Machine, sources: readonly Value[]): IteratorValue {
  const all = sources.map((s) => takes(m, s));
  const length = Math.min(...all.map((s) => s.items.length));
  const mixed = all.find((s) => s.shuffled);
  const rows = Array.from({ length: Number.isFinite(length) ? length : 0 }, (_, at) =>
    tuple(all.map((s) => (mixed && s !== mixed ? anyOf(m, s.items) : s.items[at]!))),
  );
  return iterator(
    rows,
    all.some((s) => s.open),
  );
}

/** What any of these items may be. */
function anyOf(m: Machine, all: readonly Value[]): Value {
  return all.reduce((a, b) => joinValues(a, b, m.symbols));
}

/** Endless iterators give as many as are asked for in reason. */
function takes(m: Machine, source: Value): Sequence {
  return items(m, source);
}

function extreme(g: Given, m: Machine): Value {
  const [only] = g.rest;
  if (g.rest.length === 1 && only?.kind === "tensor")
    return m.operate(`torch.Tensor.${g.path.endsWith("max") ? "max" : "min"}`, args([only]));
  const inside = g.rest.length === 1 ? items(m, only!) : { items: g.rest, open: false };
  if (inside.items.length === 0) return g.get("default") ?? unclear("python.undecided");
  if (inside.open)
    return unknown("python.undecided", undefined, inside.items.every((i) => i.kind === "int") ? "int" : undefined);
  const key = g.get("key");
  if (m.symbolic && !key && inside.items.some((i) => i.kind === "symbol") && inside.items.every(isInteger))
    return decided(g, m, inside.items) ?? sizeValue(m.symbols.fresh(namelessSize(0)));
  const operator = g.path.endsWith("max") ? ">" : "<";
  let best = inside.items[0]!;
  for (const item of inside.items.slice(1)) {
    const better = m.truth(
      compareValues(m, operator, key ? m.call(key, args([item])) : item, key ? m.call(key, args([best])) : best),
    );
    if (better === null)
      return inside.items.every((i) => isNumber(i) || i.kind === "unknown")
        ? unknown(
            "python.undecided",
            undefined,
            inside.items.every(
              (i) => i.kind === "int" || i.kind === "symbol" || (i.kind === "unknown" && i.type === "int"),
            )
              ? "int"
              : undefined,
          )
        : unclear("python.undecided");
    if (better) best = item;
  }
  return best;
}

function isInteger(value: Value): boolean {
  return value.kind === "int" || value.kind === "symbol";
}

/** The largest or the smallest of sizes, where every comparison can be told. */
function decided(g: Given, m: Machine, all: readonly Value[]): Value | null {
  const operator = g.path.endsWith("max") ? ">=" : "<=";
  return all.find((one) => all.every((other) => m.truth(compareValues(m, operator, one, other)) === true)) ?? null;
}

function sorted(g: Given, m: Machine): Value {
  const inside = items(m, g.need("x"));
  const key = g.get("key");
  const keyed = inside.items.map((item) => ({ item, by: key ? m.call(key, args([item])) : item }));
  const reverse = g.flag("reverse", false);
  let sure = !inside.open;
  keyed.sort((a, b) => {
    const less = m.truth(compareValues(m, "<", reverse ? b.by : a.by, reverse ? a.by : b.by));
    const more = m.truth(compareValues(m, "<", reverse ? a.by : b.by, reverse ? b.by : a.by));
    if (less === null || more === null) sure = false;
    return less ? -1 : more ? 1 : 0;
  });
  return sure
    ? list(keyed.map((k) => k.item))
    : list(
        inside.items.map(() => unknown("python.undecided")),
        inside.open,
      );
}

export function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
}

function scalarOf(value: Value): number | null {
  if (value.kind !== "tensor") return numeric(value);
  const data = elements(value);
  return data?.length === 1 ? Number(data[0]) : null;
}

function toInt(g: Given, m: Machine): Value {
  const x = g.get("x");
  if (!x) return int(0);
  if (x.kind === "symbol" || x.kind === "int") return x;
  if (x.kind === "string")
    return /^\s*[+-]?\d+\s*$/.test(x.value)
      ? int(BigInt(x.value.trim()))
      : raise("ValueError", "python.notInteger", { name: "int", kind: "string" });
  if (x.kind === "instance") {
    const method = m.find(x, "__int__");
    if (method) return m.call(method, args([]));
  }
  const value = scalarOf(x);
  if (value !== null && Number.isFinite(value)) return int(Math.trunc(value));
  const floor = floorOf(x, m.symbols);
  if (floor !== null) return sizeValue(floor);
  return m.symbolic && x.kind === "unknown" && x.type
    ? sizeValue(m.symbols.fresh(namelessSize(0)))
    : unknown("python.symbolicNumber", undefined, "int");
}

function toFloat(g: Given, m: Machine): Value {
  const x = g.get("x");
  if (!x) return float(0);
  if (x.kind === "string") {
    const named = {
      inf: Number.POSITIVE_INFINITY,
      "-inf": Number.NEGATIVE_INFINITY,
      "+inf": Number.POSITIVE_INFINITY,
      infinity: Number.POSITIVE_INFINITY,
      nan: Number.NaN,
    }[x.value.trim().toLowerCase()];
    return float(named ?? Number(x.value));
  }
  if (x.kind === "instance") {
    const method = m.find(x, "__float__");
    if (method) return m.call(method, args([]));
  }
  const value = scalarOf(x);
  return value === null ? unknown("python.symbolicNumber", undefined, "float") : float(value);
}

const kinds: Readonly<Record<string, readonly string[]>> = {
  "builtins.int": ["int", "bool", "symbol"],
  "builtins.float": ["float"],
  "builtins.bool": ["bool"],
  "builtins.str": ["string"],
  "builtins.list": ["list"],
  "builtins.tuple": ["tuple"],
  "builtins.dict": ["dict"],
  "builtins.set": ["set"],
  "builtins.slice": ["slice"],
  "builtins.range": ["range"],
  "builtins.bytes": ["bytes"],
  "torch.dtype": ["dtype"],
  "torch.device": ["device"],
  "torch.Size": [],
  "builtins.object": [],
  "numbers.Number": ["int", "float", "bool", "symbol"],
  "numbers.Integral": ["int", "bool", "symbol"],
  "collections.abc.Iterable": ["list", "tuple", "dict", "set", "range", "iterator", "string"],
  "typing.Iterable": ["list", "tuple", "dict", "set", "range", "iterator", "string"],
  "collections.abc.Sequence": ["list", "tuple", "range", "string"],
  "typing.List": ["list"],
  "typing.Tuple": ["tuple"],
  "typing.Dict": ["dict"],
  "collections.OrderedDict": ["dict"],
  "typing.Callable": ["function", "bound", "library", "builtin"],
  "collections.abc.Callable": ["function", "bound", "library", "builtin"],
};

function isInstance(m: Machine, x: Value, type: Value): Value {
  if (type.kind === "tuple") {
    const all = type.items.map((t) => m.truth(isInstance(m, x, t)));
    return all.includes(true) ? bool(true) : all.includes(null) ? unknownBool() : bool(false);
  }
  if (x.kind === "unknown") return unknownKind(x.type, type);
  if (type.kind === "class")
    return x.kind === "instance"
      ? isInstanceOf(x, type)
        ? bool(true)
        : x.open
          ? unknownBool()
          : bool(false)
      : bool(false);
  if (type.kind === "dtype")
    return x.kind === "tensor" && x.scalar
      ? unknownBool()
      : isInstance(m, x, {
          kind: "library",
          path:
            { float64: "builtins.float", int64: "builtins.int", bool: "builtins.bool" }[type.dtype as string] ??
            "numpy.generic",
        });
  if (type.kind !== "library") return unknownBool();
  if (type.path === "builtins.object") return bool(true);
  if (x.kind === "tensor") return ofTensor(x, type.path);
  if (x.kind === "instance") return bool(isInstanceOf(x, type) || (isModuleClass(type.path) && isInstanceOf(x, type)));
  const accepted = kinds[type.path];
  if (accepted)
    return bool(accepted.includes(x.kind) || (type.path === "torch.Size" && x.kind === "tuple" && Boolean(x.sizesOf)));
  return /^(torch|numpy)\./.test(type.path) ? bool(false) : unknownBool();
}

function unknownKind(type: string | undefined, wanted: Value): Value {
  if (wanted.kind === "library" && type && type !== "other") {
    const accepted = kinds[wanted.path];
    if (accepted) return bool(accepted.includes(type));
    if (/Tensor$|ndarray$/.test(wanted.path)) return bool(false);
  }
  return unknownBool();
}

function ofTensor(x: Extract<Value, { kind: "tensor" }>, path: string): Value {
  if (path === "torch.Tensor") return bool(x.framework === "torch");
  if (path === "torch.nn.Parameter" || path === "torch.nn.parameter.Parameter") return bool(x.parameter);
  if (path === "numpy.ndarray") return bool(x.framework === "numpy" && !x.scalar);
  if (x.scalar && (path === "builtins.float" || path === "builtins.int" || path.startsWith("numpy.")))
    return unknownBool();
  if (kinds[path] || path.startsWith("torch.")) return bool(false);
  return unknownBool();
}

/** `round(x, digits)`: of tens and more, and of numbers too long to be written out, only the type is told. */
function rounded(x: Value, value: number, digits: number): Value {
  const type = x.kind === "float" ? "float" : "int";
  const text = type === "float" && Math.abs(value) < 1e21 && digits >= 0 ? fixedText(value, digits) : null;
  if (text !== null) return float(Number(text));
  if (type === "float" || digits < 0) return unknown("python.unsupported", { what: "round" }, type);
  return x.kind === "bool" ? int(value) : x;
}
