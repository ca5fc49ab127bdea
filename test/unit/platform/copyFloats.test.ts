import assert from "node:assert/strict";
import { copyFloats } from "../../../src/platform/node/copyFloats.ts";

describe("copying numbers", () => {
  for (const [kind, Memory] of [
    ["private", ArrayBuffer],
    ["shared", SharedArrayBuffer],
  ] as const) {
    it(`lays a part of an array where it is wanted in ${kind} memory, and nothing beside it`, () => {
      const from = Float32Array.of(9, Number.NaN, -0, 1.5, 9).subarray(1, 4);
      const to = new Float32Array(new Memory(40), 8, 7).fill(7);
      copyFloats(from, to, 2);
      assert.deepEqual([...to], [7, 7, Number.NaN, -0, 1.5, 7, 7]);
      assert.deepEqual([...new Float32Array(to.buffer, 0, 2)], [0, 0]);
    });
  }
});
