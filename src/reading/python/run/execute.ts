import type { Expr, Handler, Stmt, StmtOf } from "../syntax/ast.ts";
import { tryWays } from "./alternatives.ts";
import { assignTo, deleteTarget } from "./assign.ts";
import { assume } from "./assume.ts";
import { applyDecorators, makeClass } from "./classes.ts";
import { makeFunction } from "./functions.ts";
import { importFrom, importModules, maybeMissing } from "./imports.ts";
import { joinPlaces, joinValues } from "./join.ts";
import { runFor, runWhile } from "./loops.ts";
import { type Completion, type Machine, Raised } from "./machine.ts";
import { runMatch } from "./matching.ts";
import { lookup, setName } from "./scopes.ts";
import type { Writes } from "./state.ts";
import { args, none, type Scope, unknown, type Value } from "./values.ts";

/** Runs statements in order until one of them leaves. */
export function executeBlock(m: Machine, body: readonly Stmt[], scope: Scope): Completion {
  for (const s of body) {
    const end = executeOne(m, s, scope);
    if (end !== "next") return end;
  }
  return "next";
}

/** Runs one statement. */
export function executeOne(m: Machine, s: Stmt, scope: Scope): Completion {
  m.state.step();
  switch (s.kind) {
    case "expression":
      m.evaluate(s.value, scope);
      return "next";
    case "assign": {
      const value = m.evaluate(s.value, scope);
      for (const target of s.targets) bind(m, target, s.value, value, scope);
      return "next";
    }
    case "annotated":
      if (s.value) bind(m, s.target, s.value, m.evaluate(s.value, scope), scope);
      return "next";
    case "augmented":
      return augmented(m, s, scope);
    case "return":
      return { value: s.value ? m.evaluate(s.value, scope) : none };
    case "if":
      return runIf(m, s, scope);
    case "while":
      return runWhile(m, s, scope);
    case "for":
      return runFor(m, s, scope);
    case "function": {
      const made = makeFunction(m, { name: s.name, parameters: s.parameters, body: s.body, node: s }, scope);
      setName(m, scope, s.name, applyDecorators(m, made, s.decorators, scope));
      return "next";
    }
    case "class":
      setName(m, scope, s.name, makeClass(m, s, scope));
      return "next";
    case "import":
      importModules(m, s, scope);
      return "next";
    case "from":
      importFrom(m, s, scope);
      return "next";
    case "with":
      return runWith(m, s, scope);
    case "try":
      return runTry(m, s, scope);
    case "raise":
      return raiseStatement(m, s, scope);
    case "assert":
      return runAssert(m, s, scope);
    case "delete":
      for (const target of s.targets) deleteTarget(m, target, scope);
      return "next";
    case "global":
    case "nonlocal":
      for (const name of s.names) scope.elsewhere.set(name, s.kind);
      return "next";
    case "match":
      return runMatch(m, s, scope);
    case "break":
    case "continue":
      return s.kind;
    case "pass":
    case "broken":
      return "next";
  }
}

function bind(m: Machine, target: Expr, text: Expr, value: Value, scope: Scope): void {
  assignTo(m, target, value, scope);
  m.bound(target, text, value, scope);
}

const inPlace: Readonly<Record<string, string>> = {
  "+": "iadd",
  "-": "isub",
  "*": "imul",
  "/": "itruediv",
  "//": "ifloordiv",
  "%": "imod",
  "**": "ipow",
  "@": "imatmul",
  "&": "iand",
  "|": "ior",
  "^": "ixor",
  "<<": "ilshift",
  ">>": "irshift",
};

function augmented(m: Machine, s: StmtOf<"augmented">, scope: Scope): Completion {
  const { target } = s;
  if (target.kind !== "name" && target.kind !== "attribute" && target.kind !== "subscript") return "next";
  const object = target.kind === "name" ? null : m.evaluate(target.object, scope);
  const index = target.kind === "subscript" ? m.evaluate(target.index, scope) : null;
  const old =
    target.kind === "name"
      ? lookup(m, scope, target.id)
      : index
        ? m.subscript(object!, index)
        : m.attribute(object!, (target as { name: string }).name);
  const value = m.evaluate(s.value, scope);
  const result = changed(m, s.operator, old, value);
  m.assigned(target, result);
  m.bound(target, s.value, result, scope);
  if (target.kind === "name") setName(m, scope, target.id, result);
  else if (index) m.setSubscript(object!, index, result);
  else m.setAttribute(object!, (target as { name: string }).name, result);
  return "next";
}

