import { askedSize, askedSizes } from "./askedSizes.ts";
import { mostOfOpen } from "./binary.ts";
import { bareName, type Size } from "./dims.ts";
import { keyOf } from "./keys.ts";
import { type Machine, raise } from "./machine.ts";
import { sizeNamed } from "./parameters.ts";
import { sizeOfValue } from "./scalars.ts";
import { dimsOf, type TensorValue } from "./tensorValue.ts";
import { args, type InstanceValue, int, list, type SliceValue, string, tuple, unknown, type Value } from "./values.ts";

/** `object[index]`. */
export function getItem(m: Machine, object: Value, index: Value): Value {
  switch (object.kind) {
    case "tensor":
      return m.operate("tensor.__getitem__", args([object, index]));
    case "list":
    case "tuple":
    case "range":
    case "string":
      return ofSequence(m, object, index);
    case "dict":
      return ofDict(m, object, index);
    case "instance":
      return ofInstance(m, object, index);
    case "class":
    case "library":
      return object.kind === "class" && object.enumeration && index.kind === "string"
        ? (object.attributes.get(index.value) ?? unknown("python.undecided"))
        : ofType(object);
    case "unknown":
      return { kind: "unknown", why: object.why };
    case "symbol":
      return ofSizes(m, object.size, index);
    default:
      return unknown("python.notIterable");
  }
}

const severalSizes =
  /size|shape|res(olution)?$|stride|kernel|patch|window|dim|grid|heads|depth|channel|scale|ratio|planes/i;

/** `window_size[0]` of what nobody gives: it is no size but one for each axis. */
function ofSizes(m: Machine, size: Size, index: Value): Value {
  const name = bareName(m.symbols.resolve(size));
  if (name === null || index.kind !== "int" || index.value < 0 || !severalSizes.test(name))
    return unknown("python.notIterable");
  return { kind: "symbol", size: m.symbols.named(`${name}_${index.value}`) };
}

/** `List[int]`, `Float[Tensor, "b t"]`: an annotation's own. */
function ofType(object: Value): Value {
  return object.kind === "library" && !/^(typing|builtins|collections)/.test(object.path)
    ? unknown("python.opaque", { name: object.path }, "other")
    : object;
}

function ofInstance(m: Machine, object: InstanceValue, index: Value): Value {
  const own = m.find(object, "__getitem__");
  if (own && own.kind !== "unknown") return m.call(own, args([index]));
  return unknown("python.unsupported", { what: "[]" });
}

function ofDict(m: Machine, object: Extract<Value, { kind: "dict" }>, index: Value): Value {
  const key = keyOf(index);
  const found = key === null ? undefined : object.entries.get(key);
  if (found) return found.value;
  if (key !== null && object.factory) {
    const value = m.call(object.factory, args([]));
    setDictEntry(m, object, index, value);
    return value;
  }
  if (object.symbolic && index.kind === "string") {
    const value = sizeNamed(m, index.value);
    setDictEntry(m, object, index, value);
    return value;
  }
  if (key === null || object.open) return alike([...object.entries.values()].map((e) => e.value));
  return raise("KeyError", "python.noKey", { key: key.slice(1) });
}

/** An item that may be any of these. */
function alike(items: readonly Value[]): Value {
  const first = items[0];
  if (first && items.every((i) => i === first)) return first;
  return unknown("python.undecided");
}

/** Adds or changes an entry. */
export function setDictEntry(m: Machine, object: Extract<Value, { kind: "dict" }>, index: Value, value: Value): void {
  const key = keyOf(index);
  if (key === null) {
    m.state.set(object, "open", true);
    return;
  }
  m.state.setKey(object.entries, key, { key: index, value });
}

type SequenceValue = Extract<Value, { kind: "list" | "tuple" | "range" | "string" }>;

function ofSequence(m: Machine, object: SequenceValue, index: Value): Value {
  if (object.kind === "tuple" && object.sizesOf && dimsOf(object.sizesOf) === null)
    return sizesOf(m, object.sizesOf, index);
  const inside = m.iterate(object);
  if (!inside)
    return unknown("python.unknownRank", undefined, object.kind === "tuple" && object.sizesOf ? "int" : undefined);
  if (index.kind === "slice") {
    const items = inside.shuffled ? inside.items.map(() => joined(m, inside.items)) : inside.items;
    return sliced(object, items, inside.open, index);
  }
  const at = sizeOfValue(index.kind === "tensor" ? m.operate("torch.Tensor.item", args([index])) : index);
  if (typeof at !== "number" || inside.shuffled)
    return inside.items.length > 0 ? joined(m, inside.items) : unknown("python.undecided");
  const from = at < 0 ? at + inside.items.length : at;
  const item = inside.items[from];
  // Of what may be more or fewer only the first surely stands where it does.
  if (inside.open && (at !== 0 || !item))
    return joined(m, at > 0 && inside.items.length > 1 ? inside.items.slice(1) : inside.items);
  return item ?? raise("IndexError", "python.indexRange", { index: at, length: inside.items.length });
}

