import type { Argument, Clause, Expr, ExprOf, FormatPart } from "../syntax/ast.ts";
import { assignTo } from "./assign.ts";
import { compareValues } from "./compare.ts";
import { makeFunction } from "./functions.ts";
import { keyOf } from "./keys.ts";
import { type Machine, raise, type Sequence } from "./machine.ts";
import { isNumber } from "./scalars.ts";
import { lookup, withScope } from "./scopes.ts";
import { dimsOf } from "./tensorValue.ts";
import { fixedText, floatText, repr, str } from "./text.ts";
import {
  type Args,
  bool,
  ellipsis,
  float,
  int,
  list,
  none,
  type Scope,
  string,
  tuple,
  unknown,
  type Value,
} from "./values.ts";

/** The value of an expression, without taking note of it. */
export function evaluateNode(m: Machine, e: Expr, scope: Scope): Value {
  switch (e.kind) {
    case "name":
      return lookup(m, scope, e.id);
    case "int":
      return int(e.value);
    case "float":
      return float(e.value);
    case "complex":
      return { kind: "complex" };
    case "string":
      return string(e.value);
    case "bytes":
      return { kind: "bytes", value: e.value };
    case "fstring":
      return formatted(m, e.parts, scope);
    case "constant":
      return e.value === null ? none : e.value === "..." ? ellipsis : bool(e.value);
    case "list":
      return displayed(m, e, scope);
    case "tuple":
      return tupleOf(m, e, scope);
    case "set":
      return setOf(elementsOf(m, e.items, scope));
    case "dict":
      return dictionary(m, e, scope);
    case "unary":
      return unary(m, e, scope);
    case "binary":
      return m.binary(e.operator, m.evaluate(e.left, scope), m.evaluate(e.right, scope));
    case "bool":
      return logical(m, e, scope);
    case "compare":
      return comparison(m, e, scope);
    case "call":
      return call(m, e, scope);
    case "attribute":
      return m.attribute(m.evaluate(e.object, scope), e.name);
    case "subscript":
      return m.subscript(m.evaluate(e.object, scope), m.evaluate(e.index, scope));
    case "slice": {
      const part = (x: Expr | null) => (x ? m.evaluate(x, scope) : none);
      return { kind: "slice", lower: part(e.lower), upper: part(e.upper), step: part(e.step) };
    }
    case "lambda":
      return makeFunction(m, { name: "<lambda>", parameters: e.parameters, body: e.body, node: null }, scope);
    case "if": {
      const test = m.truth(m.evaluate(e.test, scope));
      return m.choose(
        test,
        () => m.evaluate(e.consequence, scope),
        () => m.evaluate(e.otherwise, scope),
      );
    }
    case "comprehension":
      return comprehension(m, e, scope);
    case "dictComprehension":
      return dictComprehension(m, e, scope);
    case "walrus": {
      const value = m.evaluate(e.value, scope);
      assignTo(m, e.target, value, scope);
      return value;
    }
    case "starred":
      m.evaluate(e.value, scope);
      return unknown("python.unsupported", { what: "*" });
    case "await":
      return m.evaluate(e.value, scope);
    case "yield":
      return yielded(m, e, scope);
    case "broken":
      return unknown("python.broken");
  }
}

function displayed(m: Machine, e: ExprOf<"list" | "tuple" | "set">, scope: Scope): Value {
  const { items, open } = elementsOf(m, e.items, scope);
  return { kind: "list", items, open, literal: e };
}

/** A tuple. One with the sizes of a tensor of unknown rank in it tells the rank when it is unpacked. */
function tupleOf(m: Machine, e: ExprOf<"list" | "tuple" | "set">, scope: Scope): Value {
  const star = e.items.findIndex((item) => item.kind === "starred");
  const starred = e.items[star];
  if (starred?.kind === "starred") {
    const spread = m.evaluate(starred.value, scope);
    if (spread.kind === "tuple" && spread.sizesOf && dimsOf(spread.sizesOf) === null) {
      const before = elementsOf(m, e.items.slice(0, star), scope);
      const after = elementsOf(m, e.items.slice(star + 1), scope);
      const around = { before: before.items, sizesOf: spread.sizesOf, after: after.items };
      return {
        ...tuple([...before.items, ...after.items]),
        open: true,
        ...(before.open || after.open ? {} : { around }),
      };
    }
    const parts = [...elementsOf(m, e.items.slice(0, star), scope).items];
    const inside = m.iterate(spread);
    const after = elementsOf(m, e.items.slice(star + 1), scope);
    return {
      ...tuple([...parts, ...(inside?.items ?? []), ...after.items]),
      open: after.open || (inside?.open ?? true),
    };
  }
  const { items, open } = elementsOf(m, e.items, scope);
  return { ...tuple(items), literal: e, open };
}

