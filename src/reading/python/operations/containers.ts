import { isTooLong, mostOfOpen } from "../run/binary.ts";
import { equal } from "../run/compare.ts";
import { keyOf } from "../run/keys.ts";
import { type Machine, raise, unclear } from "../run/machine.ts";
import { sizeOfValue, sizeValue } from "../run/scalars.ts";
import { setDictEntry } from "../run/subscripts.ts";
import { dimsOf } from "../run/tensorValue.ts";
import {
  args,
  bool,
  type DictValue,
  int,
  type ListValue,
  list,
  none,
  type StringValue,
  string,
  tuple,
  unknown,
  type Value,
} from "../run/values.ts";
import { type Given, type Operation, operation } from "./operation.ts";

function theList(g: Given): ListValue {
  const self = g.need("self");
  return self.kind === "list" ? self : unclear("python.notIterable");
}

function theDict(g: Given): DictValue {
  const self = g.need("self");
  return self.kind === "dict" ? self : unclear("python.notIterable");
}

function theString(g: Given): StringValue {
  const self = g.need("self");
  return self.kind === "string" ? self : unclear("python.text", undefined, "string");
}

/** Changes a list: as a new array of items, so that a branch can be undone; in place where nothing watches. */
function change(m: Machine, self: ListValue, edit: (items: Value[]) => void): Value {
  if (m.state.watched) {
    const items = [...self.items];
    edit(items);
    m.state.set(self, "items", items);
  } else edit(self.items);
  m.state.set(self, "literal", null);
  return none;
}

function extended(m: Machine, self: ListValue, more: readonly Value[]): Value {
  return change(m, self, (items) => {
    for (const item of more) items.push(item);
    if (self.most !== undefined) items.splice(0, items.length - self.most);
  });
}

function extend(m: Machine, self: ListValue, value: Value): Value {
  const more = m.iterate(value);
  const isCut = more !== null && isTooLong(self, more.items);
  if (isCut) m.state.set(self, "items", self.items.slice(0, mostOfOpen));
  // A copy: a list may be extended by itself.
  else extended(m, self, [...(more?.items ?? [])]);
  if (!more || more.open || isCut) m.state.set(self, "open", true);
  return none;
}

function place(self: ListValue, value: Value | undefined, otherwise: number): number {
  if (!value) return otherwise;
  const at = sizeOfValue(value);
  if (typeof at !== "number" || self.open) unclear("python.undecided");
  return at < 0 ? at + self.items.length : at;
}

