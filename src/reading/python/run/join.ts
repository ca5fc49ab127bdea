import { sizeOf } from "../../../tensor/tensor.ts";
import { type Content, unknownContent } from "./buffer.ts";
import type { Size, Symbols } from "./dims.ts";
import {
  concrete,
  type DTypeCell,
  dimsOf,
  dtypeOf,
  dtypeOfCell,
  fixedDType,
  fixedShape,
  freshView,
  makeTensor,
  type TensorValue,
} from "./tensorValue.ts";
import { list, tuple, type UnknownValue, unknown, type Value } from "./values.ts";

const undecided = { code: "python.undecided" } as const;

/** What a value is that may be one or the other. */
export function joinValues(a: Value, b: Value, symbols: Symbols): Value {
  if (a === b) return a;
  if (a.kind === "tensor" && b.kind === "tensor") return joinTensors(a, b, symbols);
  if (a.kind === b.kind) {
    const same = joinAlike(a, b, symbols);
    if (same) return same;
  }
  const either = orNone(a) && orNone(b) ? ([a, b] as const) : undefined;
  return { kind: "unknown", why: undecided, ...typeOfBoth(a, b), either };
}

/** How often one of two may itself be one of two. */
const nested = 4;

/** Whether it can be called, unless it is None: a layer that a model may go without. */
function orNone(value: Value, depth = 0): boolean {
  if (value.kind === "unknown")
    return depth < nested && value.either !== undefined && value.either.every((v) => orNone(v, depth + 1));
  return ["none", "instance", "function", "bound", "class", "library"].includes(value.kind);
}

function joinAlike(a: Value, b: Value, symbols: Symbols): Value | null {
  switch (a.kind) {
    case "none":
    case "ellipsis":
      return a;
    case "bool":
    case "int":
    case "string":
    case "bytes":
      return a.value === (b as typeof a).value ? a : null;
    case "float":
      return Object.is(a.value, (b as typeof a).value) ? a : null;
    case "symbol":
      return symbols.equal(a.size, (b as typeof a).size) === true ? a : null;
    case "library":
      return a.path === (b as typeof a).path ? a : null;
    case "dtype":
      return a.dtype === (b as typeof a).dtype && a.framework === (b as typeof a).framework ? a : null;
    case "device":
      return { kind: "device", name: a.name === (b as typeof a).name ? a.name : "?" };
    case "tuple": {
      const other = b as typeof a;
      if (a.items.length !== other.items.length || a.open || other.open) return null;
      return {
        ...tuple(a.items.map((item, at) => joinValues(item, other.items[at]!, symbols))),
        names: a.names,
        typeName: a.typeName,
      };
    }
    case "list": {
      const other = b as typeof a;
      const joined = joinItems(a.items, other.items, symbols);
      return joined && list(joined.items, joined.open || a.open || other.open);
    }
    case "bound":
      return joinValues(a.self, (b as typeof a).self, symbols) === a.self && a.callee === (b as typeof a).callee
        ? a
        : null;
    default:
      return null;
  }
}

function joinItems(
  a: readonly Value[],
  b: readonly Value[],
  symbols: Symbols,
): { items: Value[]; open: boolean } | null {
  const shorter = Math.min(a.length, b.length);
  const items = a.slice(0, shorter).map((item, at) => joinValues(item, b[at]!, symbols));
  items.push(...a.slice(shorter), ...b.slice(shorter));
  return { items, open: a.length !== b.length };
}

function typeOfBoth(a: Value, b: Value): { type?: UnknownValue["type"] } {
  const [x, y] = [typeOf(a), typeOf(b)];
  if (x === undefined || y === undefined) return {};
  if (x === y) return { type: x };
  return (x === "int" || x === "float") && (y === "int" || y === "float") ? { type: "float" } : {};
}

/** What kind of thing it surely is, as far as an unknown can say. */
export function typeOf(value: Value): UnknownValue["type"] {
  switch (value.kind) {
    case "unknown":
      return value.type;
    case "bool":
    case "int":
    case "float":
    case "string":
      return value.kind;
    case "symbol":
      return "int";
    case "library":
    case "none":
    case "dtype":
    case "device":
    case "function":
    case "bound":
    case "class":
      return "other";
    default:
      return undefined;
  }
}

function joinSizes(a: Size, b: Size, symbols: Symbols): Size {
  return a !== null && b !== null && symbols.equal(a, b) === true ? a : null;
}

