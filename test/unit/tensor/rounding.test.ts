import assert from "node:assert/strict";
import * as fc from "fast-check";
import { roundToBfloat16, roundToFloat16 } from "../../../src/tensor/rounding.ts";

describe("rounding to 16-bit floats", () => {
  const any = fc.oneof(
    fc.double(),
    fc.float(),
    fc.double({ min: -1e-4, max: 1e-4 }),
    fc.double({ min: -7e4, max: 7e4 }),
  );

  it("agrees with the engine's own float16", () => {
    const own = new DataView(new ArrayBuffer(2));
    fc.assert(
      fc.property(any, (x) => {
        (own as unknown as { setFloat16(at: number, x: number): void }).setFloat16(0, x);
        assert.ok(
          Object.is(roundToFloat16(x), (own as unknown as { getFloat16(at: number): number }).getFloat16(0)),
          `${x}`,
        );
      }),
      { numRuns: 3000 },
    );
  });

  it("takes bfloat16 from the upper half of float32, ties to even", () => {
    const view = new DataView(new ArrayBuffer(4));
    fc.assert(
      fc.property(fc.float({ noNaN: true }), (x) => {
        view.setFloat32(0, x);
        const bits = view.getUint32(0);
        view.setUint32(0, Number.isFinite(x) ? ((bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff0000) >>> 0 : bits);
        assert.ok(Object.is(roundToBfloat16(x), view.getFloat32(0)), `${x}`);
      }),
      { numRuns: 3000 },
    );
  });
});
