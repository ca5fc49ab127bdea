import { type DType, storage, type TensorData } from "../../../tensor/dtype.ts";
import type { Message } from "../../../tensor/message.ts";

/**
 * What a store of elements holds at one moment: known, known once it is asked for, or unknown with a reason. Contents
 * never change; writing in place makes a store hold another content.
 */
export interface Content {
  /** undefined: not asked for yet; null: unknown. */
  data: TensorData | null | undefined;
  why: Message | null;
  compute: (() => TensorData | null) | null;
  /** A write: what was held before, and what to do to a copy of it. false: it cannot be done. */
  base: Content | null;
  apply: ((data: TensorData) => boolean) | null;
  /** What a computation, or a write, needs to be known first. */
  from: readonly Content[];
  /** Elements; for lengths above the budget nothing is ever computed. */
  readonly length: number;
  /** What computing it takes of its reading's effort; null: it is made of what the text itself holds. */
  readonly effort: Effort | null;
  readonly cost: number;
}

/** Elements that a reading may still compute or draw. Everything that is made of random numbers shares it. */
export interface Effort {
  left: number;
}

/** Elements that views share. In-place operations exchange `content`. */
export interface Store {
  content: Content;
}

export const valueLimit = 65_536;
const none: readonly Content[] = [];
const free = { effort: null, cost: 0 };
const exhausted: Message = { code: "python.tooMuchWork" };

export function known(data: TensorData): Content {
  return { data, why: null, compute: null, base: null, apply: null, from: none, length: data.length, ...free };
}

export function unknownContent(length: number, why: Message | null): Content {
  return { data: null, why, compute: null, base: null, apply: null, from: none, length, ...free };
}

/** A content that is computed when it is asked for. `cost` is what that takes, in elements. */
export function lazily(
  length: number,
  from: readonly Content[],
  compute: () => TensorData | null,
  cost = length,
  effort: Effort | null = effortOf(from),
): Content {
  if (length > valueLimit)
    return unknownContent(length, { code: "python.tooManyElements", args: { limit: valueLimit } });
  const lost = from.find((c) => c.data === null);
  if (lost) return unknownContent(length, lost.why);
  return { data: undefined, why: null, compute, base: null, apply: null, from, length, effort, cost };
}

function effortOf(from: readonly Content[]): Effort | null {
  for (const { effort } of from) if (effort) return effort;
  return null;
}

/** What a store holds after `apply` has been done to what it held. */
export function written(base: Content, from: readonly Content[], apply: (data: TensorData) => boolean): Content {
  const lost = [base, ...from].find((c) => c.data === null);
  if (lost) return unknownContent(base.length, lost.why);
  const cost = from.reduce((most, { length }) => Math.max(most, length), 1);
  const effort = base.effort ?? effortOf(from);
  return { data: undefined, why: null, compute: null, base, apply, from, length: base.length, effort, cost };
}

/** The elements, computed now if need be; null where they are unknown. The array must not be written to. */
export function force(content: Content): TensorData | null {
  // What it needs comes first: a chain of thousands of steps would exhaust the stack.
  const waiting = [content];
  for (let at = waiting.at(-1); at; at = waiting.at(-1)) {
    const needed = firstOpen(at);
    if (needed) waiting.push(needed);
    else {
      settle(at);
      waiting.pop();
    }
  }
  return content.data!;
}

/** Something that must be known before this is computed, and is not yet; of a chain of writes what the first of them needs. */
function firstOpen(content: Content): Content | undefined {
  let found: Content | undefined;
  for (let at: Content | null = content; at && at.data === undefined; at = at.base) {
    found = at.from.find((each) => each.data === undefined) ?? found;
    if (!at.base && at !== content) found = at;
  }
  return found;
}

function settle(content: Content): void {
  if (content.data !== undefined) return;
  const data = content.base ? replay(content) : afford(content) ? (content.compute?.() ?? null) : null;
  content.data = data;
  content.why ??= data ? null : reasonOf(content);
  content.compute = content.apply = null;
  content.base = null;
  content.from = none;
}

/** Whether there is effort left for it. */
function afford({ effort, cost }: Content): boolean {
  if (!effort) return true;
  effort.left -= cost;
  return effort.left >= 0;
}

function reasonOf(content: Content): Message {
  if (content.effort && content.effort.left < 0) return exhausted;
  return content.base?.why ?? { code: "python.notComputed" };
}

/** A chain of writes is done on one copy. */
function replay(content: Content): TensorData | null {
  const writes: Content[] = [];
  let at: Content = content;
  while (at.data === undefined && at.base) {
    writes.push(at);
    at = at.base;
  }
  const start = force(at);
  if (!start) {
    content.why = at.why;
    return null;
  }
  const copy = start.slice();
  for (const write of writes.reverse()) if (!afford(write) || !write.apply?.(copy)) return null;
  return copy;
}

/**
 * Working storage for elements of `dtype`: 64-bit integers are kept in float64 while they fit (|x| ≤ 2⁵³), which
 * `fits` guards; 16-bit floats in float32, rounded by `rounder`.
 */
export function working(dtype: DType, length: number): Exclude<TensorData, BigInt64Array | BigUint64Array> {
  const wide = dtype === "int64" || dtype === "uint64";
  return storage(wide ? "float64" : dtype, length) as Exclude<TensorData, BigInt64Array | BigUint64Array>;
}

/** Rounds to the dtype where the working storage does not do it by itself. */
export function rounder(dtype: DType): (x: number) => number {
  if (dtype === "bfloat16") return toBfloat16;
  if (dtype === "float16") return toFloat16;
  return (x) => x;
}

function toBfloat16(x: number): number {
  const bits = new Uint32Array(new Float32Array([x]).buffer);
  if (Number.isNaN(x)) return Number.NaN;
  const raw = bits[0]!;
  bits[0] = (raw + 0x7fff + ((raw >>> 16) & 1)) & 0xffff0000;
  return new Float32Array(bits.buffer)[0]!;
}

/** Round to nearest, ties to even, through a quantum of 2^(e−10), subnormals included. */
function toFloat16(x: number): number {
  if (!Number.isFinite(x) || x === 0) return x;
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(x))), -14);
  const quantum = 2 ** (exponent - 10);
  const scaled = x / quantum;
  const floor = Math.floor(scaled);
  const rest = scaled - floor;
  const rounded = (rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor) * quantum;
  return Math.abs(rounded) >= 65520 ? Math.sign(x) * Number.POSITIVE_INFINITY : rounded;
}
