import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { type Cell, cellPlaces } from "../../../src/features/panel/cellPlaces.ts";
import { inputPlace } from "../../../src/features/panel/inputPlaces.ts";
import type { ResultSummary, TensorSummary } from "../../../src/protocol/core.ts";

function tensor(id: string, shape: readonly number[]): TensorSummary {
  const range = { start: 0, end: 1 };
  return { id, name: id, path: id, range, shape, dtype: "float64", origin: "literal", exact: true, hasValues: true };
}

function result(shapes: Readonly<Record<string, readonly number[]>>, heads = 1, kvHeads = 1) {
  const roles = Object.fromEntries(Object.entries(shapes).map(([role, shape]) => [role, tensor(role, shape)]));
  const sizes = { batch: 1, heads, kvHeads, queries: 4, keys: 6, size: 8, valueSize: 8 };
  return { uri: "file:///x.json", roles, sizes } as Pick<ResultSummary, "uri" | "roles" | "sizes">;
}

const cell = (at: Partial<Cell>): Cell => ({ batch: 0, head: 0, query: 0, key: 0, ...at });
const flat = (places: ReturnType<typeof cellPlaces>) =>
  places.map(({ role, tensor, elements, of }) => [role, tensor, elements[0], of]);

describe("where the numbers of a cell are written", () => {
  it("in a row of Q, and a row of K and of V", () => {
    const matrices = result({ query: [4, 8], key: [6, 8], value: [6, 8] });
    deepStrictEqual(flat(cellPlaces(matrices, cell({ query: 2, key: 5 }))), [
      ["query", "query", 16, "row"],
      ["key", "key", 40, "row"],
      ["key", "value", 40, "row"],
    ]);
    deepStrictEqual(flat(cellPlaces(matrices, cell({ query: 3, key: null }))), [["query", "query", 24, "row"]]);
  });

  it("of the head's own key where query heads share keys", () => {
    const grouped = result({ query: [1, 4, 4, 8], key: [1, 2, 6, 8], value: [1, 2, 6, 8] }, 4, 2);
    deepStrictEqual(flat(cellPlaces(grouped, cell({ head: 3, query: 1, key: 2 }))), [
      ["query", "query", (3 * 4 + 1) * 8, "row"],
      ["key", "key", (1 * 6 + 2) * 8, "row"],
      ["key", "value", (1 * 6 + 2) * 8, "row"],
    ]);
  });

  it("in one key for all entries of the batch", () => {
    const broadcast = result({ query: [3, 1, 4, 8], key: [1, 1, 6, 8], value: [1, 1, 6, 8] });
    deepStrictEqual(flat(cellPlaces(broadcast, cell({ batch: 2, query: 1, key: 1 })))[1], ["key", "key", 8, "row"]);
  });

  it("in the weight itself where weights are given", () => {
    const given = result({ weights: [2, 4, 6] }, 2);
    deepStrictEqual(flat(cellPlaces(given, cell({ head: 1, query: 2, key: 3 }))), [
      ["query", "weights", 39, "element"],
    ]);
    deepStrictEqual(flat(cellPlaces(given, cell({ head: 1, query: 2, key: null }))), [["query", "weights", 36, "row"]]);
  });

  it("in the mask, in scores and weights beside Q and K, and in the row of an output", () => {
    const matrices = { query: [4, 8], key: [6, 8], mask: [1, 6], scores: [4, 6], weights: [4, 6], output: [4, 8] };
    deepStrictEqual(flat(cellPlaces(result(matrices), cell({ query: 2, key: 3 }))), [
      ["query", "query", 16, "row"],
      ["key", "key", 24, "row"],
      ["key", "mask", 3, "element"],
      ["key", "scores", 15, "element"],
      ["key", "weights", 15, "element"],
      ["query", "output", 16, "row"],
    ]);
  });

  it("nowhere for tensors of unknown sizes", () => {
    const symbolic = result({ query: [4, 8], key: [6, 8] });
    const unknown = { ...symbolic, roles: { query: { ...symbolic.roles.query!, shape: ["B", 8] } } };
    deepStrictEqual(cellPlaces(unknown, cell({})), []);
  });

  it("for a number of an input, in the head that the query head uses", () => {
    const grouped = result({ query: [4, 4, 8], key: [2, 6, 8], value: [2, 6, 8] }, 4, 2);
    const number = { result: 1, batch: 0, head: 2, row: 1, column: 3, value: 9 };
    strictEqual(inputPlace(grouped, { ...number, role: "query" })?.element, (2 * 4 + 1) * 8 + 3);
    strictEqual(inputPlace(grouped, { ...number, role: "value" })?.element, (1 * 6 + 1) * 8 + 3);
    strictEqual(inputPlace(grouped, { ...number, role: "mask" }), null);
  });
});
