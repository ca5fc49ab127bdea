import { isModule } from "../../run/classes.ts";
import type { TensorValue } from "../../run/tensorValue.ts";
import type { InstanceValue } from "../../run/values.ts";

/** The modules right below one, with their names, in the order in which they were set. */
export function childrenOf(self: InstanceValue): (readonly [string, InstanceValue])[] {
  const found: (readonly [string, InstanceValue])[] = [];
  for (const [name, value] of self.attributes)
    if (value.kind === "instance" && isModule(value)) found.push([name, value]);
  return found;
}

/** A module and all below it, each once, with dotted names; parents first. */
export function allModules(
  self: InstanceValue,
  prefix = "",
  seen = new Set<InstanceValue>(),
): (readonly [string, InstanceValue])[] {
  if (seen.has(self)) return [];
  seen.add(self);
  const below = childrenOf(self).flatMap(([name, child]) => allModules(child, dotted(prefix, name), seen));
  return [[prefix, self], ...below];
}

/** Every parameter below a module, each once, with dotted names, in PyTorch's order. */
export function parametersOf(self: InstanceValue): (readonly [string, TensorValue])[] {
  return tensorsOf(self, (t) => t.parameter);
}

/** Every buffer: what `register_buffer` was given. */
export function buffersOf(self: InstanceValue): (readonly [string, TensorValue])[] {
  return tensorsOf(self, isBuffer);
}

/** The names of buffers that a module was given, or of those among them that its `state_dict` leaves out. */
export function namesIn({ data }: InstanceValue, kind: "buffers" | "transient"): ReadonlySet<string> {
  return (data[kind] as ReadonlySet<string> | undefined) ?? new Set();
}

function isBuffer(t: TensorValue, name: string, owner: InstanceValue): boolean {
  return !t.parameter && namesIn(owner, "buffers").has(name);
}

/** What `state_dict` has: of each module its parameters, then its buffers, but those that are not persistent. */
export function stateOf(self: InstanceValue): (readonly [string, TensorValue])[] {
  return allModules(self).flatMap(([prefix, module]) => {
    const tensors = [...module.attributes].filter((part): part is [string, TensorValue] => part[1].kind === "tensor");
    const lasting = ([name, t]: [string, TensorValue]) =>
      isBuffer(t, name, module) && !namesIn(module, "transient").has(name);
    return [...tensors.filter(([, t]) => t.parameter), ...tensors.filter(lasting)].map(
      ([name, t]) => [dotted(prefix, name), t] as const,
    );
  });
}

function dotted(prefix: string, name: string): string {
  return prefix === "" ? name : `${prefix}.${name}`;
}

function tensorsOf(
  self: InstanceValue,
  wanted: (t: TensorValue, name: string, owner: InstanceValue) => boolean,
): (readonly [string, TensorValue])[] {
  const found = new Map<TensorValue, string>();
  for (const [prefix, module] of allModules(self)) {
    for (const [name, value] of module.attributes) {
      if (value.kind === "tensor" && wanted(value, name, module) && !found.has(value))
        found.set(value, dotted(prefix, name));
    }
  }
  return [...found].map(([t, name]) => [name, t]);
}

/** Whether everything below a module is known. */
export function isOpen(self: InstanceValue): boolean {
  return allModules(self).some(
    ([, module]) =>
      module.open ||
      module.data.open === true ||
      [...module.attributes.values()].some((v) => v.kind === "unknown" && v.type === undefined),
  );
}
