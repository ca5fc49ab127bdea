import type { Message } from "../../../tensor/message.ts";
import type { TextRange } from "../../document.ts";
import { afterUnclear, intoOut } from "../operations/opaque.ts";
import { Given, type Operation } from "../operations/operation.ts";
import { type Expr, rangeOf, type Statement, type Stmt } from "../syntax/ast.ts";
import { tryWays } from "./alternatives.ts";
import { findAttribute, type Names, setAttributeOf } from "./attributes.ts";
import { underAutocast } from "./autocast.ts";
import { binaryOperation } from "./binary.ts";
import type { Effort } from "./buffer.ts";
import { callValue } from "./calls.ts";
import { isModule } from "./classes.ts";
import { Symbols } from "./dims.ts";
import { evaluateNode } from "./evaluate.ts";
import { executeBlock, executeOne } from "./execute.ts";
import { iterateValue } from "./iterate.ts";
import { joinPlaces, joinValues } from "./join.ts";
import type { Loop } from "./loops.ts";
import {
  type Completion,
  type LoopBudget,
  type Machine,
  Raised,
  type Randoms,
  type Sampling,
  type SearchFolder,
  Unclear,
} from "./machine.ts";
import type { Recorder } from "./recorder.ts";
import { setName } from "./scopes.ts";
import { nameSizes } from "./sizeNames.ts";
import { BudgetSpent, State } from "./state.ts";
import { getItem, setItem } from "./subscripts.ts";
import type { TensorValue } from "./tensorValue.ts";
import { str } from "./text.ts";
import { truthOf } from "./truth.ts";
import { type Args, type ClassValue, type InstanceValue, type Scope, unknown, type Value } from "./values.ts";

/** What one run may spend. */
export interface Budget {
  readonly steps: number;
  readonly depth: number;
  /** What one loop may spend before its further rounds are taken to be alike. */
  readonly loop: LoopBudget;
  /** Steps for one function that nobody calls, and for all of them. */
  readonly uncalled: { readonly each: number; readonly together: number };
  /** Elements that may be computed or drawn, because what the program does depends on them. */
  readonly elements: number;
}

/** What happened on the way: an exception that the program would raise, or a budget that was spent. */
export interface Incident {
  readonly range: TextRange;
  readonly why: Message;
  readonly type: string;
}

export interface Library {
  readonly operations: ReadonlyMap<string, Operation>;
  readonly names: Names;
}

type Loader = (module: string, from: Scope, folders: readonly SearchFolder[]) => Scope | null;

/** Runs Python over tensors whose shapes and values may be known in part. One a run. */
export class Interpreter implements Machine {
  readonly state: State;
  symbols = new Symbols();
  readonly randoms: Randoms;
  readonly loops: Loop[] = [];
  readonly incidents: Incident[] = [];
  readonly called = new Set<unknown>();
  /** What was called while code that nobody calls was run. */
  readonly reached = new Set<unknown>();
  /** An instance of each class that the program has made. */
  readonly instances = new Map<ClassValue, InstanceValue>();
  /** What runs now is what nobody calls. */
  supposing = false;
  autocasts = 0;
  readonly sampling: Sampling | null;
  /** For each name of the module: where it was bound last, and to which expression. */
  readonly bindings = new Map<string, { readonly target: Expr; readonly value: Expr }>();
  private readonly framework: Library;
  readonly recorder: Recorder;
  readonly budget: Budget;
  readonly effort: Effort;
  readonly folders: SearchFolder[] = [];
  private readonly loader: Loader;
  private depth = 0;
  at: Expr | null = null;

  constructor(
    framework: Library,
    recorder: Recorder,
    randoms: Randoms,
    budget: Budget,
    loader: Loader,
    sampling: Sampling | null = null,
  ) {
    this.framework = framework;
    this.recorder = recorder;
    this.budget = budget;
    this.effort = { left: budget.elements };
    this.loader = loader;
    this.randoms = randoms;
    this.state = new State(budget.steps, (target) => {
      if (isTensor(target)) this.freeze(target);
    });
    this.sampling = sampling;
  }

