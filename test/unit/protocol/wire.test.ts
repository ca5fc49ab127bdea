import assert from "node:assert/strict";
import fc from "fast-check";
import { fromWire, toWire } from "../../../src/protocol/wire.ts";

describe("what VS Code carries to the panel as JSON", () => {
  it("arrives as it was sent, numbers that JSON does not know among it", () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), fc.double(), (value, number) => {
        const message = { value, number, list: [number, { inner: number }], text: "NaN", nothing: null };
        const carried: unknown = JSON.parse(JSON.stringify(toWire(message)));
        assert.deepStrictEqual(fromWire(carried), message);
      }),
    );
    for (const number of [Number.NaN, Infinity, -Infinity, -0])
      assert.ok(Object.is(fromWire(JSON.parse(JSON.stringify(toWire(number)))), number));
  });

  it("leaves typed arrays what they are", () => {
    const weights = Float64Array.of(Number.NaN, -0);
    const sent = toWire({ weights, statistics: { maximum: -Infinity } }) as { weights: Float64Array };
    assert.equal(sent.weights, weights);
    assert.deepStrictEqual(fromWire(sent), { weights, statistics: { maximum: -Infinity } });
  });
});
