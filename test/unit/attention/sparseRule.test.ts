import assert from "node:assert/strict";
import * as fc from "fast-check";
import { openKeys } from "../../../src/attention/fullyMasked.ts";
import type { Plan } from "../../../src/attention/plan.ts";
import type { AttentionProblem } from "../../../src/attention/problem.ts";
import { addedTerm } from "../../../src/attention/reference/scores.ts";
import { planned, random, sparsePatterns } from "./support.ts";

/** Whether a pair is open, by the definition of each pattern, positions counted from the start of its sequence. */
function isOpen({ sparse = {}, window }: AttentionProblem, i: number, j: number): boolean {
  const { dilation = 1, block, globals = [], prefix } = sparse;
  const [left, right] = window ?? [null, null];
  const isNear = i - j <= dilation * (left ?? Infinity) && j - i <= dilation * (right ?? Infinity);
  const isStep = (j - i) % dilation === 0;
  const isBlock = block === undefined || Math.floor(i / block) === Math.floor(j / block);
  const isGlobal = globals.includes(i) || globals.includes(j);
  return ((isNear && isStep && isBlock) || isGlobal) && (prefix === undefined || j < prefix || j <= i);
}

const [queries, keys] = [14, 19];
const windows = fc.constantFrom(undefined, [2, 1], [null, 0], [3, null] as const);

function planOf(more: Partial<AttentionProblem>): Plan {
  return planned({ query: random([queries, 2], 1), key: random([keys, 2], 2), value: random([keys, 2], 3), ...more });
}

describe("sparse patterns", () => {
  it("open what their definitions say, at any offset", () => {
    fc.assert(
      fc.property(sparsePatterns, windows, fc.integer({ min: -20, max: 20 }), (sparse, window, offset) => {
        const more = { sparse, offset, ...(window ? { window } : {}) } as Partial<AttentionProblem>;
        const plan = planOf(more);
        for (let i = 0; i < queries; i++) {
          const open = Array.from({ length: keys }, (_, j) => isOpen(plan.problem, i + offset, j));
          assert.deepEqual(
            open.map((_, j) => addedTerm(plan, 0, 0, i, j) === 0),
            open,
          );
          assert.equal(openKeys(plan, 0, 0, i), open.filter(Boolean).length);
        }
      }),
    );
  });

  it("count positions from the start of a packed sequence", () => {
    fc.assert(
      fc.property(sparsePatterns, windows, (sparse, window) => {
        const segments = { queries: [0, 5, 5, 14], keys: [0, 7, 9, 19] };
        const plan = planOf({
          sparse,
          segments,
          ...(window ? { window: window as [number | null, number | null] } : {}),
        });
        for (let i = 0; i < queries; i++) {
          const [q, from, to] = i < 5 ? [0, 0, 7] : [5, 9, 19];
          const open = Array.from(
            { length: keys },
            (_, j) => j >= from && j < to && isOpen(plan.problem, i - q, j - from),
          );
          assert.deepEqual(
            open.map((_, j) => addedTerm(plan, 0, 0, i, j) === 0),
            open,
          );
          assert.equal(openKeys(plan, 0, 0, i), open.filter(Boolean).length);
        }
      }),
    );
  });
});
