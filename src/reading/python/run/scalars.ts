import type { BinaryOperator, CompareOperator } from "../syntax/ast.ts";
import { add, isPolynomial, multiply, type Size, type Symbols, subtract } from "./dims.ts";
import { ratioResult } from "./fractions.ts";
import { raise } from "./machine.ts";
import { bool, type FloatValue, float, type IntValue, int, type SymbolValue, unknown, type Value } from "./values.ts";

/** A Python number: bool counts as int. */
export type NumberValue = IntValue | FloatValue | SymbolValue | { readonly kind: "bool"; readonly value: boolean };

export function isNumber(value: Value): value is NumberValue {
  return value.kind === "int" || value.kind === "float" || value.kind === "symbol" || value.kind === "bool";
}

/** The value as a float64, or null for a symbol. */
export function numeric(value: Value): number | null {
  return value.kind === "int" || value.kind === "float" || value.kind === "bool" ? Number(value.value) : null;
}

/** The value as a size: an int or a symbol; null where it is not known. */
export function sizeOfValue(value: Value): Size {
  if (value.kind === "int") return Number(value.value);
  if (value.kind === "bool") return Number(value.value);
  return value.kind === "symbol" ? value.size : null;
}

/** A size as a Python int. */
export function sizeValue(size: Size): Value {
  if (size === null) return unknown("python.unknownSize", undefined, "int");
  return isPolynomial(size) ? { kind: "symbol", size } : int(size);
}

/** `a operator b` of two numbers, as Python has it; divisions by zero raise. */
export function arithmetic(operator: BinaryOperator, a: NumberValue, b: NumberValue, symbols: Symbols): Value {
  if (a.kind === "symbol" || b.kind === "symbol") return symbolic(operator, a, b, symbols);
  if (a.kind === "float" || b.kind === "float") return floating(operator, Number(a.value), Number(b.value));
  return integral(operator, BigInt(a.value), BigInt(b.value), a.kind === "bool" && b.kind === "bool");
}

function symbolic(operator: BinaryOperator, a: NumberValue, b: NumberValue, symbols: Symbols): Value {
  if (operator === "/" || ((a.kind === "float" || b.kind === "float") && operator === "*"))
    return ratioResult(operator, a, b, symbols) ?? unknown("python.symbolicNumber", undefined, "float");
  if (a.kind === "float" || b.kind === "float") return unknown("python.symbolicNumber", undefined, "float");
  const [x, y] = [sizeOfValue(a), sizeOfValue(b)];
  switch (operator) {
    case "+":
      return sizeValue(symbols.resolve(add(x, y)));
    case "-":
      return sizeValue(symbols.resolve(subtract(x, y)));
    case "*":
      return sizeValue(symbols.multiply(x, y));
    case "//":
      return sizeValue(symbols.quotient(x, y));
    case "%":
      return sizeValue(symbols.remainder(x, y));
    case "**":
      return typeof y === "number" && y >= 0 && y <= 4
        ? sizeValue(symbols.resolve(power(x, y)))
        : unknown("python.symbolicNumber", undefined, y !== null && typeof y === "number" && y < 0 ? "float" : "int");
    default:
      return unknown("python.symbolicNumber", undefined, "int");
  }
}

function power(x: Size, exponent: number): Size {
  let result: Size = 1;
  for (let times = 0; times < exponent; times++) result = multiply(result, x);
  return result;
}

function floating(operator: BinaryOperator, a: number, b: number): Value {
  if (b === 0 && (operator === "/" || operator === "//" || operator === "%"))
    raise("ZeroDivisionError", "python.zeroDivision");
  switch (operator) {
    case "+":
      return float(a + b);
    case "-":
      return float(a - b);
    case "*":
      return float(a * b);
    case "/":
      return float(a / b);
    case "//":
      return float(floorQuotient(a, b));
    case "%":
      return float(modulo(a, b));
    case "**":
      return a < 0 && !Number.isInteger(b) ? unknown("python.complex") : float(a ** b);
    default:
      return raise("TypeError", "python.operandTypes", { operator });
  }
}

