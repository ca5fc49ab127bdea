import assert from "node:assert/strict";
import fc from "fast-check";
import { asItIs, changed, noTrials, takenBack, triedOut, type WhatIfChange } from "../../../src/protocol/whatIf.ts";

describe("what is tried out by hand", () => {
  const index = fc.nat(5);

  it("takes a cell and a key back when they are chosen twice, and leaves all else alone", () => {
    fc.assert(
      fc.property(fc.uniqueArray(index), index, index, (others, query, key) => {
        const before = {
          ...asItIs,
          scale: 0.5,
          blocked: others.map((other): [number, number] => [other, 9]),
          excluded: others.filter((other) => other !== key),
        };
        const [masked, left] = [changed(before, { cell: [query, key] }), changed(before, { key })];
        assert.deepEqual(masked.blocked.at(-1), [query, key]);
        assert.equal(left.excluded.at(-1), key);
        assert.deepEqual(changed(masked, { cell: [query, key] }), before);
        assert.deepEqual(changed(left, { key }), before);
      }),
    );
  });

  it("changes one side of the window, and has none when neither side has a limit", () => {
    const left = changed(asItIs, { keysBefore: 2 });
    assert.deepEqual(left.window, [2, null]);
    const both = changed(left, { keysAfter: 0 });
    assert.deepEqual(both.window, [2, 0]);
    assert.deepEqual(changed(changed(both, { keysBefore: null }), { keysAfter: null }), asItIs);
  });

  it("is the same in whatever order steps of different kinds arrive", () => {
    const steps: WhatIfChange[] = [
      { causal: "topLeft" },
      { scale: "auto" },
      { softcap: 3 },
      { keysBefore: 1 },
      { keysAfter: 4 },
      { cell: [1, 2] },
      { key: 3 },
    ];
    const all = steps.reduce(changed, asItIs);
    fc.assert(
      fc.property(fc.shuffledSubarray(steps, { minLength: steps.length }), (order) => {
        assert.deepEqual(order.reduce(changed, asItIs), all);
      }),
    );
    assert.deepEqual(changed(all, asItIs), asItIs);
  });

  it("is taken back step by step, a number that was dragged at once", () => {
    const steps: WhatIfChange[] = [
      { cell: [1, 2] },
      { scale: 1 },
      { scale: 2 },
      { scale: 3 },
      { softcap: 5 },
      { scale: 4 },
    ];
    let trials = steps.reduce(triedOut, noTrials);
    const seen = [trials.current];
    while (trials.past.length > 0) {
      trials = takenBack(trials);
      seen.push(trials.current);
    }
    assert.deepEqual(
      seen.map(({ scale, softcap, blocked }) => [scale, softcap, blocked.length]),
      [
        [4, 5, 1],
        [3, 5, 1],
        [3, null, 1],
        [null, null, 1],
        [null, null, 0],
      ],
    );
    assert.equal(takenBack(trials), trials);
  });
});
