import { findInClass, isAutogradFunction, isModule, moduleLike } from "./classes.ts";
import { type Machine, raise } from "./machine.ts";
import { sizeNamed } from "./parameters.ts";
import { args, type ClassValue, type InstanceValue, library, none, string, unknown, type Value } from "./values.ts";

/** What the tables of operations and constants offer to attribute look-up. */
export interface Names {
  /** A constant of a library by full name: `math.pi`, `torch.float32`. */
  constant(path: string): Value | undefined;
  /** Whether anything below this name is known, so that `path` is a package. */
  knows(path: string): boolean;
  /** An attribute of a tensor that is no method: `shape`, `T`, `dtype`. */
  property(object: Value, name: string, m: Machine): Value | undefined;
}

/** Builtin types by the kind of value, where their methods are looked up. */
const types: Readonly<Record<string, string>> = {
  string: "str",
  list: "list",
  tuple: "tuple",
  dict: "dict",
  set: "set",
  int: "int",
  float: "float",
  bool: "int",
  bytes: "bytes",
  slice: "slice",
  range: "range",
  dtype: "dtype",
  device: "device",

  iterator: "iterator",
  symbol: "int",
};

/** `object.name`; undefined where it surely is not there. */
export function findAttribute(m: Machine, names: Names, object: Value, name: string): Value | undefined {
  switch (object.kind) {
    case "library":
      return ofLibrary(m, names, object.path, name);
    case "module":
      return object.scope.names.get(name) ?? unknown("python.undefined", { name });
    case "tensor":
      return names.property(object, name, m) ?? method(m, object, tensorType(object.framework), name);
    case "instance":
      return ofInstance(m, names, object, name);
    case "class":
      return ofClass(m, object, name);
    case "super":
      return ofSuper(m, object, name);
    case "unknown":
      return unknown(object.why.code, object.why.args);
    case "function":
      return object.attributes.get(name) ?? (name === "__name__" ? string(object.name) : undefined);
    case "bound":
      return name === "__func__" ? object.callee : name === "__self__" ? object.self : m.find(object.callee, name);
    case "property":
      return { kind: "bound", self: object, callee: library(`property.${name}`) };
    case "tuple": {
      const at = object.names?.indexOf(name) ?? -1;
      return at >= 0
        ? object.items[at]
        : (method(m, object, object.sizesOf ? "torch.Size" : "tuple", name) ?? method(m, object, "torch.Size", name));
    }
    case "slice":
      return name === "start"
        ? object.lower
        : name === "stop"
          ? object.upper
          : name === "step"
            ? object.step
            : undefined;
    default: {
      const property = names.property(object, name, m);
      const type = object.kind === "random" ? `random.${object.flavor}` : types[object.kind];
      return property ?? (type ? method(m, object, type, name) : undefined);
    }
  }
}

export function tensorType(lib: string): string {
  return lib === "torch"
    ? "torch.Tensor"
    : lib === "numpy"
      ? "numpy.ndarray"
      : lib === "jax"
        ? "jax.Array"
        : "tensorflow.Tensor";
}

function method(m: Machine, self: Value, type: string, name: string): Value | undefined {
  const path = `${type}.${name}`;
  if (m.has(path)) return { kind: "bound", self, callee: library(path) };
  return self.kind === "tensor" || type.startsWith("random.")
    ? unknown("python.unsupported", { what: path })
    : undefined;
}

function ofLibrary(_m: Machine, names: Names, path: string, name: string): Value {
  const full = `${path}.${name}`;
  const constant = names.constant(full);
  if (constant) return constant;
  if (path === "builtins") return names.knows(full) ? library(full) : (undefined as unknown as Value);
  return library(full);
}

function ofInstance(m: Machine, names: Names, object: InstanceValue, name: string): Value | undefined {
  const own = object.attributes.get(name);
  if (own) return own;
  if (name === "__class__") return object.type;
  if (name === "__dict__")
    return {
      kind: "dict",
      entries: new Map([...object.attributes].map(([key, value]) => [`s${key}`, { key: string(key) as Value, value }])),
      open: object.open,
    };
  const property = names.property(object, name, m);
  if (property) return property;
  const raw = object.type.kind === "class" ? findInClass(m, object.type, name) : findInLibrary(m, object, name);
  if (raw) return bind(m, raw, object);
  return ofMissing(m, object, name);
}

