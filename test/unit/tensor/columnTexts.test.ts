import assert from "node:assert/strict";
import fc from "fast-check";
import { columnTexts } from "../../../src/tensor/print.ts";

describe("numbers below one another", () => {
  const lines = (numbers: number[], digits?: number) => columnTexts(numbers, digits).join(" ");

  it("have the same decimals, as many as the largest needs", () => {
    assert.equal(lines([1.806, 0.968, -1.385, -0.4412, -0.06307]), "1.806 0.968 −1.385 −0.441 −0.063");
    assert.equal(lines([0.529, 0.2289, 0.02176]), "0.5290 0.2289 0.0218");
    assert.equal(lines([123456.7, 2.25]), "123457 2");
  });

  it("have no decimals that none of them needs", () => {
    assert.equal(lines([1, 2, 3]), "1 2 3");
    assert.equal(lines([1.5, 0, -2]), "1.5 0.0 −2.0");
    assert.equal(lines([0, 0]), "0 0");
  });

  it("show what is too small for the column by itself, and what is no number by its name", () => {
    assert.equal(lines([0.5, 4.026e-6, 0]), "0.5 4e−6 0.0");
    assert.equal(lines([Number.NaN, 2.5, Number.NEGATIVE_INFINITY]), "NaN 2.5 −∞");
    assert.equal(lines([2e7, 1]), "2e7 1");
    assert.equal(lines([]), "");
  });

  it("are off by no more than half a unit of their last decimal", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e5, max: 1e5, noNaN: true }), { minLength: 1 }), (numbers) => {
        const texts = columnTexts(numbers);
        const most = Math.max(...numbers.map(Math.abs));
        for (const [i, text] of texts.entries()) {
          const read = Number(text.replaceAll("−", "-"));
          assert.ok(Math.abs(read - numbers[i]!) <= Math.max(6e-4 * most, 0.051 * Math.abs(numbers[i]!)), text);
        }
      }),
    );
  });
});
