import assert from "node:assert/strict";
import fc from "fast-check";
import { Mt19937 } from "../../../../../src/reading/python/random/mt19937.ts";
import { fusedSingle } from "../../../../../src/reading/python/random/singleMath.ts";

describe("Mersenne Twister", () => {
  it("skips as if it drew", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 0, max: 2000 }), (before, skipped) => {
        const [a, b] = [Mt19937.fromSeed(5), Mt19937.fromSeed(5)];
        for (const generator of [a, b]) for (let i = 0; i < before; i++) generator.next();
        a.advance(skipped);
        for (let i = 0; i < skipped; i++) b.next();
        assert.ok(a.next() === b.next());
      }),
      { numRuns: 60 },
    );
  });
});

describe("fused multiply-add in float32", () => {
  const float = fc.float({ noNaN: true, noDefaultInfinity: true, min: -(2 ** 30), max: 2 ** 30 });
  it("rounds once", () => {
    fc.assert(
      fc.property(float, float, float, (a, b, c) =>
        assert.ok(Object.is(fusedSingle(a, b, c), once(a, b, c)) || once(a, b, c) === 0),
      ),
    );
    assert.equal(fusedSingle(1 + 2 ** -12, 1 + 2 ** -12, 2 ** -60), 1 + 2 ** -11 + 2 ** -23);
  });
});

/** By whole numbers: all three scaled to integers, added exactly, rounded to 24 bits, ties to even. */
function once(a: number, b: number, c: number): number {
  const scale = 2n ** 300n;
  const exact = big(a) * big(b) + big(c) * scale;
  const size = exact < 0n ? -exact : exact;
  const drop = BigInt(Math.max(size.toString(2).length - 24, Number(600 - 149)));
  const [head, rest, half] = [size >> drop, size & ((1n << drop) - 1n), 1n << (drop - 1n)];
  const rounded = head + (rest > half || (rest === half && head & 1n) ? 1n : 0n);
  return Number(rounded) * 2 ** Number(drop - 600n) * (exact < 0n ? -1 : 1);
}

function big(x: number): bigint {
  let [mantissa, power] = [x, 300n];
  while (!Number.isInteger(mantissa)) [mantissa, power] = [mantissa * 2, power - 1n];
  return BigInt(mantissa) << power;
}
