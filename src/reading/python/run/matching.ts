import type { Pattern, StmtOf } from "../syntax/ast.ts";
import { equal } from "./compare.ts";
import { keyOf } from "./keys.ts";
import type { Completion, Machine } from "./machine.ts";
import { setName } from "./scopes.ts";
import { list, type Scope, unknown, type Value } from "./values.ts";

/** `match`: the first case that surely fits; one that may fit is joined with those after it. */
export function runMatch(m: Machine, s: StmtOf<"match">, scope: Scope): Completion {
  const subject = m.evaluate(s.subject, scope);
  for (const [at, c] of s.cases.entries()) {
    let fit = fits(m, c.pattern, subject, scope);
    if (fit !== false && c.guard) {
      const guard = m.truth(m.evaluate(c.guard, scope));
      fit = guard === false ? false : guard === null ? null : fit;
    }
    if (fit === true) return m.execute(c.body, scope);
    if (fit === null) {
      const rest = { ...s, cases: s.cases.slice(at + 1) };
      let end: Completion = "next";
      m.choose(
        null,
        () => {
          end = m.execute(c.body, scope);
          return typeof end === "object" ? end.value : unknown("python.undecided");
        },
        () => {
          const other = runMatch(m, rest, scope);
          if (typeof other === "object") end = other;
          return typeof other === "object" ? other.value : unknown("python.undecided");
        },
      );
      return end;
    }
  }
  return "next";
}

/** Whether a value fits a pattern; binds its names on the way. */
function fits(m: Machine, p: Pattern, value: Value, scope: Scope): boolean | null {
  switch (p.kind) {
    case "wildcard":
      return true;
    case "capture":
      setName(m, scope, p.name, value);
      return true;
    case "value":
      return value.kind === "tensor" ? null : equal(m, m.evaluate(p.value, scope), value);
    case "as": {
      const fit = fits(m, p.pattern, value, scope);
      setName(m, scope, p.name, value);
      return fit;
    }
    case "or": {
      const all = p.items.map((item) => fits(m, item, value, scope));
      return all.includes(true) ? true : all.includes(null) ? null : false;
    }
    case "sequence":
      return sequenceFits(m, p.items, value, scope);
    case "mapping":
      return mappingFits(m, p, value, scope);
    case "class":
      return classFits(m, p, value, scope);
    default:
      return null;
  }
}

function every(answers: readonly (boolean | null)[]): boolean | null {
  return answers.includes(false) ? false : answers.includes(null) ? null : true;
}

function sequenceFits(m: Machine, items: readonly Pattern[], value: Value, scope: Scope): boolean | null {
  if (value.kind === "unknown") return bindAll(m, items, scope);
  if (value.kind !== "list" && value.kind !== "tuple") return false;
  const star = items.findIndex((i) => i.kind === "rest");
  const given = value.items;
  if (star < 0) {
    if (given.length !== items.length) return value.open ? null : false;
    return every(items.map((item, at) => fits(m, item, given[at]!, scope)));
  }
  const after = items.length - star - 1;
  if (given.length < star + after) return false;
  const rest = items[star]!;
  if (rest.kind === "rest" && rest.name !== "_")
    setName(m, scope, rest.name, list(given.slice(star, given.length - after)));
  return every([
    ...items.slice(0, star).map((item, at) => fits(m, item, given[at]!, scope)),
    ...items.slice(star + 1).map((item, at) => fits(m, item, given[given.length - after + at]!, scope)),
  ]);
}

function bindAll(m: Machine, items: readonly Pattern[], scope: Scope): null {
  for (const item of items)
    if (item.kind === "capture" || item.kind === "rest") setName(m, scope, item.name, unknown("python.undecided"));
  return null;
}

function mappingFits(m: Machine, p: Extract<Pattern, { kind: "mapping" }>, value: Value, scope: Scope): boolean | null {
  if (value.kind === "unknown")
    return bindAll(
      m,
      p.entries.map((e) => e.pattern),
      scope,
    );
  if (value.kind !== "dict") return false;
  return every(
    p.entries.map(({ key, pattern }) => {
      const hash = keyOf(m.evaluate(key, scope));
      const entry = hash === null ? undefined : value.entries.get(hash);
      if (!entry) return hash === null || value.open ? null : false;
      return fits(m, pattern, entry.value, scope);
    }),
  );
}

function classFits(m: Machine, p: Extract<Pattern, { kind: "class" }>, value: Value, scope: Scope): boolean | null {
  const type = m.evaluate(p.type, scope);
  const is = m.truth(
    m.operate("builtins.isinstance", { positional: [value, type], named: new Map(), open: false, at: null }),
  );
  if (is === false) return false;
  if (p.items.length > 0) return fits(m, p.items[0]!, value, scope) === false ? false : null;
  return every([is, ...p.named.map(({ name, pattern }) => fits(m, pattern, m.attribute(value, name), scope))]);
}
