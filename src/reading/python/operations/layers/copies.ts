import type { TensorValue } from "../../run/tensorValue.ts";
import type { InstanceValue, Value } from "../../run/values.ts";

/** `copy.deepcopy`: everything anew, but what is the same thing in the original is the same thing in the copy. */
export function deepCopy(value: Value, done = new Map<unknown, unknown>()): Value {
  const before = done.get(value);
  if (before) return before as Value;
  switch (value.kind) {
    case "tensor":
      return copyTensor(value, done);
    case "instance":
      return copyInstance(value, done);
    case "list": {
      const copy: Value = { ...value, items: [] };
      done.set(value, copy);
      copy.items = value.items.map((item) => deepCopy(item, done));
      return copy;
    }
    case "tuple":
      return { ...value, items: value.items.map((item) => deepCopy(item, done)) };
    case "dict": {
      const copy: Value = { ...value, entries: new Map() };
      done.set(value, copy);
      for (const [key, entry] of value.entries)
        copy.entries.set(key, { key: entry.key, value: deepCopy(entry.value, done) });
      return copy;
    }
    case "bound":
      return { ...value, self: deepCopy(value.self, done) };
    default:
      return value;
  }
}

function copyTensor(t: TensorValue, done: Map<unknown, unknown>): TensorValue {
  const store = t.view && (done.get(t.view.store) ?? { content: t.view.store.content });
  if (t.view) done.set(t.view.store, store);
  const copy: TensorValue = {
    ...t,
    view: t.view && { ...t.view, store: store as { content: NonNullable<TensorValue["view"]>["store"]["content"] } },
  };
  done.set(t, copy);
  return copy;
}

function copyInstance(value: InstanceValue, done: Map<unknown, unknown>): InstanceValue {
  const copy: InstanceValue = { ...value, attributes: new Map(), data: { ...value.data } };
  done.set(value, copy);
  for (const [name, part] of value.attributes) copy.attributes.set(name, deepCopy(part, done));
  return copy;
}
