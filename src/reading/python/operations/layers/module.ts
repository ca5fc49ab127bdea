import { type DType, isFloat } from "../../../../tensor/dtype.ts";
import { type Content, force, lazily, unknownContent } from "../../run/buffer.ts";
import type { Machine } from "../../run/machine.ts";
import { dtypeOf, fixedDType, type TensorValue } from "../../run/tensorValue.ts";
import { args, bool, type InstanceValue, int, none, string, tuple, unknown, type Value } from "../../run/values.ts";
import { convertElements, converted, dtypeArgument } from "../constructors.ts";
import type { NumberArray } from "../making.ts";
import { type Given, type Operation, operation } from "../operation.ts";
import { moduleOf, setPart } from "./parameters.ts";
import { allModules, buffersOf, childrenOf, isOpen, namesIn, parametersOf, stateOf } from "./tree.ts";

const inPlace: readonly (readonly [string, DType | null])[] = [
  ["half", "float16"],
  ["float", "float32"],
  ["double", "float64"],
  ["bfloat16", "bfloat16"],
  ["cuda", null],
  ["cpu", null],
  ["share_memory", null],
];

/** What every torch.nn.Module can do. */
export const moduleMethods: readonly Operation[] = [
  operation("nn.Module.__init__", "self, *rest, **more", () => none),
  operation("nn.Module.register_buffer", "self, name, tensor, persistent?", (g, m) => {
    const self = moduleOf(g);
    const name = g.word("name");
    if (name === undefined) return opened(m, self);
    m.state.set(self.data, "buffers", new Set([...namesIn(self, "buffers"), name]));
    if (!g.flag("persistent", true))
      m.state.set(self.data, "transient", new Set([...namesIn(self, "transient"), name]));
    setPart(m, self, name, g.values.get("tensor") ?? none);
    return none;
  }),
  operation(
    "nn.Module.register_parameter nn.Module.add_module nn.Module.register_module",
    "self, name, value",
    (g, m) => {
      setPart(m, moduleOf(g), g.text("name"), g.values.get("value") ?? none);
      return none;
    },
  ),
  operation("nn.Module.train", "self, mode?", (g, m) => switched(g, m, g.get("mode") ?? bool(true))),
  operation("nn.Module.eval", "self", (g, m) => switched(g, m, bool(false))),
  operation("nn.Module.to", "self, *rest, device?, dtype?, non_blocking?, memory_format?", (g, m) => {
    for (const value of [...g.rest, ...(g.get("dtype") ? [g.need("dtype")] : [])]) {
      const dtype =
        value.kind === "dtype"
          ? value.dtype
          : value.kind === "tensor"
            ? (dtypeOf(value) ?? "open")
            : value.kind === "unknown" && value.type === undefined
              ? "maybe"
              : null;
      if (dtype === "maybe") continue;
      if (dtype) cast(m, moduleOf(g), dtype === "open" ? null : dtype);
    }
    return moduleOf(g);
  }),
  operation("nn.Module.type", "self, dst_type", (g, m) => {
    const dtype = dtypeArgument(g.need("dst_type"), "torch");
    cast(m, moduleOf(g), dtype === "open" || !dtype ? null : dtype);
    return moduleOf(g);
  }),
  ...inPlace.map(([name, dtype]) =>
    operation(`nn.Module.${name}`, "self, *rest, **more", (g, m) => {
      if (dtype) cast(m, moduleOf(g), dtype);
      return moduleOf(g);
    }),
  ),
  operation("nn.Module.requires_grad_", "self, requires_grad?", (g) => moduleOf(g)),
  operation(
    "nn.Module.zero_grad nn.Module.compile nn.Module.register_forward_hook nn.Module.register_full_backward_hook nn.Module.extra_repr",
    "self, *rest, **more",
    () => none,
  ),
  operation("nn.Module.apply", "self, fn", (g, m) => {
    const self = moduleOf(g);
    applyTo(m, self, g.need("fn"));
    return self;
  }),
  operation("nn.Module.parameters", "self, recurse?", (g) => all(g, parametersOf, ([, t]) => t)),
  operation("nn.Module.named_parameters", "self, prefix?, recurse?", (g) =>
    all(g, parametersOf, ([name, t]) => tuple([string(name), t])),
  ),
  operation("nn.Module.buffers", "self, recurse?", (g) => all(g, buffersOf, ([, t]) => t)),
  operation("nn.Module.named_buffers", "self, prefix?, recurse?", (g) =>
    all(g, buffersOf, ([name, t]) => tuple([string(name), t])),
  ),
  operation("nn.Module.children", "self", (g) => all(g, childrenOf, ([, c]) => c)),
  operation("nn.Module.named_children", "self", (g) => all(g, childrenOf, ([name, c]) => tuple([string(name), c]))),
  operation("nn.Module.modules", "self", (g) =>
    all(
      g,
      (s) => allModules(s),
      ([, c]) => c,
    ),
  ),
  operation("nn.Module.named_modules", "self, memo?, prefix?, remove_duplicate?", (g) =>
    all(
      g,
      (s) => allModules(s),
      ([name, c]) => tuple([string(name), c]),
    ),
  ),
  operation("nn.Module.state_dict", "self, *rest, **more", (g) => {
    const self = moduleOf(g);
    const entries = stateOf(self).map(([name, t]) => [`s${name}`, { key: string(name), value: t }] as const);
    return { kind: "dict", entries: new Map(entries), open: isOpen(self) };
  }),
  operation("nn.Module.load_state_dict", "self, state_dict, strict?, assign?", (g, m) => {
    forget(
      m,
      [...parametersOf(moduleOf(g)), ...buffersOf(moduleOf(g))].map(([, t]) => t),
      "load_state_dict",
    );
    return unknown("python.outside", undefined, "other");
  }),
  operation(
    "nn.Module.get_submodule",
    "self, target",
    (g) => allModules(moduleOf(g)).find(([name]) => name === g.text("target"))?.[1] ?? unknown("python.undecided"),
  ),
  operation(
    "nn.Module.get_parameter",
    "self, target",
    (g) => parametersOf(moduleOf(g)).find(([name]) => name === g.text("target"))?.[1] ?? unknown("python.undecided"),
  ),
  operation("nn.Parameter nn.parameter.Parameter", "data?, requires_grad?", (g, m) => parameter(g, m)),
  operation("nn.Buffer", "data, persistent?", (g) => g.tensor("data")),
  operation("nn.parameter.UninitializedParameter", "*rest, **more", () =>
    unknown("python.unsupported", { what: "UninitializedParameter" }),
  ),
];

