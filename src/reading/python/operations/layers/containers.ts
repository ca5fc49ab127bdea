import { keyOf } from "../../run/keys.ts";
import { type Machine, raise, unclear } from "../../run/machine.ts";
import {
  args,
  bool,
  type InstanceValue,
  int,
  library,
  list,
  none,
  string,
  tuple,
  type Value,
} from "../../run/values.ts";
import { type Given, type Operation, operation } from "../operation.ts";
import { moduleOf, setPart } from "./parameters.ts";

/** nn.Sequential, ModuleList, ModuleDict, ParameterList, ParameterDict: their items are attributes, in order. */
export const containerLayers: readonly Operation[] = [
  operation("nn.Sequential.__init__", "self, *rest", (g, m) => {
    const self = moduleOf(g);
    const only = g.rest.length === 1 ? g.rest[0]! : null;
    if (only?.kind === "dict") {
      for (const { key, value } of only.entries.values()) setPart(m, self, nameOf(key), value);
      if (only.open) m.state.set(self.data, "open", true);
    } else for (const [at, item] of g.rest.entries()) setPart(m, self, String(at), item);
    m.state.set(self.data, "made", true);
    return none;
  }),
  operation("nn.Sequential.forward", "self, input", (g, m) => {
    const self = moduleOf(g);
    if (self.data.made !== true || self.data.open === true) unclear("python.unknownItems");
    return itemsOf(self).reduce((x, item) => m.call(item, args([x], {}, g.args.at)), g.need("input"));
  }),
  operation("nn.ModuleList.__init__ nn.ParameterList.__init__", "self, modules?", (g, m) => {
    const self = moduleOf(g);
    m.state.set(self.data, "made", true);
    if (g.get("modules")) extend(m, self, g.need("modules"));
    return none;
  }),
  operation("nn.ModuleDict.__init__ nn.ParameterDict.__init__", "self, modules?", (g, m) => {
    const self = moduleOf(g);
    m.state.set(self.data, "made", true);
    if (g.get("modules")) update(m, self, g.need("modules"));
    return none;
  }),
  ...["Sequential", "ModuleList", "ParameterList"].flatMap(listMethods),
  ...["ModuleDict", "ParameterDict"].flatMap(dictMethods),
];

function listMethods(type: string): Operation[] {
  const of = (name: string): string => `nn.${type}.${name}`;
  return [
    operation(of("append"), "self, module", (g, m) => {
      const self = moduleOf(g);
      setPart(m, self, String(itemsOf(self).length), g.need("module"));
      return self;
    }),
    operation(`${of("extend")} ${of("__iadd__")}`, "self, modules", (g, m) => {
      extend(m, moduleOf(g), g.need("modules"));
      return moduleOf(g);
    }),
    operation(of("insert"), "self, index, module", (g, m) => {
      const self = moduleOf(g);
      const items = itemsOf(self);
      const index = g.get("index");
      if (index?.kind !== "int") return opened(m, self);
      items.splice(Number(index.value), 0, g.need("module"));
      for (const [at, item] of items.entries()) setPart(m, self, String(at), item);
      return none;
    }),
    operation(of("__len__"), "self", (g) =>
      known(g) ? int(itemsOf(moduleOf(g)).length) : unclear("python.unknownItems", undefined, "int"),
    ),
    operation(of("__iter__"), "self", (g) => list([...itemsOf(moduleOf(g))], !known(g))),
    operation(of("__getitem__"), "self, index", (g, m) => item(g, m, type)),
    operation(of("__setitem__"), "self, index, module", (g, m) => {
      const self = moduleOf(g);
      const names = namesOf(self);
      const index = g.get("index");
      if (index?.kind !== "int") return opened(m, self);
      const at = Number(index.value);
      const name = names[at < 0 ? at + names.length : at];
      if (name === undefined) raise("IndexError", "python.indexRange", { index: at, length: names.length });
      setPart(m, self, name, g.need("module"));
      return none;
    }),
  ];
}

