import { tell } from "../operations/ranks.ts";
import type { SampledParameters } from "../sampling/sampledParameters.ts";
import { Supposed } from "../sampling/suppositions.ts";
import type { FunctionNode } from "../syntax/ast.ts";
import { findInClass, functionsOf } from "./classes.ts";
import { commentedShapes } from "./commentShapes.ts";
import { namelessSize, type Size, Symbols } from "./dims.ts";
import type { Interpreter } from "./interpreter.ts";
import { quietly } from "./machine.ts";
import { symbolicParameter } from "./parameters.ts";
import type { Stretch } from "./recorder.ts";
import { named } from "./sizeNames.ts";
import type { Writes } from "./state.ts";
import { dimsOf, dtypeOf, fixedDType, fixedShape, type Library, type TensorValue } from "./tensorValue.ts";
import { type Usage, usages } from "./usage.ts";
import { args, type ClassValue, type FunctionValue, type InstanceValue, type Scope, type Value } from "./values.ts";

/** Where it can be asked which tensors have been noted since; layers are kept as they are now. */
interface Notes {
  readonly since: (mark: number) => readonly TensorValue[];
  readonly layerPlaces: { keep(symbols: Symbols): void };
}

/** Where the parameters of what nobody calls come from: names for sizes, remembered; or samples of what was remembered. */
export type Given = Supposed | SampledParameters;

/**
 * Runs what the module defines and nobody calls, with names for sizes or with samples: the last class first, since it is
 * likely to use those above it.
 */
export function runUncalled(m: Interpreter, scope: Scope, notes: Notes, given: Given, text: string): void {
  const run: Uncalled = { m, scope, notes, given, text, framework: libraryOf(scope) };
  const values = [...scope.names.values()].filter((v, at, all) => all.indexOf(v) === at).reverse();
  const limit = m.state.steps + m.budget.uncalled.together;
  // Functions come last: those that only put classes together cost much and tell little.
  for (const value of [...values].sort((a, b) => Number(a.kind === "function") - Number(b.kind === "function"))) {
    if (m.state.steps > limit) return;
    if (value.kind === "class" && !value.body[0]?.unit.foreign) runClass(run, value);
    else if (value.kind === "function" && value.node && !value.node.unit.foreign && !m.called.has(value.node)) {
      alone(run, value.node, (way) => runFunction(run, value, null, way));
    }
  }
}

interface Uncalled {
  readonly m: Interpreter;
  readonly scope: Scope;
  readonly notes: Notes;
  readonly given: Given;
  readonly text: string;
  readonly framework: Library;
}

/** Which library the tensors of a file are of that are not made in it. */
function libraryOf(scope: Scope): Library {
  const roots = new Set([...scope.names.values()].map((v) => (v.kind === "library" ? v.path.split(".")[0] : "")));
  return roots.has("torch")
    ? "torch"
    : roots.has("jax")
      ? "jax"
      : roots.has("tensorflow")
        ? "tensorflow"
        : roots.has("numpy")
          ? "numpy"
          : "torch";
}

/** Runs something under names of its own and undoes what it changed; what was noted keeps what is concluded. */
function alone(uncalled: Uncalled, node: FunctionNode, run: (way: number) => void): void {
  const { m, given } = uncalled;
  const mark = m.recorder.mark();
  const ways = given instanceof Supposed || !given.leavesOpen(node) ? 1 : given.ways;
  const called = [...m.called];
  for (let way = 0; way < ways; way++) {
    m.recorder.undo(mark);
    m.called.clear();
    for (const each of called) m.called.add(each);
    const incidents = m.incidents.length;
    supposed(uncalled, node, () => run(way));
    if (m.incidents.length === incidents) return;
  }
}

function supposed({ m, scope, notes, given }: Uncalled, node: FunctionNode, run: () => void): void {
  const before = m.symbols;
  const mark = m.recorder.mark();
  m.symbols = new Symbols();
  m.state.stepLimit = m.state.steps + m.budget.uncalled.each;
  m.supposing = true;
  try {
    m.state.speculate(() => {
      m.attempt(node, run, scope, false);
      m.recorder.suppose({ unit: null, start: 0, end: 0 });
      const noted = notes.since(mark);
      for (const tensor of noted) settle(m, tensor);
      notes.layerPlaces.keep(m.symbols);
      if (given instanceof Supposed) given.conclude(m.symbols, noted);
    });
  } finally {
    m.symbols = before;
    m.supposing = false;
  }
}

