import { add } from "./dims.ts";
import type { Machine, Sequence } from "./machine.ts";
import { sizeOfValue, sizeValue } from "./scalars.ts";
import { dimsOf, type TensorValue } from "./tensorValue.ts";
import { args, type ClassValue, int, type RangeValue, string, unknown, type Value } from "./values.ts";

/** Items that a loop over an unknown sequence would see are not more than this. */
const itemLimit = 100_000;

/** Everything a value yields when it is iterated over. null: nothing is known of it. */
export function iterateValue(m: Machine, value: Value): Sequence | null {
  switch (value.kind) {
    case "list":
      return { items: value.items, open: value.open, shuffled: value.shuffled };
    case "tuple":
      return overTuple(value);
    case "range":
      return overRange(value);
    case "string":
      return { items: [...value.value].map(string), open: false };
    case "bytes":
      return { items: [...value.value].map((c) => int(c.charCodeAt(0))), open: false };
    case "dict":
      return { items: [...value.entries.values()].map((e) => e.key), open: value.open };
    case "set":
      return { items: [...value.entries.values()], open: value.open, shuffled: value.entries.size > 1 };
    case "iterator":
      return drained(value);
    case "tensor":
      return overTensor(m, value);
    case "instance":
      return overInstance(m, value);
    case "class":
      return value.enumeration ? { items: members(value), open: false } : null;
    default:
      return null;
  }
}

function overTuple(value: Extract<Value, { kind: "tuple" }>): Sequence | null {
  if (!value.sizesOf) return { items: value.items, open: value.open ?? false, shuffled: value.shuffled };
  const dims = dimsOf(value.sizesOf);
  return dims && { items: dims.map(sizeValue), open: false };
}

function members(type: ClassValue): Value[] {
  return [...type.attributes.values()].filter((v) => v.kind === "instance" && v.type === type);
}

function drained(value: Extract<Value, { kind: "iterator" }>): Sequence {
  const items: Value[] = [];
  for (let item = value.next(); item && items.length < itemLimit; item = value.next()) items.push(item);
  return { items, open: value.open || items.length >= itemLimit };
}

function overRange(value: RangeValue): Sequence {
  const [start, stop, step] = [value.start, value.stop, value.step].map(sizeOfValue);
  if (typeof start !== "number" || typeof stop !== "number" || typeof step !== "number" || step === 0) {
    return { items: [unknown("python.symbolicNumber", undefined, "int")], open: true };
  }
  const count = Math.max(0, Math.ceil((stop - start) / step));
  const kept = Math.min(count, itemLimit);
  return { items: Array.from({ length: kept }, (_, at) => int(start + at * step)), open: count > kept };
}

function overTensor(m: Machine, value: TensorValue): Sequence | null {
  const dims = dimsOf(value);
  const first = dims?.[0];
  if (!dims || first === undefined) return null;
  if (typeof first !== "number")
    return { items: [m.subscript(value, int(0))].map((row) => withoutValues(row)), open: true };
  const count = Math.min(first, 4096);
  return { items: Array.from({ length: count }, (_, at) => m.subscript(value, int(at))), open: count < first };
}

/** One row stands for all: its values are not known. */
function withoutValues(row: Value): Value {
  return row.kind === "tensor" ? { ...row, view: null } : row;
}

function overInstance(m: Machine, value: Extract<Value, { kind: "instance" }>): Sequence | null {
  const own = m.find(value, "__iter__");
  if (own && own.kind !== "unknown") return m.iterate(m.call(own, args([])));
  const item = m.find(value, "__getitem__");
  const length = m.find(value, "__len__");
  if (!item || !length || item.kind === "unknown" || length.kind === "unknown") return null;
  const count = sizeOfValue(m.call(length, args([])));
  if (typeof count !== "number" || count > 256)
    return { items: [m.call(item, args([unknown("python.symbolicNumber", undefined, "int")]))], open: true };
  return { items: Array.from({ length: count }, (_, at) => m.call(item, args([int(at)]))), open: false };
}

/** `len(value)`. */
export function lengthOf(m: Machine, value: Value): Value {
  if (value.kind === "tensor") {
    const dims = dimsOf(value);
    return dims ? sizeValue(dims[0] ?? null) : unknown("python.unknownRank", undefined, "int");
  }
  if (value.kind === "tuple" && value.sizesOf) {
    const dims = dimsOf(value.sizesOf);
    return dims ? int(dims.length) : unknown("python.unknownRank", undefined, "int");
  }
  if (value.kind === "range") {
    const [start, stop, step] = [value.start, value.stop, value.step].map(sizeOfValue);
    if (step === 1 && start !== null && stop !== null && start !== undefined && stop !== undefined) {
      const count = add(stop, start, -1);
      return typeof count === "number" ? int(Math.max(0, count)) : sizeValue(count);
    }
  }
  if (value.kind === "instance") {
    const method = m.find(value, "__len__");
    if (method && method.kind !== "unknown") return m.call(method, args([]));
    return unknown("python.symbolicNumber", undefined, "int");
  }
  if (value.kind === "string" || value.kind === "bytes") return int(value.value.length);
  if (value.kind === "unknown" || value.kind === "iterator") return unknown("python.symbolicNumber", undefined, "int");
  const inside = m.iterate(value);
  return inside && !inside.open ? int(inside.items.length) : unknown("python.symbolicNumber", undefined, "int");
}
