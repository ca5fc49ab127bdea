import { multiply, type Size, type Symbols } from "../run/dims.ts";

/** What elements vary along: an axis of a tensor that nothing known has made, or a part of one. Compared by identity. */
export interface Factor {
  /** `3.1` is axis 1 of the third such tensor, `3.1/0` its outer part after a split, `3.1/1` its inner part. */
  readonly name: string;
  readonly size: Size;
}

/** What one axis is made of, outermost first; nothing for an axis of size 1. */
export type Axis = readonly Factor[];

export interface Regrouping {
  readonly axes: readonly Axis[];
  /** Axes of the result that begin inside one axis and go on into the next: neighbours that do not belong together. */
  readonly mixed: readonly number[];
}

/** Parts that each split of a factor gave: the same split gives the same parts. */
export type Splits = Map<Factor, Map<string, readonly [Factor, Factor]>>;

/**
 * Follows a reshape: which axes of `from` each size of `to` takes up, in row-major order. null where sizes that are only
 * names do not tell.
 */
export function regroup(
  symbols: Symbols,
  splits: Splits,
  from: readonly Axis[],
  to: readonly Size[],
): Regrouping | null {
  const waiting = from.flat();
  const tails = new Set<Factor>();
  const axes: Axis[] = [];
  const mixed: number[] = [];
  for (const [at, size] of to.entries()) {
    const axis = taken(symbols, splits, waiting, tails, size);
    if (!axis) return to.every((d) => typeof d === "number") ? torn(axes, waiting, to, at) : null;
    if (axis.length > 1 && axis.some((factor) => tails.has(factor))) mixed.push(at);
    axes.push(axis);
  }
  return { axes, mixed };
}

/** Numbers that do not divide each other: what lies between the axes that fit from the left and from the right is mixed. */
function torn(fitting: readonly Axis[], waiting: readonly Factor[], to: readonly Size[], from: number): Regrouping {
  let end = to.length - 1;
  let [left, need] = [[...waiting], to[end] as number];
  while (end > from) {
    const size = (left.at(-1)?.size ?? 1) as number;
    if (need % size === 0) {
      need /= size;
      left = left.slice(0, -1);
      if (need !== 1) continue;
    } else if (size % need === 0) left = [...left.slice(0, -1), { name: "", size: size / need }];
    else break;
    need = to[--end] as number;
  }
  const mixed = Array.from({ length: end - from + 1 }, (_, at) => from + at);
  const name = waiting.map((factor) => factor.name).join("+");
  const rest = to.slice(from).map((size, at): Axis => (size === 1 ? [] : [{ name: `${name}~${at}`, size }]));
  return { axes: [...fitting, ...rest], mixed };
}

function taken(symbols: Symbols, splits: Splits, waiting: Factor[], tails: Set<Factor>, size: Size): Factor[] | null {
  const axis: Factor[] = [];
  let need = size;
  while (need !== 1) {
    const factor = waiting.shift();
    if (!factor || need === null) return null;
    const rest = quotient(symbols, need, factor.size);
    if (rest !== null) {
      axis.push(factor);
      need = rest;
      continue;
    }
    const inner = quotient(symbols, factor.size, need);
    if (inner === null) return null;
    const [outer, tail] = split(splits, factor, need, inner);
    axis.push(outer);
    tails.add(tail);
    waiting.unshift(tail);
    need = 1;
  }
  return axis;
}

/** a/b where b divides a; null where it does not, or where nobody knows. */
function quotient(symbols: Symbols, a: Size, b: Size): Size {
  if (a === null || b === null || b === 0) return null;
  if (symbols.equal(a, b) === true) return 1;
  const whole = symbols.quotient(a, b);
  return whole !== null && symbols.equal(symbols.resolve(multiply(whole, b)), a) === true ? whole : null;
}

function split(splits: Splits, factor: Factor, outer: Size, inner: Size): readonly [Factor, Factor] {
  const known = splits.get(factor) ?? new Map<string, readonly [Factor, Factor]>();
  splits.set(factor, known);
  const key = JSON.stringify([outer, inner], (_, value) => (value instanceof Map ? [...value] : value));
  const parts = known.get(key) ?? [
    { name: `${factor.name}/0`, size: outer },
    { name: `${factor.name}/1`, size: inner },
  ];
  known.set(key, parts);
  return parts;
}
