import type { Expr, Stmt } from "../syntax/ast.ts";
import { joinValues } from "./join.ts";
import type { Machine } from "./machine.ts";
import { lookup } from "./scopes.ts";
import type { ListValue, Scope, Value } from "./values.ts";

/**
 * Lists that every round of a `for` makes longer by as much: `xs.append(…)` stands right in the body, or in a `for` over a
 * fixed range in it, and the body uses `xs` for nothing else and cannot be left early. So their length is known, though not
 * all rounds are run.
 */
export class SteadyAppends {
  private readonly m: Machine;
  private readonly grown: readonly { readonly list: ListValue; readonly before: number }[];

  /** To be made before the round that stands for all further ones. */
  constructor(m: Machine, body: readonly Stmt[], scope: Scope) {
    this.m = m;
    this.grown = steady(body).flatMap((name) => {
      const list = lookup(m, scope, name);
      return list.kind === "list" && !list.open && !list.shuffled ? [{ list, before: list.items.length }] : [];
    });
  }

  /** To be called after that round, before its changes are joined: what then takes its items so many times. */
  after(): (rounds: number) => void {
    const made = this.grown.flatMap(({ list, before }) => {
      const by = list.items.length - before;
      if (list.open || by <= 0) return [];
      return [{ list, first: list.items.slice(0, before), items: this.typical(list, before, by), by }];
    });
    return (rounds) => {
      for (const { list, first, items, by } of made) {
        if (first.length + by * rounds > itemLimit) continue;
        const all = [...first];
        for (let round = 0; round < rounds; round++) all.push(...items);
        this.m.state.set(list, "items", all);
        this.m.state.set(list, "open", false);
      }
    };
  }

  /** The items of the round, as far as they are like those of the one before it. */
  private typical(list: ListValue, before: number, by: number): Value[] {
    return list.items.slice(before).map((item, at) => {
      const last = list.items[before - by + at];
      return last ? joinValues(last, item, this.m.symbols) : item;
    });
  }
}

const itemLimit = 100_000;

/** Names of lists that each round appends to, as often as the one before it. */
function steady(body: readonly Stmt[]): string[] {
  if (mentions(body, (node) => node.kind === "return" || node.kind === "yield")) return [];
  const counts = new Map<string, number>();
  count(body, body, counts);
  return [...counts].filter(([name, times]) => times === uses(body, name)).map(([name]) => name);
}

function count(body: readonly Stmt[], whole: readonly Stmt[], counts: Map<string, number>): void {
  for (const s of body) {
    const name = appended(s);
    if (name) counts.set(name, (counts.get(name) ?? 0) + 1);
    else if (s.kind === "for" && isSteadyRange(s.iterable, whole) && !escapes(s.body)) count(s.body, whole, counts);
  }
}

/** `range` of numbers, or of names that the loop does not bind. */
function isSteadyRange(e: Expr, whole: readonly Stmt[]): boolean {
  if (e.kind !== "call" || e.callee.kind !== "name" || e.callee.id !== "range") return false;
  return e.args.every(({ value }) => value.kind === "int" || (value.kind === "name" && !binds(whole, value.id)));
}

/** Whether a name is bound somewhere in a body, as far as its statements tell. */
function binds(body: readonly Stmt[], name: string): boolean {
  const isTarget = (target: unknown): boolean => uses(target, name) > 0;
  return mentions(body, (node) => {
    if (node.kind === "assign") return isTarget(node.targets);
    if (node.kind === "augmented" || node.kind === "annotated" || node.kind === "for" || node.kind === "walrus")
      return isTarget(node.target);
    return node.kind === "with" ? isTarget(node.items.map((i) => i.target)) : node.kind === "global";
  });
}

function uses(node: unknown, name: string): number {
  let found = 0;
  mentions(node, (part) => {
    if (part.kind === "name" && part.id === name) found++;
    return false;
  });
  return found;
}

function appended(s: Stmt): string | null {
  if (s.kind !== "expression" || s.value.kind !== "call") return null;
  const { callee, args } = s.value;
  if (callee.kind !== "attribute" || callee.name !== "append" || args.length !== 1) return null;
  return callee.object.kind === "name" ? callee.object.id : null;
}

/** Whether any part of some statements is as wanted. */
function mentions(node: unknown, wanted: (node: Expr | Stmt) => boolean): boolean {
  if (Array.isArray(node)) return node.some((part) => mentions(part, wanted));
  if (typeof node !== "object" || node === null) return false;
  if ("kind" in node && wanted(node as Expr | Stmt)) return true;
  return Object.entries(node).some(
    ([key, part]) => key !== "unit" && typeof part === "object" && mentions(part, wanted),
  );
}

/** Whether a body can leave its loop by itself. */
export function escapes(body: readonly Stmt[]): boolean {
  return body.some((s) => {
    switch (s.kind) {
      case "break":
      case "continue":
        return true;
      case "if":
        return escapes(s.consequence) || escapes(s.otherwise);
      case "with":
        return escapes(s.body);
      case "try":
        return escapes(s.body) || s.handlers.some((h) => escapes(h.body)) || escapes(s.otherwise) || escapes(s.finally);
      case "match":
        return s.cases.some((c) => escapes(c.body));
      default:
        return false;
    }
  });
}
