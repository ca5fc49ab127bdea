import assert from "node:assert/strict";
import { differences, divergences } from "../../../src/attention/comparison.ts";
import { referenceResult } from "../../../src/attention/reference/result.ts";
import { planned, random, sameNumbers } from "./support.ts";

describe("comparing two heads of many rows", () => {
  const [queries, keys, size] = [64, 16, 4];
  const side = (seed: number) => ({
    result: referenceResult(
      planned({
        query: random([queries, size], seed),
        key: random([keys, size], seed + 1),
        value: random([keys, size], seed + 2),
      }),
    ),
    head: { batch: 0, head: 0 },
  });
  const [left, right] = [side(1), side(11)];
  const pause = async () => undefined;
  const tile = (step: number) =>
    ({
      ...left.head,
      stage: "weights",
      row: 0,
      column: 0,
      rows: queries / step,
      columns: keys / step,
      step,
    }) as const;
  const cells = queries * keys * size;

  it("looks at all of them where that is quick", async () => {
    const exact = await differences(left, right, tile(1), pause);
    assert.equal(exact.sampled, undefined);
    assert.equal(
      exact.values[0],
      Math.fround(left.result.row(left.head, 0).weights[0]! - right.result.row(right.head, 0).weights[0]!),
    );
    assert.equal((await divergences(left, right, pause)).sampled, undefined);
  });

  it("looks at evenly chosen ones where it is not, and says so", async () => {
    // A quarter of the rows: the first of each line of four, which is then alone in its block.
    const { values, sampled } = await differences(left, right, tile(4), pause, cells / 4);
    const exact = await differences(left, right, tile(1), pause);
    assert.equal(sampled, true);
    for (const [at, value] of values.entries()) {
      const from = Math.floor(at / 4) * 4 * keys + (at % 4) * 4;
      const four = [...exact.values.subarray(from, from + 4)];
      assert.equal(Math.abs(value), Math.max(...four.map(Math.abs)));
    }
    const { rows, ...told } = await divergences(left, right, pause, cells / 4);
    const all = (await divergences(left, right, pause)).rows;
    assert.equal(told.sampled, true);
    for (const [query, value] of rows.entries()) assert.equal(value, all[query - (query % 4)]);
  });

  it("repeats lines where even one row a line is too many", async () => {
    const { values } = await differences(left, right, tile(4), pause, cells / 16);
    const few = await differences(left, right, tile(4), pause, cells / 4);
    for (let line = 0; line < 16; line++) {
      const seen = line - (line % 4);
      sameNumbers(values.subarray(line * 4, line * 4 + 4), few.values.subarray(seen * 4, seen * 4 + 4));
    }
  });

  it("stays exact where single cells are looked at", async () => {
    const near = await differences(left, right, tile(1), pause, cells / 4);
    assert.equal(near.sampled, undefined);
    const exact = await differences(left, right, tile(1), pause);
    for (const [at, x] of near.values.entries()) assert.ok(Math.abs(x - exact.values[at]!) < 1e-6);
  });
});