/** `old operator= value`: tensors and lists change in place. */
function changed(m: Machine, operator: string, old: Value, value: Value): Value {
  if (old.kind === "tensor") return m.operate(`operator.${inPlace[operator]}`, args([old, value]));
  if (old.kind === "list" && operator === "+") return m.operate("list.__iadd__", args([old, value]));
  if (old.kind === "instance") {
    const method = m.find(old, `__${inPlace[operator]}__`);
    if (method) return m.call(method, args([value]));
  }
  return m.binary(operator, old, value);
}

interface Branch {
  readonly end: Completion;
  readonly raised: Raised | null;
}

/** Runs a body, keeping an exception as a result. */
function guarded(m: Machine, body: readonly Stmt[], scope: Scope): Branch {
  try {
    return { end: m.execute(body, scope), raised: null };
  } catch (error) {
    if (error instanceof Raised) return { end: "next", raised: error };
    throw error;
  }
}

function runIf(m: Machine, s: StmtOf<"if">, scope: Scope): Completion {
  const truth = m.truth(m.evaluate(s.test, scope));
  if (truth !== null) return m.execute(truth ? s.consequence : s.otherwise, scope);
  return fork(m, scope, s.test, s.consequence, s.otherwise);
}

/** Runs both branches from the same state and goes on with what both have left. */
export function fork(
  m: Machine,
  scope: Scope,
  test: Expr | null,
  then: readonly Stmt[],
  otherwise: readonly Stmt[],
): Completion {
  const way = (truth: boolean, body: readonly Stmt[]) => () => {
    if (test) assume(m, test, truth, scope);
    return leaving(m, guarded(m, body, scope));
  };
  const ways = tryWays(m, way(true, then), way(false, otherwise), (branch) => branch.raised);
  if ("raised" in ways) throw ways.raised;
  if ("only" in ways) {
    if (test) assume(m, test, ways.which === 0, scope);
    m.state.adopt(ways.only.writes);
    return ways.only.result.end;
  }
  const [a, b] = ways.both;
  return joined(m, scope, { end: a.result.end, writes: a.writes }, { end: b.result.end, writes: b.writes });
}

/** A branch that leaves the loop leaves what it wrote with the loop. */
function leaving(m: Machine, branch: Branch): Branch {
  if (branch.raised === null && (branch.end === "break" || branch.end === "continue")) currentLoop(m)?.left(branch.end);
  return branch;
}

function currentLoop(m: Machine): { left(how: "break" | "continue"): void } | undefined {
  return (m as Machine & { loops: { left(how: "break" | "continue"): void }[] }).loops.at(-1);
}

function only(m: Machine, writes: Writes, end: Completion): Completion {
  m.state.adopt(writes);
  return end;
}

interface Ended {
  readonly end: Completion;
  readonly writes: Writes;
}

function joined(m: Machine, scope: Scope, a: Ended, b: Ended): Completion {
  const [x, y] = [a.end, b.end];
  if (typeof x === "object" && typeof y === "object") {
    m.state.adoptEither(a.writes, b.writes, joinPlaces(m.symbols));
    return { value: joinValues(x.value, y.value, m.symbols) };
  }
  if (typeof x === "object") return returnedMaybe(m, scope, x.value, b);
  if (typeof y === "object") return returnedMaybe(m, scope, y.value, a);
  if (x === y) {
    m.state.adoptEither(a.writes, b.writes, joinPlaces(m.symbols));
    return x;
  }
  if (x === "next") return only(m, a.writes, "next");
  if (y === "next") return only(m, b.writes, "next");
  m.state.adoptEither(a.writes, b.writes, joinPlaces(m.symbols));
  return "continue";
}

