import type { CompareOperator } from "../syntax/ast.ts";
import { keyOf } from "./keys.ts";
import type { Machine } from "./machine.ts";
import { compareNumbers, isNumber } from "./scalars.ts";
import { bool, unknown, type Value } from "./values.ts";

const reflected: Readonly<Record<string, string>> = {
  "<": "__lt__",
  "<=": "__le__",
  ">": "__gt__",
  ">=": "__ge__",
  "==": "__eq__",
  "!=": "__ne__",
};

function undecided(): Value {
  return unknown("python.undecided", undefined, "bool");
}

/** `left operator right`. */
export function compareValues(m: Machine, operator: CompareOperator, left: Value, right: Value): Value {
  if (operator === "is" || operator === "is not") return negate(identical(left, right), operator === "is not");
  if (operator === "in" || operator === "not in") return negate(contains(m, right, left), operator === "not in");
  if (left.kind === "tensor" || right.kind === "tensor") return compareTensors(m, operator, left, right);
  if (isNumber(left) && isNumber(right)) return compareNumbers(operator, left, right, m.symbols);
  if (left.kind === "unknown" || right.kind === "unknown") return unknownComparison(left, right);
  if (left.kind === "instance") {
    const method = m.find(left, reflected[operator]!);
    if (method) return m.call(method, { positional: [right], named: new Map(), open: false, at: null });
  }
  if (operator === "==" || operator === "!=") return negate(equal(m, left, right), operator === "!=");
  return orderOf(m, operator, left, right);
}

/** A tensor may hide behind an unknown, and then the answer is a tensor. */
function unknownComparison(left: Value, right: Value): Value {
  const plain = (v: Value) => v.kind !== "unknown" || v.type !== undefined;
  return plain(left) && plain(right) ? undecided() : unknown("python.undecided");
}

function compareTensors(m: Machine, operator: CompareOperator, left: Value, right: Value): Value {
  if (left.kind === "none" || right.kind === "none" || left.kind === "string" || right.kind === "string") {
    if (operator === "==" || operator === "!=") return bool(operator === "!=");
  }
  const names: Readonly<Record<string, string>> = {
    "<": "lt",
    "<=": "le",
    ">": "gt",
    ">=": "ge",
    "==": "eq",
    "!=": "ne",
  };
  return m.operate(`operator.${names[operator]}`, {
    positional: [left, right],
    named: new Map(),
    open: false,
    at: null,
  });
}

function negate(truth: boolean | null, no: boolean): Value {
  return truth === null ? undecided() : bool(truth !== no);
}

const singletons: ReadonlySet<string> = new Set(["none", "bool", "ellipsis"]);

/** `a is b`; null where it cannot be told. */
function identical(a: Value, b: Value): boolean | null {
  if (a === b) return a.kind === "unknown" ? null : true;
  if (a.kind === "unknown" || b.kind === "unknown") {
    const known = a.kind === "unknown" ? b : a;
    const other = (a.kind === "unknown" ? a : b) as { type?: string };
    return known.kind === "none" && other.type !== undefined && other.type !== "other" ? false : null;
  }
  if (a.kind !== b.kind) return false;
  if (singletons.has(a.kind) || a.kind === "library" || a.kind === "dtype")
    return keyOf(a) === keyOf(b) || a.kind === "ellipsis";
  if (a.kind === "int" || a.kind === "string" || a.kind === "float") return keyOf(a) === keyOf(b) ? null : false;
  return false;
}

/** `a == b` where no tensor takes part; null where it cannot be told. */
export function equal(m: Machine, a: Value, b: Value): boolean | null {
  if (a === b && a.kind !== "unknown") return true;
  if (a.kind === "unknown" || b.kind === "unknown") return null;
  if (isNumber(a) && isNumber(b)) return m.truth(compareNumbers("==", a, b, m.symbols));
  if ((a.kind === "tuple" || a.kind === "list") && a.kind === b.kind)
    return equalItems(m, a.items, b.items, Boolean(a.open || b.open));
  const [x, y] = [keyOf(a), keyOf(b)];
  if (x !== null && y !== null) return a.kind === b.kind && x === y;
  if (a.kind === "device" || b.kind === "device") return null;
  return a.kind === b.kind ? null : a.kind === "instance" || b.kind === "instance" ? null : false;
}

function equalItems(m: Machine, a: readonly Value[], b: readonly Value[], open: boolean): boolean | null {
  if (open) return null;
  if (a.length !== b.length) return false;
  let all: boolean | null = true;
  for (const [at, item] of a.entries()) {
    const one = equal(m, item, b[at]!);
    if (one === false) return false;
    if (one === null) all = null;
  }
  return all;
}

/** `item in container`; null where it cannot be told. */
function contains(m: Machine, container: Value, item: Value): boolean | null {
  if (container.kind === "string") return item.kind === "string" ? container.value.includes(item.value) : null;
  if (container.kind === "dict" || container.kind === "set") {
    const key = keyOf(item);
    if (key !== null && container.entries.has(key)) return true;
    return key === null || container.open ? null : false;
  }
  if (container.kind === "instance") {
    const method = m.find(container, "__contains__");
    return method ? m.truth(m.call(method, { positional: [item], named: new Map(), open: false, at: null })) : null;
  }
  if (container.kind === "tensor" || container.kind === "unknown" || container.kind === "iterator") return null;
  const inside = m.iterate(container);
  if (!inside) return null;
  const answers = inside.items.map((candidate) => (candidate.kind === "tensor" ? null : equal(m, candidate, item)));
  if (answers.includes(true)) return true;
  return inside.open || answers.includes(null) ? null : false;
}

function orderOf(m: Machine, operator: CompareOperator, a: Value, b: Value): Value {
  if (a.kind === "string" && b.kind === "string") {
    const order = a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
    return compareNumbers(operator, { kind: "int", value: order }, { kind: "int", value: 0 }, m.symbols);
  }
  if ((a.kind === "tuple" && b.kind === "tuple") || (a.kind === "list" && b.kind === "list")) {
    for (const [at, item] of a.items.entries()) {
      const other = b.items[at];
      if (!other) break;
      const same = equal(m, item, other);
      if (same === null) return undecided();
      if (!same) return compareValues(m, operator, item, other);
    }
    return compareNumbers(
      operator,
      { kind: "int", value: a.items.length },
      { kind: "int", value: b.items.length },
      m.symbols,
    );
  }
  return undecided();
}
