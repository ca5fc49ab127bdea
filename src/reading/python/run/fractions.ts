import { add, multiply, type Ratio, type Size, type Symbols, subtract } from "./dims.ts";
import { type UnknownValue, unknown, type Value } from "./values.ts";

/** `a * b` or `a / b` of sizes and numbers as a quotient of sizes; null where it is none. */
export function ratioResult(operator: string, a: Value, b: Value, symbols: Symbols): UnknownValue | null {
  const [x, y] = [ratioOf(a), ratioOf(b)];
  if (!x || !y) return null;
  const [of, by] =
    operator === "*" ? [multiply(x.of, y.of), multiply(x.by, y.by)] : [multiply(x.of, y.by), multiply(x.by, y.of)];
  if (of === null || by === null || by === 0) return null;
  return { ...unknown("python.symbolicNumber", undefined, "float"), ratio: { of: symbols.resolve(of), by } };
}

/** ⌊x⌋ of a quotient of sizes, which are not negative; null where it is none. */
export function floorOf(value: Value, symbols: Symbols): Size {
  const ratio = value.kind === "unknown" ? value.ratio : undefined;
  return ratio ? symbols.quotient(ratio.of, ratio.by) : null;
}

/** ⌈x⌉ of a quotient of sizes. */
export function ceilingOf(value: Value, symbols: Symbols): Size {
  const ratio = value.kind === "unknown" ? value.ratio : undefined;
  return ratio ? symbols.quotient(subtract(add(ratio.of, ratio.by), 1), ratio.by) : null;
}

/** The largest denominator of a number written as a float, such as 2.5 or 1/8. */
const largestDenominator = 16;

function ratioOf(value: Value): Ratio | null {
  switch (value.kind) {
    case "symbol":
      return { of: value.size, by: 1 };
    case "int":
      return typeof value.value === "number" ? { of: value.value, by: 1 } : null;
    case "float":
      for (let by = 1; by <= largestDenominator; by++)
        if (value.value > 0 && Number.isInteger(value.value * by)) return { of: value.value * by, by };
      return null;
    case "unknown":
      return value.ratio ?? null;
    default:
      return null;
  }
}