function elementsOf(m: Machine, parts: readonly Expr[], scope: Scope): { items: Value[]; open: boolean } {
  const items: Value[] = [];
  let open = false;
  for (const part of parts) {
    if (part.kind !== "starred") items.push(m.evaluate(part, scope));
    else {
      const inside = m.iterate(m.evaluate(part.value, scope));
      if (inside) items.push(...inside.items);
      open ||= inside?.open ?? true;
    }
  }
  return { items, open };
}

function setOf({ items, open }: { items: readonly Value[]; open: boolean }): Value {
  const entries = new Map<string, Value>();
  let unsure = open;
  for (const item of items) {
    const key = keyOf(item);
    if (key === null) unsure = true;
    else entries.set(key, item);
  }
  return { kind: "set", entries, open: unsure };
}

function dictionary(m: Machine, e: ExprOf<"dict">, scope: Scope): Value {
  const entries = new Map<string, { key: Value; value: Value }>();
  let open = false;
  const put = (key: Value, value: Value) => {
    const hash = keyOf(key);
    if (hash === null) open = true;
    else entries.set(hash, { key, value });
  };
  for (const entry of e.entries) {
    const value = m.evaluate(entry.value, scope);
    if (entry.key) put(m.evaluate(entry.key, scope), value);
    else if (value.kind === "dict") {
      for (const inner of value.entries.values()) put(inner.key, inner.value);
      open ||= value.open;
    } else open = true;
  }
  return { kind: "dict", entries, open };
}

function unary(m: Machine, e: ExprOf<"unary">, scope: Scope): Value {
  const value = m.evaluate(e.operand, scope);
  if (e.operator === "not") {
    const truth = m.truth(value);
    return truth === null ? unknown("python.undecided", undefined, "bool") : bool(!truth);
  }
  return negated(m, e.operator, value);
}

function negated(m: Machine, operator: "+" | "-" | "~", value: Value): Value {
  if (value.kind === "float")
    return operator === "-"
      ? float(-value.value)
      : operator === "+"
        ? value
        : raise("TypeError", "python.operandTypes", { operator });
  if (value.kind === "int" || value.kind === "bool") {
    const whole = typeof value.value === "boolean" ? Number(value.value) : value.value;
    if (operator === "+") return int(whole);
    if (operator === "~") return int(-BigInt(whole) - 1n);
    return int(-whole);
  }
  if (value.kind === "symbol")
    return operator === "-"
      ? m.binary("*", int(-1), value)
      : operator === "+"
        ? value
        : unknown("python.symbolicNumber", undefined, "int");
  if (value.kind === "tensor")
    return m.operate(`operator.${operator === "-" ? "neg" : operator === "+" ? "pos" : "invert"}`, {
      positional: [value],
      named: new Map(),
      open: false,
      at: null,
    });
  if (value.kind === "instance") {
    const method = m.find(value, operator === "-" ? "__neg__" : operator === "+" ? "__pos__" : "__invert__");
    if (method) return m.call(method, { positional: [], named: new Map(), open: false, at: null });
  }
  return value.kind === "unknown" ? value : unknown("python.unsupported", { what: operator });
}

