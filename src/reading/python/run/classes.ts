import type { Expr, StmtOf } from "../syntax/ast.ts";
import { keyOf } from "./keys.ts";
import type { Machine } from "./machine.ts";
import { raise } from "./machine.ts";
import { innerScope } from "./scopes.ts";
import {
  type Args,
  args,
  type ClassValue,
  type FunctionValue,
  type InstanceValue,
  type LibraryValue,
  none,
  type Scope,
  unknown,
  type Value,
} from "./values.ts";

type Field = NonNullable<ClassValue["dataclass"]>["fields"][number];

/** `class`: runs its body, finds its ancestors. */
export function makeClass(m: Machine, s: StmtOf<"class">, scope: Scope): Value {
  const bases: (ClassValue | LibraryValue)[] = [];
  let opaque = false;
  for (const { name, value } of s.bases) {
    const base = m.evaluate(value, scope);
    if (name !== "") opaque ||= base.kind !== "library";
    else if (base.kind === "class" || base.kind === "library") bases.push(base);
    else if (base.kind !== "unknown" || base.type !== "other") opaque = true;
  }
  const inner = innerScope(scope, "class", null);
  m.execute(s.body, inner);
  const dataclass = dataFields(m, s, inner, bases, scope);
  const made: ClassValue = {
    kind: "class",
    name: s.name,
    ancestors: [],
    attributes: inner.names,
    body: s.body,
    dataclass,
    opaque: opaque || bases.some((b) => b.kind === "class" && b.opaque),
    enumeration: bases.some((b) => (b.kind === "library" ? /^enum\./.test(b.path) : b.enumeration)),
  };
  (made as { ancestors: unknown }).ancestors = ancestorsOf(made, bases);
  for (const value of inner.names.values()) own(value, made);
  if (made.enumeration) enumerate(made);
  return applyDecorators(
    m,
    made,
    s.decorators.filter((d) => !isDataclass(m, d, scope)),
    scope,
  );
}

/** Methods know the class that `super()` in them starts from. */
function own(value: Value, owner: ClassValue): void {
  if (value.kind === "function") value.owner ??= owner;
  else if (value.kind === "property") {
    if (value.getter) own(value.getter, owner);
    if (value.setter) own(value.setter, owner);
  }
}

/** This class first, then its bases' ancestors; one that is met again moves to its last place. */
function ancestorsOf(self: ClassValue, bases: readonly (ClassValue | LibraryValue)[]): (ClassValue | LibraryValue)[] {
  const all: (ClassValue | LibraryValue)[] = [self];
  for (const base of bases) all.push(...(base.kind === "class" ? base.ancestors : [base]));
  const identity = (c: ClassValue | LibraryValue) => (c.kind === "library" ? c.path : c);
  return all.filter((c, at) => all.findLastIndex((other) => identity(other) === identity(c)) === at);
}

function enumerate(made: ClassValue): void {
  for (const [name, value] of made.attributes) {
    if (name.startsWith("_") || value.kind === "function" || value.kind === "property") continue;
    const member: InstanceValue = {
      kind: "instance",
      type: made,
      attributes: new Map<string, Value>([
        ["value", value],
        ["name", { kind: "string", value: name }],
      ]),
      data: {},
      open: false,
    };
    made.attributes.set(name, member);
  }
}

function isDataclass(m: Machine, decorator: Expr, scope: Scope): boolean {
  const value = m.evaluate(decorator.kind === "call" ? decorator.callee : decorator, scope);
  return (
    value.kind === "library" &&
    /(^|\.)(dataclass|define|s)$/.test(value.path) &&
    /^(dataclasses|attr|attrs|pydantic|chex|flax)/.test(value.path)
  );
}

