import assert from "node:assert/strict";
import fc from "fast-check";
import { asItIs, withCell, withoutKey } from "../../../webview/data/trial.ts";

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
        const [masked, left] = [withCell(before, { query, key }), withoutKey(before, key)];
        assert.deepEqual(masked.blocked.at(-1), [query, key]);
        assert.equal(left.excluded.at(-1), key);
        assert.deepEqual(withCell(masked, { query, key }), before);
        assert.deepEqual(withoutKey(left, key), before);
      }),
    );
  });
});
