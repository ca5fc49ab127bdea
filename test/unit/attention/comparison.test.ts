import assert from "node:assert/strict";
import { differences, divergences } from "../../../src/attention/comparison.ts";
import { referenceResult } from "../../../src/attention/reference/result.ts";
import type { Tensor } from "../../../src/tensor/tensor.ts";
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

  it("takes tiles' numbers for long heads, whose rows are prepared together, and ends when that is no longer wanted", async () => {
    const long = (seed: number) => {
      const [query, key, value] = [0, 1, 2].map((more) => random([800, 32], seed + more)) as [Tensor, Tensor, Tensor];
      return { result: referenceResult(planned({ query, key, value })), head: { batch: 0, head: 0 } };
    };
    const [a, b] = [long(1), long(11)];
    const prepared: number[] = [];
    const told = {
      ...a,
      result: {
        ...a.result,
        prepare: async (_: unknown, _stage: unknown, queries: readonly number[]) => void prepared.push(...queries),
      },
    };
    const asked = { ...a.head, stage: "weights", row: 8, column: 100, rows: 99, columns: 87, step: 8 } as const;
    const { values, sampled } = await differences(told, b, asked, pause);
    assert.equal(sampled, undefined);
    assert.deepEqual([prepared.length, prepared[0], prepared.at(-1)], [792, 8, 799]);
    for (const line of [0, 50, 98]) {
      let [most, block] = [0, 3];
      for (let query = 8 + line * 8; query < 16 + line * 8; query++) {
        const [left, right] = [a, b].map(({ result, head }) => result.row(head, query).weights);
        for (let key = 100 + block * 8; key < 108 + block * 8; key++) {
          const delta = left![key]! - right![key]!;
          if (Math.abs(delta) > Math.abs(most)) most = delta;
        }
      }
      assert.ok(Math.abs(values[line * 87 + block]! - most) < 1e-7);
    }
    const { rows } = await divergences(a, b, pause);
    const { rows: near } = await divergences(a, b, pause, 800 * 32);
    assert.ok(Math.abs(rows[0]! - near[0]!) < 1e-6 && rows[0]! > 0);
    const enough = async () => Promise.reject(new Error("enough"));
    await assert.rejects(differences(a, b, asked, enough), /enough/);
  });

  it("stays exact where single cells are looked at", async () => {
    const near = await differences(left, right, tile(1), pause, cells / 4);
    assert.equal(near.sampled, undefined);
    const exact = await differences(left, right, tile(1), pause);
    for (const [at, x] of near.values.entries()) assert.ok(Math.abs(x - exact.values[at]!) < 1e-6);
  });
});