function dataFields(
  m: Machine,
  s: StmtOf<"class">,
  inner: Scope,
  bases: readonly (ClassValue | LibraryValue)[],
  scope: Scope,
): ClassValue["dataclass"] {
  const inherited = bases.flatMap((b) => (b.kind === "class" && b.dataclass ? b.dataclass.fields : []));
  const named = bases.some((b) => b.kind === "library" && /^typing\.NamedTuple$|^pydantic\.BaseModel$/.test(b.path));
  const isData = named || s.decorators.some((d) => isDataclass(m, d, scope));
  if (!isData) return inherited.length > 0 ? { fields: inherited } : null;
  const fields = new Map<string, Field>(inherited.map((f) => [f.name, f]));
  for (const part of s.body) {
    if (part.kind !== "annotated" || part.target.kind !== "name") continue;
    const value = inner.names.get(part.target.id) ?? null;
    fields.set(part.target.id, { name: part.target.id, ...defaultOf(value) });
  }
  return { fields: [...fields.values()] };
}

function defaultOf(value: Value | null): Omit<Field, "name"> {
  if (value?.kind !== "instance" || value.type.kind !== "library" || value.type.path !== "dataclasses.field")
    return { default: value, factory: null, init: true };
  const part = (name: string): Value | null => value.attributes.get(name) ?? null;
  const init = part("init");
  return {
    default: part("default"),
    factory: part("default_factory"),
    init: !(init?.kind === "bool" && init.value === false),
  };
}

/** Calls a class: makes an instance and runs what initialises it. */
export function instantiate(m: Machine, type: ClassValue, given: Args): Value {
  if (type.enumeration) return enumerationMember(type, given);
  const instance: InstanceValue = { kind: "instance", type, attributes: new Map(), data: {}, open: type.opaque };
  if (!m.supposing && !m.instances.has(type)) m.instances.set(type, instance);
  const init = findInClass(m, type, "__init__");
  if (init) m.call({ kind: "bound", self: instance, callee: init }, given);
  else if (type.dataclass) fillFields(m, instance, type.dataclass.fields, given);
  else if (type.ancestors.some((a) => a.kind === "library" && a.path !== "builtins.object")) instance.open = true;
  return instance;
}

function enumerationMember(type: ClassValue, given: Args): Value {
  const key = given.positional[0] ? keyOf(given.positional[0]) : null;
  for (const member of type.attributes.values()) {
    if (member.kind === "instance" && key !== null && keyOf(member.attributes.get("value") ?? none) === key)
      return member;
  }
  return unknown("python.undecided", undefined, "other");
}

function argumentOf({ name }: Field, positional: Value[], given: Args): Value | null {
  return positional.shift() ?? given.named.get(name) ?? (given.open ? unknown("python.openArguments", { name }) : null);
}

function fillFields(m: Machine, instance: InstanceValue, fields: readonly Field[], given: Args): void {
  const positional = [...given.positional];
  for (const field of fields) {
    const value =
      (field.init ? argumentOf(field, positional, given) : null) ??
      field.default ??
      (field.factory ? m.call(field.factory, args([])) : null);
    if (!value && !field.init) continue;
    m.state.setKey(
      instance.attributes,
      field.name,
      value ??
        raise("TypeError", "python.missingArgument", {
          name: field.name,
          function: (instance.type as ClassValue).name,
        }),
    );
  }
  const after = findInClass(m, instance.type as ClassValue, "__post_init__");
  if (after) m.call({ kind: "bound", self: instance, callee: after }, args([]));
}

/** An attribute of a class, through its ancestors: the raw function or value; library ancestors give their operations. */
export function findInClass(
  m: Machine,
  type: ClassValue,
  name: string,
  after: ClassValue | null = null,
): Value | undefined {
  const from = after ? type.ancestors.indexOf(after) + 1 : 0;
  for (const ancestor of type.ancestors.slice(from)) {
    if (ancestor.kind === "class") {
      const value = ancestor.attributes.get(name);
      if (value) return value;
    } else if (m.has(`${moduleLike(ancestor.path)}.${name}`))
      return { kind: "library", path: `${moduleLike(ancestor.path)}.${name}` };
    else if (isModuleClass(ancestor.path) && m.has(`torch.nn.Module.${name}`))
      return { kind: "library", path: `torch.nn.Module.${name}` };
  }
  return undefined;
}

