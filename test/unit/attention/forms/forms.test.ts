import assert from "node:assert/strict";
import { alibi } from "../../../../src/attention/forms/alibi.ts";
import { linearAttention, linearOutput } from "../../../../src/attention/forms/linearAttention.ts";
import { fromLengths, segmentMask } from "../../../../src/attention/forms/packed.ts";
import { queryKeyNorm } from "../../../../src/attention/forms/queryKeyNorm.ts";
import { bucketedBias, bucketOf, clippedBias } from "../../../../src/attention/forms/relativeBias.ts";
import { rotary } from "../../../../src/attention/forms/rotary.ts";
import { scaledDotProduct } from "../../../../src/attention/forms/scaledDotProduct.ts";
import { slidingWindow } from "../../../../src/attention/forms/sparse.ts";
import type { AttentionProblem, SparsePattern } from "../../../../src/attention/problem.ts";
import { computeRow } from "../../../../src/attention/reference/row.ts";
import { type Tensor, valueAt } from "../../../../src/tensor/tensor.ts";
import { numbers, planned, random } from "../support.ts";

const inputs = { query: random([5, 4], 1), key: random([5, 4], 2), value: random([5, 3], 3) };

/** Which keys each query has weight on, as text: `x` for some, `.` for none. */
function picture(problem: AttentionProblem): string[] {
  const made = planned(problem);
  return Array.from({ length: made.sizes.queries }, (_, query) =>
    Array.from(computeRow(made, 0, 0, query).weights, (w) => (w > 0 ? "x" : ".")).join(""),
  );
}

function pictureOf(mask: Tensor): string[] {
  const [rows, columns] = mask.shape as [number, number];
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (__, column) => (valueAt(mask, row * columns + column) ? "x" : ".")).join(""),
  );
}