/** Part of the shape of a tensor whose rank is not known. */
function sizesOf(m: Machine, t: TensorValue, index: Value): Value {
  if (index.kind === "int") return askedSize(m, t, Number(index.value));
  if (index.kind !== "slice") return unknown("python.unknownRank", undefined, "int");
  const bound = (v: Value) => (v.kind === "int" ? Number(v.value) : undefined);
  const plain = (v: Value) => v.kind === "int" || v.kind === "none";
  const known =
    plain(index.lower) && plain(index.upper) && index.step.kind === "none"
      ? askedSizes(m, t, bound(index.lower), bound(index.upper))
      : null;
  return known ?? { ...tuple([]), open: true };
}

function joined(m: Machine, items: readonly Value[]): Value {
  const [first, ...rest] = items;
  if (!first) return unknown("python.undecided");
  let value = first;
  for (const item of rest.slice(0, mostOfOpen))
    value = m.choose(
      null,
      () => value,
      () => item,
    );
  return value;
}

/** Where a slice of a sequence of `length` begins, ends and steps; null where that is not known. */
export function sliceBounds(index: SliceValue, length: number): { start: number; step: number; count: number } | null {
  const part = (value: Value) => (value.kind === "none" ? undefined : sizeOfValue(value));
  const [lower, upper, step = 1] = [part(index.lower), part(index.upper), part(index.step)];
  if (typeof step !== "number" || step === 0) return null;
  if ((lower !== undefined && typeof lower !== "number") || (upper !== undefined && typeof upper !== "number"))
    return null;
  const clamp = (x: number, low: number, high: number) => Math.min(Math.max(x < 0 ? x + length : x, low), high);
  const start =
    lower === undefined ? (step > 0 ? 0 : length - 1) : clamp(lower, step > 0 ? 0 : -1, step > 0 ? length : length - 1);
  const stop =
    upper === undefined ? (step > 0 ? length : -1) : clamp(upper, step > 0 ? 0 : -1, step > 0 ? length : length - 1);
  return { start, step, count: Math.max(0, Math.ceil((stop - start) / step)) };
}

function sliced(object: SequenceValue, items: readonly Value[], open: boolean, index: SliceValue): Value {
  const bounds = open ? null : sliceBounds(index, items.length);
  if (!bounds) return partly(object, items);
  const taken = Array.from({ length: bounds.count }, (_, at) => items[bounds.start + at * bounds.step]!);
  if (object.kind === "string") return string(taken.map((c) => (c.kind === "string" ? c.value : "")).join(""));
  if (object.kind === "list") return list(taken);
  if (object.kind === "tuple") return tuple(taken);
  const [first, second] = taken;
  return first?.kind === "int"
    ? {
        kind: "range",
        start: first,
        stop: int(Number(first.value) + taken.length * stepOf(first, second)),
        step: int(stepOf(first, second)),
      }
    : list(taken);
}

/** Of a long list of numbers or texts, a few stand for all: where nobody knows which are taken, more tell no more. */
function examples(items: readonly Value[]): Value[] {
  const kind = items[0]?.kind;
  const plain = kind === "int" || kind === "float" || kind === "string" || kind === "bool";
  return plain && items.length > mostOfOpen && items.every((item) => item.kind === kind)
    ? items.slice(0, mostOfOpen)
    : [...items];
}

/** A part of a sequence whose length or bounds are not known: like it, but where it begins or ends is not told. */
function partly(object: SequenceValue, items: readonly Value[]): Value {
  const shuffled = items.length > 1;
  if (object.kind === "list") return { ...list(examples(items), true), shuffled };
  if (object.kind === "tuple") return { ...tuple(items), open: true, shuffled };
  return unknown("python.undecided");
}

function stepOf(first: Value, second: Value | undefined): number {
  return second?.kind === "int" && first.kind === "int" ? Number(second.value) - Number(first.value) : 1;
}

/** `object[index] = value`. */
export function setItem(m: Machine, object: Value, index: Value, value: Value): void {
  if (object.kind === "tensor") m.operate("tensor.__setitem__", args([object, index, value]));
  else if (object.kind === "dict") setDictEntry(m, object, index, value);
  else if (object.kind === "list") setListItem(m, object, index, value);
  else if (object.kind === "instance") {
    const own = m.find(object, "__setitem__");
    if (own && own.kind !== "unknown") m.call(own, args([index, value]));
  }
}

function setListItem(m: Machine, object: Extract<Value, { kind: "list" }>, index: Value, value: Value): void {
  const items = [...object.items];
  if (index.kind === "slice") {
    const bounds = sliceBounds(index, items.length);
    const given = m.iterate(value);
    if (!bounds || !given || given.open || object.open || bounds.step !== 1) {
      m.state.set(object, "open", true);
      return;
    }
    items.splice(bounds.start, bounds.count, ...given.items);
  } else {
    const at = sizeOfValue(index);
    if (typeof at !== "number") {
      forget(m, object);
      return;
    }
    const from = at < 0 ? at + items.length : at;
    if (from < 0 || from >= items.length) {
      if (object.open) return;
      raise("IndexError", "python.indexRange", { index: at, length: items.length });
    }
    items[from] = value;
  }
  m.state.set(object, "items", items);
  m.state.set(object, "literal", null);
}

/** Some item has changed, nobody knows which. */
function forget(m: Machine, object: Extract<Value, { kind: "list" }>): void {
  m.state.set(
    object,
    "items",
    object.items.map(() => unknown("python.undecided")),
  );
  m.state.set(object, "literal", null);
}
