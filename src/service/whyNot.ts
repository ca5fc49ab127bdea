import { plan } from "../attention/plan.ts";
import type { AttentionProblem } from "../attention/problem.ts";
import type { Role, TensorEntry } from "../reading/document.ts";
import { type Message, message } from "../tensor/message.ts";
import { rowMajor, type Tensor } from "../tensor/tensor.ts";
import { lacksValues } from "./samples.ts";
import { type ResolvedSite, siteOptions } from "./sites.ts";

/** Why running this site would fail, found by its shapes alone. `sampled`: samples stand in for missing values. */
export function whyNot(resolved: ResolvedSite, sampled: boolean): Message | undefined {
  const { entries, site } = resolved;
  if (entries.weights) return undefined;
  const shapes: Partial<Record<Role, Tensor>> = {};
  for (const role of ["query", "key", "value", "mask"] as const) {
    const entry = entries[role];
    if (!entry && role !== "mask") return message("service.noRole", { role });
    if (!entry) continue;
    if (!sampled && lacksValues(entry)) return message("service.noValues", { name: entry.name });
    const shape = shapeAlone(entry);
    if (shape) shapes[role] = shape;
    else if (role !== "mask") return undefined;
  }
  const { query, key, value, mask } = shapes as Record<"query" | "key" | "value", Tensor> & { mask?: Tensor };
  const problem: AttentionProblem = { query, key, value, ...(mask && { mask }), ...siteOptions(site, {}) };
  const planned = plan(problem);
  return planned.ok ? undefined : planned.problem;
}

/** A tensor without elements, for what asks only for its sizes; null where they are not all known. */
function shapeAlone({ shape, dtype }: TensorEntry): Tensor | null {
  if (!shape?.every((size) => typeof size === "number")) return null;
  const dims = shape as readonly number[];
  // Whether an integer mask is one of zeros and ones cannot be told without its elements: it fits either way.
  return {
    dtype: dtype === null || /int/.test(dtype) ? "float32" : dtype,
    shape: dims,
    strides: rowMajor(dims),
    offset: 0,
    data: new Float32Array(0),
  };
}