/** A tensor of the sizes and the dtype that both have; its values are lost unless both are the same. */
export function joinTensors(a: TensorValue, b: TensorValue, symbols: Symbols): TensorValue {
  const [left, right] = [dimsOf(a), dimsOf(b)];
  const dims =
    left && right && left.length === right.length ? left.map((d, axis) => joinSizes(d, right[axis]!, symbols)) : null;
  const dtype = dtypeOf(a) === dtypeOf(b) ? dtypeOf(a) : null;
  const numbers = concrete(dims);
  const sameStore =
    a.view &&
    b.view &&
    a.view.store === b.view.store &&
    a.view.offset === b.view.offset &&
    String(a.view.strides) === String(b.view.strides);
  const view = numbers ? (sameStore ? a.view : freshView(numbers, unknownContent(sizeOf(numbers), undecided))) : null;
  const joined = makeTensor({
    framework: a.framework,
    shape: fixedShape(dims),
    dtype: dtype === null && a.dtype === b.dtype ? a.dtype : fixedDType(dtype),
    view,
    origin: sameStore ? a.origin : "unknown",
    exact: Boolean(sameStore) && a.exact && b.exact,
    why: undecided,
    by: { operation: "either", inputs: [a, b], details: {}, at: null },
  });
  joined.parameter = a.parameter && b.parameter;
  joined.requiresGrad = a.requiresGrad || b.requiresGrad;
  joined.scalar = a.scalar && b.scalar;
  return joined;
}

/** Joins whatever a place can hold: values, contents of stores, lists of items, positions of streams. */
export function joinPlaces(symbols: Symbols): (a: unknown, b: unknown, key: unknown, target: object) => unknown {
  return (a, b, key, target) => {
    if (a === b) return a;
    if (isValue(a) && isValue(b)) return joinValues(a, b, symbols);
    if (isEntry(a) && isEntry(b)) return joinEntry(a, b, symbols);
    if (key === "content") return joinContents(a as Content, b as Content);
    if (key === "open") return Boolean(a) || Boolean(b);
    if (key === "head" && "sample" in target) return a;
    if (key === "head" || key === "literal" || key === "returned" || key === "grad" || key === "by")
      return isValue(a) ? a : isValue(b) ? b : null;
    if (key === "exact") return Boolean(a) && Boolean(b);
    if (key === "dtype") return joinDTypes(a, b);
    if (key === "dims") return joinDims(a as readonly Size[] | null, b as readonly Size[] | null, symbols);
    if (Array.isArray(a) && Array.isArray(b)) return joinedItems(a as Value[], b as Value[], symbols, target);
    if (a instanceof Map && b instanceof Map) return joinMaps(a, b, symbols);
    if (isShape(a) && isShape(b)) return fixedShape(joinDims(a.dims, b.dims, symbols));
    return typeof a === typeof b && typeof a !== "object" ? a : null;
  };
}

/** Items of a list that may have either number of them: from then on nobody knows how many there are. */
function joinedItems(a: readonly Value[], b: readonly Value[], symbols: Symbols, list: object): Value[] | undefined {
  const joined = joinItems(a, b, symbols);
  if (joined?.open && "open" in list) list.open = true;
  return joined?.items;
}

function joinDims(a: readonly Size[] | null, b: readonly Size[] | null, symbols: Symbols): readonly Size[] | null {
  return a && b && a.length === b.length ? a.map((d, axis) => joinSizes(d, b[axis]!, symbols)) : null;
}

/** Cells of dtypes, or what stands in them. */
function joinDTypes(a: unknown, b: unknown): unknown {
  const isCell = (x: unknown): x is DTypeCell => typeof x === "object" && x !== null && "dtype" in x;
  if (!isCell(a) || !isCell(b)) return null;
  const [x, y] = [dtypeOfCell(a), dtypeOfCell(b)];
  return fixedDType(x === y ? x : null);
}

function isEntry(x: unknown): boolean {
  return typeof x === "object" && x !== null && "key" in x && "value" in x;
}

function isShape(x: unknown): x is { dims: readonly Size[] | null } {
  return typeof x === "object" && x !== null && "dims" in x;
}

function isValue(x: unknown): x is Value {
  return typeof x === "object" && x !== null && "kind" in x;
}

function joinContents(a: Content, b: Content): Content {
  return unknownContent(Math.max(a.length, b.length), undecided);
}

/** Entries that both have are joined, others may be there. */
function joinMaps(a: Map<unknown, unknown>, b: Map<unknown, unknown>, symbols: Symbols): Map<unknown, unknown> {
  const joined = new Map(a);
  for (const [key, value] of b) {
    const other = a.get(key);
    if (other === undefined) joined.set(key, value);
    else joined.set(key, joinEntry(other, value, symbols));
  }
  return joined;
}

function joinEntry(a: unknown, b: unknown, symbols: Symbols): unknown {
  if (isValue(a) && isValue(b)) return joinValues(a, b, symbols);
  const [left, right] = [a as { key: Value; value: Value }, b as { key: Value; value: Value }];
  return left.value && right.value
    ? { key: left.key, value: joinValues(left.value, right.value, symbols) }
    : unknown("python.undecided");
}
