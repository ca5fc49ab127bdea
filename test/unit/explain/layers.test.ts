import assert from "node:assert/strict";
import { blocksToText } from "../../../src/explain/blocksToText.ts";
import { explainFacts } from "../../../src/explain/explainFacts.ts";
import type { LayerFacts } from "../../../src/explain/facts.ts";
import type { InnerLayer } from "../../../src/reading/document.ts";
import { brief, english, facts } from "./sampleFacts.ts";

const linear: LayerFacts = {
  kind: "nn.Linear",
  settings: { in_features: "32", out_features: "16" },
  count: 528,
  inside: [],
  training: true,
  parameters: [
    { name: "weight", shape: [16, 32], dtype: "float32", origin: "seeded", limits: [-0.17672, 0.17651] },
    { name: "bias", shape: [16], dtype: "float32", origin: "seeded", limits: [0, 0] },
  ],
  tasks: ["query"],
  called: false,
};

function said(layer: Partial<LayerFacts>, context = english, name = "self.q"): string {
  const { attention: _, element: __, ...given } = facts({ name }, null);
  return blocksToText(explainFacts({ ...given, layer: { ...linear, ...layer } }, context));
}

describe("what is said of a layer", () => {
  it("what it makes of what, its task, its parameters, their number and where they come from", () => {
    const text = said({});
    assert.match(text, /^self\.q · nn\.Linear · 32 → 16\n/);
    assert.match(text, /Each row x of the input becomes x·Wᵀ \+ b\. In attention it makes: query\./);
    assert.match(text, /weight +\[16, 32\] +float32 +−0\.177 … 0\.177/);
    assert.match(text, /bias +\[16\] +float32 +0\n/);
    assert.match(text, /528 parameters\. Its numbers follow from the random seed in the code\./);
  });

  it("briefly: no tables", () => {
    const text = said({}, brief);
    assert.match(text, /528 parameters/);
    assert.doesNotMatch(text, /weight/);
  });

  it("a call that makes one is not named twice", () => {
    assert.match(said({}, english, "nn.Linear(32, 16)"), /^nn\.Linear · 32 → 16\n/);
  });

  it("nothing of a seed where the numbers are always the same, and why they are not known", () => {
    const [weight] = linear.parameters;
    assert.doesNotMatch(said({ parameters: [{ ...weight!, limits: [1, 1] }] }), /seed/);
    const { limits: _, ...unknown } = weight!;
    const why = { code: "python.unseeded" };
    assert.match(said({ parameters: [{ ...unknown, origin: "unknown", why }] }), /python\.unseeded/);
    const symbolic = { ...unknown, shape: ["size", 32], origin: "unknown" as const, why };
    assert.match(said({ parameters: [symbolic] }), /python\.uncalled/);
  });

  it("settings that matter; those that everybody has are left out", () => {
    const settings = { in_channels: "3", out_channels: "64", kernel_size: "(16, 16)", stride: "(1, 1)", groups: "1" };
    assert.match(said({ kind: "nn.Conv2d", settings }), /nn\.Conv2d · 3 → 64, kernel_size=\(16, 16\)\n/);
  });

  it("the order of the axes that nn.MultiheadAttention takes", () => {
    const of = (first: string) => said({ kind: "nn.MultiheadAttention", settings: { batch_first: first } });
    assert.match(of("True"), /It takes \[batch, length, size\]/);
    assert.match(of("False"), /It takes \[length, batch, size\]: batch_first is not set/);
  });

  it("the layers inside, those that are alike as one, and numbers of parameters by thousands", () => {
    const inside: InnerLayer[] = [
      { names: ["blocks.0", "blocks.1"], kind: "Block", settings: { heads: "4" }, count: 12704 },
      { names: ["head"], kind: "nn.Linear", settings: { in_features: "d", out_features: "V" }, count: "V*d" },
      { names: ["odd"], kind: "Odd", settings: {}, count: null },
    ];
    const text = said({ kind: "GPT", settings: {}, parameters: [], inside, count: null });
    assert.match(text, /blocks\.0 … 1 +Block · heads=4 +2 × 12\u202f704/);
    assert.match(text, /head +nn\.Linear · d → V +V\*d/);
    assert.match(text, /odd +Odd +\?/);
    assert.doesNotMatch(text, /parameters\./);
  });

  it("how many came here in turn, and the unlike ones", () => {
    assert.match(said({ turns: { count: 4, unlike: [] } }), /in turn: 4, all alike/);
    const unlike = [{ kind: "nn.Linear", settings: { in_features: "8", out_features: "16" } }];
    assert.match(said({ turns: { count: 2, unlike } }), /in turn: 2; before this one: nn\.Linear · 8 → 16\./);
  });

  it("whether dropout does anything", () => {
    const dropout = { kind: "nn.Dropout", settings: { p: "0.1" }, parameters: [], tasks: [], count: 0 } as const;
    assert.match(said({ ...dropout }), /becomes 0 with probability p/);
    assert.match(said({ ...dropout, training: false }), /it is in eval mode/);
  });

  it("beside what a call of it gives: which layer it is", () => {
    const text = said({ called: true, parameters: [] });
    assert.match(text, /^self\.q · /);
    assert.match(text, /Layer: nn\.Linear · 32 → 16\. 528 parameters\. In attention it makes: query\./);
  });
});
