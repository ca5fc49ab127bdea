import type { Part } from "../../document.ts";
import type { TensorValue } from "../run/tensorValue.ts";
import type { Scores } from "./chain.ts";
import { source, transposedBy } from "./copies.ts";
import type { Labelled } from "./product.ts";
import type { ScoreFactors, SumAxes } from "./sumAxes.ts";

/** A tensor that plays a part; `axes`, for each of its axes, which axis of the part it is, where they are in another order. */
export interface Played {
  readonly part: Part;
  readonly tensor: TensorValue;
  readonly axes?: readonly number[];
}

/** What plays a part in a weighted sum as the program has it, whatever the order of its axes. */
export function playedInSum(
  sum: SumAxes,
  factors: ScoreFactors,
  { scores, weights, output }: { readonly scores: Scores; readonly weights: TensorValue; readonly output: TensorValue },
): Played[] {
  const rows = [...factors.batch, factors.queries, factors.inner];
  const pairs = [...sum.batch, sum.queries, sum.keys];
  /** The scores have the names that the weights have. */
  const labelled = (tensor: TensorValue, axes: readonly number[] | null): Labelled[] => {
    const labels: string[] = [];
    for (const [at, axis] of (axes ?? []).entries()) labels[axis] = sum.weights[at]!;
    return axes ? [{ tensor, labels }] : [];
  };
  return [
    ...inAnyOrder("query", factors.query, rows),
    ...inAnyOrder("key", factors.key, [...factors.batch, factors.keys, factors.inner]),
    ...inAnyOrder("value", sum.value, [...sum.batch, sum.keys, sum.inner]),
    ...labelled(scores.product, scores.axes).flatMap((each) => inAnyOrder("scores", each, pairs)),
    ...scores.stages.flatMap(({ part, tensor, axes }) =>
      labelled(tensor, axes).flatMap((each) => inAnyOrder(part, each, pairs)),
    ),
    ...inAnyOrder("weights", { tensor: weights, labels: sum.weights }, pairs),
    ...inAnyOrder("output", { tensor: output, labels: sum.result }, [...sum.batch, sum.queries, sum.inner]),
  ];
}

/** A tensor, and what it is another order of the axes of. `wanted`: the axes of the part, in its own order. */
function inAnyOrder(part: Part, { tensor, labels }: Labelled, wanted: readonly string[]): Played[] {
  const present = wanted.slice(wanted.length - labels.length);
  const axes = labels.map((label) => present.indexOf(label));
  if (axes.includes(-1)) return [];
  const made = source(tensor);
  const sorted = axes.every((axis, at) => axis === at);
  const order = transposedBy(made);
  const inner: string[] = [];
  for (const [at, axis] of (order ?? []).entries()) inner[axis] = labels[at]!;
  const before = order ? inAnyOrder(part, { tensor: made.by!.inputs[0]!, labels: inner }, wanted) : [];
  return [{ part, tensor: made, ...(!sorted && { axes }) }, ...before];
}