function logical(m: Machine, e: ExprOf<"bool">, scope: Scope): Value {
  const left = m.evaluate(e.left, scope);
  const truth = m.truth(left);
  if (truth !== null) return truth === (e.operator === "or") ? left : m.evaluate(e.right, scope);
  const seen: Value[] = [];
  const right = (): Value => {
    seen.push(m.evaluate(e.right, scope));
    return seen[0]!;
  };
  const ways = e.operator === "and" ? ([right, () => left] as const) : ([() => left, right] as const);
  const chosen = m.choose(null, ...ways);
  // `hidden or dim`: what is a size, or else another one, is not zero.
  const isSize = e.operator === "or" && left.kind === "symbol" && seen[0] !== undefined && isNumber(seen[0]);
  return isSize ? left : chosen;
}

function comparison(m: Machine, e: ExprOf<"compare">, scope: Scope): Value {
  let left = m.evaluate(e.first, scope);
  let result: Value = bool(true);
  for (const [at, { operator, right }] of e.rest.entries()) {
    const value = m.evaluate(right, scope);
    const next = compareValues(m, operator, left, value);
    if (e.rest.length === 1) return next;
    const truth = m.truth(next);
    if (truth === false) return next;
    if (truth === null && result.kind !== "unknown") result = unknown("python.undecided", undefined, "bool");
    if (at === e.rest.length - 1 && result.kind !== "unknown") return next;
    left = value;
  }
  return result;
}

function call(m: Machine, e: ExprOf<"call">, scope: Scope): Value {
  if (e.callee.kind === "name" && e.callee.id === "super" && !scope.names.has("super")) return superOf(m, e, scope);
  const callee = m.evaluate(e.callee, scope);
  const args = argumentsOf(m, e, e.args, scope);
  if (callee.kind === "library" && needsScope.has(callee.path) && args.positional.length === 0)
    return scoped(callee.path, scope);
  const [text] = args.positional;
  if (callee.kind === "library" && callee.path === "builtins.eval" && text?.kind === "string")
    return dotted(m, text.value, scope) ?? m.call(callee, args);
  return m.call(callee, args);
}

/** `eval` of a name, with attributes or without; null for other texts. */
function dotted(m: Machine, text: string, scope: Scope): Value | null {
  if (!/^\s*[A-Za-z_]\w*(\.[A-Za-z_]\w*)*\s*$/.test(text)) return null;
  const [name, ...attributes] = text.trim().split(".");
  return attributes.reduce((value, attribute) => m.attribute(value, attribute), lookup(m, scope, name!));
}

const needsScope: ReadonlySet<string> = new Set(["builtins.locals", "builtins.globals", "builtins.vars"]);

function scoped(name: string, scope: Scope): Value {
  const names = name === "builtins.globals" ? scope.module.names : scope.names;
  const entries = new Map([...names].map(([key, value]) => [`s${key}`, { key: string(key) as Value, value }]));
  return { kind: "dict", entries, open: false };
}

/** Positional and keyword values of a call, stars spread. */
export function argumentsOf(m: Machine, at: Expr, parts: readonly Argument[], scope: Scope): Args {
  const positional: Value[] = [];
  const named = new Map<string, Value>();
  let open = false;
  for (const { name, value } of parts) {
    const given = m.evaluate(value, scope);
    if (name === "") positional.push(given);
    else if (name === "*") {
      const inside = m.iterate(given);
      if (inside) positional.push(...inside.items);
      open ||= inside?.open ?? true;
    } else if (name === "**") open = spreadNamed(given, named) || open;
    else named.set(name, given);
  }
  return { positional, named, open, at };
}

/** Puts a dictionary's entries among named arguments. true: there may be more. */
function spreadNamed(given: Value, named: Map<string, Value>): boolean {
  if (given.kind !== "dict") return true;
  for (const { key, value } of given.entries.values()) if (key.kind === "string") named.set(key.value, value);
  return given.open;
}

function superOf(m: Machine, e: ExprOf<"call">, scope: Scope): Value {
  const given = argumentsOf(m, e, e.args, scope);
  const [type, self] = given.positional;
  if (type?.kind === "class" && self) return { kind: "super", after: type, self };
  let at: Scope | null = scope;
  while (at && !(at.frame?.callee.owner && at.frame.self)) at = at.outer;
  if (!at?.frame?.callee.owner || !at.frame.self) return unknown("python.unsupported", { what: "super" });
  return { kind: "super", after: at.frame.callee.owner, self: at.frame.self };
}

