import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { blocksToText } from "../../../src/explain/blocksToText.ts";
import { explainFacts } from "../../../src/explain/explainFacts.ts";
import type { CoreApi, ResultSummary } from "../../../src/protocol/core.ts";
import { english } from "../explain/sampleFacts.ts";
import { ranPrograms } from "../exporting/support/ranPrograms.ts";
import { openedJson } from "./support/openedJson.ts";

/** Every score and position term that a file can ask for, against NumPy's numbers: test/fixtures/json/makeScores.py. */

const folder = new URL("../../../examples/scores/", import.meta.url);
const golden: Record<string, { weights: number[][][][]; output: number[][][][] }> = JSON.parse(
  readFileSync(new URL("../../fixtures/json/scores.json", import.meta.url), "utf8"),
);
const names = readdirSync(folder).map((file) => file.replace(/\.json$/, ""));
const textOf = (name: string) => readFileSync(new URL(`${name}.json`, folder), "utf8");

async function attended(core: CoreApi): Promise<ResultSummary> {
  const outcome = await core.attend({ uri: "x", choice: { site: "$" }, options: {} });
  assert.ok(outcome.ok, JSON.stringify(outcome));
  return outcome.value;
}

function headsOf({ batch, heads }: ResultSummary["sizes"]): { batch: number; head: number }[] {
  return Array.from({ length: batch * heads }, (_, at) => ({ batch: Math.floor(at / heads), head: at % heads }));
}

function close(ours: ArrayLike<number>, theirs: ArrayLike<number>, what: string, by = 1e-12): void {
  assert.equal(ours.length, theirs.length, what);
  for (let at = 0; at < theirs.length; at++)
    assert.ok(Math.abs(ours[at]! - theirs[at]!) <= by, `${what}, number ${at}: ${ours[at]} is not ${theirs[at]}`);
}

/** What a hover says at a place. */
async function told(core: CoreApi, offset: number): Promise<string> {
  const facts = await core.facts({ uri: "x", offset });
  assert.ok(facts, `nothing at ${offset}`);
  const say = ({ code }: { code: string }) => code;
  return blocksToText(explainFacts(facts, { ...english, say, verbosity: "everything" }));
}