function modulo(a: number, b: number): number {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

/** The quotient rounded down, as Python has it: from the remainder, not from the rounded quotient. */
export function floorQuotient(a: number, b: number): number {
  if (!Number.isFinite(a) || b === 0) return a / b;
  const rest = modulo(a, b);
  const quotient = (a - rest) / b;
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

function integral(operator: BinaryOperator, a: bigint, b: bigint, bools: boolean): Value {
  if (b === 0n && (operator === "/" || operator === "//" || operator === "%"))
    raise("ZeroDivisionError", "python.zeroDivision");
  switch (operator) {
    case "+":
      return int(a + b);
    case "-":
      return int(a - b);
    case "*":
      return product(a, b);
    case "/":
      return float(Number(a) / Number(b));
    case "//":
      return int(floorDivide(a, b));
    case "%":
      return int(a - b * floorDivide(a, b));
    case "**":
      return integerPower(a, b);
    case "&":
      return bools ? bool(Boolean(a & b)) : int(a & b);
    case "|":
      return bools ? bool(Boolean(a | b)) : int(a | b);
    case "^":
      return bools ? bool(Boolean(a ^ b)) : int(a ^ b);
    case "<<":
      return b >= 0n && b < bitLimit ? int(a << b) : unknown("python.hugeNumber", undefined, "int");
    case ">>":
      return b >= 0n && b < bitLimit ? int(a >> b) : unknown("python.hugeNumber", undefined, "int");
    default:
      return raise("TypeError", "python.operandTypes", { operator });
  }
}

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

/** Squared again and again, a number doubles its length each time. */
const bitLimit = 4096n;
const hugeNumber = 1n << bitLimit;

function product(a: bigint, b: bigint): Value {
  const made = a * b;
  return made < hugeNumber && made > -hugeNumber ? int(made) : unknown("python.hugeNumber", undefined, "int");
}

function integerPower(a: bigint, b: bigint): Value {
  if (b < 0n) return a === 0n ? raise("ZeroDivisionError", "python.zeroDivision") : float(Number(a) ** Number(b));
  const bits = a.toString(2).length * Number(b);
  return bits > bitLimit ? unknown("python.hugeNumber", undefined, "int") : int(a ** b);
}

/** What a parameter that nobody gives counts as beside a number that the code writes: its default. */
function byDefault(value: NumberValue): number | null {
  return value.kind === "symbol" ? (value.default ?? null) : numeric(value);
}

/** `a operator b` for an order or an equality of two numbers. */
export function compareNumbers(operator: CompareOperator, a: NumberValue, b: NumberValue, symbols: Symbols): Value {
  if (a.kind === "symbol" || b.kind === "symbol") return compareSizes(operator, a, b, symbols);
  const [x, y] = [a.value, b.value] as [number | bigint | boolean, number | bigint | boolean];
  return bool(ordered(operator, x as number, y as number));
}

function ordered(operator: CompareOperator, x: number, y: number): boolean {
  switch (operator) {
    case "<":
      return x < y;
    case "<=":
      return x <= y;
    case ">":
      return x > y;
    case ">=":
      return x >= y;
    case "!=":
      // biome-ignore lint/suspicious/noDoubleEquals: an int and a bigint of one value are equal in Python
      return x != y;
    default:
      // biome-ignore lint/suspicious/noDoubleEquals: an int and a bigint of one value are equal in Python
      return x == y;
  }
}

function compareSizes(operator: CompareOperator, a: NumberValue, b: NumberValue, symbols: Symbols): Value {
  const difference =
    a.kind === "float" || b.kind === "float" ? null : symbols.resolve(subtract(sizeOfValue(a), sizeOfValue(b)));
  if (typeof difference === "number") return bool(ordered(operator, difference, 0));
  const [x, y] = [byDefault(a), byDefault(b)];
  if (x !== null && y !== null && (a.kind !== "symbol" || b.kind !== "symbol")) return bool(ordered(operator, x, y));
  return unknown("python.symbolicNumber", undefined, "bool");
}
