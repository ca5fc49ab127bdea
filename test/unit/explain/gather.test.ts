import assert from "node:assert/strict";
import fc from "fast-check";
import { attend } from "../../../src/attention/engine.ts";
import type { AttentionProblem } from "../../../src/attention/problem.ts";
import type { AttentionResult } from "../../../src/attention/result.ts";
import { attendersOf } from "../../../src/explain/gather/attenders.ts";
import { attentionDetails } from "../../../src/explain/gather/attentionDetails.ts";
import { effectOf } from "../../../src/explain/gather/effect.ts";
import { largest } from "../../../src/explain/gather/largest.ts";
import { rankOf } from "../../../src/explain/gather/rank.ts";
import { spreadOf } from "../../../src/explain/gather/variance.ts";
import { type Tensor, tensor } from "../../../src/tensor/tensor.ts";

const head = { batch: 0, head: 0 };

async function computed(problem: AttentionProblem): Promise<AttentionResult> {
  const result = await attend(problem);
  assert.ok(result.ok);
  return result.value;
}

/** `t` with one element replaced. */
function changed(t: Tensor, flat: number, value: number): Tensor {
  const data = Float64Array.from(t.data as Float64Array);
  data[flat] = value;
  return tensor(t.dtype, t.shape, data);
}

const [queries, keys, size, valueSize] = [3, 4, 5, 2];
const numbers = (length: number) =>
  fc
    .array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: length, maxLength: length })
    .map((all) => Float64Array.from(all));
const problems = fc
  .record({
    query: numbers(2 * queries * size).map((data) => tensor("float64", [2, queries, size], data)),
    key: numbers(keys * size).map((data) => tensor("float64", [1, keys, size], data)),
    value: numbers(keys * valueSize).map((data) => tensor("float64", [1, keys, valueSize], data)),
    mask: numbers(queries * keys).map((data) => tensor("float64", [queries, keys], data)),
    causal: fc.constantFrom("none" as const, "topLeft" as const),
    softcap: fc.constantFrom(0, 2),
    sinks: fc.constantFrom(undefined, [0.5, -1]),
  })
  .map(
    ({ sinks, softcap, ...problem }): AttentionProblem => ({
      ...problem,
      ...(softcap > 0 && { softcap }),
      ...(sinks && { sinks }),
    }),
  );
const roles = fc.constantFrom("query" as const, "key" as const, "value" as const, "mask" as const);

describe("what one number would change", () => {
  it("is what computing again with the number changed gives, and its slope the difference quotient", () =>
    fc.assert(
      fc.asyncProperty(problems, roles, fc.nat(), fc.nat(), fc.nat(1), async (problem, role, at, along, which) => {
        const t = problem[role]!;
        const [rows, columns] = [t.shape.at(-2)!, t.shape.at(-1)!];
        const [row, column] = [at % rows, along % columns];
        const place = { batch: 0, head: which, role, row, column };
        const effect = effectOf(await computed(problem), problem, place)!;
        const flat = (role === "query" ? which * rows * columns : 0) + row * columns + column;
        const value = Number(t.data[flat]);
        const read = async (x: number, { query, key, column: c }: { query: number; key?: number; column?: number }) => {
          const after = (await computed({ ...problem, [role]: changed(t, flat, x) })).row(place, query);
          return key === undefined ? after.output[c!]! : after.weights[key]!;
        };
        const h = 1e-5;
        for (const change of effect.changes) {
          assert.ok(Math.abs((await read(value + effect.step, change)) - change.after) < 1e-12);
          const quotient = ((await read(value + h, change)) - (await read(value - h, change))) / (2 * h);
          assert.ok(Math.abs(quotient - change.slope) < 1e-6, `${quotient} ${change.slope}`);
        }
      }),
      { numRuns: 100 },
    ));

  it("is nothing for a boolean mask, a number that is not finite, or a fully masked row", async () => {
    const query = tensor("float64", [1, 1], Float64Array.of(1));
    const allowed = tensor("bool", [1, 1], Uint8Array.of(1));
    const forbidden = tensor("bool", [1, 1], Uint8Array.of(0));
    const base = { query, key: query, value: query };
    const place = { ...head, row: 0, column: 0 };
    assert.equal(
      effectOf(await computed({ ...base, mask: allowed }), { ...base, mask: allowed }, { ...place, role: "mask" }),
      null,
    );
    const masked = { ...base, mask: forbidden };
    assert.deepEqual(effectOf(await computed(masked), masked, { ...place, role: "query" })?.changes, []);
    const infinite = { ...base, query: tensor("float64", [1, 1], Float64Array.of(Number.POSITIVE_INFINITY)) };
    assert.equal(effectOf(await computed(infinite), infinite, { ...place, role: "query" }), null);
  });
});

