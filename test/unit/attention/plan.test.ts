import assert from "node:assert/strict";
import { plan } from "../../../src/attention/plan.ts";
import type { AttentionProblem } from "../../../src/attention/problem.ts";
import { numbers, planned, random } from "./support.ts";

function codeOf(problem: AttentionProblem): string | null {
  const made = plan(problem);
  return made.ok ? null : made.problem.code;
}

describe("plan", () => {
  const good: AttentionProblem = { query: random([4, 8], 1), key: random([6, 8], 2), value: random([6, 5], 3) };

  it("gives a matrix, a stack of heads and a batch their sizes", () => {
    const sizes = { batch: 1, heads: 1, kvHeads: 1, queries: 4, keys: 6, size: 8, valueSize: 5 };
    assert.deepEqual(planned(good).sizes, sizes);
    const stacked = planned({ query: random([6, 4, 8], 1), key: random([2, 6, 8], 1), value: random([2, 6, 5], 1) });
    assert.deepEqual(stacked.sizes, { ...sizes, heads: 6, kvHeads: 2 });
    assert.equal(stacked.group, 3);
  });

  it("scales by 1/√E unless told", () => {
    assert.equal(planned(good).scale, 1 / Math.sqrt(8));
    assert.equal(planned({ ...good, scale: 2 }).scale, 2);
  });

  const wrong: readonly [string, Partial<AttentionProblem>][] = [
    ["attention.width", { key: random([6, 7], 1) }],
    ["attention.lengths", { value: random([5, 5], 1) }],
    ["attention.heads", { query: random([3, 4, 8], 1), key: random([2, 6, 8], 1), value: random([2, 6, 5], 1) }],
    ["attention.value-heads", { query: random([2, 4, 8], 1), key: random([2, 6, 8], 1), value: random([1, 6, 5], 1) }],
    [
      "attention.batch",
      { query: random([3, 1, 4, 8], 1), key: random([2, 1, 6, 8], 1), value: random([2, 1, 6, 5], 1) },
    ],
    ["attention.rank", { query: random([8], 1) }],
    ["attention.empty", { query: random([0, 8], 1) }],
    ["attention.mask-shape", { mask: random([4, 5], 1) }],
    ["attention.scale", { scale: Number.NaN }],
    ["attention.softcap", { softcap: -1 }],
    ["attention.window", { window: [-1, null] }],
    ["attention.key-lengths", { keyLengths: [1, 2] }],
    ["attention.segments", { segments: { queries: [0, 3], keys: [0, 6] } }],
    ["attention.slopes", { bias: { kind: "alibi", slopes: [1, 2] } }],
    ["attention.sinks", { sinks: [] }],
    ["attention.additive", { score: { kind: "additive", vector: random([7], 1) } }],
  ];
  for (const [code, change] of wrong) {
    it(`says ${code}`, () => assert.equal(codeOf({ ...good, ...change }), code));
  }

  it("takes an integer mask of zeros and ones as boolean, and says so", () => {
    const ints = { ...numbers([6], [1, 0, 1, 1, 1, 1]), dtype: "int64" as const };
    const made = planned({ ...good, mask: ints });
    assert.equal(made.mask?.kind, "boolean");
    assert.deepEqual(
      made.notes.map((note) => note.code),
      ["attention.mask-integers"],
    );
  });
});
