import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { openedJson } from "./support/openedJson.ts";

/** Every two options that a file can give together, against NumPy's numbers: test/fixtures/json/makePairs.py. */

const { pairs, ...tensors }: { pairs: Pair[] } = JSON.parse(
  readFileSync(new URL("../../fixtures/json/pairs.json", import.meta.url), "utf8"),
);

interface Pair {
  readonly options: Readonly<Record<string, unknown>>;
  /** The option that gives way to the other; null: both are done. */
  readonly refused: string | null;
  readonly weights: readonly (readonly number[])[];
}

describe("two options in one file", () => {
  it("are both done, or it is said which is not: none wins silently", async () => {
    assert.ok(pairs.length > 200);
    for (const { options, refused, weights } of pairs) {
      const what = Object.keys(options).join(" and ");
      const core = await openedJson(JSON.stringify({ ...options, ...tensors }));
      const outcome = await core.attend({ uri: "x", choice: { site: "$" }, options: {} });
      assert.ok(outcome.ok, `${what}: ${JSON.stringify(outcome)}`);
      const { result, notes } = outcome.value;
      const refusals = notes.filter(({ code }) => code === "json.said").map(({ args }) => args?.name);
      assert.deepEqual(refusals, refused === null ? [] : [refused], what);
      for (const [query, row] of weights.entries()) {
        const ours = await core.row({ result, batch: 0, head: 0, query });
        for (const [key, weight] of row.entries())
          assert.ok(
            Math.abs(ours.weights[key]! - weight) < 1e-9,
            `${what}, query ${query}, key ${key}: ${ours.weights[key]} is not ${weight}`,
          );
      }
    }
  });
});
