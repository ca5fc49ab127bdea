import assert from "node:assert/strict";
import fc from "fast-check";
import type { TensorDocument } from "../../../../src/reading/document.ts";
import { segmentsOf } from "../../../../src/reading/json/formOptions.ts";
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

  it("are not done to Q and K where a model's config asks for it, and that is said", () => {
    const configured = { config: { qk_norm: true, rope: { base: 500 }, alibi: true, sliding_window: 2 } };
    assert.deepEqual(said(configured), [
      ["json.configured", '"qk_norm"'],
      ["json.configured", '"rope"'],
    ]);
    const [site] = read(configured).sites;
    assert.equal(site!.options.steps, undefined);
    assert.equal(site!.options.bias?.kind, "alibi");
    assert.deepEqual(site!.options.window, [1, null]);
    assert.deepEqual(
      site!.notes?.map(({ code }) => code),
      ["json.configured", "json.configured"],
    );
    assert.deepEqual(said({ config: { qk_norm: false } }), []);
    assert.equal(optionsOf({ options: { qk_norm: true } }).steps?.length, 1);
    assert.equal(optionsOf({ qk_norm: true, config: { qk_norm: "l2" } }).steps?.length, 1);
  });

  it("say where one of two names for the same thing is not taken in", () => {
    assert.deepEqual(said({ window: [1, 1], sliding_window: 2 }), [["json.said", '"sliding_window"']]);
    assert.deepEqual(said({ causal: true, is_causal: true }), []);
    assert.deepEqual(said({ score: "cosine", temperature: 2, scale: 3 }), [["json.said", '"temperature"']]);
    assert.equal(optionsOf({ score: "cosine", temperature: 2, scale: 3 }).scale, 3);
    assert.deepEqual(said({ sinks: 1, softmax_plus_one: true }), [["json.said", '"softmax_plus_one"']]);
  });

  it("say what is wrong with a pattern, buckets, gains, positions and a sequence that is pooled", () => {
    const refused: [member: object, code: string, at: string][] = [
      [{ dilation: 0 }, "json.option", "0"],
      [{ dilation: 1.5 }, "json.option", "1.5"],
      [{ local_block_size: "2" }, "json.option", '"2"'],
      [{ global_tokens: [-1] }, "json.option", "[-1]"],
      [{ global_attention_mask: [0, 2] }, "json.option", "[0,2]"],
      [{ prefix_length: -1 }, "json.option", "-1"],
      [{ relative_attention_bias: [[1], [2]] }, "json.option", "[[1],[2]]"],
      [
        {
          relative_attention_bias: [
            [1, 2],
            [1, 2],
            [1, 2],
            [1, 2],
          ],
        },
        "json.bucketHeads",
        '"relative_attention_bias"',
      ],
      [{ qk_norm: { q_weight: [1, 2, 3] } }, "attention.gain", '"qk_norm"'],
      [{ qk_norm: { k_weight: "x" } }, "json.option", '{"k_weight":"x"}'],
      [{ rope: { offset: -1 } }, "json.option", '{"offset":-1}'],
      [{ rope: { offset: [1, 2, 3] } }, "json.option", '{"offset":[1,2,3]}'],
      [{ score: "pooling" }, "json.poolingNeeds", '"score"'],
    ];
    for (const [member, code, at] of refused)
      assert.deepEqual(
        said(member).filter(([each]) => each === code),
        [[code, at]],
        JSON.stringify(member),
      );
  });

  it("pair queries and keys of packed sequences by their ids, also where one side has none", () => {
    const segments = (queries: number[], keys: number[]) => segmentsOf(queries, keys);
    assert.deepEqual(segments([0, 0, 1], [0, 1, 1]), { queries: [0, 2, 3], keys: [0, 1, 3] });
    assert.deepEqual(segments([0, 2], [0, 1, 2]), { queries: [0, 1, 1, 2], keys: [0, 1, 2, 3] });
    assert.deepEqual(segments([5, 3], [5, 5]), { queries: [0, 1, 2], keys: [0, 2, 2] });
    assert.equal(segments([0, 1, 0], [0, 1]), null);
    assert.equal(segments([0, 1], [1, 0]), null);
  });

  it("count T5's buckets in the ways of an encoder and of a decoder", () => {
    const weight = [[0], [1], [2], [3], [4], [5], [6], [7]];
    const farthest = (members: object): [boolean, number] => {
      const { buckets } = read(members).sites[0]!.form!;
      return [buckets!.bidirectional, buckets!.farthest];
    };
    assert.deepEqual(farthest({ relative_attention_bias: { weight } }), [true, 128]);
    assert.deepEqual(farthest({ relative_attention_bias: weight, is_decoder: true }), [false, 128]);
    assert.deepEqual(farthest({ relative_attention_bias: { weight, bidirectional: false, max_distance: 20 } }), [
      false,
      20,
    ]);
  });
});
