import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { toFloat64 } from "../../../../src/tensor/tensor.ts";
import { read } from "./reader.ts";

describe("additive attention that pools a sequence", () => {
  it("is one query a sequence, its keys along the axis that softmax normalised", async () => {
    const path = new URL("../../../../examples/additive_attention.py", import.meta.url);
    const { sites, tensors } = await read(readFileSync(path, "utf8"));
    assert.deepEqual(
      sites.map(({ name, certainty }) => [name, certainty]),
      [["AdditiveAttention.forward", "recognised"]],
    );
    const weights = tensors.find(({ id }) => id === sites[0]!.roles.weights);
    assert.deepEqual(weights?.shape, [64, 1, 1, 10]);
    const values = toFloat64(weights!.values!);
    for (let row = 0; row < 64; row++) {
      const sum = values.slice(row * 10, row * 10 + 10).reduce((all, weight) => all + weight);
      assert.ok(Math.abs(sum - 1) < 1e-6, `row ${row} sums to ${sum}`);
    }
  });
});
