import { type Tensor, toFloat64 } from "../../tensor/tensor.ts";
import type { SiteOptions } from "../document.ts";
import { tensorAt } from "./find.ts";
import { leavesOf } from "./leaves.ts";
import type { Source } from "./source.ts";
import { kind } from "./tape.ts";
import { fieldOf, kindOf, scalarOf } from "./tree.ts";

/** What the values of options are read as. null: it is something else. */

export function numberIn({ tape }: Source, node: number): number | null {
  const value = scalarOf(tape, node);
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

export function positiveIn(source: Source, node: number): number | null {
  const value = numberIn(source, node);
  return value !== null && value > 0 ? value : null;
}

/** A whole number from 0. */
export function countIn(source: Source, node: number): number | null {
  const value = numberIn(source, node);
  return value !== null && Number.isInteger(value) && value >= 0 ? value : null;
}

/** A whole number from 1. */
export function wholeIn(source: Source, node: number): number | null {
  return countIn(source, node) || null;
}

/** true, false, 1 or 0. */
export function booleanIn({ tape }: Source, node: number): boolean | null {
  const value = scalarOf(tape, node);
  return typeof value === "boolean" || value === 0 || value === 1 ? Boolean(value) : null;
}

/** A word in lower case without what separates its parts: `Scaled_Dot` is `scaleddot`. */
export function wordIn({ tape }: Source, node: number): string | null {
  const value = scalarOf(tape, node);
  return typeof value === "string" ? value.toLowerCase().replace(/[^a-z0-9]/g, "") : null;
}

/** What a table has for a word; its keys are words as `wordIn` gives them. */
export function namedIn<T>(table: Readonly<Record<string, T>>, source: Source, node: number): T | null {
  const word = wordIn(source, node);
  return word !== null && Object.hasOwn(table, word) ? table[word]! : null;
}

/** true, false, or the corner that the causal rule begins in. */
export function causalIn(source: Source, node: number): NonNullable<SiteOptions["causal"]> | null {
  const word = wordIn(source, node);
  if (word === "bottomright") return "bottomRight";
  return word === "topleft" ? true : booleanIn(source, node);
}

/** `[left, right]`, where null or a negative number is no limit, as in flash-attn; a single number limits both sides. */
export function windowIn(source: Source, node: number): NonNullable<SiteOptions["window"]> | null {
  const { tape } = source;
  const single = scalarOf(tape, node);
  if (typeof single === "number") return single >= 0 ? [single, single] : null;
  if (kindOf(tape, node) !== kind.array || fieldOf(tape, node, "size") !== 2) return null;
  const [left, right] = leavesOf(tape, node).values;
  return left === undefined || right === undefined ? null : [limit(left), limit(right)];
}

function limit(side: number): number | null {
  return side >= 0 ? side : null;
}

/** A number, or a list of them. */
export function numbersIn(source: Source, node: number): readonly number[] | null {
  const single = numberIn(source, node);
  if (single !== null) return [single];
  const values = vectorIn(source, node);
  return values && [...toFloat64(values)];
}

/** Whole numbers from 0. */
export function countsIn(source: Source, node: number): readonly number[] | null {
  const counts = kindOf(source.tape, node) === kind.array ? numbersIn(source, node) : null;
  return counts?.every((count) => Number.isInteger(count) && count >= 0) ? counts : null;
}

/** A tensor with all its numbers, and some. */
export function valuesIn(source: Source, node: number): Tensor | null {
  const entry = tensorAt(source, node)?.entry;
  return entry?.values && !entry.shape?.includes(0) ? entry.values : null;
}

export function vectorIn(source: Source, node: number): Tensor | null {
  return withAxes(1, valuesIn(source, node));
}

export function matrixIn(source: Source, node: number): Tensor | null {
  return withAxes(2, valuesIn(source, node));
}

function withAxes(rank: number, values: Tensor | null): Tensor | null {
  return values?.shape.length === rank ? values : null;
}

/** Members of an object, by their names in lower case. */
export function membersIn(source: Source, node: number): ReadonlyMap<string, number> | null {
  if (kindOf(source.tape, node) !== kind.object) return null;
  return new Map([...source.members(node)].map(([name, value]) => [name.toLowerCase(), value]));
}

/** The first member that stands under one of these names. */
export function memberIn(members: ReadonlyMap<string, number>, names: readonly string[]): number | undefined {
  return names.map((name) => members.get(name)).find((node) => node !== undefined);
}
