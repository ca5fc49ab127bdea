import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { npyBytes } from "../../../src/exporting/npyBytes.ts";
import { type Tensor, tensor } from "../../../src/tensor/tensor.ts";

/** What NumPy wrote (test/fixtures/npy/make.py). */
function golden(name: string): number[] {
  return [...readFileSync(new URL(`../../fixtures/npy/${name}.npy`, import.meta.url))];
}

const infinity = Number.POSITIVE_INFINITY;
const tensors: Readonly<Record<string, Tensor>> = {
  float64: tensor("float64", [2, 3], Float64Array.of(1.5, -0, Number.NaN, infinity, -infinity, 1e-300)),
  float32_3d: tensor(
    "float32",
    [2, 3, 4],
    Float32Array.from({ length: 24 }, (_, at) => at / 8),
  ),
  int64_1d: tensor("int64", [3], BigInt64Array.of(2n ** 63n - 1n, -(2n ** 63n), 0n)),
  bool: tensor("bool", [2, 2], Uint8Array.of(1, 0, 0, 1)),
  empty: tensor("float64", [0, 4], new Float64Array(0)),
  scalar: tensor("float64", [], Float64Array.of(2.25)),
};

describe("npyBytes", () => {
  for (const [name, value] of Object.entries(tensors)) {
    it(`writes ${name} as NumPy does, byte for byte`, () => {
      deepStrictEqual([...npyBytes(value)], golden(name));
    });
  }

  it("writes a transposed view in row-major order", () => {
    const view: Tensor = { ...tensors.float32_3d!, shape: [4, 3], strides: [1, 4], offset: 0 };
    const data = new Float32Array(npyBytes(view).slice(-48).buffer);
    deepStrictEqual(
      [...data].map((x) => x * 8),
      [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11],
    );
  });

  it("aligns the data to 64 bytes", () => {
    strictEqual((npyBytes(tensors.float64!).length - 48) % 64, 0);
  });

  it("refuses complex tensors, which are not stored", () => {
    throws(() => npyBytes(tensor("complex64", [1], new Float64Array(1))), RangeError);
  });
});