describe("what is gathered of a head", () => {
  const query = tensor("float64", [2, 2], Float64Array.of(1, 0, 0, 4));
  const key = tensor("float64", [2, 2], Float64Array.of(2, 0, 0, 2));
  const problem = { query, key, value: key };

  it("the spread of its scores: 2, 0, 0, 8 without the scale", async () => {
    const spread = spreadOf(await computed(problem), head)!;
    assert.ok(Math.abs(spread.deviation - Math.sqrt(43 / 4)) < 1e-12);
    assert.ok(Math.abs(spread.scaledDeviation - Math.sqrt(43 / 8)) < 1e-12);
    const largest = (x: number) => 1 / (1 + Math.exp(-x));
    assert.ok(Math.abs(spread.peakUnscaled - (largest(2) + largest(8)) / 2) < 1e-12);
    assert.ok(Math.abs(spread.peak - (largest(2 / Math.SQRT2) + largest(8 / Math.SQRT2)) / 2) < 1e-12);
  });

  it("who attends to a key, and that all weights on all keys are as many as queries", async () => {
    const result = await computed(problem);
    const all = [0, 1].map((at) => attendersOf(result, head, at, 5));
    assert.deepEqual(
      all.map(({ top }) => top.map((each) => each.query)),
      [
        [0, 1],
        [1, 0],
      ],
    );
    assert.ok(Math.abs(all[0]!.total + all[1]!.total - 2) < 1e-12);
  });

  it("names of queries and keys, the first query head of a key head, no row for a mask that all queries share", async () => {
    const heads: AttentionProblem = {
      query: tensor(
        "float64",
        [4, 2, 2],
        Float64Array.from({ length: 16 }, (_, at) => at / 8),
      ),
      key: tensor(
        "float64",
        [2, 2, 2],
        Float64Array.from({ length: 8 }, (_, at) => at / 4),
      ),
      value: tensor(
        "float64",
        [2, 2, 2],
        Float64Array.from({ length: 8 }, (_, at) => at),
      ),
      mask: tensor("float64", [1, 2], Float64Array.of(0, 1)),
    };
    const tokens = (...labels: string[]) => ({
      labels,
      range: { start: 0, end: 0 },
      place: () => ({ start: 0, end: 0 }),
    });
    const site = { queryTokens: tokens("a", "b"), keyTokens: tokens("c", "d") };
    const question = { result: await computed(heads), problem: heads, site, element: true };
    const ofKey = attentionDetails({ ...question, role: "key", index: [1, 0, 1] });
    assert.deepEqual(ofKey.head, { batch: 0, head: 2 });
    assert.equal(ofKey.keyRow?.token, "c");
    assert.ok(ofKey.effect?.changes.every(({ queryToken, keyToken }) => queryToken !== undefined && keyToken === "c"));
    const ofQuery = attentionDetails({ ...question, role: "query", index: [3, 1, 0] });
    assert.equal(ofQuery.row?.token, "b");
    const ofMask = attentionDetails({ ...question, role: "mask", index: [0, 1] });
    assert.deepEqual([ofMask.row, ofMask.effect], [undefined, undefined]);
  });

  it("the largest numbers, as sorting all of them would give", () =>
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constant(Number.NaN))),
        fc.integer({ min: 1, max: 6 }),
        (numbers, count) => {
          const rank = (x: number) => (Number.isNaN(x) ? -9 : x);
          const sorted = [...numbers.keys()].sort((a, b) => rank(numbers[b]!) - rank(numbers[a]!) || a - b);
          assert.deepEqual(largest(numbers, count), sorted.slice(0, count));
        },
      ),
    ));

  it("the rank of a number in its row, ties sharing the better place", () => {
    const t = tensor("float64", [2, 3], Float64Array.of(9, 9, 9, 1, Number.NaN, 1));
    assert.deepEqual(rankOf(t, 3), { place: 1, of: 3 });
    assert.equal(rankOf(t, 4), null);
    assert.deepEqual(rankOf(tensor("float64", [1, 3], Float64Array.of(1, 3, 2)), 2), { place: 2, of: 3 });
  });
});
