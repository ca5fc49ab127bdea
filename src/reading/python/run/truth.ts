import { force } from "./buffer.ts";
import type { Machine } from "./machine.ts";
import { concreteDims, elements } from "./tensorValue.ts";
import { args, type Value } from "./values.ts";

/** Whether a value counts as true; null where that is not known. */
export function truthOf(m: Machine, value: Value): boolean | null {
  switch (value.kind) {
    case "none":
      return false;
    case "bool":
    case "int":
    case "float":
      return Boolean(value.value) || Number.isNaN(value.value);
    case "string":
    case "bytes":
      return value.value.length > 0;
    case "list":
    case "tuple":
      return value.open ? null : value.items.length > 0;
    case "dict":
    case "set":
      return value.entries.size > 0 ? true : value.open ? null : false;
    case "unknown":
    case "symbol":
    case "complex":
      return null;
    case "tensor":
      return truthOfTensor(value);
    case "range": {
      const inside = m.iterate(value);
      return inside && !inside.open ? inside.items.length > 0 : null;
    }
    case "instance": {
      const method = m.find(value, "__bool__") ?? m.find(value, "__len__");
      return method && method.kind !== "unknown" ? truthOf(m, m.call(method, args([]))) : method ? null : true;
    }
    default:
      return true;
  }
}

function truthOfTensor(value: Extract<Value, { kind: "tensor" }>): boolean | null {
  const dims = concreteDims(value);
  if (!dims || dims.some((d) => d !== 1) || !value.view || force(value.view.store.content) === null) return null;
  const data = elements(value);
  return data ? Boolean(Number(data[0])) || Number.isNaN(Number(data[0])) : null;
}
