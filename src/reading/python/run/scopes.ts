import type { Machine } from "./machine.ts";
import { type Frame, type Scope, unknown, type Value } from "./values.ts";

export function moduleScope(): Scope {
  const scope = {
    names: new Map<string, Value>(),
    outer: null,
    kind: "module",
    elsewhere: new Map(),
    frame: null,
  } as unknown as { module: Scope };
  scope.module = scope as unknown as Scope;
  return scope as unknown as Scope;
}

/** A scope inside `outer`: names bound in it stay in it. */
export function innerScope(outer: Scope, kind: "function" | "class", frame: Frame | null): Scope {
  return { names: new Map(), outer: readable(outer), module: outer.module, kind, elsewhere: new Map(), frame };
}

/** The scope of a comprehension. It reads the class body that it may stand in, which Python does only for its first part. */
export function withScope(outer: Scope): Scope {
  return { names: new Map(), outer, module: outer.module, kind: "function", elsewhere: new Map(), frame: null };
}

/** Functions do not see the names of the class body around them. */
function readable(scope: Scope): Scope {
  let at = scope;
  while (at.kind === "class" && at.outer) at = at.outer;
  return at;
}

/** What a name stands for here. */
export function lookup(m: Machine, scope: Scope, name: string): Value {
  if (scope.elsewhere.get(name) === "global") return scope.module.names.get(name) ?? builtin(m, name);
  for (let at: Scope | null = scope; at; at = at.outer) {
    const value = at.names.get(name);
    if (value) return value;
  }
  return starred(m, scope.module, name) ?? builtin(m, name);
}

/** A name that `from library import *` has brought. */
function starred(m: Machine, module: Scope, name: string): Value | undefined {
  for (const [key, value] of module.names) {
    if (!key.startsWith("*") || value.kind !== "library") continue;
    const found = m.find(value, name);
    if (found && (found.kind !== "library" || m.knows(found.path))) return found;
  }
  return undefined;
}

function builtin(m: Machine, name: string): Value {
  return m.find({ kind: "library", path: "builtins" }, name) ?? unknown("python.undefined", { name });
}

/** Binds a name here, or where `global` and `nonlocal` send it. Comprehensions let a walrus out. */
export function setName(m: Machine, scope: Scope, name: string, value: Value): void {
  m.state.setKey(target(scope, name).names, name, value);
}

export function deleteName(m: Machine, scope: Scope, name: string): void {
  m.state.deleteKey(target(scope, name).names, name);
}

function target(scope: Scope, name: string): Scope {
  const where = scope.elsewhere.get(name);
  if (where === "global") return scope.module;
  if (where === "nonlocal") {
    for (let at = scope.outer; at; at = at.outer) if (at.names.has(name)) return at;
  }
  return scope;
}
