import type { AttentionSite, Role } from "../../document.ts";
import type { Interpreter } from "../run/interpreter.ts";
import { dimsOf, type TensorValue } from "../run/tensorValue.ts";
import { args, int, tuple } from "../run/values.ts";
import { asTensor } from "./product.ts";

type Roles = Readonly<Partial<Record<Role, TensorValue>>>;

/** Sites of one shape as one: their roles one behind the other, and what the axes mean then. */
export interface Stacked {
  readonly roles: Roles;
  readonly axes: AttentionSite["axes"] & object;
}

/** Layers, one behind the other as a batch; null where they cannot be joined. */
export function asLayers(m: Interpreter, layers: readonly Roles[]): Stacked | null {
  const batch = batchOf(layers.at(-1)!);
  const roles = batch === null ? null : joined(layers, (parts) => inOneBatch(m, parts));
  if (!roles || batch === null) return null;
  const label = (entry: number) => `${Math.floor(entry / batch)}${batch > 1 ? ` · b${entry % batch}` : ""}`;
  const labels = Array.from({ length: layers.length * batch }, (_, entry) => label(entry));
  return { roles, axes: { batch: { meaning: "layer", labels } } };
}

/** Modules side by side, each of which is one head: `[batch, length, size]` or `[length, size]` of each. */
export function asHeads(m: Interpreter, heads: readonly Roles[]): Roles | null {
  const rank = rankOf(heads[0]!);
  if (rank === null || rank > 3) return null;
  return joined(heads, (parts) => {
    const batched: readonly (TensorValue | null)[] = rank === 3 ? parts : parts.map((part) => unsqueezed(m, part, 0));
    return batched.includes(null)
      ? null
      : asTensor(m.operate("torch.stack", args([tuple(batched as TensorValue[]), int(1)])));
  });
}

/** A mask that broadcasts is the same for all; what has a batch of its own is joined. */
function joined(each: readonly Roles[], join: (parts: readonly TensorValue[]) => TensorValue | null): Roles | null {
  const roles: Partial<Record<Role, TensorValue>> = {};
  for (const role of Object.keys(each.at(-1)!) as Role[]) {
    const parts = each.flatMap((one) => one[role] ?? []);
    if (parts.length !== each.length) return null;
    const one = role === "mask" ? shared(parts.at(-1)!) : join(parts);
    if (!one) return null;
    roles[role] = one;
  }
  return roles;
}

function shared(mask: TensorValue): TensorValue | null {
  return dimsOf(mask)
    ?.slice(0, -2)
    .every((size) => size === 1)
    ? mask
    : null;
}

/** Of each `[batch, heads, length, size]`; what has no batch, or no heads, gets them of length 1. */
function inOneBatch(m: Interpreter, parts: readonly TensorValue[]): TensorValue | null {
  const rank = dimsOf(parts[0]!)!.length;
  const whole = parts.map((part) => {
    const heads = rank === 2 ? unsqueezed(m, part, 0) : part;
    return heads && rank < 4 ? unsqueezed(m, heads, 0) : heads;
  });
  return whole.includes(null) ? null : asTensor(m.operate("torch.cat", args([tuple(whole as TensorValue[]), int(0)])));
}

function unsqueezed(m: Interpreter, t: TensorValue, axis: number): TensorValue | null {
  return asTensor(m.operate("torch.unsqueeze", args([t, int(axis)])));
}

function batchOf(roles: Roles): number | null {
  const rank = rankOf(roles);
  const first = dimsOf((roles.output ?? roles.weights)!)?.[0];
  if (rank === null || rank > 4) return null;
  return rank < 4 ? 1 : typeof first === "number" ? first : null;
}

function rankOf({ output, weights }: Roles): number | null {
  const tensor = output ?? weights;
  return (tensor && dimsOf(tensor)?.length) ?? null;
}