function item(g: Given, m: Machine, type: string): Value {
  const self = moduleOf(g);
  const index = g.need("index");
  const items = itemsOf(self);
  if (index.kind === "slice") {
    if (!known(g)) unclear("python.unknownItems");
    const part = m.subscript(list([...items]), index);
    const made: InstanceValue = {
      kind: "instance",
      type: library(`torch.nn.${type}`),
      attributes: new Map(),
      data: { made: true },
      open: false,
    };
    for (const [at, one] of (m.iterate(part)?.items ?? []).entries()) made.attributes.set(String(at), one);
    return made;
  }
  if (index.kind === "string") return self.attributes.get(index.value) ?? unclear("python.unknownItems");
  if (!known(g))
    return items.length > 0 && items.every((one) => one === items[0]) ? items[0]! : unclear("python.unknownItems");
  const at = g.int("index");
  return (
    items[at < 0 ? at + items.length : at] ??
    raise("IndexError", "python.indexRange", { index: at, length: items.length })
  );
}

function dictMethods(type: string): Operation[] {
  const of = (name: string): string => `nn.${type}.${name}`;
  const entries = (g: Given): (readonly [string, Value])[] =>
    namesOf(moduleOf(g)).map((name) => [name, moduleOf(g).attributes.get(name)!]);
  return [
    operation(
      of("__getitem__"),
      "self, key",
      (g) =>
        moduleOf(g).attributes.get(nameOf(g.need("key"))) ??
        (known(g) ? raise("KeyError", "python.noKey", { key: nameOf(g.need("key")) }) : unclear("python.unknownItems")),
    ),
    operation(of("__setitem__"), "self, key, module", (g, m) => {
      setPart(m, moduleOf(g), nameOf(g.need("key")), g.need("module"));
      return none;
    }),
    operation(of("__contains__"), "self, key", (g) => bool(namesOf(moduleOf(g)).includes(nameOf(g.need("key"))))),
    operation(of("__len__"), "self", (g) => int(entries(g).length)),
    operation(`${of("__iter__")} ${of("keys")}`, "self", (g) =>
      list(
        entries(g).map(([name]) => string(name)),
        !known(g),
      ),
    ),
    operation(of("values"), "self", (g) =>
      list(
        entries(g).map(([, value]) => value),
        !known(g),
      ),
    ),
    operation(of("items"), "self", (g) =>
      list(
        entries(g).map(([name, value]) => tuple([string(name), value])),
        !known(g),
      ),
    ),
    operation(of("update"), "self, modules", (g, m) => {
      update(m, moduleOf(g), g.need("modules"));
      return none;
    }),
  ];
}

/** Something changed at a place that is not known. */
function opened(m: Machine, self: InstanceValue): Value {
  m.state.set(self.data, "open", true);
  return none;
}

function known(g: Given): boolean {
  const self = moduleOf(g);
  return self.data.made === true && self.data.open !== true;
}

/** A container's items: what is numbered, and in a subclass also modules that were set by name. */
function namesOf(self: InstanceValue): string[] {
  return [...self.attributes]
    .filter(
      ([name, value]) =>
        name !== "training" && (/^\d+$/.test(name) || value.kind === "instance" || value.kind === "tensor"),
    )
    .map(([name]) => name);
}

function itemsOf(self: InstanceValue): Value[] {
  return namesOf(self).map((name) => self.attributes.get(name)!);
}

function extend(m: Machine, self: InstanceValue, more: Value): void {
  const inside = more.kind === "unknown" ? null : m.iterate(more);
  if (!inside || inside.open) m.state.set(self.data, "open", true);
  const start = itemsOf(self).length;
  for (const [at, one] of (inside?.items ?? []).entries()) setPart(m, self, String(start + at), one);
}

function update(m: Machine, self: InstanceValue, more: Value): void {
  if (more.kind === "dict") {
    for (const { key, value } of more.entries.values()) setPart(m, self, nameOf(key), value);
    if (more.open) m.state.set(self.data, "open", true);
    return;
  }
  const inside = more.kind === "unknown" ? null : m.iterate(more);
  if (!inside || inside.open) m.state.set(self.data, "open", true);
  for (const pair of inside?.items ?? []) {
    const [key, value] = m.iterate(pair)?.items ?? [];
    if (key && value) setPart(m, self, nameOf(key), value);
  }
}

function nameOf(key: Value): string {
  return keyOf(key)?.startsWith("s") && key.kind === "string" ? key.value : unclear("python.undecided");
}
