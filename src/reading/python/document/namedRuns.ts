import { bareName, type Size, type Symbols, symbol } from "../run/dims.ts";
import { type Budget, Interpreter, type Library as Operations } from "../run/interpreter.ts";
import { symbolicTensor } from "../run/parameters.ts";
import { noRandoms } from "../run/randoms.ts";
import { moduleScope } from "../run/scopes.ts";
import type { Library, TensorValue } from "../run/tensorValue.ts";
import { runUncalled } from "../run/uncalled.ts";
import type { Scope, Value } from "../run/values.ts";
import { Supposed } from "../sampling/suppositions.ts";
import type { Expr, FunctionNode, Statement, Stmt } from "../syntax/ast.ts";
import { type BoundSize, Records } from "./records.ts";

/** A name or an attribute that a run has bound to a size. */
export interface NameBinding extends BoundSize {
  readonly name: string;
  /** The innermost function that the binding is in. */
  readonly around: FunctionNode | null;
}

/** One function, or the methods of one class, run with names for what they are given. */
export interface NamedRun {
  readonly symbols: Symbols;
  readonly bindings: readonly NameBinding[];
  /** Numbers that the program really gave to the parameters that sizes are named after. */
  readonly given: ReadonlyMap<string, ReadonlySet<number>>;
}

/** All functions of a module, run with names for sizes, whether or not the program calls them. */
export interface NamedRuns {
  readonly runs: readonly NamedRun[];
  /** What an expression or a target was in them. */
  at(e: Expr): readonly TensorValue[];
  runOf(tensor: TensorValue): NamedRun | undefined;
}

export interface NamedSource {
  readonly text: string;
  readonly statements: readonly Statement[];
  readonly operations: Operations;
  readonly budget: Budget;
  readonly loader: (interpreter: () => Interpreter) => ConstructorParameters<typeof Interpreter>[4];
}

/** @param real what the program really did: it decides which way its functions go. */
export function namedRuns({ text, statements, operations, budget, loader }: NamedSource, real: Records): NamedRuns {
  const records = new Records();
  const supposed = new Named(records, real, statements);
  // The module itself only has to define what it defines: nothing that it calls calls anything.
  const spent = { ...budget, depth: 1 };
  const interpreter: Interpreter = new Interpreter(
    operations,
    records,
    noRandoms(),
    spent,
    loader(() => interpreter),
  );
  const scope = moduleScope();
  interpreter.runModule(statements, scope);
  nameConstants(interpreter, scope);
  interpreter.called.clear();
  interpreter.instances.clear();
  records.startOver();
  records.takeSizes();
  spent.depth = budget.depth;
  runUncalled(interpreter, scope, records, supposed, text);
  const [tensors, targets] = [records.shown("tensors"), records.shown("targets")];
  return {
    runs: supposed.runs,
    at: (e) => [...(tensors.get(e) ?? []), ...(targets.get(e) ?? [])].reverse(),
    runOf: (tensor) => supposed.runOf(tensor),
  };
}

/** `n_embd = 64` at the top of a file is a name for a size, too. */
function nameConstants(interpreter: Interpreter, scope: Scope): void {
  for (const [name, value] of scope.names) {
    const isWritten = interpreter.bindings.get(name)?.value.kind === "int";
    if (isWritten && value.kind === "int" && value.value > 1)
      scope.names.set(name, { kind: "symbol", size: symbol(name), default: Number(value.value) });
  }
}

interface NamedParameter {
  readonly node: FunctionNode;
  readonly path: string;
  readonly value: Value;
}

function partsOf({ node, path, value }: NamedParameter): NamedParameter[] {
  if (value.kind !== "instance") return [];
  return [...value.attributes].map(([name, part]) => ({ node, path: `${path}.${name}`, value: part }));
}

class Named extends Supposed {
  readonly runs: NamedRun[] = [];
  private readonly bySymbols = new Map<Symbols, NamedRun>();
  private readonly records: Records;
  private readonly real: Records;
  private readonly statements: readonly Statement[];
  private readonly parameters: NamedParameter[] = [];

  constructor(records: Records, real: Records, statements: readonly Statement[]) {
    super();
    this.records = records;
    this.real = real;
    this.statements = statements;
  }

  /** What decides branches is as the program has it. */
  override of(node: FunctionNode, name: string, _way: number, framework: Library): Value | undefined {
    const given = this.real.given.of(node, name);
    if (given?.kind === "tensor") return symbolicTensor(given.framework ?? framework);
    const decides = given?.kind === "bool" || given?.kind === "none" || given?.kind === "string";
    return decides || given?.kind === "float" ? given : undefined;
  }

  override note(node: FunctionNode, given: ReadonlyMap<string, Value>): void {
    super.note(node, given);
    for (const [name, value] of given) this.parameters.push({ node, path: name, value });
  }

  private takeGiven(symbols: Symbols): Map<string, Set<number>> {
    const numbers = new Map<string, Set<number>>();
    for (const parameter of this.parameters.splice(0).flatMap((each) => [each, ...partsOf(each)])) {
      const { node, path, value } = parameter;
      const atom = value.kind === "symbol" ? bareName(symbols.resolve(value.size)) : null;
      const real = this.real.given.numbersOf(node, path);
      if (atom !== null && real.size > 0) numbers.set(atom, new Set([...(numbers.get(atom) ?? []), ...real]));
    }
    return numbers;
  }

  override conclude(symbols: Symbols, tensors: readonly TensorValue[]): void {
    super.conclude(symbols, tensors);
    const bindings = this.records.takeSizes().flatMap((bound) => this.binding(bound, symbols));
    const run: NamedRun = { symbols, bindings, given: this.takeGiven(symbols) };
    this.runs.push(run);
    this.bySymbols.set(symbols, run);
  }

  runOf(tensor: TensorValue): NamedRun | undefined {
    const symbols = this.symbolsOf(tensor);
    return symbols && this.bySymbols.get(symbols);
  }

  private binding({ target, size }: BoundSize, symbols: Symbols): NameBinding[] {
    if (target.kind !== "name" && target.kind !== "attribute") return [];
    const name = target.kind === "name" ? target.id : target.name;
    const resolved: Size = symbols.resolve(size);
    return name === "_" ? [] : [{ target, size: resolved, name, around: functionAround(this.statements, target) }];
  }
}

/** The innermost function around an expression. */
function functionAround(statements: readonly Statement[], e: Expr): FunctionNode | null {
  let found: FunctionNode | null = null;
  const visit = (body: readonly Stmt[]): void => {
    for (const s of body) {
      if (s.unit !== e.unit || e.start < s.start || e.end > s.end) continue;
      if (s.kind === "function") found = s;
      const parts = s as { readonly [key in "body" | "consequence" | "otherwise"]?: readonly Stmt[] };
      for (const part of [parts.body, parts.consequence, parts.otherwise]) if (part) visit(part);
    }
  };
  visit(statements.map(({ node }) => node));
  return found;
}