describe("forms of attention", () => {
  it("takes scaled_dot_product_attention's arguments", () => {
    const made = scaledDotProduct({ ...inputs, is_causal: true, scale: 0.5, dropout_p: 0.1 });
    assert.ok(made.ok);
    assert.deepEqual([made.value.causal, made.value.scale, made.value.dropout], ["topLeft", 0.5, 0.1]);
    const both = scaledDotProduct({ ...inputs, is_causal: true, attn_mask: random([5, 5], 1) });
    assert.equal(both.ok ? null : both.problem.code, "attention.mask-and-causal");
    const heads = { query: random([4, 5, 4], 1), key: random([2, 5, 4], 1), value: random([2, 5, 4], 1) };
    assert.equal(scaledDotProduct({ ...heads, enable_gqa: true }).ok, true);
    assert.equal(scaledDotProduct(heads).ok, false);
  });

  it("puts causal rules top left and bottom right", () => {
    const wide = { ...inputs, query: random([3, 4], 1) };
    assert.deepEqual(picture({ ...wide, causal: "topLeft" }), ["x....", "xx...", "xxx.."]);
    assert.deepEqual(picture({ ...wide, causal: "bottomRight" }), ["xxx..", "xxxx.", "xxxxx"]);
    const tall = { query: random([4, 4], 1), key: random([2, 4], 2), value: random([2, 3], 3) };
    assert.deepEqual(picture({ ...tall, causal: "bottomRight" }), ["..", "..", "x.", "xx"]);
  });

  it("counts the query's own position in sliding_window, but not in a window", () => {
    assert.deepEqual(picture({ ...inputs, causal: "topLeft", window: slidingWindow(2) }), [
      "x....",
      "xx...",
      ".xx..",
      "..xx.",
      "...xx",
    ]);
    assert.deepEqual(picture({ ...inputs, window: [0, 1] }), ["xx...", ".xx..", "..xx.", "...xx", "....x"]);
  });

  it("draws sparse patterns", () => {
    const of = (sparse: SparsePattern, more: Partial<AttentionProblem> = {}): string[] =>
      picture({ ...inputs, sparse, ...more });
    assert.deepEqual(of({ dilation: 2 }, { window: [1, 1] }), ["x.x..", ".x.x.", "x.x.x", ".x.x.", "..x.x"]);
    assert.deepEqual(of({ dilation: 2 }, { causal: "topLeft" }), ["x....", ".x...", "x.x..", ".x.x.", "x.x.x"]);
    assert.deepEqual(of({ block: 2 }), ["xx...", "xx...", "..xx.", "..xx.", "....x"]);
    assert.deepEqual(of({ prefix: 2 }), ["xx...", "xx...", "xxx..", "xxxx.", "xxxxx"]);
    assert.deepEqual(of({ globals: [1] }, { window: [0, 0] }), ["xx...", "xxxxx", ".xx..", ".x.x.", ".x..x"]);
    assert.deepEqual(of({ prefix: 0 }, { window: [1, 1] }), ["x....", "xx...", ".xx..", "..xx.", "...xx"]);
  });

  it("gives ALiBi slopes for any number of heads", () => {
    assert.deepEqual(alibi(8), { kind: "alibi", slopes: [1, 2, 3, 4, 5, 6, 7, 8].map((k) => 2 ** -k) });
    const six = alibi(6);
    assert.ok(six.kind === "alibi");
    assert.deepEqual(six.slopes, [2 ** -2, 2 ** -4, 2 ** -6, 2 ** -8, 2 ** -1, 2 ** -3]);
  });

  it("adds −slope·distance to the scaled scores", () => {
    const row = computeRow(planned({ ...inputs, bias: { kind: "alibi", slopes: [0.5] } }), 0, 0, 2);
    for (const key of [0, 1, 2, 3, 4])
      assert.ok(Math.abs(row.masked[key]! - row.scaled[key]! + 0.5 * Math.abs(key - 2)) < 1e-12);
  });

  it("adds a relative bias by distance, clipped or in T5's buckets", () => {
    const row = computeRow(planned({ ...inputs, bias: clippedBias(numbers([1, 3], [10, 20, 30])) }), 0, 0, 2);
    assert.deepEqual(
      Array.from(row.masked, (s, key) => Math.round(s - row.scaled[key]!)),
      [10, 10, 20, 30, 30],
    );
    assert.deepEqual(
      [0, -1, -7, -8, -15, -16, -127, -500].map((d) => bucketOf(d, 32, true, 128)),
      [0, 1, 7, 8, 9, 10, 15, 15],
    );
    assert.deepEqual(
      [1, 8, 500].map((d) => bucketOf(d, 32, true, 128)),
      [17, 24, 31],
    );
    assert.deepEqual(
      [3, 0, -15, -16, -500].map((d) => bucketOf(d, 32, false, 128)),
      [0, 0, 15, 16, 31],
    );
    const bias = bucketedBias(numbers([4, 1], [0, 1, 2, 3]), 5, 5, false, 8);
    const far = computeRow(planned({ ...inputs, bias }), 0, 0, 4);
    assert.deepEqual(
      Array.from(far.masked, (s, key) => Math.round(s - far.scaled[key]!)),
      [3, 2, 2, 1, 0],
    );
  });

  it("keeps rotary scores when both positions move by the same distance", () => {
    const turned = (start: number): Float64Array => {
      const made = rotary(inputs, { pairs: "half", queryStart: start, keyStart: start });
      assert.ok(made.ok);
      return computeRow(planned(made.value), 0, 0, 3).scores;
    };
    const [here, there] = [turned(0), turned(17)];
    for (const [at, x] of here.entries()) assert.ok(Math.abs(x - there[at]!) < 1e-10);
    assert.equal(rotary(inputs, { pairs: "half", size: 3 }).ok, false);
  });

  it("normalises rows of Q and K to length 1, or to a mean square of 1 times a gain", () => {
    const unit = queryKeyNorm(inputs, { kind: "l2" });
    const squares = (t: Tensor): number => [0, 1, 2, 3].reduce((sum, at) => sum + valueAt(t, at) ** 2, 0);
    assert.ok(Math.abs(squares(unit.query) - 1) < 1e-12);
    const rms = queryKeyNorm(inputs, { kind: "rms", epsilon: 0, queryGain: numbers([4], [2, 2, 2, 2]) });
    assert.ok(Math.abs(squares(rms.query) - 16) < 1e-9 && Math.abs(squares(rms.key) - 4) < 1e-9);
  });

  it("gives a sink a share of every row", () => {
    const [none, half] = [
      computeRow(planned({ ...inputs, sinks: [-100] }), 0, 0, 1),
      computeRow(planned({ ...inputs, sinks: [0] }), 0, 0, 1),
    ];
    const sum = (weights: Float64Array): number => weights.reduce((a, b) => a + b, 0);
    const exponentials = none.masked.reduce((total, s) => total + Math.exp(s), 0);
    assert.ok(
      Math.abs(sum(none.weights) - 1) < 1e-12 &&
        Math.abs(sum(half.weights) - exponentials / (1 + exponentials)) < 1e-12,
    );
  });

  it("keeps packed sequences apart, by lengths or by ids", () => {
    const segments = fromLengths(numbers([3], [0, 2, 5]));
    assert.ok(segments.ok);
    assert.deepEqual(picture({ ...inputs, segments: segments.value }), ["xx...", "xx...", "..xxx", "..xxx", "..xxx"]);
    assert.deepEqual(picture({ ...inputs, segments: segments.value, causal: "topLeft" }), [
      "x....",
      "xx...",
      "..x..",
      "..xx.",
      "..xxx",
    ]);
    assert.deepEqual(pictureOf(segmentMask(numbers([4], [7, 8, 7, 9]))), ["x.x.", ".x..", "x.x.", "...x"]);
    assert.equal(fromLengths(numbers([3], [0, 3, 2])).ok, false);
  });

  it("gives linear attention's output with the weights that it implies", () => {
    const fast = linearOutput(inputs.query, inputs.key, inputs.value, "elu+1");
    const made = planned(linearAttention(inputs, "elu+1"));
    for (let query = 0; query < 5; query++) {
      for (const [c, x] of computeRow(made, 0, 0, query).output.entries())
        assert.ok(Math.abs(x - valueAt(fast, query * 3 + c)) < 1e-12);
    }
    assert.deepEqual(picture({ ...linearAttention(inputs, "exp"), causal: "topLeft" }), [
      "x....",
      "xx...",
      "xxx..",
      "xxxx.",
      "xxxxx",
    ]);
  });
});