function ofMissing(m: Machine, object: InstanceValue, name: string): Value | undefined {
  if (name === "__setattr__") return plainly(object);
  if (object.data.symbolic && !name.startsWith("__")) {
    const value = sizeNamed(m, name);
    m.state.setKey(object.attributes, name, value);
    return value;
  }
  const getter =
    object.type.kind === "class" && !name.startsWith("__") ? findInClass(m, object.type, "__getattr__") : undefined;
  if (getter?.kind === "function") return m.call({ kind: "bound", self: object, callee: getter }, args([string(name)]));
  const foreign =
    object.type.kind === "library"
      ? !isModule(object)
      : object.type.ancestors.some(
          (a) =>
            a.kind === "library" &&
            !m.has(`${moduleLike(a.path)}.__init__`) &&
            a.path !== "builtins.object" &&
            !isModule(object),
        );
  return object.open || foreign ? unknown("python.unknownAttribute", { name }) : undefined;
}

function findInLibrary(m: Machine, object: InstanceValue, name: string): Value | undefined {
  const { path } = object.type as { path: string };
  if (m.has(`${path}.${name}`)) return library(`${path}.${name}`);
  return isModule(object) && m.has(`torch.nn.Module.${name}`) ? library(`torch.nn.Module.${name}`) : undefined;
}

/** A function found in a class becomes a method; properties are asked, static and class methods unwrapped. */
function bind(m: Machine, raw: Value, self: InstanceValue): Value {
  if (raw.kind === "function" || (raw.kind === "library" && m.has(raw.path)))
    return { kind: "bound", self, callee: raw };
  if (raw.kind !== "property") return raw;
  if (raw.wraps === "static") return raw.getter ?? none;
  if (raw.wraps === "class") return { kind: "bound", self: self.type, callee: raw.getter ?? none };
  return raw.getter
    ? m.call({ kind: "bound", self, callee: raw.getter }, args([]))
    : unknown("python.unknownAttribute", { name: "property" });
}

function ofClass(m: Machine, object: ClassValue, name: string): Value | undefined {
  const raw = findInClass(m, object, name);
  if (raw?.kind === "property")
    return raw.wraps === "class"
      ? { kind: "bound", self: object, callee: raw.getter ?? none }
      : raw.wraps === "static"
        ? (raw.getter ?? none)
        : raw;
  if (raw) return raw;
  if (name === "__name__" || name === "__qualname__") return string(object.name);
  if (name === "__init__") return library("builtins.object.__init__");
  if (name === "apply" && object.ancestors.some((a) => a.kind === "library" && isAutogradFunction(a.path)))
    return functionApply(object);
  return object.opaque || object.ancestors.some((a) => a.kind === "library")
    ? unknown("python.unknownAttribute", { name })
    : undefined;
}

/** `Function.apply(x)` of torch.autograd runs its `forward` with a context. */
function functionApply(type: ClassValue): Value {
  return {
    kind: "builtin",
    name: "apply",
    call: (given, m) => {
      const forward = ofClass(m, type, "forward");
      const context: Value = {
        kind: "instance",
        type: library("torch.autograd.Context"),
        attributes: new Map(),
        data: {},
        open: true,
      };
      return forward
        ? m.call(forward, { ...given, positional: [context, ...given.positional] })
        : unknown("python.opaque", { name: type.name });
    },
  };
}

function ofSuper(m: Machine, object: { after: ClassValue; self: Value }, name: string): Value | undefined {
  const { self, after } = object;
  const type = self.kind === "instance" ? self.type : self.kind === "class" ? self : null;
  if (type?.kind !== "class") return unknown("python.unknownAttribute", { name });
  const raw = findInClass(m, type, name, after);
  if (raw) return self.kind === "instance" ? bind(m, raw, self) : { kind: "bound", self, callee: raw };
  if (name === "__init__") return library("builtins.object.__init__");
  if (name === "__setattr__" && self.kind === "instance") return plainly(self);
  if (name === "__init_subclass__") return library("builtins.object.__init__");
  return unknown("python.unknownAttribute", { name });
}

/** `object.__setattr__` of an instance: sets without asking the class. */
function plainly(self: InstanceValue): Value {
  return { kind: "bound", self, callee: library("builtins.object.__setattr__") };
}

/** `object.name = value`. */
export function setAttributeOf(m: Machine, object: Value, name: string, value: Value): void {
  switch (object.kind) {
    case "instance": {
      const raw = object.type.kind === "class" ? findInClass(m, object.type, name) : undefined;
      if (raw?.kind === "property" && raw.wraps === "property") {
        if (raw.setter) m.call({ kind: "bound", self: object, callee: raw.setter }, args([value]));
        else raise("AttributeError", "python.readOnly", { name });
      } else m.state.setKey(object.attributes, name, value);
      return;
    }
    case "class": {
      m.state.setKey(object.attributes, name, value);
      return;
    }
    case "function": {
      m.state.setKey(object.attributes, name, value);
      return;
    }
    case "module": {
      m.state.setKey(object.scope.names, name, value);
      return;
    }
    case "tensor":
      m.operate("tensor.__setattr__", args([object, string(name), value]));
      return;
    default:
      return;
  }
}
