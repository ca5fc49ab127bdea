import assert from "node:assert/strict";
import fc from "fast-check";
import { balanced, finiteDomain, scaleKinds, scaleOver } from "../../../src/picture/scale.ts";

describe("scales", () => {
  it("are linear between the limits", () => {
    const scale = scaleOver("linear", { minimum: -1, maximum: 3 });
    assert.deepEqual([-1, 0, 1, 3].map(scale), [0, 0.25, 0.5, 1]);
  });

  it("show six decades on the log scale", () => {
    const scale = scaleOver("log", { minimum: 0, maximum: 1 });
    assert.equal(scale(0), 0);
    assert.ok(Math.abs(scale(1e-3) - 0.5) < 1e-12);
    assert.equal(scale(1), 1);
  });

  it("keep zero in the middle of a symmetric log scale", () => {
    assert.equal(scaleOver("log", { minimum: -4, maximum: 4 })(0), 0.5);
  });

  it("put the one number of a constant matrix in the middle", () => {
    assert.equal(scaleOver("linear", { minimum: 2, maximum: 2 })(2), 0.5);
    assert.equal(scaleOver("log", { minimum: 0, maximum: 0 })(0), 0.5);
  });

  it("never decrease, never leave 0 … 1, and pass NaN on, whatever the numbers", () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(finite, finite, fc.double(), fc.double(), fc.constantFrom(...scaleKinds), (a, b, x, y, kind) => {
        const scale = scaleOver(kind, { minimum: Math.min(a, b), maximum: Math.max(a, b) });
        for (const each of [x, y]) {
          const t = scale(each);
          if (Number.isNaN(each)) assert.ok(Number.isNaN(t));
          else assert.ok(t >= 0 && t <= 1, `${each} → ${t}`);
        }
        if (x < y) assert.ok(scale(x) <= scale(y));
      }),
    );
  });

  it("balance a domain around zero", () => {
    assert.deepEqual(balanced({ minimum: -1, maximum: 3 }), { minimum: -3, maximum: 3 });
  });

  it("find limits among finite numbers only", () => {
    assert.deepEqual(finiteDomain([Number.NaN, 2, Number.NEGATIVE_INFINITY, -1]), { minimum: -1, maximum: 2 });
    assert.equal(finiteDomain([Number.NaN]), null);
    assert.equal(finiteDomain([]), null);
  });
});