/** Something was added under a name that is not known: from now on nobody knows all its parts. */
function opened(m: Machine, self: InstanceValue): Value {
  m.state.set(self.data, "open", true);
  m.state.set(self, "open", true);
  return none;
}

/** A tensor that shares its elements with `data`. */
function parameter(g: Given, m: Machine): Value {
  const source = g.get("data") ? g.tensor("data") : m.operate("torch.empty", args([int(0)]));
  if (source.kind !== "tensor") return source;
  const given = g.get("requires_grad");
  return {
    ...source,
    parameter: true,
    requiresGrad: given ? m.truth(given) !== false : true,
    by: { operation: "parameter", inputs: [source], details: {}, at: null },
  };
}

function all<T>(g: Given, found: (self: InstanceValue) => readonly T[], value: (item: T) => Value): Value {
  const self = moduleOf(g);
  const items = found(self).map(value);
  let at = 0;
  return { kind: "iterator", next: () => items[at++], open: isOpen(self) };
}

function switched(g: Given, m: Machine, mode: Value): Value {
  const self = moduleOf(g);
  for (const [, module] of allModules(self)) setPart(m, module, "training", mode);
  return self;
}

function applyTo(m: Machine, self: InstanceValue, fn: Value): void {
  for (const [, child] of childrenOf(self)) applyTo(m, child, fn);
  m.call(fn, args([self]));
}

/** Gives parameters of floats another dtype in place; buffers are replaced, so that who holds the old one keeps it. */
function cast(m: Machine, self: InstanceValue, dtype: DType | null): void {
  for (const [, t] of parametersOf(self)) {
    if (!castable(t, dtype)) continue;
    const from = dtypeOf(t);
    m.freeze(t);
    m.state.set(t, "dtype", fixedDType(dtype));
    if (t.view)
      m.state.set(t, "view", { ...t.view, store: { content: castContent(t.view.store.content, from, dtype) } });
  }
  for (const [, module] of allModules(self)) {
    for (const name of namesIn(module, "buffers")) {
      const t = module.attributes.get(name);
      if (t?.kind === "tensor" && castable(t, dtype))
        setPart(m, module, name, converted(t, fixedDType(dtype), "torch"));
    }
  }
}

function castable(t: TensorValue, dtype: DType | null): boolean {
  const own = dtypeOf(t);
  return own === null || (own !== dtype && isFloat(own));
}

function castContent(content: Content, from: DType | null, dtype: DType | null): Content {
  if (dtype === null) return unknownContent(content.length, { code: "python.unknownDType" });
  return lazily(content.length, [content], () => {
    const data = force(content);
    return data && convertElements(data as NumberArray, from, dtype);
  });
}

/** The values of tensors are not known any more: something outside set them. */
export function forget(m: Machine, tensors: readonly TensorValue[], what: string): void {
  const why = { code: "python.overwritten", args: { what } };
  for (const t of tensors) {
    if (t.view) m.state.set(t.view.store, "content", unknownContent(t.view.store.content.length, why));
    m.state.set(t, "origin", "unknown");
    m.state.set(t, "exact", false);
    m.state.set(t, "why", why);
  }
}
