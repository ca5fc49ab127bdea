import { deepStrictEqual, strictEqual } from "node:assert/strict";
import * as fc from "fast-check";
import { tensorText } from "../../../src/exporting/tensorText.ts";
import { tensor } from "../../../src/tensor/tensor.ts";

const floats = tensor("float32", [2, 2], Float32Array.of(1, -0.5, Number.NaN, Number.NEGATIVE_INFINITY));

describe("tensorText", () => {
  it("is NumPy code with its dtype", () => {
    strictEqual(tensorText(floats, "Q", "numpy"), "Q = np.array([[1.0, -0.5],\n [np.nan, -np.inf]], dtype=np.float32)");
  });

  it("is PyTorch code", () => {
    strictEqual(
      tensorText(floats, "self.query.weight", "pytorch"),
      'self_query_weight = torch.tensor([[1.0, -0.5],\n [float("nan"), -float("inf")]], dtype=torch.float32)',
    );
  });

  it("keeps 64-bit integers and booleans exact", () => {
    const ids = tensor("int64", [1, 2], BigInt64Array.of(9007199254740993n, -1n));
    strictEqual(tensorText(ids, "0 ids", "numpy"), "tensor_0_ids = np.array([[9007199254740993, -1]], dtype=np.int64)");
    strictEqual(
      tensorText(tensor("bool", [2], Uint8Array.of(1, 0)), "m", "numpy"),
      "m = np.array([True, False], dtype=np.bool_)",
    );
  });

  it("is JSON that gives every double back", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 20 }),
        (numbers) => {
          const text = tensorText(tensor("float64", [1, numbers.length], Float64Array.from(numbers)), "x", "json");
          deepStrictEqual(JSON.parse(text), [numbers]);
        },
      ),
    );
  });

  it("writes empty tensors and scalars", () => {
    strictEqual(tensorText(tensor("float64", [0, 3], new Float64Array(0)), "e", "json"), "[]");
    strictEqual(tensorText(tensor("float64", [], Float64Array.of(2)), "s", "json"), "2.0");
  });
});
