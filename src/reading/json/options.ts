import type { SiteOptions } from "../document.ts";
import { leavesOf } from "./leaves.ts";
import type { Source } from "./source.ts";
import { kind, type Tape } from "./tape.ts";
import { fieldOf, kindOf, scalarOf } from "./tree.ts";

/** Members in which options may stand one level down. */
const inner = ["options", "config", "attributes", "params", "parameters"];

/**
 * Options that stand beside the tensors of a site: `causal` or `is_causal`, `scale`, `softcap`, `window`. `from` is the
 * object that holds the tensors; what is around it is looked at where it says nothing.
 */
export function optionsNear(source: Source, from: number): SiteOptions {
  const { tape } = source;
  let options: SiteOptions = {};
  for (let at = from; at >= 0; at = fieldOf(tape, at, "parent")) {
    if (kindOf(tape, at) !== kind.object) continue;
    const near = source.members(at);
    for (const name of inner) options = { ...optionsIn(tape, source.members(near.get(name) ?? -1)), ...options };
    options = { ...optionsIn(tape, near), ...options };
  }
  return options;
}

/** Options among the members of one object. What is not of the right type is left out. */
export function optionsIn(tape: Tape, near: ReadonlyMap<string, number>): SiteOptions {
  const causal = boolean(tape, near, "causal", "is_causal", "isCausal");
  const scale = number(tape, near, "scale");
  const softcap = number(tape, near, "softcap", "logit_softcap");
  const window = windowOf(tape, near);
  return {
    ...(causal === null ? {} : { causal }),
    ...(scale === null ? {} : { scale }),
    ...(softcap ? { softcap } : {}),
    ...(window ? { window } : {}),
  };
}

function number(tape: Tape, near: ReadonlyMap<string, number>, ...names: string[]): number | null {
  for (const name of names) {
    const value = scalarOf(tape, near.get(name));
    if (typeof value === "number" && Number.isFinite(value)) return value;
  }
  return null;
}

/** true, false, 1 or 0. */
function boolean(tape: Tape, near: ReadonlyMap<string, number>, ...names: string[]): boolean | null {
  for (const name of names) {
    const value = scalarOf(tape, near.get(name));
    if (typeof value === "boolean" || value === 0 || value === 1) return Boolean(value);
  }
  return null;
}

/** `[left, right]`, where null or a negative number is no limit, as in flash-attn; a single number limits both sides. */
function windowOf(tape: Tape, near: ReadonlyMap<string, number>): SiteOptions["window"] | null {
  const node = near.get("window") ?? near.get("window_size") ?? near.get("sliding_window");
  const single = scalarOf(tape, node);
  if (typeof single === "number") return single >= 0 ? [single, single] : null;
  if (node === undefined || kindOf(tape, node) !== kind.array || fieldOf(tape, node, "size") !== 2) return null;
  const [left, right] = leavesOf(tape, node).values;
  return left === undefined || right === undefined ? null : [limit(left), limit(right)];
}

function limit(side: number): number | null {
  return side >= 0 ? side : null;
}
