import assert from "node:assert/strict";
import { attend } from "../../../src/attention/engine.ts";
import { rowLimits } from "../../../src/service/looks.ts";
import { random } from "../attention/support.ts";

describe("rows' limits", () => {
  const turn = async (): Promise<void> => undefined;

  it("are those of every number of every row, in pieces, by blocks", async () => {
    const [query, key, value] = [random([130, 3], 1, 5), random([20000, 3], 2), random([20000, 3], 3)] as const;
    const made = await attend({ query, key, value, causal: "bottomRight" });
    assert.ok(made.ok);
    const head = { batch: 0, head: 0 };
    for (const stage of ["masked", "weights", "output"] as const) {
      for (const [row, rows, step] of [
        [0, 130, 1],
        [8, 24, 5],
      ] as const) {
        const limits = await rowLimits(made.value, { result: 0, ...head, stage, row, rows, step }, turn);
        for (let block = 0; block < rows; block++) {
          const numbers: number[] = Array.from(
            { length: step },
            (_, at) => made.value.row(head, row + block * step + at)[stage],
          )
            .flatMap((line) => [...line])
            .filter(Number.isFinite)
            .map(Math.fround);
          assert.deepEqual(
            [limits.minimum[block], limits.maximum[block]],
            [numbers.reduce((a, b) => Math.min(a, b)), numbers.reduce((a, b) => Math.max(a, b))],
            `${stage}, block ${block}`,
          );
        }
      }
    }
  });

  it("are nothing where no number is finite, and end when that is no longer wanted", async () => {
    const [query, key, value] = [random([4, 3], 1), random([4, 3], 2), random([4, 3], 3)] as const;
    const made = await attend({ query, key, value, keyLengths: [0] });
    assert.ok(made.ok);
    const asked = { result: 0, batch: 0, head: 0, stage: "masked", row: 0, rows: 4, step: 1 } as const;
    assert.deepEqual([...(await rowLimits(made.value, asked, turn)).maximum], Array(4).fill(Number.NaN));
    const enough = async (): Promise<void> => Promise.reject(new Error("enough"));
    await assert.rejects(rowLimits(made.value, asked, enough), /enough/);
  });
});
