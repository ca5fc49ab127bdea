import type { Value } from "./values.ts";

/** Equal for values that Python takes as the same dictionary key; null where that cannot be told. */
export function keyOf(value: Value): string | null {
  switch (value.kind) {
    case "string":
      return `s${value.value}`;
    case "bytes":
      return `y${value.value}`;
    case "int":
    case "bool":
      return `n${Number(value.value)}`;
    case "float":
      return `n${value.value}`;
    case "none":
      return "none";
    case "library":
      return `l${value.path}`;
    case "dtype":
      return `d${value.framework}.${value.dtype}`;
    case "tuple": {
      const parts = value.items.map(keyOf);
      return parts.includes(null) || value.open ? null : `t(${parts.join(",")})`;
    }
    default:
      return null;
  }
}