/** One branch has returned: the function goes on with the other, and may have given this value. */
function returnedMaybe(m: Machine, scope: Scope, value: Value, other: Ended): Completion {
  m.state.adopt(other.writes);
  let at: Scope | null = scope;
  while (at && !at.frame) at = at.outer;
  if (at?.frame)
    m.state.set(at.frame, "returned", at.frame.returned ? joinValues(at.frame.returned, value, m.symbols) : value);
  return other.end;
}

function runWith(m: Machine, s: StmtOf<"with">, scope: Scope): Completion {
  const left: Value[] = [];
  for (const { value, target } of s.items) {
    const manager = m.evaluate(value, scope);
    const enter = manager.kind === "instance" ? m.find(manager, "__enter__") : undefined;
    const entered = enter ? m.call(enter, args([])) : manager;
    if (target) assignTo(m, target, entered, scope);
    left.push(manager);
  }
  const autocasts = left.filter((manager) => manager.kind === "builtin" && manager.autocast).length;
  m.autocasts += autocasts;
  let end: Completion;
  try {
    end = m.execute(s.body, scope);
  } finally {
    m.autocasts -= autocasts;
  }
  for (const manager of left.reverse()) {
    const exit = manager.kind === "instance" ? m.find(manager, "__exit__") : undefined;
    if (exit) m.call(exit, args([none, none, none]));
  }
  return end;
}

function runTry(m: Machine, s: StmtOf<"try">, scope: Scope): Completion {
  const unsure = s.handlers.length > 0 && maybeMissing(m, s.body);
  const end = unsure ? fork(m, scope, null, s.body, s.handlers[0]!.body) : tried(m, s, scope);
  if (s.finally.length === 0) return end;
  const last = m.execute(s.finally, scope);
  return last === "next" ? end : last;
}

function tried(m: Machine, s: StmtOf<"try">, scope: Scope): Completion {
  try {
    const end = m.execute(s.body, scope);
    return end === "next" ? m.execute(s.otherwise, scope) : end;
  } catch (error) {
    if (!(error instanceof Raised)) throw error;
    const handler = s.handlers.find((h) => catches(m, h, error, scope));
    if (!handler) {
      if (s.finally.length > 0) m.execute(s.finally, scope);
      throw error;
    }
    if (handler.name) setName(m, scope, handler.name, error.value ?? unknown("python.exception", undefined, "other"));
    return m.execute(handler.body, scope);
  }
}

const families: Readonly<Record<string, readonly string[]>> = {
  ArithmeticError: ["ZeroDivisionError", "OverflowError"],
  LookupError: ["KeyError", "IndexError"],
  ImportError: ["ModuleNotFoundError"],
};

function catches(m: Machine, h: Handler, error: Raised, scope: Scope): boolean {
  if (!h.type) return true;
  const type = m.evaluate(h.type, scope);
  const types = type.kind === "tuple" ? type.items : [type];
  return types.some((t) => {
    const name = t.kind === "library" ? t.path.replace(/^builtins\./, "") : t.kind === "class" ? t.name : "Exception";
    return (
      name === error.type ||
      name === "Exception" ||
      name === "BaseException" ||
      (families[name]?.includes(error.type) ?? false)
    );
  });
}

function raiseStatement(m: Machine, s: StmtOf<"raise">, scope: Scope): never {
  const value = s.value ? m.evaluate(s.value, scope) : null;
  const type = value?.kind === "instance" ? value.type : value;
  const name =
    type?.kind === "library" ? type.path.replace(/^builtins\./, "") : type?.kind === "class" ? type.name : "Exception";
  throw new Raised(name, { code: "python.raised", args: { type: name } }, value);
}

function runAssert(m: Machine, s: StmtOf<"assert">, scope: Scope): Completion {
  const truth = m.truth(m.evaluate(s.test, scope));
  if (truth === false) throw new Raised("AssertionError", { code: "python.raised", args: { type: "AssertionError" } });
  if (truth === null) assume(m, s.test, true, scope);
  return "next";
}