function formatted(m: Machine, parts: readonly (string | FormatPart)[], scope: Scope): Value {
  let text: string | null = "";
  for (const part of parts) {
    const piece = typeof part === "string" ? part : replacement(m, part, m.evaluate(part.value, scope));
    text = text === null || piece === null ? null : text + piece;
  }
  return text === null ? unknown("python.text", undefined, "string") : string(text);
}

function replacement(m: Machine, part: FormatPart, value: Value): string | null {
  if (part.format === null) return null;
  const useRepr = part.conversion === "r" || (part.label !== "" && part.conversion === "" && part.format === "");
  const plain = part.format === "" || part.conversion !== "" ? (useRepr ? repr(value) : m.text(value)) : null;
  const text = part.format === "" ? plain : formatNumber(value, part.format);
  return text === null ? null : part.label + text;
}

/** The commonest format specifications; null for others. */
export function formatNumber(value: Value, format: string): string | null {
  if (value.kind === "int" && /^0?\d*d?$/.test(format)) {
    const width = Number(/\d+/.exec(format)?.[0] ?? 0);
    return String(value.value).padStart(width, format.startsWith("0") ? "0" : " ");
  }
  const fixed = /^\.(\d+)f$/.exec(format);
  if (fixed && (value.kind === "float" || value.kind === "int"))
    return fixedText(Number(value.value), Number(fixed[1]));
  return value.kind === "float" && format === ""
    ? floatText(value.value)
    : format === "s" || format === ""
      ? str(value)
      : null;
}

function comprehension(m: Machine, e: ExprOf<"comprehension">, scope: Scope): Value {
  const items: Value[] = [];
  const open = clausesOf(m, e.clauses, 0, withScope(scope), (inner) => {
    items.push(m.evaluate(e.element, inner));
  });
  if (e.of === "list") return list(items, open);
  if (e.of === "set") return setOf({ items, open });
  let at = 0;
  return { kind: "iterator", next: () => items[at++], open };
}

function dictComprehension(m: Machine, e: ExprOf<"dictComprehension">, scope: Scope): Value {
  const entries = new Map<string, { key: Value; value: Value }>();
  let unsure = false;
  const open = clausesOf(m, e.clauses, 0, withScope(scope), (inner) => {
    const key = m.evaluate(e.key, inner);
    const value = m.evaluate(e.value, inner);
    const hash = keyOf(key);
    if (hash === null) unsure = true;
    else entries.set(hash, { key, value });
  });
  return { kind: "dict", entries, open: open || unsure };
}

/** Runs the clauses from `at` on. true: it may yield more or fewer. */
function clausesOf(
  m: Machine,
  clauses: readonly Clause[],
  at: number,
  scope: Scope,
  yieldOne: (scope: Scope) => void,
): boolean {
  const clause = clauses[at];
  if (!clause) {
    m.state.step();
    yieldOne(scope);
    return false;
  }
  if (!clause.target) {
    const truth = m.truth(m.evaluate(clause.value, scope));
    if (truth === false) return false;
    return clausesOf(m, clauses, at + 1, scope, yieldOne) || truth === null;
  }
  const over = m.iterate(m.evaluate(clause.value, scope));
  return overSequence(m, over, clause.target, scope, () => clausesOf(m, clauses, at + 1, scope, yieldOne));
}

function overSequence(m: Machine, over: Sequence | null, target: Expr, scope: Scope, inner: () => boolean): boolean {
  if (!over) {
    assignTo(m, target, unknown("python.notIterable"), scope);
    inner();
    return true;
  }
  let open = over.open;
  for (const item of over.items) {
    assignTo(m, target, item, scope);
    open = inner() || open;
  }
  return open;
}

function yielded(m: Machine, e: ExprOf<"yield">, scope: Scope): Value {
  const value = e.value ? m.evaluate(e.value, scope) : none;
  let at: Scope | null = scope;
  while (at && !at.frame) at = at.outer;
  if (!e.from) at?.frame?.yielded.push(value);
  else at?.frame?.yielded.push(...(m.iterate(value)?.items ?? [unknown("python.notIterable")]));
  return unknown("python.unsupported", { what: "yield" });
}