/** Classes of other libraries that are torch.nn.Module with more around it. */
export function moduleLike(path: string): string {
  if (path.startsWith("torch.")) return path;
  return /(^|\.)(LightningModule|PreTrainedModel|ModelMixin|PyTorchModelHubMixin)$/.test(path)
    ? "torch.nn.Module"
    : path;
}

/** Whether a library class is a torch.nn.Module. */
export function isModuleClass(path: string): boolean {
  const known = moduleLike(path);
  return known.startsWith("torch.nn.") && /\.[A-Z]\w*$/.test(path) && !path.endsWith(".Parameter");
}

/** torch.autograd.Function, by either of its names. */
export function isAutogradFunction(path: string): boolean {
  return path === "torch.autograd.Function" || path === "torch.autograd.function.Function";
}

/** Whether an instance is a torch.nn.Module. */
export function isModule(value: Value): value is InstanceValue {
  if (value.kind !== "instance") return false;
  return value.type.kind === "library"
    ? isModuleClass(value.type.path)
    : value.type.ancestors.some((a) => a.kind === "library" && isModuleClass(a.path));
}

/** Whether it is an instance of a class of this name, by ancestry. */
export function isInstanceOf(value: InstanceValue, type: ClassValue | LibraryValue): boolean {
  if (value.type.kind === "library")
    return (
      type.kind === "library" &&
      (value.type.path === type.path || (type.path === "torch.nn.Module" && isModuleClass(value.type.path)))
    );
  return value.type.ancestors.some(
    (a) =>
      a === type ||
      (a.kind === "library" &&
        type.kind === "library" &&
        (a.path === type.path || (type.path === "torch.nn.Module" && isModuleClass(a.path)))),
  );
}

/** Decorators from the nearest outwards. Ones of libraries are taken to leave shapes alone, but for those that map. */
export function applyDecorators(m: Machine, made: Value, decorators: readonly Expr[], scope: Scope): Value {
  let value = made;
  for (const decorator of [...decorators].reverse())
    value = decorated(m, value, decorator, m.evaluate(decorator, scope));
  return value;
}

const transforming = /(^|\.)(vmap|pmap|grad|value_and_grad|vectorize|scan|xmap|contextmanager)$/;

function decorated(m: Machine, value: Value, text: Expr, decorator: Value): Value {
  if (
    text.kind === "attribute" &&
    text.name === "setter" &&
    decorator.kind === "bound" &&
    decorator.self.kind === "property"
  ) {
    return { ...decorator.self, setter: value };
  }
  if (decorator.kind === "library") {
    const wraps = {
      "builtins.property": "property",
      "builtins.staticmethod": "static",
      "builtins.classmethod": "class",
      "functools.cached_property": "property",
    }[decorator.path];
    if (wraps) return { kind: "property", getter: value, wraps: wraps as "property" };
    return transforming.test(decorator.path) ? unknown("python.unsupported", { what: decorator.path }) : value;
  }
  if (decorator.kind === "unknown" || decorator.kind === "none" || decorator.kind === "instance") return value;
  if (text.kind === "call" && decorator.kind === "bound") return value;
  const result = m.call(decorator, args([value]));
  return result.kind === "unknown" || result.kind === "none" ? value : result;
}

/** The methods of a class that are functions, for running those that nobody calls. */
export function functionsOf(type: ClassValue): FunctionValue[] {
  const found: FunctionValue[] = [];
  for (const value of type.attributes.values()) {
    const f = value.kind === "property" ? value.getter : value;
    if (f?.kind === "function") found.push(f);
  }
  return found;
}
