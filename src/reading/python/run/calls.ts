import { afterOpaque } from "../operations/opaque.ts";
import { findInClass, instantiate, isAutogradFunction, isModule, isModuleClass, moduleLike } from "./classes.ts";
import { callFunction } from "./functions.ts";
import type { Machine } from "./machine.ts";
import { type Args, type InstanceValue, type LibraryValue, library, unknown, type Value } from "./values.ts";

type Noting = Machine & { readonly called: Set<unknown>; readonly reached: Set<unknown> };

/** Calls whatever can be called. What cannot be told gives unknown. */
export function callValue(m: Machine, callee: Value, args: Args): Value {
  switch (callee.kind) {
    case "function":
      (m as Noting)[m.supposing ? "reached" : "called"].add(callee.node);
      return callFunction(m, callee, args);
    case "bound":
      return callBound(m, callee.self, callee.callee, args);
    case "builtin":
      return callee.call(args, m);
    case "class":
      return callClass(m, callee, args);
    case "library":
      return callLibrary(m, callee, args);
    case "instance":
      return callInstance(m, callee, args);
    case "dtype":
      return callee.framework === "jax"
        ? m.operate("jax.numpy.array", { ...args, named: new Map([["dtype", callee]]) })
        : m.operate(`numpy.scalar.${callee.dtype}`, args);
    case "unknown":
      if (callee.either) {
        const [one, other] = callee.either;
        // A program that works calls no None.
        if (one.kind === "none") return m.call(other, args);
        if (other.kind === "none") return m.call(one, args);
        return m.choose(
          null,
          () => m.call(one, args),
          () => m.call(other, args),
        );
      }
      afterOpaque(m, callee.why, args);
      return unknown(callee.why.code, callee.why.args);
    default:
      return unknown("python.notCallable", { kind: callee.kind });
  }
}

function callBound(m: Machine, self: Value, callee: Value, args: Args): Value {
  return callValue(m, callee, { ...args, positional: [self, ...args.positional] });
}

function callClass(m: Machine, type: Extract<Value, { kind: "class" }>, args: Args): Value {
  const functional = type.ancestors.some((a) => a.kind === "library" && isAutogradFunction(a.path));
  if (functional) return unknown("python.unsupported", { what: "torch.autograd.Function" });
  return instantiate(m, type, args);
}

function callLibrary(m: Machine, callee: LibraryValue, args: Args): Value {
  const { path } = callee;
  if (m.has(path)) return m.operate(path, args);
  const layer = moduleLike(path);
  if (isModuleClass(layer)) return makeLayer(m, layer, args);
  afterOpaque(m, { code: "python.opaque", args: { name: path } }, args);
  return unknown("python.opaque", { name: path });
}

/** A layer of a library: known ones are initialised by their operation, others stay opaque modules. */
function makeLayer(m: Machine, path: string, args: Args): Value {
  const known = m.has(`${path}.__init__`);
  const instance: InstanceValue = {
    kind: "instance",
    type: library(path),
    attributes: new Map(),
    data: {},
    open: !known,
  };
  if (!known) {
    afterOpaque(m, { code: "python.opaque", args: { name: path } }, args);
    return instance;
  }
  const made = m.operate(`${path}.__init__`, { ...args, positional: [instance, ...args.positional] });
  if (made.kind === "unknown") instance.data = { why: made.why };
  return instance;
}

function callInstance(m: Machine, instance: InstanceValue, args: Args): Value {
  const call = instance.type.kind === "class" ? findInClass(m, instance.type, "__call__") : undefined;
  if (call) return callBound(m, instance, call, args);
  if (!isModule(instance)) {
    const own = m.find(instance, "__call__");
    return own && own.kind !== "unknown" ? m.call(own, args) : unknown("python.notCallable", { kind: "instance" });
  }
  const forward = m.find(instance, "forward");
  if (!forward || forward.kind === "unknown")
    return unknown("python.opaque", {
      name: instance.type.kind === "library" ? instance.type.path : instance.type.name,
    });
  return m.call(forward, args);
}
