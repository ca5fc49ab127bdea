import type { AttentionProblem } from "../attention/problem.ts";
import type { AttendOptions } from "../protocol/core.ts";
import { storage } from "../tensor/dtype.ts";
import { done, failed, type Outcome } from "../tensor/message.ts";
import { sizeOf, type Tensor, tensor, valueAt, withRank } from "../tensor/tensor.ts";

/** A mask of its own for what the user forbids is n×n: beyond this many cells it is refused. */
const cellLimit = 2 ** 24;

/**
 * The problem with what the user forbade by hand: single cells, and keys that were taken out. They join the mask that is
 * there; in a boolean one they become false, in a float one −∞.
 */
export function withForbidden(
  problem: AttentionProblem,
  { blocked, excluded }: AttendOptions,
): Outcome<AttentionProblem> {
  if (!blocked?.length && !excluded?.length) return done(problem);
  const [queries, keys] = [problem.query.shape.at(-2)!, problem.key.shape.at(-2)!];
  const mask = expanded(problem.mask, queries, keys);
  if (!mask) return failed("service.tooLargeToForbid", { queries, keys });
  const never = mask.dtype === "bool" ? 0 : Number.NEGATIVE_INFINITY;
  const forbid = (query: number, key: number) => {
    if (query >= queries || key >= keys) return;
    for (let at = query * keys + key; at < mask.data.length; at += queries * keys) mask.data[at] = never;
  };
  for (const [query, key] of blocked ?? []) forbid(query, key);
  for (const key of excluded ?? []) for (let query = 0; query < queries; query++) forbid(query, key);
  return done({ ...problem, mask });
}

/** A copy of the mask with its last two axes broadcast to `[queries, keys]`; all true where there is none. */
function expanded(mask: Tensor | undefined, queries: number, keys: number): Tensor | null {
  if (!mask)
    return queries * keys <= cellLimit ? tensor("bool", [queries, keys], new Uint8Array(queries * keys).fill(1)) : null;
  const source = withRank(mask, 2);
  const shape = [...source.shape.slice(0, -2), queries, keys];
  if (sizeOf(shape) > cellLimit) return null;
  const strides = [...source.strides];
  for (const axis of [-2, -1]) if (source.shape.at(axis) === 1) strides[strides.length + axis] = 0;
  const view = { ...source, shape, strides };
  const data = storage(mask.dtype, sizeOf(shape)) as Float64Array;
  for (let flat = 0; flat < data.length; flat++) data[flat] = valueAt(view, flat);
  return tensor(mask.dtype, shape, data);
}
