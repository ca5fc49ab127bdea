import assert from "node:assert/strict";
import fc from "fast-check";
import { type EditOptions, replaceNumber } from "../../../src/reading/edit.ts";
import { literalEnd } from "../../../src/reading/json/number.ts";
import { literal } from "./json/arbitraries.ts";

const drag: EditOptions = { language: "json", precision: "drag" };
const exact: EditOptions = { language: "json", precision: "exact" };

function edited(old: string, value: number, options = drag): string {
  const outcome = replaceNumber(old, { start: 0, end: old.length }, value, options);
  return outcome.ok ? outcome.value.text : outcome.problem.code;
}

describe("replacing a number", () => {
  it("keeps decimals, exponent form and padding", () => {
    assert.equal(edited("2.50", 1.2345), "1.23");
    assert.equal(edited("2.50", -3), "-3.00");
    assert.equal(edited("2.50", -0.001), "0.00");
    assert.equal(edited("7", 3.7), "4");
    assert.equal(edited("1.50e+05", 123456), "1.23e+05");
    assert.equal(edited("1E-3", 0.5), "5E-1");
    assert.equal(edited("1.5e-03", 12), "1.2e01");
    assert.equal(edited("-0.0", 0.26), "0.3");
  });

  it("writes more digits only where an exact value needs them", () => {
    assert.equal(edited("2.50", 1.2345, exact), "1.2345");
    assert.equal(edited("2.50", 3, exact), "3.00");
    assert.equal(edited("7", 3.5, exact), "3.5");
    assert.equal(edited("1.5e3", 0.1, exact), "1.0e-1");
    assert.equal(edited("1.00", -0, exact), "-0.00");
    assert.equal(edited("1.00", 1e300, exact), "1e+300");
  });

  it("keeps booleans booleans, and knows Python's forms", () => {
    const python: EditOptions = { language: "python", precision: "drag" };
    assert.equal(edited("true", 0), "false");
    assert.equal(edited("True", 0, python), "False");
    assert.equal(edited("true", 0.5), "edit.boolean");
    assert.equal(edited(".25", 0.5, python), ".50");
    assert.equal(edited("1.", 2, python), "2.");
    assert.equal(edited("1_000", 2500, python), "2500");
    assert.equal(edited("0.5", Number.NaN, python), "edit.special");
  });

  it("writes NaN and infinities as Python's json module does, and numbers in their place", () => {
    assert.equal(edited("0.5", Number.NEGATIVE_INFINITY), "-Infinity");
    assert.equal(edited("NaN", 0.5), "0.5");
    assert.equal(edited('"-inf"', 2), "2.0");
    assert.equal(edited("x", 2), "edit.notNumber");
  });

  it("touches nothing outside of the literal, and can be undone", () => {
    const around = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(
        around,
        literal,
        around,
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        (before, old, after, value) => {
          const text = before + old + after;
          const outcome = replaceNumber(text, { start: before.length, end: before.length + old.length }, value, drag);
          assert.ok(outcome.ok);
          const { range, text: written } = outcome.value;
          assert.equal(text.slice(0, range.start), before);
          assert.equal(text.slice(range.end), after);
          const changed = text.slice(0, range.start) + written + text.slice(range.end);
          assert.equal(changed.slice(0, before.length) + old + changed.slice(before.length + written.length), text);
        },
      ),
    );
  });

  it("writes JSON that is read back: to the bit where it shall be exact, else to half a unit of the last place", () => {
    const finite = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.double({ noNaN: true, min: -1e4, max: 1e4 }),
    );
    fc.assert(
      fc.property(literal, finite, (old, value) => {
        const whole = edited(old, value, exact);
        assert.ok(Object.is(JSON.parse(whole), value), whole);
        assert.equal(literalEnd(whole, 0), whole.length);
        const rough = edited(old, value);
        const decimals = /\.(\d+)/.exec(old)?.[1]?.length ?? 0;
        if (!/e/i.test(old))
          assert.ok(Math.abs(JSON.parse(rough) - value) <= 0.5 * 10 ** -decimals + Math.abs(value) * 1e-15, rough);
      }),
      { numRuns: 2000 },
    );
  });
});
