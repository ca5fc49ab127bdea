import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { AttentionProblem } from "../../../src/attention/problem.ts";
import { referenceResult } from "../../../src/attention/reference/result.ts";
import { computeRow } from "../../../src/attention/reference/row.ts";
import type { AttentionRow } from "../../../src/attention/result.ts";
import { tensor, toFloat64 } from "../../../src/tensor/tensor.ts";
import { mask, numbers, planned, problems, random, sameNumbers } from "./support.ts";

function rowsOf(problem: AttentionProblem): AttentionRow[] {
  const made = planned(problem);
  const { batch, heads, queries } = made.sizes;
  return Array.from({ length: batch * heads * queries }, (_, at) =>
    computeRow(made, Math.floor(at / (heads * queries)), Math.floor(at / queries) % heads, at % queries),
  );
}

function close(actual: Float64Array, expected: Float64Array, tolerance = 1e-9): void {
  assert.equal(actual.length, expected.length);
  for (const [at, x] of actual.entries()) {
    assert.ok(Math.abs(x - expected[at]!) <= tolerance * (1 + Math.abs(x)), `${at}: ${x} ${expected[at]}`);
  }
}

describe("the float64 reference", () => {
  it("works out a row by hand", () => {
    const made = planned({
      query: numbers([1, 2], [1, 2]),
      key: numbers([2, 2], [1, 0, 0, 1]),
      value: numbers([2, 1], [10, 20]),
      scale: 1,
    });
    const row = computeRow(made, 0, 0, 0);
    const sum = Math.exp(-1) + 1;
    assert.deepEqual([...row.scores], [1, 2]);
    close(row.weights, Float64Array.of(Math.exp(-1) / sum, 1 / sum));
    close(row.output, Float64Array.of((10 * Math.exp(-1) + 20) / sum));
    assert.equal(row.statistics.peak, 1);
  });

  it("gives weights that sum to 1, or are fully masked", () => {
    fc.assert(
      fc.property(problems, (problem) => {
        for (const { weights, statistics, output } of rowsOf(problem)) {
          const sum = weights.reduce((a, b) => a + b, 0);
          assert.ok(statistics.fullyMasked ? sum === 0 && output.every((x) => x === 0) : Math.abs(sum - 1) < 1e-12);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("does not care for the order of keys with their values", () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const { window: _, mask: __, sparse: ___, ...rest } = problem;
        const free: AttentionProblem = { ...rest, causal: "none" };
        const turned = { ...free, key: backwards(free.key), value: backwards(free.value) };
        const [before, after] = [rowsOf(free), rowsOf(turned)];
        for (const [at, row] of before.entries()) close(row.output, after[at]!.output);
      }),
      { numRuns: 40 },
    );
  });

  it("does not care for a constant added to a row of scores", () => {
    fc.assert(
      fc.property(problems, fc.double({ min: -50, max: 50, noNaN: true }), (problem, constant) => {
        const shift = (by: number): AttentionRow[] => rowsOf({ ...problem, mask: numbers([1], [by]) });
        for (const [at, row] of shift(0).entries()) close(row.weights, shift(constant)[at]!.weights);
      }),
      { numRuns: 20 },
    );
  });

  it("skips masked pairs, whatever they hold", () => {
    const problem = {
      query: random([3, 4], 1),
      key: random([3, 4], 2),
      value: random([3, 2], 3),
      causal: "topLeft" as const,
    };
    const poisoned = { ...problem, key: withNaN(problem.key, 2 * 4), value: withNaN(problem.value, 2 * 2 + 1) };
    const [clean, dirty] = [rowsOf(problem), rowsOf(poisoned)];
    for (const query of [0, 1]) assert.deepEqual(dirty[query]!.output, clean[query]!.output);
    assert.ok(dirty[2]!.weights.every(Number.isNaN));
    assert.ok(dirty[2]!.output.every(Number.isNaN));
  });

  it("lets NaN in Q poison its row and NaN in V its column", () => {
    const problem = { query: random([2, 4], 1), key: random([3, 4], 2), value: random([3, 2], 3) };
    const [first, second] = rowsOf({ ...problem, query: withNaN(problem.query, 4) });
    assert.ok(first!.output.every(Number.isFinite) && second!.output.every(Number.isNaN));
    for (const row of rowsOf({ ...problem, value: withNaN(problem.value, 3) })) {
      assert.deepEqual([...row.output].map(Number.isNaN), [false, true]);
    }
  });

  it("reports a fully masked row and gives it 0", () => {
    const problem = {
      query: random([2, 4], 1),
      key: random([3, 4], 2),
      value: random([3, 2], 3),
      mask: mask([2, 1], (at) => at === 1),
    };
    const result = referenceResult(planned(problem));
    const row = result.row({ batch: 0, head: 0 }, 0);
    assert.equal(result.fullyMaskedRows, 1);
    assert.ok(row.statistics.fullyMasked && row.weights.every((w) => w === 0) && row.output.every((x) => x === 0));
    assert.equal(row.statistics.logSumExp, Number.NEGATIVE_INFINITY);
  });

  it("derives every cell from what it shows", () => {
    fc.assert(
      fc.property(problems, fc.nat(), (problem, at) => {
        const result = referenceResult(planned(problem));
        const { queries, keys } = result.sizes;
        const cell = result.cell({ batch: 0, head: 0 }, at % queries, at % keys);
        close(Float64Array.of(cell.products.reduce((a, b) => a + b, 0)), Float64Array.of(cell.score));
        assert.equal(cell.scaled, cell.score * cell.scale);
        assert.equal(
          cell.masked,
          cell.maskTerm === Number.NEGATIVE_INFINITY ? cell.maskTerm : cell.capped + cell.maskTerm,
        );
        assert.equal(cell.weight, cell.masked === Number.NEGATIVE_INFINITY ? 0 : cell.exponential / cell.row.sum);
        assert.equal(cell.maskedBy.length > 0, cell.maskTerm === Number.NEGATIVE_INFINITY);
      }),
      { numRuns: 100 },
    );
  });

  it("pools a tile by maximum, so that one spike survives", async () => {
    const result = referenceResult(
      planned({ query: random([5, 4], 1), key: random([7, 4], 2), value: random([7, 3], 3) }),
    );
    const whole = await result.tile({
      batch: 0,
      head: 0,
      stage: "weights",
      row: 0,
      column: 0,
      rows: 5,
      columns: 7,
      step: 1,
    });
    const pooled = await result.tile({
      batch: 0,
      head: 0,
      stage: "weights",
      row: 0,
      column: 0,
      rows: 3,
      columns: 4,
      step: 2,
    });
    const largest = [0, 1, 7, 8].map((at) => whole.values[at]!).reduce((a, b) => Math.max(a, b));
    assert.equal(pooled.values[0], largest);
    assert.equal(pooled.values[11], whole.values[4 * 7 + 6]);
  });

  it("refuses what it does not have as a bug of the caller", () => {
    const result = referenceResult(
      planned({ query: random([5, 4], 1), key: random([7, 4], 2), value: random([7, 3], 3) }),
    );
    assert.throws(() => result.row({ batch: 0, head: 1 }, 0), RangeError);
    assert.throws(() => result.cell({ batch: 0, head: 0 }, 0, 7), RangeError);
  });

  it("lets others have the thread during long work, computes once for all who wait, and stops when nobody does", async () => {
    let turns = 0;
    const nextTurn = async (): Promise<void> => {
      turns++;
      await new Promise((resolve) => setImmediate(resolve));
    };
    const inputs = { query: random([600, 64], 1), key: random([600, 64], 2), value: random([600, 64], 3) };
    const result = referenceResult(planned(inputs), nextTurn);
    const head = { batch: 0, head: 0 };
    const [limits, output] = await Promise.all([result.limits(head, "weights"), result.output()]);
    assert.ok(turns >= 10 && turns < 40, `${turns} turns`);
    assert.deepEqual(limits, await referenceResult(planned(inputs)).limits(head, "weights"));
    sameNumbers(output, await result.output());

    const given = referenceResult(planned(inputs), nextTurn);
    const stop = new AbortController();
    const asked = [
      given.output(stop.signal),
      given.summaries(stop.signal),
      given.tile({ ...head, stage: "weights", row: 0, column: 0, rows: 300, columns: 300, step: 2 }, stop.signal),
    ];
    await new Promise((resolve) => setImmediate(resolve));
    stop.abort(new Error("no longer wanted"));
    for (const answer of asked) await assert.rejects(answer, /no longer wanted/);
    const before = turns;
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.ok(turns <= before + 1, "it goes on though nobody waits");
  });

  it("names the patterns of heads", async () => {
    const eye = Array.from({ length: 36 }, (_, at) => (at % 7 === 0 ? 30 : 0));
    const previous = Array.from({ length: 36 }, (_, at) => (at % 6 === Math.floor(at / 6) - 1 ? 30 : 0));
    const sink = Array.from({ length: 36 }, (_, at) => (at % 6 === 0 ? 30 : 0));
    const scores = numbers([4, 6, 6], [...eye, ...previous, ...sink, ...new Array<number>(36).fill(0)]);
    const zero = numbers([4, 6, 1], new Array(24).fill(0));
    const summaries = await referenceResult(planned({ query: zero, key: zero, value: zero, mask: scores })).summaries();
    assert.deepEqual(
      summaries.map((summary) => summary.pattern),
      ["diagonal", "previous", "sink", "uniform"],
    );
  });
});

function backwards(t: ReturnType<typeof random>): ReturnType<typeof random> {
  const [batch, heads, rows, size] = t.shape as [number, number, number, number];
  const data = toFloat64(t);
  const turned = Float64Array.from({ length: data.length }, (_, flat) => {
    const row = Math.floor(flat / size) % rows;
    return data[flat + (rows - 1 - 2 * row) * size]!;
  });
  return tensor("float64", [batch, heads, rows, size], turned);
}

function withNaN(t: ReturnType<typeof random>, at: number): ReturnType<typeof random> {
  return { ...t, data: (t.data as Float32Array).map((x, flat) => (flat === at ? Number.NaN : x)) };
}