  get symbolic(): boolean {
    return this.supposing && this.sampling === null;
  }

  evaluate(e: Expr, scope: Scope): Value {
    this.state.step();
    const value = evaluateNode(this, e, scope);
    if (this.symbolic && value.kind === "tensor") nameSizes(this, value);
    if (value.kind === "tensor") this.recorder.note(e, value, this.state.watched);
    else if (value.kind === "tuple" && e.kind === "call" && value.items[0]?.kind === "tensor")
      this.recorder.noteFirst(e, value.items[0], this.state.watched);
    else if (this.supposing && value.kind !== "unknown") this.recorder.noteOther(e);
    if (value.kind === "instance" && value !== scope.frame?.self && isModule(value)) this.recorder.noteLayer(e, value);
    return value;
  }

  freeze(tensor: TensorValue): void {
    this.recorder.freeze(tensor);
  }

  execute(body: readonly Stmt[], scope: Scope): Completion {
    return executeBlock(this, body, scope);
  }

  call(callee: Value, args: Args): Value {
    if (this.depth >= this.budget.depth) return unknown("python.tooDeep", { limit: this.budget.depth });
    this.depth++;
    const before = this.at;
    if (args.at) this.at = args.at;
    try {
      return callValue(this, callee, args);
    } finally {
      this.depth--;
      this.at = before;
    }
  }

  attribute(object: Value, name: string): Value {
    const found = this.find(object, name);
    if (found) return found;
    throw new Raised("AttributeError", { code: "python.noAttribute", args: { name, kind: object.kind } });
  }

  find(object: Value, name: string): Value | undefined {
    return findAttribute(this, this.framework.names, object, name);
  }

  setAttribute(object: Value, name: string, value: Value): void {
    setAttributeOf(this, object, name, value);
  }

  binary(operator: string, left: Value, right: Value): Value {
    return binaryOperation(this, operator, left, right);
  }

  subscript(object: Value, index: Value): Value {
    return getItem(this, object, index);
  }

  setSubscript(object: Value, index: Value, value: Value): void {
    setItem(this, object, index, value);
  }

  bound(target: Expr, value: Expr, result: Value, scope: Scope): void {
    if (target.kind === "tuple" || target.kind === "list") {
      const parts =
        (value.kind === "tuple" || value.kind === "list") && value.items.length === target.items.length
          ? value.items
          : null;
      for (const [at, item] of target.items.entries()) this.bound(item, parts?.[at] ?? value, result, scope);
    } else if (target.kind === "name" && scope.kind === "module") this.bindings.set(target.id, { target, value });
  }

  assigned(target: Expr, value: Value): void {
    if (value.kind === "tensor") this.recorder.noteTarget(target, value, this.state.watched);
    else if (value.kind === "int" || value.kind === "symbol") this.recorder.noteSize(target, value);
    else if (isModule(value)) this.recorder.noteLayerTarget(target, value);
  }

  truth(value: Value): boolean | null {
    return truthOf(this, value);
  }

  iterate(value: Value) {
    return iterateValue(this, value);
  }

  choose(condition: boolean | null, then: () => Value, otherwise: () => Value): Value {
    if (condition !== null) return condition ? then() : otherwise();
    const ways = tryWays(
      this,
      () => this.outcome(then),
      () => this.outcome(otherwise),
      (result) => (result instanceof Raised ? result : null),
    );
    if ("raised" in ways) throw ways.raised;
    if ("only" in ways) {
      this.state.adopt(ways.only.writes);
      return ways.only.result as Value;
    }
    const [a, b] = ways.both;
    this.state.adoptEither(a.writes, b.writes, joinPlaces(this.symbols));
    return joinValues(a.result as Value, b.result as Value, this.symbols);
  }

  private outcome(run: () => Value): Value | Raised {
    try {
      return run();
    } catch (error) {
      if (error instanceof Raised) return error;
      throw error;
    }
  }

  has(path: string): boolean {
    return this.framework.operations.has(path);
  }

  knows(path: string): boolean {
    return this.framework.names.knows(path);
  }

