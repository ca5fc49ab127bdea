import assert from "node:assert/strict";
import { blocksToText } from "../../../src/explain/blocksToText.ts";
import { explainFacts } from "../../../src/explain/explainFacts.ts";
import { asProduct, equationOf } from "../../../src/explain/python/einsum.ts";
import type { MadeBy } from "../../../src/reading/document.ts";
import { brief, english, facts } from "./sampleFacts.ts";

/** What is said of a tensor that this call made. */
function said(made: Partial<MadeBy>, tensor: Parameters<typeof facts>[0] = {}, context = english): string {
  const { statistics: _, picture: __, ...unknown } = facts().tensor;
  const full: MadeBy = { operation: "", framework: "torch", inputs: [], details: {}, ...made };
  const given = facts({ ...unknown, origin: "derived", ...tensor, made: full }, null);
  const { statistics, picture, ...rest } = given.tensor;
  return blocksToText(explainFacts({ ...given, tensor: rest }, context));
}

describe("what is said of sizes in Python", () => {
  const titled = (tensor: Parameters<typeof facts>[0], attention?: null) =>
    blocksToText(explainFacts(facts(tensor, attention), english)).split("\n")[0];

  it("their names in the code, with the numbers that they are", () => {
    const sizeNames = [{ text: "B" }, null, { text: "C // heads" }];
    assert.equal(
      titled({ name: "q", shape: [2, 6, 8], sizeNames, dtype: "float32" }, null),
      "q · [B=2, 6, C//heads=8] · float32",
    );
  });

  it("the defaults of parameters that nobody gives", () => {
    const sizeNames = [{ text: "B" }, { text: "d_model", default: 512 }];
    const shape = ["B", "d_model"];
    assert.equal(titled({ name: "x", shape, sizeNames, dtype: null }, null), "x · [B, d_model (default 512)]");
  });

  it("the shapes of other calls, the first of many", () => {
    const others = [[2, 3], null, ["B // 2"], [4], [5]];
    const text = blocksToText(explainFacts(facts({ others }, null), english));
    assert.match(text, /In other calls: \[2, 3\] · \? · \[B\/\/2\] · \[4\] · …/);
  });
});

