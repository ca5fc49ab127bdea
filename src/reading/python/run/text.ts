import type { Value } from "./values.ts";

/** `repr(value)` where it can be told. */
export function repr(value: Value): string | null {
  if (value.kind !== "string") return str(value);
  const quote = value.value.includes("'") && !value.value.includes('"') ? '"' : "'";
  const inside = value.value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\t", "\\t");
  return quote + (quote === "'" ? inside.replaceAll("'", "\\'") : inside) + quote;
}

/** `str(value)` where it can be told. */
export function str(value: Value): string | null {
  switch (value.kind) {
    case "string":
      return value.value;
    case "int":
      return String(value.value);
    case "float":
      return floatText(value.value);
    case "bool":
      return value.value ? "True" : "False";
    case "none":
      return "None";
    case "symbol":
      return null;
    case "device":
      return value.name === "?" ? null : value.name;
    case "list":
      return value.open ? null : sequence("[", value.items, "]");
    case "tuple":
      return value.open || value.names
        ? null
        : value.items.length === 1
          ? sequence("(", value.items, ",)")
          : sequence("(", value.items, ")");
    case "instance":
      return value.type.kind === "library" && value.type.path === "pathlib.Path" ? String(value.data.text) : null;
    default:
      return null;
  }
}

function sequence(open: string, items: readonly Value[], close: string): string | null {
  const parts = items.map(repr);
  return parts.includes(null) ? null : open + parts.join(", ") + close;
}

/** More digits behind the point than this are not told. */
const mostDigits = 90;

/** So many digits behind the point, halves to the even digit: `toFixed` rounds them up. null: too many digits. */
export function fixedText(x: number, digits: number): string | null {
  if (digits > mostDigits) return null;
  const text = x.toFixed(digits);
  const exact = Math.abs(x).toFixed(100);
  const cut = exact.indexOf(".") + 1 + digits;
  if (!/^50*$/.test(exact.slice(cut)) || !/[02468]\.?$/.test(exact.slice(0, cut))) return text;
  return `${x < 0 ? "-" : ""}${exact.slice(0, cut).replace(/\.$/, "")}`;
}

/** A float as Python prints it. */
export function floatText(x: number): string {
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x > 0 ? "inf" : "-inf";
  if (Object.is(x, -0)) return "-0.0";
  const size = Math.abs(x);
  if (x !== 0 && (size >= 1e16 || size < 1e-4)) return x.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
  return Number.isInteger(x) ? `${x}.0` : String(x);
}
