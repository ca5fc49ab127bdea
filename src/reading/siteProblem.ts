import { shapesAfter } from "../attention/forms/steps.ts";
import { plan } from "../attention/plan.ts";
import type { AttentionProblem } from "../attention/problem.ts";
import type { Message } from "../tensor/message.ts";
import { rowMajor, type Tensor } from "../tensor/tensor.ts";
import type { Role, SiteOptions, TensorEntry } from "./document.ts";

/** What a document's options say of a problem, without its tensors. */
export function ownOptions(own: SiteOptions): Omit<AttentionProblem, "query" | "key" | "value" | "mask"> {
  const { causal, steps: _, ...others } = own;
  return { ...others, causal: causal === true ? "topLeft" : causal || "none" };
}

/** Why a problem of these tensors would fail, found by their shapes alone; null where it would not, or they are not all known. */
export function misfit(entries: Readonly<Partial<Record<Role, TensorEntry>>>, options: SiteOptions): Message | null {
  const [query, key, value, mask] = [entries.query, entries.key, entries.value, entries.mask].map(
    (entry) => entry && shapeAlone(entry),
  );
  if (!query || !key || !value) return null;
  const after = shapesAfter(options.steps ?? [], { query: query.shape, key: key.shape });
  if (!after.ok) return after.problem;
  // Spelled out, a pattern has a cell for each pair: too many for a look at sizes.
  const { sparse: _, ...others } = ownOptions(options);
  const planned = plan({
    query: ofShape(query, after.value.query),
    key: ofShape(key, after.value.key),
    value,
    ...(mask && { mask }),
    ...others,
  });
  return planned.ok ? null : planned.problem;
}

/** A tensor without elements, for what asks only for its sizes; null where they are not all known. */
function shapeAlone({ shape, dtype }: TensorEntry): Tensor | null {
  if (!shape?.every((size) => typeof size === "number")) return null;
  // Whether an integer mask is one of zeros and ones cannot be told without its elements: it fits either way.
  const kind = dtype === null || /int/.test(dtype) ? "float32" : dtype;
  return { shape, strides: rowMajor(shape), offset: 0, dtype: kind, data: new Float32Array(0) };
}

function ofShape(t: Tensor, shape: readonly number[]): Tensor {
  return { ...t, shape, strides: rowMajor(shape) };
}
