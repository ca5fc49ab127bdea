import type { SiteOptions, WrittenOption } from "../document.ts";
import { leavesOf } from "./leaves.ts";
import type { Source } from "./source.ts";
import { kind, type Tape } from "./tape.ts";
import { identityOf } from "./tensors.ts";
import { fieldOf, kindOf, rangeOf, scalarOf } from "./tree.ts";

/** Members in which options may stand one level down. */
const inner = ["options", "config", "attributes", "params", "parameters"];

type Option = WrittenOption["option"];
/** The option's value where the node has one of the right type; null where it has not. */
type Read<Value> = (tape: Tape, node: number) => Exclude<Value, undefined> | null;

const names: Readonly<Record<Option, readonly string[]>> = {
  causal: ["causal", "is_causal", "isCausal"],
  scale: ["scale"],
  softcap: ["softcap", "logit_softcap"],
  window: ["window", "window_size", "sliding_window"],
};

const read: { readonly [Each in Option]: Read<SiteOptions[Each]> } = {
  causal: boolean,
  scale: number,
  softcap: (tape, node) => number(tape, node) || null,
  window: windowOf,
};

/**
 * Options that stand beside the tensors of a site: `causal` or `is_causal`, `scale`, `softcap`, `window`. `from` is the
 * object that holds the tensors; what is around it is looked at where it says nothing.
 */
export function optionsNear(
  source: Source,
  from: number,
): { readonly options: SiteOptions; readonly written: readonly WrittenOption[] } {
  const { tape } = source;
  const options: Partial<Record<Option, unknown>> = {};
  const written: WrittenOption[] = [];
  for (const members of membersAround(source, from)) {
    for (const option of Object.keys(names) as Option[]) {
      const node = options[option] === undefined ? named(tape, members, option) : null;
      if (node === null) continue;
      options[option] = read[option](tape, node);
      const { name, nameRange } = identityOf(tape, node);
      if (nameRange) written.push({ option, name, nameRange, range: rangeOf(tape, node) });
    }
  }
  return { options: options as SiteOptions, written };
}

/** Of each object from here outwards: the members of those in it that are for options, then its own. */
function* membersAround(source: Source, from: number): Generator<ReadonlyMap<string, number>> {
  for (let at = from; at >= 0; at = fieldOf(source.tape, at, "parent")) {
    if (kindOf(source.tape, at) !== kind.object) continue;
    const near = source.members(at);
    for (const name of inner) if (near.has(name)) yield source.members(near.get(name)!);
    yield near;
  }
}

/** The member that gives an option; null where none does, or none of the right type. */
function named(tape: Tape, members: ReadonlyMap<string, number>, option: Option): number | null {
  for (const name of names[option]) {
    const node = members.get(name);
    if (node !== undefined && read[option](tape, node) !== null) return node;
  }
  return null;
}

function number(tape: Tape, node: number): number | null {
  const value = scalarOf(tape, node);
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** true, false, 1 or 0. */
function boolean(tape: Tape, node: number): boolean | null {
  const value = scalarOf(tape, node);
  return typeof value === "boolean" || value === 0 || value === 1 ? Boolean(value) : null;
}

/** `[left, right]`, where null or a negative number is no limit, as in flash-attn; a single number limits both sides. */
function windowOf(tape: Tape, node: number): NonNullable<SiteOptions["window"]> | null {
  const single = scalarOf(tape, node);
  if (typeof single === "number") return single >= 0 ? [single, single] : null;
  if (kindOf(tape, node) !== kind.array || fieldOf(tape, node, "size") !== 2) return null;
  const [left, right] = leavesOf(tape, node).values;
  return left === undefined || right === undefined ? null : [limit(left), limit(right)];
}

function limit(side: number): number | null {
  return side >= 0 ? side : null;
}