describe("scores that a file asks for", function () {
  this.timeout(120_000);

  it("all have an example, and every example NumPy's numbers", () => {
    assert.deepEqual([...names].sort(), Object.keys(golden).sort());
  });

  for (const name of names) {
    it(`${name}: weights and output, and every cell worked out`, async () => {
      const core = await openedJson(textOf(name));
      const { result, sizes } = await attended(core);
      const { weights, output } = golden[name]!;
      for (const { batch, head } of headsOf(sizes))
        for (let query = 0; query < sizes.queries; query++) {
          const row = await core.row({ result, batch, head, query });
          close(row.weights, weights[batch]![head]![query]!, `weights of ${batch}/${head}/${query}`);
          close(row.output, output[batch]![head]![query]!, `output of ${batch}/${head}/${query}`);
          const cell = await core.cell({ result, batch, head, query, key: 1 });
          const sum = cell.products.reduce((all, term) => all + term, 0);
          close([cell.scored?.kind === "linear" ? Math.log(sum) : sum], [cell.score], "score of its terms");
          close([cell.exponential / cell.row.sum], [cell.weight], "weight of its exponential");
        }
    });
  }

  it("are written down as programs that come to the same numbers", async () => {
    for (const [format, library] of [
      ["numpy", "numpy"],
      ["pytorch", "torch"],
    ] as const) {
      const made: { code: string; expected: number[]; what: string }[] = [];
      for (const name of names) {
        const core = await openedJson(textOf(name));
        const { result, sizes } = await attended(core);
        for (const { batch, head } of headsOf(sizes)) {
          const exported = await core.export({ result, format, stage: "weights", batch, head, words: {} } as never);
          assert.ok(exported.ok, `${name}: ${JSON.stringify(exported)}`);
          const code = new TextDecoder().decode(exported.value.bytes);
          made.push({ code, expected: golden[name]!.weights[batch]![head]!.flat(), what: `${name} in ${library}` });
        }
      }
      const codes = made.map(({ code }) => code);
      const ran = ranPrograms(codes, library);
      for (const [at, [weights]] of (ran ?? []).entries())
        close(weights.map(Number), made[at]!.expected, made[at]!.what, 1e-6);
    }
  });

  it("are explained where each option stands, with its numbers", async () => {
    const said: Readonly<Record<string, readonly (readonly [where: string, expected: RegExp])[]>> = {
      additive: [
        ['"additive"', /additive \(Bahdanau\)[\s\S]*tanh/],
        ['"W_q"', /projection of the queries · \[5×3\]/],
        ['"W_k"', /projection of the keys · \[5×2\]/],
        ['"v"', /vector of the additive score · \[5\]/],
        ['"b"', /bias of the additive score · \[5\]/],
        ["0.05", /after what is done to Q first/],
      ],
      general: [
        ['"score"', /general \(Luong\)/],
        ['"W"', /matrix of the general score · \[3×2\]/],
      ],
      dot: [['"dot"', /dot product \(Luong\)/]],
      cosine: [["temperature", /temperature of the scores · 0\.5[\s\S]*multiplied by 2/]],
      linear: [
        ["feature_map", /φ = elu\+1/],
        ['"linear"', /linear attention/],
      ],
      alibi: [["alibi", /slopes 0\.0625, 0\.003906, 0\.25/]],
      rotary: [["rope", /base 100, interleaved pairs/]],
      "qk-norm": [["qk_norm", /rms[\s\S]*root of the mean of its squares/]],
      sinks: [
        ["sinks", /sink logits · 0\.5, −1/],
        ["sliding_window", /keys before: 1, after: ∞/],
      ],
      "softmax-plus-one": [["softmax_plus_one", /on/]],
      packed: [["cu_seqlens", /lengths 2, 3/]],
      "bottom-right": [["causal", /The last query attends up to the last key/]],
      "relative-bias": [["relative_bias", /\[1×5\][\s\S]*more than 2 away/]],
      "t5-bias": [["relative_attention_bias", /in buckets \(T5\) · \[8×2\]/]],
      "alibi-and-relative-bias": [
        ["alibi", /slopes 0\.5, 0\.25/],
        ["relative_bias", /\[1×5\][\s\S]*more than 2 away/],
      ],
      "dilated-global": [
        ["dilation", /dilated attention · 2/],
        ["global_attention_mask", /global tokens · 0/],
        ["window", /keys before: 1, after: 1/],
      ],
      blocks: [["local_block_size", /block-local attention · 3[\s\S]*own block/]],
      prefix: [["prefix_length", /prefix · 4/]],
      "packed-ids": [["segment_ids", /lengths 3, 1/]],
      cached: [
        ["qk_norm", /rms[\s\S]*multiplied by a learned gain/],
        ["rope", /first positions 3 \(Q\) and 0 \(K\)/],
      ],
      pooling: [
        ['"pooling"', /additive pooling[\s\S]*Nobody asks/],
        ['"W"', /hidden layer of additive pooling · \[4×3\]/],
        ['"v"', /vector of the additive score · \[4\]/],
        ['"x"', /key/],
      ],
    };
    assert.deepEqual(Object.keys(said).sort(), [...names].sort());
    for (const [name, places] of Object.entries(said)) {
      const text = textOf(name);
      const core = await openedJson(text);
      for (const [where, expected] of places) assert.match(await told(core, text.indexOf(where) + 1), expected, name);
    }
  });

  it("follow an edit of a parameter", async () => {
    const text = textOf("general");
    const core = await openedJson(text);
    const offset = text.indexOf("\n", text.indexOf('"W"')) + 6;
    const length = text.slice(offset).indexOf(",");
    await core.change({ uri: "x", version: 2, changes: [{ offset, length, text: "2.5" }] });
    const { result } = await attended(core);
    const { queryRow } = await core.cell({ result, batch: 0, head: 0, query: 0, key: 0 });
    const { Q, W } = JSON.parse(text) as { Q: number[][]; W: number[][] };
    const first = Q[0]!.reduce((sum, q, at) => sum + q * (at === 0 ? 2.5 : W[at]![0]!), 0);
    close([queryRow[0]!], [first], "first number of q·W");
  });
});
