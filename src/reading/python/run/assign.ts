import { tell } from "../operations/ranks.ts";
import type { Expr } from "../syntax/ast.ts";
import { bareName, isNameless, type Polynomial, type Size } from "./dims.ts";
import type { Machine } from "./machine.ts";
import { sizeValue } from "./scalars.ts";
import { deleteName, setName } from "./scopes.ts";
import { dimsOf, type TensorValue } from "./tensorValue.ts";
import { int, list, type Scope, type TupleValue, unknown, type Value } from "./values.ts";

/** Binds whatever a target names: `a`, `a.b`, `a[i]`, `(a, *b)`. */
export function assignTo(m: Machine, target: Expr, value: Value, scope: Scope): void {
  m.assigned(target, value);
  switch (target.kind) {
    case "name": {
      setName(m, scope, target.id, named(m, value, target.id));
      return;
    }
    case "attribute": {
      m.setAttribute(m.evaluate(target.object, scope), target.name, value);
      return;
    }
    case "subscript": {
      m.setSubscript(m.evaluate(target.object, scope), m.evaluate(target.index, scope), value);
      return;
    }
    case "tuple":
    case "list": {
      unpack(m, target.items, value, scope);
      return;
    }
    case "starred": {
      assignTo(m, target.value, value, scope);
      return;
    }
    default:
      return;
  }
}

/** A size that had no name yet takes that of the variable it is bound to. */
function named(m: Machine, value: Value, name: string): Value {
  if (value.kind !== "symbol" || !m.symbolic || name === "_") return value;
  const old = bareName(m.symbols.resolve(value.size));
  if (old === null || !isNameless(old)) return value;
  const size = m.symbols.fresh(name);
  m.symbols.unify(value.size, size);
  return { kind: "symbol", size };
}

/** Unbinds a target of `del`. */
export function deleteTarget(m: Machine, target: Expr, scope: Scope): void {
  if (target.kind === "name") deleteName(m, scope, target.id);
  else if (target.kind === "tuple" || target.kind === "list")
    for (const item of target.items) deleteTarget(m, item, scope);
  else if (target.kind === "subscript") {
    const object = m.evaluate(target.object, scope);
    const index = m.evaluate(target.index, scope);
    if (object.kind === "list" || object.kind === "dict")
      m.operate(`${object.kind}.__delitem__`, {
        positional: [object, index],
        named: new Map(),
        open: false,
        at: target,
      });
  } else if (target.kind === "attribute") {
    const object = m.evaluate(target.object, scope);
    if (object.kind === "instance") m.state.deleteKey(object.attributes, target.name);
  }
}

function unpack(m: Machine, targets: readonly Expr[], value: Value, scope: Scope): void {
  const values = unpacked(m, targets, value);
  for (const [at, target] of targets.entries()) assignTo(m, target, values[at]!, scope);
}

function unpacked(m: Machine, targets: readonly Expr[], value: Value): Value[] {
  const star = targets.findIndex((t) => t.kind === "starred");
  if (star < 0 && value.kind === "tuple" && value.sizesOf) tellRank(m, targets, value.sizesOf);
  if (star < 0 && value.kind === "symbol") return targets.map((_, at) => m.subscript(value, int(at)));
  if (star < 0 && value.kind === "tuple" && value.around) {
    const { before, sizesOf, after } = value.around;
    const sizes = targets.slice(before.length, targets.length - after.length);
    tellRank(m, sizes, sizesOf);
    const dims = dimsOf(sizesOf);
    if (dims?.length === sizes.length) return [...before, ...dims.map(sizeValue), ...after];
  }
  const sequence = value.kind === "tuple" && value.sizesOf ? sizesNow(value) : m.iterate(value);
  if (!sequence || (sequence.open && sequence.items.length === 0))
    return targets.map(() =>
      value.kind === "unknown" ? { kind: "unknown", why: value.why } : unknown("python.notIterable"),
    );
  const { items, open } = sequence;
  if (star >= 0) {
    const after = targets.length - star - 1;
    if (items.length < targets.length - 1) return targets.map(() => unknown("python.notIterable"));
    const middle = list(items.slice(star, items.length - after), open);
    return [...items.slice(0, star), middle, ...(after > 0 ? items.slice(items.length - after) : [])];
  }
  if (items.length === targets.length) return [...items];
  if (open) return targets.map(() => (items.length === 1 ? items[0]! : unknown("python.notIterable")));
  return targets.map(() => unknown("python.unpack", { expected: targets.length, got: items.length }));
}

function sizesNow(value: TupleValue) {
  const dims = value.sizesOf ? dimsOf(value.sizesOf) : null;
  return dims ? { items: dims.map(sizeValue), open: false } : null;
}

/** `B, T, C = x.shape`: where the rank of x was not known, it is now, and its sizes have these names. */
function tellRank(m: Machine, targets: readonly Expr[], tensor: TensorValue): void {
  if (dimsOf(tensor) !== null) return;
  const dims: Size[] = targets.map((t, axis) => m.symbols.fresh(sizeName(t, axis)) as Polynomial);
  tell(tensor, dims, m);
}

function sizeName(target: Expr, axis: number): string {
  if (target.kind === "name" && target.id !== "_") return target.id;
  return target.kind === "attribute" ? target.name : `d${axis}`;
}