  operate(path: string, args: Args): Value {
    const operation = this.framework.operations.get(path);
    if (!operation) return unknown("python.unsupported", { what: path });
    try {
      const value = operation.run(new Given(operation, args, path), this);
      if (value.kind === "tensor" && value.by && !value.by.at) value.by.at = args.at ?? this.at;
      return intoOut(this, path, args, this.autocasts > 0 ? underAutocast(path, args, value) : value);
    } catch (error) {
      if (error instanceof Unclear) {
        afterUnclear(this, path, args);
        return { kind: "unknown", why: error.why, ...(error.type ? { type: error.type } : {}) };
      }
      if (error instanceof Raised) this.blame(error, args.at ?? this.at);
      throw error;
    }
  }

  private blame(error: Raised & { at?: Expr | null }, at: Expr | null): void {
    error.at ??= at;
  }

  load(module: string, from: Scope): Scope | null {
    return this.loader(module, from, this.folders);
  }

  text(value: Value): string | null {
    return str(value);
  }

  /**
   * Runs a module's statements. One that raises, or that is not supported, leaves what it would have bound unknown,
   * and the next goes on: half-typed code keeps what is above and around it.
   */
  runModule(statements: readonly Statement[], scope: Scope): void {
    for (const { node } of statements) if (!this.attempt(node, () => void executeOne(this, node, scope), scope)) return;
  }

  /** Runs something on a statement's behalf. false: the program has ended. */
  attempt(node: Stmt, run: () => void, scope: Scope, binds = true): boolean {
    try {
      run();
    } catch (error) {
      if (error instanceof Raised && (error.type === "SystemExit" || error.type === "KeyboardInterrupt")) return false;
      const incident = this.incidentOf(error, node);
      if (!node.unit.foreign) this.incidents.push(incident);
      for (const name of binds ? boundNames(node) : [])
        setName(this, scope, name, { kind: "unknown", why: incident.why });
      this.depth = 0;
      this.loops.length = 0;
      if (error instanceof BudgetSpent)
        this.state.stepLimit = this.state.steps + Math.max(2000, this.budget.steps / 20);
    }
    return true;
  }

  private incidentOf(error: unknown, node: Stmt): Incident {
    if (error instanceof Raised)
      return { range: rangeOf((error as Raised & { at?: Expr | null }).at ?? node), why: error.why, type: error.type };
    if (error instanceof BudgetSpent) return { range: rangeOf(node), why: { code: "python.budget" }, type: "budget" };
    if (error instanceof RangeError && /stack/.test(error.message))
      return {
        range: rangeOf(node),
        why: { code: "python.tooDeep", args: { limit: this.budget.depth } },
        type: "budget",
      };
    if (error instanceof Unclear) return { range: rangeOf(node), why: error.why, type: "unclear" };
    return { range: rangeOf(node), why: { code: "python.failed", args: { text: String(error) } }, type: "bug" };
  }
}

/** Names that a statement would have bound. */
function boundNames(s: Stmt): string[] {
  switch (s.kind) {
    case "assign":
      return s.targets.flatMap(targetNames);
    case "annotated":
    case "augmented":
      return targetNames(s.target);
    case "for":
      return [...targetNames(s.target), ...s.body.flatMap(boundNames)];
    case "if":
      return [...s.consequence, ...s.otherwise].flatMap(boundNames);
    case "while":
      return s.body.flatMap(boundNames);
    case "with":
      return s.body.flatMap(boundNames);
    case "try":
      return [...s.body, ...s.handlers.flatMap((h) => h.body)].flatMap(boundNames);
    case "function":
    case "class":
      return [s.name];
    default:
      return [];
  }
}

function targetNames(e: Expr): string[] {
  if (e.kind === "name") return [e.id];
  if (e.kind === "tuple" || e.kind === "list") return e.items.flatMap(targetNames);
  return e.kind === "starred" ? targetNames(e.value) : [];
}

function isTensor(target: object): target is TensorValue {
  return "kind" in target && target.kind === "tensor";
}