/** Fixes what is known of a tensor now: what the supposed run has written is undone after it. */
function settle(m: Interpreter, tensor: TensorValue): void {
  const dims = dimsOf(tensor);
  if (dims) tensor.shape = fixedShape((m.symbolic ? named(m, dims) : dims).map((d) => m.symbols.resolve(d)));
  const dtype = dtypeOf(tensor);
  if (dtype && tensor.dtype.open) tensor.dtype = fixedDType(dtype);
}

function runClass(uncalled: Uncalled, type: ClassValue): void {
  const { m, scope } = uncalled;
  const waiting = functionsOf(type).filter((f) => f.node && !f.node.unit.foreign && !m.called.has(f.node));
  if (waiting.length === 0 || type.enumeration) return;
  const node = waiting.find((f) => f.name === "forward")?.node ?? waiting[0]!.node!;
  alone(uncalled, node, (way) => {
    m.reached.clear();
    const self = m.instances.get(type) ?? makeInstance(uncalled, type, way);
    // What the constructor calls is told as it finds it: layers that it makes later are not there yet.
    const ofConstructor = new Set(m.reached);
    m.reached.clear();
    const run = (f: FunctionValue): void => {
      if (!m.called.has(f.node)) m.attempt(f.node!, () => runFunction(uncalled, f, self, way), scope, false);
    };
    const order = [...waiting].sort((a, b) => rank(a) - rank(b));
    const first = order.filter((f) => rank(f) <= 0);
    const { writes } = settled(uncalled, () => first.forEach(run));
    const rest = order.filter((f) => rank(f) > 0 && !ofConstructor.has(f.node));
    const helpers = new Set(rest.filter((f) => m.reached.has(f.node)));
    // A helper is told as its first call finds it: what forward has kept by then is not there yet.
    for (const f of helpers) settled(uncalled, () => run(f));
    m.state.adopt(writes);
    for (const f of rest) if (!helpers.has(f)) run(f);
  });
}

/** Runs something, fixes what it noted, and undoes what it wrote. */
function settled({ m, notes }: Uncalled, run: () => void): { readonly writes: Writes } {
  const mark = m.recorder.mark();
  return m.state.speculate(() => {
    run();
    for (const tensor of notes.since(mark)) settle(m, tensor);
  });
}

/** forward first: it calls the others with what they are really given. */
function rank(f: FunctionValue): number {
  return f.name === "forward" || f.name === "__call__" || f.name === "call" ? 0 : f.name === "setUp" ? -1 : 1;
}

/** An instance with names for what its constructor is given. One whose constructor fails has what it got until then. */
function makeInstance(uncalled: Uncalled, type: ClassValue, way: number): InstanceValue {
  const { m, scope } = uncalled;
  const instance: InstanceValue = { kind: "instance", type, attributes: new Map(), data: {}, open: true };
  const init = findInClass(m, type, "__init__");
  if (init?.kind === "function" && init.node)
    instance.open = !completes(m, () =>
      m.attempt(init.node!, () => runFunction(uncalled, init, instance, way), scope, false),
    );
  else if (init) quietly(() => m.call({ kind: "bound", self: instance, callee: init }, args([])));
  else if (type.dataclass)
    for (const field of type.dataclass.fields) if (field.default) instance.attributes.set(field.name, field.default);
  return instance;
}

/** Whether something ran to its end. */
function completes(m: Interpreter, run: () => void): boolean {
  const before = m.incidents.length;
  run();
  return m.incidents.length === before;
}

/** The class that a constructor stands in: what its other methods do for the constructor is its own doing. */
function homeOf(self: Value, init: FunctionNode): Stretch | undefined {
  const types = self.kind === "instance" && self.type.kind === "class" ? [self.type, ...self.type.ancestors] : [];
  return types
    .flatMap((type) => (type.kind === "class" && type.body.length > 0 ? [type.body] : []))
    .map((body) => ({ unit: body[0]!.unit, start: body[0]!.start, end: body.at(-1)!.end }))
    .find(({ unit, start, end }) => unit === init.unit && start <= init.start && init.end <= end);
}

