import assert from "node:assert/strict";
import { groupByNames, roleOf } from "../../../src/reading/roles.ts";

const roles = (names: readonly string[]) =>
  groupByNames(names.map((name) => ({ id: name, name, rank: 2 }))).map(({ roles: found }) => found);

describe("roles by name", () => {
  it("know the names that people give", () => {
    const expected: Record<string, readonly string[]> = {
      query: ["q", "Q", "query", "queries", "q_proj", "query_states", "queryLayer", "layer_0.q", "Q2", "encoder.q_0"],
      key: ["k", "keys", "key_states", "keyLayer"],
      value: ["v", "values", "value_states"],
      mask: ["mask", "attn_mask", "attention_mask", "causal_mask", "attn_bias"],
      weights: [
        "attention",
        "attn",
        "attentions",
        "attention_weights",
        "attn_probs",
        "cross_attentions",
        "attn_softmax",
      ],
      scores: ["attn_scores", "attention_scores", "scores", "logits", "energy"],
      output: ["attn_output", "attention_output", "output", "context"],
    };
    for (const [role, names] of Object.entries(expected))
      for (const name of names) assert.equal(roleOf(name)?.role, role, name);
  });

  it("leave parameters, counts and other words alone", () => {
    const none = [
      "q_proj.weight",
      "W_q",
      "wk",
      "query_id",
      "keypoints",
      "key_padding_mask",
      "num_keys",
      "v_norm",
      "attention_dropout",
      "",
      "x",
      "k_cache",
      "attn.c_attn.weight",
      "qk_norm",
    ];
    for (const name of none) assert.equal(roleOf(name), null, name);
  });

  it("group what belongs together", () => {
    assert.deepEqual(roles(["Q", "K", "V", "mask", "output"]), [
      { query: "Q", key: "K", value: "V", mask: "mask", output: "output" },
    ]);
    assert.deepEqual(roles(["q1", "k1", "v1", "q2", "k2", "v2"]), [
      { query: "q1", key: "k1", value: "v1" },
      { query: "q2", key: "k2", value: "v2" },
    ]);
    assert.deepEqual(roles(["encoder_attentions", "cross_attentions"]), [
      { weights: "encoder_attentions" },
      { weights: "cross_attentions" },
    ]);
    assert.deepEqual(roles(["key", "value", "weights", "scores"]), []);
    assert.deepEqual(
      groupByNames([
        { id: "q", name: "q", rank: 1 },
        { id: "k", name: "k", rank: 2 },
      ]),
      [],
    );
  });
});
