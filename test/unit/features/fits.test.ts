import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { candidates, fitsAsKey, fitsAsValue, settle } from "../../../src/features/commands/fits.ts";
import type { TensorSummary } from "../../../src/protocol/core.ts";

function tensor(id: string, shape: TensorSummary["shape"]): TensorSummary {
  const range = { start: 0, end: 1 };
  return { id, name: id, path: id, range, shape, dtype: "float64", origin: "literal", exact: true, hasValues: true };
}

const [a, b, c] = [tensor("a", [2, 3]), tensor("b", [4, 3]), tensor("c", [4, 2])];
const all = [a, b, c];
const ids = (tensors: readonly TensorSummary[]) => tensors.map(({ id }) => id).join("");

describe("which tensors fit together", () => {
  it("keys by width, values by length", () => {
    strictEqual(fitsAsKey(b, a), true);
    strictEqual(fitsAsKey(c, a), false);
    strictEqual(fitsAsValue(c, b), true);
    strictEqual(fitsAsValue(a, b), false);
  });

  it("keys with fewer heads that divide those of the query", () => {
    const query = tensor("q", [8, 4, 3]);
    strictEqual(fitsAsKey(tensor("k", [2, 6, 3]), query), true);
    strictEqual(fitsAsKey(tensor("k", [3, 6, 3]), query), false);
    strictEqual(fitsAsKey(tensor("k", [6, 3]), query), true);
  });

  it("nothing whose sizes are not known", () => {
    strictEqual(fitsAsKey(tensor("k", ["S", null]), a), false);
    strictEqual(fitsAsKey(tensor("k", null), a), false);
  });

  it("those that have no part yet come first", () => {
    strictEqual(ids(candidates(all, "key", { query: a })), "ba");
    strictEqual(ids(candidates(all, "value", { query: a, key: b })), "cb");
    strictEqual(ids(candidates(all, "query", {})), "abc");
    strictEqual(ids(candidates(all, "query", { key: b })), "ab");
  });

  it("what was given stays as far as it fits what comes first", () => {
    deepStrictEqual(settle(all, { query: "a", key: "b", value: "c" }), { query: a, key: b, value: c });
    deepStrictEqual(settle(all, { query: "a", key: "c", value: "c" }), { query: a, value: c });
    deepStrictEqual(settle(all, { query: "a", key: "c", value: "b" }, "key"), { key: c, value: b });
    deepStrictEqual(settle(all, { query: "gone" }), {});
  });
});