describe("what is said of Python operations", () => {
  it("softmax: its axis, its size, the mistake, the others' spelling", () => {
    const text = said({ operation: "softmax", inputs: [[2, 4, 6]], details: { axis: -1 } });
    assert.match(text, /softmax along axis −1, of size 6: the numbers become positive and sum to 1/);
    assert.match(text, /A common mistake is another axis/);
    assert.match(text, /JAX +jax\.nn\.softmax\(x, axis=-1\)/);
    assert.match(said({ operation: "softmax", inputs: [[2, 6]], details: { axis: 1, fromEnd: -1 } }), /dim=-1\)/);
    assert.match(
      said({ operation: "softmax", inputs: [["B", 10, 1]], details: { axis: 2 } }),
      /Over an axis of size 1 every weight is 1/,
    );
    assert.match(said({ operation: "softmax", inputs: [null], details: { axis: 1 } }), /softmax along axis 1: /);
    assert.match(said({ operation: "softmax", inputs: [["B", "T"]], details: {} }), /along one axis/);
    assert.doesNotMatch(
      said({ operation: "softmax", inputs: [[2, 3]], details: { axis: 0 } }, {}, brief),
      /mistake|JAX/,
    );
  });

  it("softmax over another axis: that it is a mistake, but not where each position has one score", () => {
    const over = (shape: number[], axis: number) => said({ operation: "softmax", inputs: [shape], details: { axis } });
    assert.match(over([2, 4, 6], 1), /nearly always the last one \(dim=-1\)/);
    assert.doesNotMatch(over([64, 10, 1], 1), /nearly always/);
    assert.match(over([64, 10, 1], 1), /this is the axis of the keys/);
  });

  it("the scale: why, with the spread of this very tensor", () => {
    const { statistics } = facts().tensor;
    const made = { operation: "truediv", framework: "torch", inputs: [[2, 4]], details: { other: 4 } };
    const text = blocksToText(
      explainFacts(facts({ statistics: { ...statistics!, standardDeviation: 1.5 }, made }, null), english),
    );
    assert.match(
      text,
      /÷ √16 = 4: the scale[\s\S]*variance 16, a standard deviation of 4\. Here the standard deviation was 6 and is 1\.5\./,
    );
    assert.match(text, /Use the head's own size[\s\S]*NumPy +q @ k\.swapaxes\(-1, -2\) \/ np\.sqrt\(q\.shape\[-1\]\)/);
  });

  it("softmax by hand: what it is, and whether it overflows", () => {
    const by = (stable: boolean) =>
      said({
        operation: "truediv",
        inputs: [
          [2, 2],
          [2, 1],
        ],
        details: { softmax: true, stable },
      });
    assert.match(by(false), /Softmax by hand[\s\S]*Subtract the largest score first[\s\S]*torch\.softmax\(x, dim=-1\)/);
    assert.match(by(true), /Something is subtracted first/);
  });

  it("nothing of rows and keys where softmax goes over another axis than the last", () => {
    const made = { operation: "softmax", framework: "torch", inputs: [[64, 10, 1]], details: { axis: 1, fromEnd: -2 } };
    const text = (axis: number) =>
      blocksToText(
        explainFacts(facts({ made: { ...made, details: { axis } }, shape: [64, 10, 1] }, { role: "weights" }), english),
      );
    assert.doesNotMatch(text(1), /queries × keys|Each row sums to 1/);
    assert.match(text(1), /softmax along axis 1, of size 10/);
    assert.match(text(1), /sⱼ = vᵀ tanh\(W q \+ U kⱼ\)\n\nOne weight for each position/);
    assert.match(text(2), /queries × keys/);
  });

  it("a product: shapes in and out, and over what it sums, symbols too", () => {
    const shape = ["B", "H", "T", "T"];
    const text = said(
      {
        operation: "matmul",
        inputs: [
          ["B", "H", "T", 64],
          ["B", "H", 64, "T"],
        ],
      },
      { shape },
    );
    assert.match(text, /\[B×H×T×64\] · \[B×H×64×T\] → \[B×H×T×T\]: each number is a dot product over 64/);
    assert.match(
      said({ operation: "linear", inputs: [[2, 32], [16, 32], [16]] }, { shape: [2, 16] }),
      /\[2×32\] · \[32×16\] → \[2×16\]/,
    );
  });

  it("einsum: letter by letter", () => {
    const text = said({
      operation: "einsum",
      inputs: [
        [1, 2, 4, 8],
        [1, 2, 6, 8],
      ],
      details: { equation: "bhqd,bhkd->bhqk" },
    });
    assert.match(text, /bhqd,bhkd->bhqk · multiplies and sums over d \(8\)/);
    assert.match(text, /\n {2}q +4 {2}1 +kept\n/);
    assert.match(text, /\n {2}d +8 {2}1, 2 +summed over/);
    assert.match(
      said({
        operation: "einsum",
        inputs: [
          [5, 3],
          [5, 4],
        ],
        details: { equation: "...i, ...j -> ...ij" },
      }),
      /nothing is summed/,
    );
    assert.match(
      said({ operation: "einsum", inputs: [[7, 5, 3], null], details: { equation: "...ij,jk" } }),
      /sums over j \(3\)/,
    );
  });

  it("reads equations apart as the libraries do", () => {
    assert.deepEqual(equationOf("ij, jk"), { operands: ["ij", "jk"], output: "ik" });
    assert.deepEqual(equationOf("b a"), { operands: ["ba"], output: "ab" });
    assert.deepEqual(equationOf("...ij->...ji"), { operands: ["...ij"], output: "...ji" });
    for (const odd of ["b h -> h ; x", "i1,2", "a->b->c", "(h d)", "ij,.jk"]) assert.equal(equationOf(odd), null, odd);
  });

  it("the product of two matrices that an einsum is", () => {
    const product = (text: string) => asProduct(equationOf(text)!);
    assert.equal(product("bhqd,bhkd->bhqk"), "a @ b.swapaxes(-1, -2)");
    assert.equal(product("bhqk,bhkd->bhqd"), "a @ b");
    for (const other of [
      "bqhd,bkhd->bhqk",
      "ij,jk->ki",
      "ii,ij->ij",
      "ij,jk,kl->il",
      "ij,ij->ij",
      "i,i->",
      "bij,cjk->bik",
    ])
      assert.equal(product(other), null, other);
    assert.match(
      said({
        operation: "einsum",
        inputs: [
          [2, 3],
          [3, 4],
        ],
        details: { equation: "ij,jk" },
      }),
      /The same as a @ b\./,
    );
  });

  it("attention in one call: the formula with its sizes, options, others' spelling", () => {
    const inputs = [
      [2, 8, 10, 64],
      [2, 8, 12, 64],
      [2, 8, 12, 32],
    ];
    const text = said({
      operation: "scaled_dot_product_attention",
      inputs,
      details: { causal: true, mask: true, dropout: 0.1 },
    });
    assert.match(text, /softmax\(QKᵀ\/√d_k \+ M\)V/);
    assert.match(
      text,
      /QKᵀ: \[10×64\]·\[64×12\] → \[10×12\] · √d_k = √64 = 8 · softmax\(…\)V: \[10×12\]·\[12×32\] → \[10×32\]/,
    );
    assert.match(text, /drops weights with probability 0\.1/);
    assert.match(text, /jax\.nn\.dot_product_attention\(q, k, v, is_causal=True\)/);
    assert.doesNotMatch(
      said({ operation: "scaled_dot_product_attention", inputs: [["B", "T", 64], null, null] }),
      /QKᵀ: |undefined|NaN/,
    );
    assert.match(
      said({ operation: "scaled_dot_product_attention", inputs, details: { scale: 1 } }),
      /scale 1 instead of 1\/√64/,
    );
  });

  it("a layer of several heads, its first axis and its masks", () => {
    const text = said({ operation: "multi_head_attention", details: { heads: 8, batchFirst: false } });
    assert.match(text, /number of heads: 8[\s\S]*first axis is the positions[\s\S]*forbid where they are True/);
  });

  it("masks: what the value does in softmax", () => {
    const fill = (value: number, dtype = "float32") =>
      said({ operation: "masked_fill", details: { value } }, { dtype: dtype as "float32" });
    assert.match(fill(Number.NEGATIVE_INFINITY), /Puts −∞ where the mask is True[\s\S]*exactly 0/);
    assert.match(fill(-1e9, "float16"), /−1e9 is beyond float16/);
    assert.match(fill(-1e9), /JAX +jnp\.where\(mask, -1000000000, x\)/);
    assert.match(fill(-1e9), /unless the whole row is masked/);
    assert.doesNotMatch(fill(0), /softmax/);
    assert.match(
      said({ operation: "tril", details: { diagonal: 0 } }),
      /on and below diagonal 0[\s\S]*1 means: may attend/,
    );
    assert.match(said({ operation: "triu", details: { diagonal: 1 } }), /on and above diagonal 1[\s\S]*may not attend/);
  });

  it("the scale, where a number is a root", () => {
    assert.match(
      said({ operation: "div", details: { other: Math.sqrt(64) } }),
      /÷ √64 = 8: the scale of attention where a head has size 64/,
    );
    assert.match(said({ operation: "mul", details: { factor: 1 / Math.sqrt(48) } }), /× 1\/ √48 ≈ 6\.928/);
    for (const other of [1, 0, 0.3, Number.NaN, -2])
      assert.doesNotMatch(said({ operation: "div", details: { other } }), /scale of attention/);
    assert.doesNotMatch(said({ operation: "truediv", details: { other: 8, ofDraw: true } }), /scale of attention/);
  });

  it("nothing of operations that need no words", () => {
    assert.equal(said({ operation: "view" }), said({ operation: "copy" }));
  });
});
