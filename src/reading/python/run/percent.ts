import { fixedText, str } from "./text.ts";
import type { Value } from "./values.ts";

/** `template % value`: `%d`, `%05.2f`, `%s`, `%(name)s`, `%%`; null where a part is not known or not of this kind. */
export function percentFormat(template: string, value: Value): string | null {
  const positional = value.kind === "tuple" ? [...value.items] : [value];
  let failed = false;
  const text = template.replace(
    /%(?:\((\w+)\))?([-+ 0#]*)(\d*)(?:\.(\d+))?([diufFeEgGsrxXo%])/g,
    (_all, name, flags, width, precision, kind) => {
      if (kind === "%") return "%";
      const item = name === undefined ? positional.shift() : entry(value, name);
      const part =
        item === undefined ? null : formatted(item, kind, precision === undefined ? null : Number(precision));
      if (part === null) failed = true;
      return padded(part ?? "", flags, Number(width || 0));
    },
  );
  return failed ? null : text;
}

function entry(value: Value, name: string): Value | undefined {
  return value.kind === "dict" ? value.entries.get(`s${name}`)?.value : undefined;
}

function formatted(item: Value, kind: string, precision: number | null): string | null {
  if (kind === "s" || kind === "r") return item.kind === "string" && kind === "r" ? `'${item.value}'` : str(item);
  if (item.kind !== "int" && item.kind !== "float" && item.kind !== "bool") return null;
  if ("diu".includes(kind))
    return typeof item.value === "bigint" ? String(item.value) : String(Math.trunc(Number(item.value)));
  const number = Number(item.value);
  if (kind === "f" || kind === "F") return fixedText(number, precision ?? 6);
  if (kind === "x" || kind === "o") return number.toString(kind === "x" ? 16 : 8);
  return null;
}

function padded(text: string, flags: string, width: number): string {
  if (flags.includes("-")) return text.padEnd(width);
  if (!flags.includes("0")) return text.padStart(width);
  return text.startsWith("-") ? `-${text.slice(1).padStart(width - 1, "0")}` : text.padStart(width, "0");
}
