import assert from "node:assert/strict";
import fc from "fast-check";
import { numberText } from "../../../src/tensor/print.ts";
import { statistics } from "../../../src/tensor/statistics.ts";
import {
  flatOf,
  indexOf,
  isContiguous,
  position,
  rowMajor,
  select,
  sizeOf,
  tensor,
  toFloat64,
  valueAt,
  withRank,
} from "../../../src/tensor/tensor.ts";

const shapes = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 4 });

function counting(shape: readonly number[]) {
  return tensor(
    "float64",
    shape,
    Float64Array.from({ length: sizeOf(shape) }, (_, at) => at),
  );
}

describe("tensor", () => {
  it("numbers elements row by row: index and flat number are inverse", () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        for (let flat = 0; flat < sizeOf(shape); flat++) assert.equal(flatOf(shape, indexOf(shape, flat)), flat);
      }),
    );
  });

  it("reads through any strides: a transposed view has the elements of its transpose", () => {
    const t = counting([2, 3]);
    const transposed = { ...t, shape: [3, 2], strides: [1, 3] };
    assert.deepEqual([...toFloat64(transposed)], [0, 3, 1, 4, 2, 5]);
    assert.equal(isContiguous(transposed), false);
  });

  it("reads backwards and broadcast views", () => {
    const t = counting([3]);
    assert.deepEqual([...toFloat64({ ...t, strides: [-1], offset: 2 })], [2, 1, 0]);
    assert.deepEqual([...toFloat64({ ...t, shape: [2, 3], strides: [0, 1] })], [0, 1, 2, 0, 1, 2]);
  });

  it("selects a sub-tensor of the outermost axis without copying", () => {
    const t = counting([2, 2, 3]);
    assert.equal(select(t, 1).data, t.data);
    assert.deepEqual([...toFloat64(select(select(t, 1), 0))], [6, 7, 8]);
  });

  it("gains axes of size 1 in front", () => {
    const t = withRank(counting([2, 3]), 4);
    assert.deepEqual(t.shape, [1, 1, 2, 3]);
    assert.equal(valueAt(t, 5), 5);
    assert.equal(position(t, 5), 5);
  });

  it("refuses data that does not fill its shape", () => {
    assert.throws(() => tensor("float64", [2, 3], new Float64Array(5)), RangeError);
  });

  it("has one element as a scalar and none with an empty axis", () => {
    assert.equal(sizeOf([]), 1);
    assert.equal(sizeOf([3, 0, 2]), 0);
    assert.deepEqual(rowMajor([3, 0, 2]), [0, 2, 1]);
  });

  it("reads 64-bit integers as numbers", () => {
    assert.deepEqual([...toFloat64(tensor("int64", [2], BigInt64Array.of(-3n, 2n ** 40n)))], [-3, 2 ** 40]);
  });
});

describe("statistics", () => {
  it("leaves NaN and infinities out of limits and mean, and counts them", () => {
    const found = statistics(
      tensor("float64", [6], Float64Array.of(1, Number.NaN, 3, Number.POSITIVE_INFINITY, -1, Number.NEGATIVE_INFINITY)),
    );
    assert.deepEqual(
      [found.minimum, found.maximum, found.mean, found.nan, found.positiveInfinity, found.negativeInfinity],
      [-1, 3, 1, 1, 1, 1],
    );
  });

  it("has no limits where nothing is finite", () => {
    assert.ok(Number.isNaN(statistics(tensor("float64", [0], new Float64Array(0))).mean));
  });

  it("does not lose the spread of numbers that are far from 0", () => {
    const found = statistics(tensor("float64", [2], Float64Array.of(1e9 + 1, 1e9 - 1)));
    assert.equal(found.standardDeviation, 1);
  });
});

describe("numbers for readers", () => {
  it("is short, exact in its digits, and names what is no number", () => {
    const said = [
      0.1 + 0.2,
      1 / 3,
      -2,
      0,
      -0,
      1e-7,
      -12345678,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ].map((x) => numberText(x));
    assert.deepEqual(said, ["0.3", "0.3333", "−2", "0", "−0", "1e−7", "−1.235e7", "NaN", "∞", "−∞"]);
  });

  it("reads back to within its digits", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 }), (x) => {
        const back = Number(numberText(x, 6).replaceAll("−", "-"));
        assert.ok(Math.abs(back - x) <= Math.abs(x) * 1e-5);
      }),
    );
  });
});
