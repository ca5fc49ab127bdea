import type { TensorSummary } from "../../protocol/core.ts";

type Shaped = Pick<TensorSummary, "shape">;

export const inputRoles = ["query", "key", "value"] as const;
export type InputRole = (typeof inputRoles)[number];
export type Settled = { readonly [R in InputRole]?: TensorSummary };

/** The tensors that can play `role` beside those that have a part already; those without one come first. */
export function candidates(tensors: readonly TensorSummary[], role: InputRole, settled: Settled): TensorSummary[] {
  const { query, key, value } = settled;
  const fits = (tensor: TensorSummary): boolean => {
    if (role === "query") return !key || fitsAsKey(key, tensor);
    if (role === "value") return !key || fitsAsValue(tensor, key);
    return (!query || fitsAsKey(tensor, query)) && (!value || fitsAsValue(value, tensor));
  };
  const plays = (tensor: TensorSummary) => Number([query, key, value].some((other) => other?.id === tensor.id));
  return tensors.filter(fits).sort((a, b) => plays(a) - plays(b));
}

/** Of the parts that were given, by id, those that fit together; `first` gives way to no other. */
export function settle(
  tensors: readonly TensorSummary[],
  given: { readonly [R in InputRole]?: string },
  first: InputRole = "query",
): Settled {
  const settled: { [R in InputRole]?: TensorSummary } = {};
  for (const role of [first, ...inputRoles.filter((other) => other !== first)]) {
    const fitting = candidates(tensors, role, settled).find(({ id }) => id === given[role]);
    if (fitting) settled[role] = fitting;
  }
  return settled;
}

/** A key has the query's width, and heads that divide its heads. */
export function fitsAsKey(key: Shaped, query: Shaped): boolean {
  return (
    axis(key, -1) === axis(query, -1) &&
    divides(axis(key, -3), axis(query, -3)) &&
    agree(axis(key, -4), axis(query, -4))
  );
}

/** A value has as many rows as the key, and its heads. */
export function fitsAsValue(value: Shaped, key: Shaped): boolean {
  return (
    axis(value, -2) === axis(key, -2) && axis(value, -3) === axis(key, -3) && agree(axis(value, -4), axis(key, -4))
  );
}

/** Size of an axis counted from the end; axes that are not there have size 1; NaN where it is not known. */
function axis({ shape }: Shaped, at: number): number {
  if (!shape) return Number.NaN;
  const size = shape.length + at < 0 ? 1 : shape.at(at);
  return typeof size === "number" ? size : Number.NaN;
}

function divides(heads: number, by: number): boolean {
  return heads > 0 && by % heads === 0;
}

function agree(a: number, b: number): boolean {
  return a === b || a === 1 || b === 1;
}
