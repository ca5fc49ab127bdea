import assert from "node:assert/strict";
import { blocksToText } from "../../../src/explain/blocksToText.ts";
import { explainFacts } from "../../../src/explain/explainFacts.ts";
import type { AttentionFacts, OptionFacts } from "../../../src/explain/facts.ts";
import type { Role } from "../../../src/reading/document.ts";
import { attentionFacts, brief, english, facts, pair, rowStatistics } from "./sampleFacts.ts";

describe("explainFacts", () => {
  const said = (given = facts(), context = english) => blocksToText(explainFacts(given, context));

  it("says what a query is, with its axes, its numbers and the sizes put into the formula", () => {
    const text = said();
    assert.match(text, /^Q · query · 4×8 \(queries × size\) · float64\n/);
    assert.match(text, /from −1.5 to 2, mean 0.25 · standard deviation 0.75/);
    assert.match(text, /QKᵀ: \[4×8\]·\[8×6\] → \[4×6\] · √d_k = √8 ≈ 2.828/);
    assert.match(text, / {2}softmax\(QKᵀ\/√d_k\)V\n {10}‾\n/);
  });

  it("names axes in the order that the tensor has them in", () => {
    const given = facts({ shape: [2, 6, 4, 8] }, { axes: [0, 2, 1, 3] });
    assert.match(said(given), /2×6×4×8 \(batch × queries × heads × size\)/);
  });

  it("marks the part of the formula that each tensor plays", () => {
    const marked = (role: Role) => /\n {2}(softmax.*)\n {2}( *)(‾+)\n/.exec(said(facts({}, { role })));
    const parts: Partial<Record<Role, string>> = {
      query: "Q",
      key: "Kᵀ",
      value: "V",
      mask: "M",
      scores: "QKᵀ",
      weights: "softmax(QKᵀ/√d_k)",
    };
    for (const [role, part] of Object.entries(parts)) {
      const [, formula, before, line] = marked(role as Role)!;
      assert.equal([...formula!].slice(before!.length, before!.length + line!.length).join(""), part);
    }
  });

  it("says a square root that is whole with an equals sign", () => {
    const sizes = { queries: 4, keys: 6, size: 16, valueSize: 8, heads: 1 };
    assert.match(said(facts({}, { sizes, scale: 0.25 })), /√d_k = √16 = 4/);
  });

  it("says another scale beside the usual one", () => {
    assert.match(said(facts({}, { scale: 0.5 })), /scale 0.5 instead of 1\/√8 ≈ 0.3536/);
  });

  it("says where one number is and what it meets", () => {
    const element = { index: [2, 5], value: -1.25, token: "sat" };
    const text = said(facts({ name: "K" }, { role: "key" }, { element }));
    assert.match(text, /^K\[2, 5\] = −1.25 · token sat\n\nIt multiplies column 5 of Q: one term in the score of key 2/);
  });

  it("says a row's strongest keys, its entropy, and works the strongest pair out", () => {
    const top = [
      { key: 0, token: "the", weight: 0.5 },
      { key: 3, weight: 0.25 },
    ];
    const text = said(
      facts({}, { row: { query: 1, token: "cat", statistics: rowStatistics(), top, strongest: pair } }),
    );
    assert.match(text, /^ {2}query 1 cat attends to key {2}weight\n {2}0 the +0\.5000\n {2}3 +0\.2500\n/);
    assert.match(text, /entropy 0.69 nats · effective number of keys 2 · the keys above hold 75\u00a0%/);
    assert.match(
      text,
      /q·k = 1·3 \+ 2·\(−1\) = 1\n {2}scaled: 1 · 0.5 = 0.5\n {2}softmax: e\^\(0.5 − 0.5\) \/ 2 = 1 \/ 2 = 0.5/,
    );
  });

  it("says of a number what would change if it grew, its rank, and leaves the pair to the row", () => {
    const changes = [
      { query: 1, queryToken: "cat", key: 0, keyToken: "the", before: 0.5, after: 0.525, slope: 0.25 },
      { query: 2, key: 3, before: 0.1, after: 0.0999, slope: -0.001 },
    ];
    const element = {
      index: [1, 0],
      value: 2,
      rank: { place: 2, of: 8 },
      effect: { step: 0.2, of: "weights" as const, changes },
    };
    const row = { query: 1, statistics: rowStatistics(), top: [{ key: 0, weight: 0.5 }], strongest: pair };
    const text = said(facts({}, { row }, { element }));
    assert.match(text, /^Q\[1, 0\] = 2 · rank 2 of 8 in its row\n/);
    assert.match(
      text,
      /10 % more \(2\.2\) would change these weights most:\n\n {2}query 1 cat → key 0 the: 0\.5 → 0\.525 \(\+0\.025, derivative 0\.25\)/,
    );
    assert.doesNotMatch(text, /strongest pair|what a position looks for/);
    assert.match(
      said(facts({}, { row }, { element }), { ...english, verbosity: "everything" }),
      /strongest pair[\s\S]*what a position looks for[\s\S]*At \$\.Q\./,
    );
  });

  it("says why the scores are scaled, with the document's own spread", () => {
    const spread = { deviation: 3, scaledDeviation: 1.06, peak: 0.65, peakUnscaled: 0.95 };
    const text = said(facts({}, { spread }));
    assert.match(
      text,
      /a dot product of 8 independent terms of variance 1 has variance 8, a standard deviation of 2.828/,
    );
    assert.match(
      text,
      /Here the scores have a standard deviation of 3, after scaling 1.06; a query's largest weight is 0.65 on average, and would be 0.95 without/,
    );
  });

  it("works out the pair of an element of the weights, and names both its words", () => {
    const element = { index: [1, 0], value: 0.5, token: "cat", columnToken: "the" };
    const text = said(facts({ name: "W" }, { role: "weights", pair }, { element }));
    assert.match(text, /^W\[1, 0\] = 0\.5 · token cat → the\n/);
    assert.match(text, /Query 1 cat with key 0 the:\n\n {2}q·k = 1·3 \+ 2·\(−1\) = 1\n/);
  });

  it("says what true, and what a number of a mask means", () => {
    const mask = { name: "M", shape: [4, 6] };
    assert.match(said(facts({ ...mask, dtype: "bool" }, { role: "mask" })), /true: may attend; false: the score/);
    assert.match(said(facts({ ...mask, dtype: "float32" }, { role: "mask" })), /added to the scores: 0 changes/);
    assert.doesNotMatch(said(facts({ ...mask, dtype: "int64" }, { role: "mask" })), /may attend;|added to/);
  });

  it("of scores on their way to the weights: what they are, and what marks them in the formula", () => {
    assert.match(
      said(facts({}, { role: "scaled" })),
      /· scaled scores ·[\s\S]*\n {2}softmax\(QKᵀ\/√d_k\)V\n {10}‾{8}\n/,
    );
    assert.match(said(facts({}, { role: "masked" })), /· masked scores ·[\s\S]*\n {10}‾{12}\n[\s\S]*−∞ where/);
  });

  it("names a part once where the tensor is called like it", () => {
    assert.match(
      said(facts({ name: "scores", shape: [4, 6] }, { role: "scores" })),
      /^scores · 4×6 \(queries × keys\)/,
    );
  });

  it("puts names for sizes into the formula where the code has no numbers", () => {
    const sizes = { queries: "T", keys: "T", size: "C // H", valueSize: "C // H", heads: "H" };
    const problem = { code: "service.noValues", args: { name: "q" } };
    const { statistics: _, picture: __, ...unknown } = facts().tensor;
    const given = facts({}, { sizes, problem, scale: Number.NaN });
    const text = said({ ...given, tensor: { ...unknown, origin: "unknown" } });
    assert.match(text, /QKᵀ: \[T×\(C \/\/ H\)\]·\[\(C \/\/ H\)×T\] → \[T×T\] · √d_k = √\(C \/\/ H\)/);
    assert.doesNotMatch(text, /service\.noValues/);
    assert.match(said(given), /service\.noValues/);
  });

  it("says what an option does, why there is a scale, and marks its part of the formula", () => {
    const place = (option: OptionFacts, attention: Partial<AttentionFacts>) =>
      explainFacts(facts({ name: option.option, shape: [] }, attention, { option }), english);
    const spread = { deviation: 8, scaledDeviation: 4, peak: 0.7, peakUnscaled: 0.9 };
    const scale = place({ option: "scale", scale: 0.5 }, { role: "scaled", scale: 0.5, spread });
    const said = blocksToText(scale);
    assert.match(said, /^scale · scale of the scores · 0\.5\n/);
    assert.match(said, /scale 0\.5 instead of 1\/√8 ≈ 0\.3536/);
    assert.match(said, /standard deviation of 8, after scaling 4/);
    assert.equal(scale.find((block) => block.kind === "formula")?.marked, "scale");
    const causal = blocksToText(place({ option: "causal", causal: true }, { role: "mask", causal: "topLeft" }));
    assert.match(causal, /causal mask · on\n[\s\S]*causal: query i attends to keys 0 … i\n[\s\S]*what comes later/);
    assert.match(
      blocksToText(place({ option: "window", window: [2, null] }, { role: "mask" })),
      /keys before: 2, after: ∞/,
    );
    assert.match(blocksToText(place({ option: "softcap", softcap: 30 }, { role: "scaled" })), /30·tanh\(s \/ 30\)/);
  });

  it("of a list of words: which axis it names", () => {
    const list = facts({ name: "words", shape: [4] }, {}, { tokens: { queries: true, keys: false } });
    assert.equal(
      said(list),
      "words · tokens · 4 (queries)\n\nToken i names query i: row i of Q, of the weights and of the output.\n",
    );
    const both = facts({ name: "words", shape: [4] }, {}, { tokens: { queries: true, keys: true } });
    assert.match(said(both), /4 \(queries = keys\)\n\nToken i names query i and key i/);
  });

  it("says that numbers are all the same", () => {
    const { statistics } = facts().tensor;
    const same = facts({ statistics: { ...statistics!, minimum: 0, maximum: 0, mean: 0, negativeInfinity: 9 } }, null);
    assert.match(said(same), /\n\nalways 0 · −∞: 9\n/);
    const one = facts({ shape: [], statistics: { ...statistics!, count: 1, minimum: 2, maximum: 2, mean: 2 } }, null);
    assert.match(said(one), /\n\n= 2\n/);
  });

  it("leads back to where was asked, not to where the expression begins", () => {
    const [links] = explainFacts(facts({}, null, { offset: 15 }), brief).slice(-1);
    assert.equal(links?.kind === "links" && links.links[0]!.target.offset, 15);
  });

  it("names axes once", () => {
    const symbolic = facts({ shape: ["B", 8, "C // H"], axes: ["B", null, "C // H"] }, null);
    assert.match(said(symbolic), /^Q · B×8×\(C \/\/ H\) · float64\n/);
    assert.match(said(facts({ shape: [2, 8], axes: ["B", "T"] }, null)), /^Q · 2×8 \(B × T\) · float64\n/);
  });

  it("says of a boolean mask what it allows", () => {
    const statistics = { ...facts().tensor.statistics!, mean: 0.6 };
    const mask = { name: "mask", dtype: "bool" as const, statistics };
    const rank = { place: 1, of: 6 };
    const element = (value: number) => said(facts(mask, { role: "mask" }, { element: { index: [1, 2], value, rank } }));
    assert.match(element(1), /^mask\[1, 2\] = true\n\nQuery 1 may attend to key 2\./);
    assert.match(element(0), /= false\n\nQuery 1 may not attend to key 2: their score becomes −∞/);
    assert.match(said(facts(mask, { role: "mask" })), /\n\ntrue: 60\u00a0%\n/);
  });

  it("says of which head the numbers are, where there are several", () => {
    const row = { query: 1, statistics: rowStatistics(), top: [{ key: 0, weight: 0.5 }] };
    const sizes = { queries: 4, keys: 6, size: 8, valueSize: 8, heads: 2 };
    assert.match(
      said(facts({}, { row, sizes, head: { batch: 0, head: 1 } })),
      /^batch 0, head 1\n\n {2}query 1 attends/,
    );
    assert.doesNotMatch(said(facts({}, { row, head: { batch: 0, head: 0 } })), /batch/);
  });

  it("says who attends to a key", () => {
    const keyRow = {
      key: 2,
      token: "sat",
      total: 1.25,
      top: [
        { query: 1, token: "cat", weight: 0.75 },
        { query: 0, weight: 0.5 },
      ],
    };
    assert.match(
      said(facts({ name: "K" }, { role: "key", keyRow })),
      /key 2 sat is attended to by query {2}weight\n {2}1 cat +0\.7500\n {2}0 +0\.5000\n\nits weights from all queries add up to 1\.25/,
    );
  });

  it("frames the place in the heatmap, unless the heatmap shows another slice", () => {
    const highlight = (given: ReturnType<typeof facts>) =>
      explainFacts(given, english).find((block) => block.kind === "matrix")?.highlight;
    const picture = { rows: 4, columns: 8, values: new Float32Array(32) };
    assert.deepEqual(highlight(facts({ picture }, {}, { element: { index: [3, 5], value: 1 } })), {
      row: 3,
      column: 5,
    });
    assert.equal(
      highlight(facts({ picture, shape: [2, 4, 8] }, {}, { element: { index: [1, 3, 5], value: 1 } })),
      undefined,
    );
    const large = facts(
      { picture: { rows: 48, columns: 48, values: new Float32Array(48 * 48) }, shape: [96, 96] },
      {},
      { element: { index: [95, 2], value: 1 } },
    );
    assert.deepEqual(highlight(large), { row: 47, column: 1 });
  });

  it("is short when asked to be", () => {
    const row = { query: 1, statistics: rowStatistics(), top: [{ key: 0, weight: 0.5 }], strongest: pair };
    const text = said(facts({}, { row }), brief);
    assert.doesNotMatch(text, /strongest pair|standard deviation|█/);
    assert.match(text, /query 1 attends to key/);
  });

  it("says that a fully masked query attends to nothing, and that NaN poisons a row", () => {
    const masked = rowStatistics({ fullyMasked: true, logSumExp: Number.NEGATIVE_INFINITY });
    assert.match(said(facts({}, { row: { query: 1, statistics: masked, top: [] } })), /Query 1 may attend to no key/);
    const poisoned = rowStatistics({ logSumExp: Number.NaN });
    assert.match(said(facts({}, { row: { query: 1, statistics: poisoned, top: [] } })), /weights of query 1 are NaN/);
  });

  it("counts what is no finite number", () => {
    const statistics = {
      count: 4,
      minimum: Number.NaN,
      maximum: Number.NaN,
      mean: Number.NaN,
      standardDeviation: Number.NaN,
      nan: 2,
      positiveInfinity: 1,
      negativeInfinity: 1,
    };
    assert.match(said(facts({ statistics })), /no finite number · NaN: 2 · ∞: 1 · −∞: 1/);
  });

  it("says what it can of a tensor without a shape, without values, without a part", () => {
    const text = said(facts({ shape: null, dtype: null, origin: "unknown", why: { code: "python.opaque" } }, null));
    assert.match(text, /^Q · shape unknown\n/);
    assert.match(text, /\n\npython\.opaque\n/);
    assert.match(said(facts({ shape: ["B", "T", null] }, null)), /^Q · B×T×\? · float64/);
  });

  it("says why attention cannot be computed, and offers no run then", () => {
    const blocks = explainFacts(facts({}, { problem: { code: "attention.width" } }), english);
    assert.match(blocksToText(blocks), /attention\.width/);
    const links = blocks.flatMap((block) => (block.kind === "links" ? block.links.map(({ action }) => action) : []));
    assert.deepEqual(links, ["useAs", "copyNumPy", "copyTorch", "explain"]);
  });

  it("puts into its links what the commands need", () => {
    const [links] = explainFacts(facts({ id: "q" }, attentionFacts({ site: "s" })), brief).slice(-1);
    assert.ok(links?.kind === "links");
    assert.deepEqual(links.links[0], {
      action: "run",
      label: "Run",
      target: { uri: "file:///attention.json", offset: 10, tensor: "q", site: "s" },
    });
  });
});