/** Methods of list, tuple, dict, set and str. */
export const containers: readonly Operation[] = [
  operation("list.append list.add", "self, x", (g, m) => extended(m, theList(g), [g.values.get("x")!])),
  operation("list.extend", "self, x", (g, m) => extend(m, theList(g), g.need("x"))),
  operation("list.__iadd__", "self, x", (g, m) => {
    extend(m, theList(g), g.need("x"));
    return theList(g);
  }),
  operation("list.insert", "self, at, x", (g, m) =>
    change(m, theList(g), (items) =>
      items.splice(Math.max(0, place(theList(g), g.need("at"), 0)), 0, g.values.get("x")!),
    ),
  ),
  operation("list.pop", "self, at?", (g, m) => {
    const self = theList(g);
    const at = place(self, g.get("at"), self.items.length - 1);
    const item = self.items[at];
    if (!item)
      return self.open
        ? unclear("python.undecided")
        : raise("IndexError", "python.indexRange", { index: at, length: self.items.length });
    change(m, self, (items) => items.splice(at, 1));
    return item;
  }),
  operation("list.appendleft", "self, x", (g, m) =>
    change(m, theList(g), (items) => {
      items.unshift(g.values.get("x")!);
      if (theList(g).most !== undefined) items.splice(theList(g).most!);
    }),
  ),
  operation("list.popleft", "self", (g, m) => m.operate("list.pop", args([theList(g), int(0)]))),
  operation("list.__delitem__", "self, at", (g, m) => {
    const self = theList(g);
    const at = place(self, g.need("at"), 0);
    return change(m, self, (items) => items.splice(at, 1));
  }),
  operation("list.clear", "self", (g, m) => change(m, theList(g), (items) => items.splice(0))),
  operation("list.reverse", "self", (g, m) => change(m, theList(g), (items) => items.reverse())),
  operation("list.sort", "self, key?, reverse?", (g, m) => {
    const self = theList(g);
    const sorted = m.operate("builtins.sorted", { ...g.args, positional: [self] });
    if (self.shuffled) m.state.set(self, "shuffled", false);
    return sorted.kind === "list"
      ? change(m, self, (items) => items.splice(0, items.length, ...sorted.items))
      : change(m, self, (items) => items.fill(unknown("python.undecided")));
  }),
  operation("list.remove", "self, x", (g, m) => {
    const self = theList(g);
    const at = self.items.findIndex((item) => equal(m, item, g.need("x")) !== false);
    return change(m, self, (items) => at >= 0 && items.splice(at, 1));
  }),
  operation("list.copy", "self", (g) => ({
    ...list([...theList(g).items], theList(g).open),
    shuffled: theList(g).shuffled,
  })),
  operation("list.index tuple.index", "self, x", (g, m) => {
    const inside = m.iterate(g.need("self"));
    if (inside?.shuffled) return unknown("python.shuffled", undefined, "int");
    for (const [at, item] of (inside?.items ?? []).entries()) {
      const same = item.kind === "tensor" ? null : equal(m, item, g.need("x"));
      if (same === true) return int(at);
      if (same === null) return unknown("python.undecided", undefined, "int");
    }
    return inside?.open
      ? unknown("python.undecided", undefined, "int")
      : raise("ValueError", "python.raised", { type: "ValueError" });
  }),
  operation("list.count tuple.count", "self, x", () => unknown("python.undecided", undefined, "int")),
  operation("torch.Size.numel", "self", (g, m) => {
    const self = g.need("self");
    const dims =
      self.kind === "tuple" && self.sizesOf
        ? dimsOf(self.sizesOf)
        : self.kind === "tuple"
          ? self.items.map(sizeOfValue)
          : null;
    return dims ? sizeValue(m.symbols.product(dims)) : unknown("python.unknownRank", undefined, "int");
  }),
  operation("dict.get", "self, key, default?", (g) => {
    const self = theDict(g);
    const key = keyOf(g.values.get("key")!);
    const found = key === null ? undefined : self.entries.get(key);
    if (found) return found.value;
    return key === null || self.open ? unclear("python.undecided") : (g.values.get("default") ?? none);
  }),
  operation("dict.setdefault", "self, key, default?", (g, m) => {
    const self = theDict(g);
    const key = keyOf(g.need("key"));
    const found = key === null ? undefined : self.entries.get(key);
    if (found) return found.value;
    const value = g.values.get("default") ?? none;
    setDictEntry(m, self, g.need("key"), value);
    return value;
  }),
  operation("dict.pop dict.__delitem__", "self, key, default?", (g, m) => {
    const self = theDict(g);
    const key = keyOf(g.need("key"));
    const found = key === null ? undefined : self.entries.get(key);
    if (key !== null && found) m.state.deleteKey(self.entries, key);
    return (
      found?.value ??
      g.values.get("default") ??
      (self.open ? unclear("python.undecided") : raise("KeyError", "python.noKey", { key: key ?? "?" }))
    );
  }),
  operation("dict.keys", "self", (g) =>
    list(
      [...theDict(g).entries.values()].map((e) => e.key),
      theDict(g).open,
    ),
  ),
  operation("dict.values", "self", (g) =>
    list(
      [...theDict(g).entries.values()].map((e) => e.value),
      theDict(g).open,
    ),
  ),
  operation("dict.items", "self", (g) =>
    list(
      [...theDict(g).entries.values()].map((e) => tuple([e.key, e.value])),
      theDict(g).open,
    ),
  ),
  operation("dict.update", "self, x?, **more", (g, m) => {
    const self = theDict(g);
    const source = g.get("x");
    if (source?.kind === "dict")
      for (const { key, value } of source.entries.values()) setDictEntry(m, self, key, value);
    if (source && (source.kind !== "dict" || source.open)) m.state.set(self, "open", true);
    for (const [key, value] of g.keywords) setDictEntry(m, self, string(key), value);
    return none;
  }),
  operation("dict.copy", "self", (g) => ({ ...theDict(g), entries: new Map(theDict(g).entries) })),
  operation("dict.clear", "self", (g, m) => {
    m.state.set(theDict(g), "entries", new Map());
    return none;
  }),
  operation("set.add", "self, x", (g, m) => {
    const self = g.need("self");
    if (self.kind !== "set") return none;
    const key = keyOf(g.values.get("x")!);
    if (key === null) m.state.set(self, "open", true);
    else m.state.setKey(self.entries, key, g.values.get("x")!);
    return none;
  }),
  operation(
    "str.format str.join str.replace str.strip str.lstrip str.rstrip str.lower str.upper str.title str.capitalize str.zfill str.ljust str.rjust",
    "self, *x, **more",
    (g, m) => text(g, m),
  ),
  operation("str.split str.rsplit str.splitlines", "self, separator?, times?", (g) => {
    const self = theString(g);
    if (g.get("times")) unclear("python.text");
    const separator = g.word("separator");
    return list(
      (separator === undefined ? self.value.split(/\s+/).filter(Boolean) : self.value.split(separator)).map(string),
    );
  }),
  operation("str.startswith", "self, x", (g) => bool(theString(g).value.startsWith(g.text("x")))),
  operation("str.endswith", "self, x", (g) => bool(theString(g).value.endsWith(g.text("x")))),
  operation("str.find str.index", "self, x", (g) => int(theString(g).value.indexOf(g.text("x")))),
  operation("str.count", "self, x", (g) => int(theString(g).value.split(g.text("x")).length - 1)),
  operation("str.isdigit", "self", (g) => bool(/^\d+$/.test(theString(g).value))),
  operation("str.encode", "self, *x", (g) => ({ kind: "bytes", value: theString(g).value })),
  operation("int.item int.bit_length float.is_integer float.item", "self", (g) =>
    g.path.endsWith("item") ? g.need("self") : unclear("python.unsupported", { what: g.path }),
  ),
];

function text(g: Given, m: Machine): Value {
  const self = theString(g).value;
  const name = g.path.slice(4);
  const first = g.rest[0];
  switch (name) {
    case "lower":
      return string(self.toLowerCase());
    case "upper":
      return string(self.toUpperCase());
    case "strip":
      return first ? unclear("python.text", undefined, "string") : string(self.trim());
    case "replace":
      return first?.kind === "string" && g.rest[1]?.kind === "string"
        ? string(self.replaceAll(first.value, g.rest[1].value))
        : unclear("python.text", undefined, "string");
    case "join": {
      const parts = first ? m.iterate(first) : null;
      if (!parts || parts.open || parts.items.some((p) => p.kind !== "string"))
        unclear("python.text", undefined, "string");
      return string(parts.items.map((p) => (p.kind === "string" ? p.value : "")).join(self));
    }
    case "format": {
      const texts = g.rest.map((v) => m.text(v));
      if (g.keywords.size > 0 || texts.includes(null) || /\{[^}]/.test(self))
        unclear("python.text", undefined, "string");
      return string(self.replace(/\{\}/g, () => texts.shift() ?? ""));
    }
    default:
      return unclear("python.text", undefined, "string");
  }
}
