import type { BinaryOperator } from "../syntax/ast.ts";
import { ratioResult } from "./fractions.ts";
import { type Machine, raise } from "./machine.ts";
import { percentFormat } from "./percent.ts";
import { arithmetic, isNumber, numeric } from "./scalars.ts";
import { args, list, string, tuple, unknown, type Value } from "./values.ts";

const methods: Readonly<Record<string, string>> = {
  "+": "add",
  "-": "sub",
  "*": "mul",
  "/": "truediv",
  "//": "floordiv",
  "%": "mod",
  "**": "pow",
  "@": "matmul",
  "&": "and",
  "|": "or",
  "^": "xor",
  "<<": "lshift",
  ">>": "rshift",
};

/** `left operator right`. */
export function binaryOperation(m: Machine, operator: string, left: Value, right: Value): Value {
  if (isNumber(left) && isNumber(right)) return arithmetic(operator as BinaryOperator, left, right, m.symbols);
  const own = userDefined(m, operator, left, right);
  if (own) return own;
  if (left.kind === "tensor" || right.kind === "tensor")
    return m.operate(`operator.${methods[operator]}`, args([left, right]));
  if (left.kind === "unknown" || right.kind === "unknown") {
    const ratio = operator === "*" || operator === "/" ? ratioResult(operator, left, right, m.symbols) : null;
    return ratio ?? ofUnknown(operator, left, right);
  }
  return ofContainers(m, operator, left, right) ?? unknown("python.unsupported", { what: operator });
}

function userDefined(m: Machine, operator: string, left: Value, right: Value): Value | null {
  if (left.kind === "instance") {
    const method = m.find(left, `__${methods[operator]}__`);
    if (method) return m.call(method, args([right]));
  }
  if (right.kind === "instance") {
    const method = m.find(right, `__r${methods[operator]}__`);
    if (method) return m.call(method, args([left]));
  }
  return null;
}

/** A number with an unknown number is a number; anything else may be a tensor. */
function ofUnknown(operator: string, left: Value, right: Value): Value {
  const [a, b] = [numberType(left), numberType(right)];
  const why = left.kind === "unknown" ? left.why : (right as { why: { code: string } }).why;
  if (a === "string" && operator === "%") return { kind: "unknown", why, type: "string" };
  if (a === null || b === null) return { kind: "unknown", why };
  if (a === "string" || b === "string") return { kind: "unknown", why, type: "string" };
  const type =
    a === "float" || b === "float" || operator === "/"
      ? "float"
      : operator === "**" && !(numeric(right) !== null && numeric(right)! >= 0)
        ? undefined
        : "int";
  return { kind: "unknown", why, ...(type ? { type } : { type: "float" }) };
}

function numberType(value: Value): "int" | "float" | "string" | null {
  if (value.kind === "unknown")
    return value.type === "bool"
      ? "int"
      : value.type === "int" || value.type === "float" || value.type === "string"
        ? value.type
        : null;
  if (value.kind === "float") return "float";
  if (value.kind === "string") return "string";
  return isNumber(value) ? "int" : null;
}

function ofContainers(m: Machine, operator: string, left: Value, right: Value): Value | null {
  if (operator === "+") return concatenated(left, right);
  if (operator === "*") return repeated(m, left, right) ?? repeated(m, right, left);
  if (operator === "%" && left.kind === "string") {
    const text = percentFormat(left.value, right);
    return text === null ? unknown("python.text", undefined, "string") : string(text);
  }
  if (left.kind === "dict" && right.kind === "dict" && operator === "|")
    return { kind: "dict", entries: new Map([...left.entries, ...right.entries]), open: left.open || right.open };
  if (left.kind === "set" && right.kind === "set") return ofSets(operator, left, right);
  if (
    left.kind === "library" ||
    right.kind === "library" ||
    left.kind === "none" ||
    right.kind === "none" ||
    left.kind === "class"
  )
    return unknown("python.unsupported", { what: operator }, "other");
  return null;
}

/** Longer sequences are not written out: joined with itself again and again, one doubles its length each time. */
const mostItems = 100_000;
/** So many of them stand for a sequence whose length nobody knows. */
export const mostOfOpen = 64;

/** Whether a sequence with `more` behind it is not written out. */
export function isTooLong(
  { items, open }: { readonly items: readonly Value[]; readonly open?: boolean },
  more: readonly Value[],
): boolean {
  return items.length + more.length > (open && items.length >= mostOfOpen ? mostOfOpen : mostItems);
}

function concatenated(left: Value, right: Value): Value | null {
  if (left.kind === "string" && right.kind === "string")
    return left.value.length + right.value.length < mostItems
      ? string(left.value + right.value)
      : unknown("python.text", undefined, "string");
  if ((left.kind === "list" || left.kind === "tuple") && left.kind === right.kind && isTooLong(left, right.items))
    return { ...left, items: left.items.slice(0, mostOfOpen), open: true };
  if (left.kind === "list" && right.kind === "list")
    return {
      ...list([...left.items, ...right.items], left.open || right.open),
      shuffled: left.shuffled || right.shuffled,
    };
  if (left.kind === "tuple" && right.kind === "tuple") {
    if (left.sizesOf || right.sizesOf) return null;
    return { ...tuple([...left.items, ...right.items]), open: Boolean(left.open || right.open) };
  }
  if (left.kind !== right.kind && (left.kind === "string" || right.kind === "string"))
    raise("TypeError", "python.operandTypes", { operator: "+" });
  return null;
}

function repeated(_m: Machine, sequence: Value, times: Value): Value | null {
  if (sequence.kind !== "list" && sequence.kind !== "tuple" && sequence.kind !== "string") return null;
  const count = numeric(times);
  if (count === null || !Number.isInteger(count)) {
    if (times.kind !== "symbol" && times.kind !== "unknown") return null;
    return sequence.kind === "list"
      ? list([...sequence.items], true)
      : sequence.kind === "tuple"
        ? { ...tuple(sequence.items), open: true }
        : unknown("python.text", undefined, "string");
  }
  const n = Math.max(0, count);
  if (sequence.kind === "string")
    return sequence.value.length * n < mostItems
      ? string(sequence.value.repeat(n))
      : unknown("python.text", undefined, "string");
  const kept = Math.min(n, Math.ceil(mostItems / Math.max(1, sequence.items.length)));
  const items = Array.from({ length: kept }, () => sequence.items).flat();
  return sequence.kind === "list"
    ? list(items, sequence.open || kept < n)
    : { ...tuple(items), open: Boolean(sequence.open) || kept < n };
}

function ofSets(
  operator: string,
  left: Extract<Value, { kind: "set" }>,
  right: Extract<Value, { kind: "set" }>,
): Value | null {
  const open = left.open || right.open;
  const kept = (test: (key: string) => boolean) => new Map([...left.entries].filter(([key]) => test(key)));
  if (operator === "|") return { kind: "set", entries: new Map([...left.entries, ...right.entries]), open };
  if (operator === "&") return { kind: "set", entries: kept((key) => right.entries.has(key)), open };
  if (operator === "-") return { kind: "set", entries: kept((key) => !right.entries.has(key)), open };
  return null;
}
