import * as v from "valibot";
import type { PanelRequest } from "../../src/protocol/panel.ts";

/** What of each answer is checked on arrival: that the arrays are there, of their kind and length. */

/** NaN and infinities are numbers here. */
const number = v.custom<number>((x) => typeof x === "number");
const doubles = v.instance(Float64Array);
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const statistics = v.looseObject({ maximum: number, sum: number, entropy: number, peak: number });
const tile = v.pipe(
  v.looseObject({ rows: count, columns: count, step: count, values: v.instance(Float32Array) }),
  v.check(({ rows, columns, values }) => values.length === rows * columns, "a tile has rows × columns values"),
);

const shapes: Readonly<Record<PanelRequest["method"], v.GenericSchema>> = {
  tile,
  input: tile,
  difference: tile,
  row: v.looseObject({
    scores: doubles,
    scaled: doubles,
    masked: doubles,
    weights: doubles,
    output: doubles,
    statistics,
  }),
  top: v.looseObject({ keys: v.instance(Uint32Array), weights: doubles, statistics }),
  cell: v.looseObject({
    products: doubles,
    queryRow: doubles,
    keyRow: doubles,
    contribution: doubles,
    row: statistics,
  }),
  limits: v.object({ minimum: number, maximum: number }),
  rowLimits: v.looseObject({ minimum: v.instance(Float32Array), maximum: v.instance(Float32Array) }),
  summaries: v.array(v.looseObject({ batch: count, head: count, entropy: number })),
  divergence: v.looseObject({ rows: doubles }),
};

export function fits(method: PanelRequest["method"], answer: unknown): boolean {
  return v.is(shapes[method], answer);
}
