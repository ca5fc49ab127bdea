import type { Expr, FunctionNode, Parameter, Stmt } from "../syntax/ast.ts";
import { joinValues } from "./join.ts";
import type { Machine } from "./machine.ts";
import { raise } from "./machine.ts";
import { innerScope } from "./scopes.ts";
import {
  type Args,
  type Frame,
  type FunctionValue,
  none,
  type Scope,
  string,
  tuple,
  unknown,
  type Value,
} from "./values.ts";

interface FunctionText {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly body: readonly Stmt[] | Expr;
  readonly node: FunctionNode | null;
}

/** `def` and `lambda`: defaults are evaluated now, in the scope around. */
export function makeFunction(m: Machine, text: FunctionText, scope: Scope): FunctionValue {
  const defaults = new Map<string, Value>();
  for (const p of text.parameters) if (p.default) defaults.set(p.name, m.evaluate(p.default, scope));
  return {
    kind: "function",
    ...text,
    defaults,
    scope,
    owner: null,
    attributes: new Map(),
    generator: text.node?.yields ?? false,
  };
}

/** Puts arguments to parameters as Python does; what an open `*args` may give is unknown. */
export function bindParameters(f: FunctionValue, args: Args): Map<string, Value> {
  const bound = new Map<string, Value>();
  const positional = [...args.positional];
  const named = new Map(args.named);
  for (const p of f.parameters) {
    if (p.kind === "rest") bound.set(p.name, { ...tuple(positional.splice(0)), open: args.open });
    else if (p.kind === "keywords") bound.set(p.name, keywords(named, args.open));
    else if ((p.kind === "plain" || p.kind === "positionalOnly") && positional.length > 0)
      bound.set(p.name, positional.shift()!);
    else if (p.kind !== "positionalOnly" && named.has(p.name)) {
      bound.set(p.name, named.get(p.name)!);
      named.delete(p.name);
    } else bound.set(p.name, missing(f, p, args));
  }
  if (positional.length > 0) raise("TypeError", "python.tooManyArguments", { name: f.name });
  return bound;
}

function missing(f: FunctionValue, p: Parameter, args: Args): Value {
  if (args.open) return unknown("python.openArguments", { name: p.name });
  return f.defaults.get(p.name) ?? raise("TypeError", "python.missingArgument", { name: p.name, function: f.name });
}

function keywords(named: ReadonlyMap<string, Value>, open: boolean): Value {
  const entries = new Map([...named].map(([key, value]) => [`s${key}`, { key: string(key) as Value, value }]));
  return { kind: "dict", entries, open };
}

/** Runs a function's body with its arguments bound. */
export function callFunction(m: Machine, f: FunctionValue, args: Args): Value {
  const bound = bindParameters(f, args);
  if (!m.supposing) m.recorder.noteCall(f, bound);
  const first = f.parameters[0];
  const self =
    first && (first.kind === "plain" || first.kind === "positionalOnly") ? (bound.get(first.name) ?? null) : null;
  const frame: Frame = { callee: f, self, returned: null, yielded: [] };
  const scope = innerScope(f.scope, "function", frame);
  for (const [name, value] of bound) scope.names.set(name, value);
  if (!Array.isArray(f.body)) return m.evaluate(f.body as Expr, scope);
  const input = [...bound.values()].find((value) => value.kind === "tensor") ?? null;
  const running = { node: f.node ?? f, at: m.at, self, input };
  const end = m.recorder.inCall(running, () => m.execute(f.body as readonly Stmt[], scope));
  const value = typeof end === "object" ? end.value : none;
  if (f.generator) return generated(frame);
  return frame.returned ? joinValues(frame.returned, value, m.symbols) : value;
}

/** A generator runs at once: what it yields is handed out one by one. */
function generated(frame: Frame): Value {
  let at = 0;
  return { kind: "iterator", next: () => frame.yielded[at++], open: false };
}
