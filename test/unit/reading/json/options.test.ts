import assert from "node:assert/strict";
import fc from "fast-check";
import type { TensorDocument } from "../../../../src/reading/document.ts";
import { jsonReader } from "../../../../src/reading/json/reader.ts";

const plain = {
  Q: [
    [1, 2],
    [3, 4],
  ],
  K: [
    [1, 0],
    [0, 1],
  ],
  V: [
    [1, 1],
    [2, 2],
  ],
};

function read(members: object): TensorDocument & { readonly text: string } {
  const text = JSON.stringify({ ...members, ...plain });
  return { ...jsonReader().read(text, { language: "json" }), text };
}

/** What is said, and at which piece of the text. */
function said(members: object): [code: string, at: string][] {
  const { problems, text } = read(members);
  return problems.map(({ message, range }) => [message.code, text.slice(range.start, range.end)]);
}

const optionsOf = (members: object) => read(members).sites[0]!.options;

describe("options of a score", () => {
  it("nothing of them is asked of a file that does not name a score", () => {
    const { sites } = read({ W_q: [[1]], v: [1, 2], W: [[1, 2, 3]], b: 3, temperature: 0.7, bias: "x" });
    assert.deepEqual(sites[0]!.options, {});
    assert.deepEqual(sites[0]!.written, []);
  });

  it("what is no score is told, and leaves the plain attention", () => {
    for (const score of ["good", "ADDITIVE!?x", [0.93], { a: 1 }, 0.93]) {
      assert.deepEqual(said({ score }), [["json.option", JSON.stringify(score)]]);
      assert.deepEqual(optionsOf({ score }), {});
    }
    for (const score of [null, false]) assert.deepEqual(said({ score }), []);
  });

  it("a score without what it needs is told, and leaves the plain attention", () => {
    assert.deepEqual(said({ score: "additive", W_q: [[1, 2]] }), [["json.scoreNeeds", '"additive"']]);
    assert.deepEqual(said({ score: "general" }), [["json.scoreNeeds", '"general"']]);
    assert.deepEqual(optionsOf({ score: "general" }), {});
  });

  it("takes a vector v for the score's, not for the values", () => {
    const { sites } = read({ score: "additive", v: [[1, 2]] });
    assert.deepEqual(sites[0]!.roles, { query: "$.Q", key: "$.K", value: "$.V" });
    assert.equal(optionsOf({ score: "additive", v: [[1, 2]] }).score?.kind, "additive");
  });

  it("finds them by the names of the papers, one level down, and whatever the spelling of the score", () => {
    for (const score of ["additive", "Bahdanau", "concat"])
      assert.equal(optionsOf({ score, params: { W_a: [[1, 2]], U_a: [[3, 4]], v_a: [1] } }).steps?.length, 1);
    for (const score of ["general", "multiplicative", "Luong"])
      assert.equal(optionsOf({ config: { score }, W_a: [[1, 2]] }).steps?.[0]?.kind, "general");
    assert.deepEqual(optionsOf({ score: "scaled_dot" }), {});
    assert.equal(optionsOf({ score: "cosine", scale: 3 }).scale, 3);
  });

  it("what does not fit is an error at its name", () => {
    const misfits: readonly (readonly [members: object, at: readonly string[]])[] = [
      [{ score: "additive", v: [1, 2, 3] }, ["attention.additive", '"v"']],
      [{ score: "additive", v: [1], W_q: [[1, 2, 3]] }, ["attention.additive-shape", '"W_q"']],
      [{ score: "additive", v: [1], W_q: [[1, 2]], W_k: [[1], [2]] }, ["attention.additive-shape", '"W_k"']],
      [
        {
          score: "additive",
          v: [1],
          W_q: [[1, 2]],
          W_k: [
            [1, 2],
            [3, 4],
          ],
        },
        ["attention.width", '"W_k"'],
      ],
      [{ score: "general", W: [[1, 2, 3]] }, ["attention.general-shape", '"W"']],
      [{ rope: { dims: 3 } }, ["attention.rotary-size", '"rope"']],
      [{ alibi: [0.5, 0.25] }, ["attention.slopes", '"alibi"']],
      [{ sinks: [1, 2, 3] }, ["attention.sinks", '"sinks"']],
      [
        {
          relative_bias: [
            [1, 2, 3],
            [1, 2, 3],
          ],
        },
        ["attention.relative", '"relative_bias"'],
      ],
      [{ cu_seqlens: [0, 1] }, ["attention.segments", '"cu_seqlens"']],
    ];
    for (const [members, expected] of misfits) assert.deepEqual(said(members), [expected]);
  });

  it("what is something else is told with what was got", () => {
    const others: readonly (readonly [members: object, got: string])[] = [
      [{ alibi: "yes" }, '"yes"'],
      [{ rope: { base: -1 } }, '{"base":-1}'],
      [{ qk_norm: "batch" }, '"batch"'],
      [{ softmax_plus_one: 2 }, "2"],
      [{ relative_bias: [1, 2] }, "[1,2]"],
      [{ segment_ids: [0, 1, 0] }, "[0,1,0]"],
      [{ cu_seqlens: [0.5, 2] }, "[0.5,2]"],
      [{ score: "cosine", temperature: 0 }, "0"],
      [{ score: "linear", feature_map: "softplus" }, '"softplus"'],
    ];
    for (const [members, got] of others) assert.deepEqual(said(members), [["json.option", got]]);
  });

  it("segment ids become packed sequences, which is told: the name may mean another thing", () => {
    const packed = { queries: [0, 1, 2], keys: [0, 1, 2] };
    assert.deepEqual(optionsOf({ segment_ids: [7, 3] }).segments, packed);
    assert.deepEqual(said({ segment_ids: [7, 3] }), [["json.segmentIds", '"segment_ids"']]);
    assert.deepEqual(optionsOf({ cu_seqlens: [0, 1, 2] }).segments, packed);
  });

  it("counts the query's own position in a sliding_window, as Mistral does, and not in a window", () => {
    assert.deepEqual(optionsOf({ sliding_window: 3 }).window, [2, null]);
    assert.deepEqual(optionsOf({ window: 3 }).window, [3, 3]);
    assert.deepEqual(optionsOf({ sliding_window: null }), {});
  });

  it("given weights have no score: nothing is asked, nothing said", () => {
    const text = JSON.stringify({ attention_weights: [[0.5, 0.5]], score: "additive", sinks: "x", causal: true });
    const { sites, problems } = jsonReader().read(text, { language: "json" });
    assert.deepEqual(problems, []);
    assert.deepEqual(sites[0]!.options, { causal: true });
  });

  it("whatever stands under their names, Q, K and V stay an attention problem, and problems have places in the text", () => {
    const names =
      "score W_q W_k score_vector b W temperature feature_map qk_norm rope alibi relative_bias sinks softmax_plus_one";
    const some = fc.constantFrom(...names.split(" "), "cu_seqlens", "segment_ids", "sliding_window", "causal");
    const scores = fc.constantFrom("additive", "general", "dot", "cosine", "linear", "none");
    const value = fc.oneof(
      scores,
      fc.jsonValue({ maxDepth: 3 }),
      fc.array(fc.integer({ min: -2, max: 4 }), { maxLength: 4 }),
      fc.array(fc.tuple(fc.double({ noNaN: true }), fc.integer()), { maxLength: 3 }),
      fc.record({ base: fc.double(), interleaved: fc.boolean(), dims: fc.integer({ min: -1, max: 5 }) }),
    );
    fc.assert(
      fc.property(fc.dictionary(some, value, { maxKeys: 6 }), (members) => {
        const { sites, problems, text } = read(members);
        const site = sites.find(({ roles }) => roles.query === "$.Q");
        assert.deepEqual([site?.roles.key, site?.roles.value], ["$.K", "$.V"]);
        for (const { range } of problems) assert.ok(range.start >= 0 && range.end <= text.length);
        for (const { nameRange, name } of site!.written!)
          assert.equal(text.slice(nameRange.start, nameRange.end), `"${name}"`);
      }),
      { numRuns: 500 },
    );
  });
});