/** Calls a function with a name or a tensor for each of its parameters. */
function runFunction(uncalled: Uncalled, f: FunctionValue, self: Value | null, way: number): void {
  const { m, scope, framework, given } = uncalled;
  const constructs = f.name === "__init__";
  if (f.node) {
    m.recorder.suppose((constructs && self && homeOf(self, f.node)) || f.node);
    m.called.add(f.node);
  }
  const usage = usages(f.parameters, f.body);
  const isStatic =
    self !== null &&
    self.kind === "instance" &&
    self.type.kind === "class" &&
    [...self.type.attributes.values()].some((v) => v.kind === "property" && v.getter === f && v.wraps === "static");
  const bound = self !== null && !isStatic;
  const findClass = (name: string): ClassValue | undefined => {
    const value = scope.names.get(name);
    return value?.kind === "class" ? value : undefined;
  };
  const mark = m.recorder.mark();
  const values = new Map<string, Value>();
  for (const p of bound ? f.parameters.slice(1) : f.parameters) {
    if (p.kind === "rest" || p.kind === "keywords") continue;
    const known = f.node ? given.of(f.node, p.name, way, framework) : undefined;
    values.set(p.name, known ?? symbolicParameter(m, p, f.defaults, { constructs, framework, usage, findClass }));
  }
  if (f.node && given instanceof Supposed) given.note(f.node, values);
  const positional = f.parameters
    .filter((p) => p.kind === "positionalOnly" && values.has(p.name))
    .map((p) => values.get(p.name)!);
  const parameters = [...values];
  for (const p of f.parameters) if (p.kind === "positionalOnly") values.delete(p.name);
  try {
    m.call(bound ? { kind: "bound", self: self!, callee: f } : f, { positional, named: values, open: false, at: null });
  } finally {
    for (const [name, value] of parameters)
      if (value.kind === "tensor") concludeFloat(uncalled, name, value, mark, usage.get(name));
    if (f.node) believeComments(uncalled, f.node, new Map(parameters), mark);
  }
}

/** Where the code does not tell the rank of a parameter, its comment is believed, and it is said that it was. */
function believeComments(
  { m, text, notes }: Uncalled,
  node: FunctionNode,
  parameters: ReadonlyMap<string, Value>,
  mark: number,
): void {
  const shapes = commentedShapes(text, node);
  if (shapes.size === 0) return;
  const open = notes.since(mark).filter((t) => dimsOf(t) === null);
  for (const [name, sizes] of shapes) {
    const t = parameters.get(name);
    if (t?.kind === "tensor" && dimsOf(t) === null) tell(t, sizes.map(sizeFrom(m)), m);
  }
  for (const t of open) if (dimsOf(t) !== null) t.why = { code: "python.commented" };
}

/** A size as a comment writes it. */
function sizeFrom(m: Interpreter): (text: string, axis: number) => Size {
  return (text, axis) =>
    /^\d+$/.test(text) ? Number(text) : m.symbols.named(/^\w+$/.test(text) ? text : namelessSize(axis));
}

/** What may be a mask, a number of a token or a position: names that say nothing of a dtype. */
const notSurelyFloat =
  /mask|id(s|x)?$|ind(ex|ices)|token|label|target|tgt|trg|src|source|seq|len|num|pos|time|step|word|char|caption|text|batch|data|valid|causal|bool|edge|adj/i;

/** A parameter of which PyTorch code tells everything but its dtype holds floats, of the default dtype. */
function concludeFloat({ m, notes }: Uncalled, name: string, t: TensorValue, mark: number, usage?: Usage): void {
  if (t.framework !== "torch" || !t.dtype.open || dtypeOf(t) !== null) return;
  if (dimsOf(t) === null || notSurelyFloat.test(name)) return;
  // What is looked up, or looked for in it, such as padding, is the number of a token.
  if (usage?.lookedUp || usage?.methods.has("eq") || usage?.methods.has("ne")) return;
  // Of what is only measured or converted, such as a sequence of tokens that a mask is made for, nothing tells what it holds.
  const uses = notes.since(mark).filter(({ by }) => by?.inputs.includes(t) && !/^(convert|to)$/.test(by.operation));
  if (uses.length === 0 || uses.some(({ by }) => /^(eq|ne)$/.test(by!.operation))) return;
  m.state.set(t.dtype, "dtype", "float32");
}
