import assert from "node:assert/strict";
import * as fc from "fast-check";
import { compileKernels } from "../../../assembly/build.mjs";
import { linearAttention } from "../../../src/attention/forms/linearAttention.ts";
import { type Computation, computationOf } from "../../../src/attention/kernels/computation.ts";
import { createKernels, type Kernels } from "../../../src/attention/kernels/kernels.ts";
import { KernelRefusal, withFallback } from "../../../src/attention/kernels/refusal.ts";
import { kernelResult } from "../../../src/attention/kernels/result.ts";
import type { Plan } from "../../../src/attention/plan.ts";
import type { AttentionProblem } from "../../../src/attention/problem.ts";
import { stages } from "../../../src/attention/problem.ts";
import { referenceResult } from "../../../src/attention/reference/result.ts";
import { computeRow } from "../../../src/attention/reference/row.ts";
import { products } from "../../../src/attention/reference/scores.ts";
import type { AttentionResult, AttentionRow } from "../../../src/attention/result.ts";
import { type Tensor, tensor } from "../../../src/tensor/tensor.ts";
import { mask, planned, problems, random, sameNumbers } from "./support.ts";

/** float32's unit roundoff. */
const unit = 2 ** -24;

/** How far a kernel's weight may lie from the exact one, relatively: what rounding in float32 may do to the score. */
function tolerance(row: AttentionRow, key: number, products: number, scale: number): number {
  const delta = 4 * unit * Math.abs(scale) * products + 2 * unit * Math.abs(row.masked[key]!);
  return Math.expm1(2 * delta) + 1e-5;
}

function sumOfProducts(plan: Plan, row: AttentionRow, key: number): number {
  return products(plan, row.batch, row.head, row.query, key).reduce((sum, x) => sum + Math.abs(x), 0);
}

describe("the kernels", function () {
  // Billions of operations: seconds here, many more on a busy machine.
  this.timeout(120_000);
  let modules: Map<string, Uint8Array<ArrayBuffer>>;
  before(async () => {
    modules = await compileKernels();
  });

  /** Kernels of one kind only: a module of nothing is refused, as by a machine that lacks the instructions. */
  function kernelsOf(kind: "relaxed" | "simd"): Kernels {
    const bytes = (name: string): Uint8Array<ArrayBuffer> =>
      name.includes(kind) ? modules.get(name)! : Uint8Array.of(0);
    return createKernels(async (name) => bytes(name), false);
  }

  async function computed(
    kernels: Kernels,
    problem: AttentionProblem,
  ): Promise<{ result: AttentionResult; computation: Computation }> {
    const plan = planned(problem);
    const computation = await computationOf(plan, kernels, null);
    assert.ok(computation);
    return { result: kernelResult(plan, computation), computation };
  }

  it("know how much of a head, and of all, is done", async () => {
    const [query, key, value] = [0, 1, 2].map((seed) => random([2, 300, 8], seed)) as [Tensor, Tensor, Tensor];
    const { result } = await computed(kernelsOf("simd"), { query, key, value });
    const first = { batch: 0, head: 0 };
    assert.deepEqual([result.progress?.(first), result.progress?.(null)], [0, 0]);
    await result.overview(first);
    assert.deepEqual([result.progress?.(first), result.progress?.(null)], [1, 0.5]);
    await result.output();
    assert.equal(result.progress?.(null), 1);
    assert.equal(withFallback(result, () => result).progress?.(null), 1);
    assert.equal(withFallback(referenceResult(planned({ query, key, value })), () => result).progress?.(null), null);
    result.dispose();
  });

  async function agrees(kernels: Kernels, problem: AttentionProblem): Promise<void> {
    const plan = planned(problem);
    const exact = referenceResult(plan);
    const { result } = await computed(kernels, problem);
    const { batch, heads, queries, keys, valueSize } = plan.sizes;
    const output = await result.output();
    const summaries = await result.summaries();
    const known = await exact.summaries();
    for (let at = 0; at < batch * heads; at++) {
      const head = { batch: Math.floor(at / heads), head: at % heads };
      const { values } = await result.tile({
        ...head,
        stage: "weights",
        row: 0,
        column: 0,
        rows: queries,
        columns: keys,
        step: 1,
      });
      const masked = await result.tile({
        ...head,
        stage: "masked",
        row: 0,
        column: 0,
        rows: queries,
        columns: keys,
        step: 1,
      });
      for (let query = 0; query < queries; query++) {
        const row = exact.row(head, query);
        let worst = 1e-5;
        for (let key = 0; key < keys; key++) {
          const [got, wanted] = [values[query * keys + key]!, row.weights[key]!];
          const within = (allowed: number): boolean =>
            Object.is(got, wanted) || Math.abs(got - wanted) <= allowed * wanted + 2 ** -126;
          if (!within(worst)) worst = Math.max(worst, tolerance(row, key, sumOfProducts(plan, row, key), plan.scale));
          assert.ok(
            within(worst) || (Number.isNaN(got) && Number.isNaN(wanted)),
            `weight ${query},${key}: ${got} for ${wanted}`,
          );
          assert.equal(
            masked.values[query * keys + key] === Number.NEGATIVE_INFINITY,
            row.masked[key] === Number.NEGATIVE_INFINITY,
          );
        }
        const size = Float64Array.from(plan.value.data).reduce((most, x) => Math.max(most, Math.abs(x)), 0);
        for (let c = 0; c < valueSize; c++) {
          const [got, wanted] = [output[(at * queries + query) * valueSize + c]!, row.output[c]!];
          assert.ok(Math.abs(got - wanted) <= (worst + 1e-5) * size, `output ${query},${c}: ${got} for ${wanted}`);
        }
      }
      assert.equal(summaries[at]!.fullyMaskedRows, known[at]!.fullyMaskedRows);
      for (const field of ["entropy", "self", "previous", "first"] as const) {
        assert.ok(
          Math.abs(summaries[at]![field] - known[at]![field]) < 2e-3,
          `${field}: ${summaries[at]![field]} for ${known[at]![field]}`,
        );
      }
      assert.ok(Math.abs(summaries[at]!.peak.value - known[at]!.peak.value) < 1e-3);
    }
    result.dispose();
  }

  for (const kind of ["relaxed", "simd"] as const) {
    it(`agree with the reference on any shape, mask and rule (${kind})`, async () => {
      const kernels = kernelsOf(kind);
      await fc.assert(
        fc.asyncProperty(problems, (problem) => agrees(kernels, problem)),
        { numRuns: 60 },
      );
    });

    it(`agree with the reference beyond a tile and a pass (${kind})`, async () => {
      const kernels = kernelsOf(kind);
      for (const causal of ["none", "topLeft", "bottomRight"] as const) {
        await agrees(kernels, {
          query: random([75, 9], 1),
          key: random([413, 9], 2),
          value: random([413, 7], 3),
          causal,
        });
      }
      await agrees(kernels, { query: random([75, 7], 1), key: random([413, 7], 2), value: random([413, 7], 3) });
      const inputs = { query: random([2, 70, 8], 4), key: random([1, 400, 8], 5), value: random([1, 400, 8], 6) };
      await agrees(kernels, { ...inputs, window: [30, 5], offset: 300 });
      await agrees(kernels, { ...inputs, bias: { kind: "alibi", slopes: [0.5, 0.25] }, sinks: [0.5, -2] });
      await agrees(kernels, { ...inputs, bias: { kind: "relative", table: random([2, 33], 7), zero: 16 }, softcap: 3 });
      await agrees(kernels, {
        ...inputs,
        segments: { queries: [0, 20, 20, 70], keys: [0, 130, 200, 400] },
        causal: "bottomRight",
      });
    });
  }

  for (const kind of ["relaxed", "simd"] as const) {
    it(`agree with the reference on additive and linear scores (${kind})`, async () => {
      const kernels = kernelsOf(kind);
      const inputs = { key: random([2, 421, 9], 2, 2), value: random([2, 421, 7], 3) };
      const additive = { ...inputs, query: random([4, 75, 9], 1, 2), scale: 1 };
      const score = { kind: "additive" as const, vector: random([1, 9], 4, 2) };
      await agrees(kernels, { ...additive, score });
      await agrees(kernels, { ...additive, score: { ...score, bias: random([9], 5) }, causal: "bottomRight" });
      await agrees(kernels, { ...additive, scale: 0.5, score, softcap: 1.5, window: [60, null] });
      const linear = linearAttention(additive, "elu+1");
      await agrees(kernels, linear);
      await agrees(kernels, { ...linear, causal: "topLeft", mask: mask([75, 421], (at) => at % 7 !== 0) });
      const sparse = linearAttention(
        { ...additive, query: random([4, 75, 9], 1), key: random([2, 421, 9], 6) },
        "relu",
      );
      await agrees(kernels, sparse);
    });

    it(`agree with the reference on sparse patterns (${kind})`, async () => {
      const kernels = kernelsOf(kind);
      const inputs = { query: random([2, 70, 8], 4), key: random([1, 1200, 8], 5), value: random([1, 1200, 8], 6) };
      for (const offset of [0, 900, -20]) {
        await agrees(kernels, { ...inputs, offset, sparse: { dilation: 3 }, window: [20, 4] });
        await agrees(kernels, { ...inputs, offset, sparse: { block: 64, globals: [0, 30, 1100] }, causal: "topLeft" });
        await agrees(kernels, { ...inputs, offset, sparse: { globals: [500] }, window: [10, null] });
        await agrees(kernels, { ...inputs, offset, sparse: { dilation: 2, prefix: 40 }, sinks: [0.5, -2] });
      }
      const segments = { queries: [0, 20, 20, 70], keys: [0, 130, 800, 1200] };
      await agrees(kernels, { ...inputs, segments, sparse: { globals: [0, 100], dilation: 5 }, window: [3, 3] });
      const added = random([70, 1200], 9).data as Float32Array;
      await agrees(kernels, { ...inputs, mask: tensor("float32", [70, 1200], added), sparse: { block: 16 } });
    });

    it(`agree with the reference on masks of every shape (${kind})`, async () => {
      const kernels = kernelsOf(kind);
      const inputs = {
        query: random([2, 3, 45, 6], 1),
        key: random([2, 3, 131, 6], 2),
        value: random([2, 3, 131, 5], 3),
      };
      for (const shape of [[131], [45, 131], [45, 1], [3, 45, 131], [2, 1, 45, 131], [2, 3, 1, 131], [2, 1, 1, 1]]) {
        const noise = random(shape, 9);
        const data = noise.data as Float32Array;
        await agrees(kernels, { ...inputs, mask: mask(shape, (at) => data[at]! > -0.5), causal: "bottomRight" });
        const added = data.map((x) => (x < -0.8 ? Number.NEGATIVE_INFINITY : x * 3));
        await agrees(kernels, { ...inputs, mask: tensor("float32", shape, added) });
      }
    });
  }

  it("pass over the tiles that a sparse pattern leaves out, and take nothing L × S for it", async () => {
    const problem = {
      query: random([20_000, 4], 1),
      key: random([20_000, 4], 2),
      value: random([20_000, 4], 3),
      sparse: { globals: [7], dilation: 2 },
      window: [100, 0] as const,
    };
    const { result, computation } = await computed(kernelsOf("relaxed"), problem);
    const { maximum, mean, columns, blockColumns } = await result.overview({ batch: 0, head: 0 });
    assert.ok(computation.home.kernel.memory.buffer.byteLength < 20_000 ** 2 / 4);
    const row = computeRow(planned(problem), 0, 0, 12_345);
    assert.equal(row.weights.filter((weight) => weight > 0).length, 102);
    const output = (await result.output()).subarray(12_345 * 4, 12_346 * 4);
    for (const [c, x] of output.entries()) assert.ok(Math.abs(x - row.output[c]!) < 1e-5);
    const line = Math.floor(12_345 / Math.ceil(20_000 / (maximum.length / columns)));
    const blocks = Array.from({ length: columns }, (_, block) => block).filter(
      (block) => maximum[line * columns + block]! > 0 || mean[line * columns + block]! > 0,
    );
    const keys = blocks.map((block) => block * blockColumns);
    assert.ok(keys[0] === 0 && keys[1]! > 12_000 && keys.at(-1)! < 12_400, `weights at keys ${keys}`);
  });

  it("leave to the reference additive scores of very large numbers", async () => {
    const inputs = {
      query: random([40, 4], 1, 100),
      key: random([50, 4], 2, 100),
      value: random([50, 4], 3),
      scale: 1,
    };
    const problem = { ...inputs, score: { kind: "additive" as const, vector: random([4], 4) } };
    const plan = planned(problem);
    const computation = await computationOf(plan, kernelsOf("relaxed"), null);
    assert.ok(computation);
    await assert.rejects(kernelResult(plan, computation).output(), KernelRefusal);
  });

  it("keep to the reference at ±1e4, −∞ and denormals", async () => {
    const kernels = kernelsOf("relaxed");
    const inputs = { key: random([200, 4], 2, 100), value: random([200, 4], 3) };
    await agrees(kernels, { ...inputs, query: random([40, 4], 1, 100), scale: 1 });
    await agrees(kernels, { ...inputs, query: random([40, 4], 1, 1e-41), scale: 1 });
    const mask = tensor(
      "float32",
      [200],
      Float32Array.from({ length: 200 }, (_, at) =>
        at % 3 === 0 ? Number.NEGATIVE_INFINITY : at % 3 === 1 ? -1e4 : 1e4,
      ),
    );
    await agrees(kernels, { ...inputs, query: random([40, 4], 1), mask });
  });

  it("poison a row by NaN in Q, and by NaN in K the rows that may attend to it", async () => {
    const problem = {
      query: random([40, 4], 1),
      key: random([40, 4], 2),
      value: random([40, 4], 3),
      causal: "topLeft" as const,
    };
    const at = (t: Tensor, flat: number): Tensor => ({
      ...t,
      data: (t.data as Float32Array).map((x, i) => (i === flat ? Number.NaN : x)),
    });
    const outputOf = async (poisoned: AttentionProblem): Promise<boolean[]> => {
      const { result } = await computed(kernelsOf("relaxed"), poisoned);
      const output = await result.output();
      result.dispose();
      return Array.from({ length: 40 }, (_, row) => Number.isNaN(output[row * 4]!));
    };
    assert.deepEqual(
      await outputOf({ ...problem, query: at(problem.query, 7 * 4) }),
      Array.from({ length: 40 }, (_, row) => row === 7),
    );
    assert.deepEqual(
      await outputOf({ ...problem, key: at(problem.key, 9 * 4) }),
      Array.from({ length: 40 }, (_, row) => row >= 9),
    );
  });

  it("give tiles of every stage and step, and limits, like the reference", async () => {
    const problem = {
      query: random([90, 8], 1),
      key: random([210, 8], 2),
      value: random([210, 5], 3),
      causal: "bottomRight" as const,
      softcap: 2,
    };
    const exact = referenceResult(planned(problem));
    const { result } = await computed(kernelsOf("simd"), problem);
    const head = { batch: 0, head: 0 };
    for (const stage of stages) {
      for (const [row, column, rows, columns, step] of [
        [0, 0, 90, 5, 1],
        [3, 1, 29, 2, 3],
        [17, 2, 73, 3, 1],
        [0, 0, 45, 2, 2],
        [1, 1, 22, 1, 4],
        [6, 0, 11, 1, 8],
      ] as const) {
        const request = { ...head, stage, row, column, rows, columns, step };
        const [got, wanted] = [await result.tile(request), await exact.tile(request)];
        for (const [at, x] of wanted.values.entries())
          assert.ok(
            x === got.values[at] || Math.abs(x - got.values[at]!) < 1e-5,
            `${stage} ${at}: ${got.values[at]} for ${x}`,
          );
      }
      const [got, wanted] = [await result.limits(head, stage), await exact.limits(head, stage)];
      assert.ok(
        Math.abs(got.minimum - wanted.minimum) < 1e-5 && Math.abs(got.maximum - wanted.maximum) < 1e-5,
        `${stage} ${JSON.stringify([got, wanted])}`,
      );
    }
    result.dispose();
  });

  it("pool a larger head's weights into an overview, by maximum and mean", async () => {
    const problem = {
      query: random([1500, 4], 1, 3),
      key: random([1100, 4], 2, 3),
      value: random([1100, 4], 3),
      causal: "topLeft" as const,
    };
    const { result } = await computed(kernelsOf("relaxed"), problem);
    const head = { batch: 0, head: 0 };
    const map = await result.overview(head);
    assert.deepEqual([map.rows, map.columns, map.blockRows, map.blockColumns, map.known], [188, 550, 8, 2, 1]);
    const { values } = await result.tile({
      ...head,
      stage: "weights",
      row: 0,
      column: 0,
      rows: 1500,
      columns: 1100,
      step: 1,
    });
    for (let block = 0; block < map.maximum.length; block++) {
      const [row, column] = [Math.floor(block / map.columns) * 8, (block % map.columns) * 2];
      let [most, sum, cells] = [0, 0, 0];
      for (let query = row; query < Math.min(1500, row + 8); query++) {
        for (const key of [column, column + 1]) {
          most = Math.max(most, values[query * 1100 + key]!);
          sum += values[query * 1100 + key]!;
          cells++;
        }
      }
      assert.ok(
        Math.abs(map.maximum[block]! - most) <= 1e-5 * most + 1e-30 &&
          Math.abs(map.mean[block]! - sum / cells) <= 1e-5 * most + 1e-30,
        `block ${block}`,
      );
    }
    result.dispose();
  });

  it("pool a map over whatever lay in the memory: before, in rows left out, and beyond the keys that rules allow", async () => {
    const kernels = kernelsOf("relaxed");
    const inputs = [1, 2, 3].map((seed) => random([6000, 4], seed, 3)) as [Tensor, Tensor, Tensor];
    const poison = tensor("float32", [6000, 4], new Float32Array(24_000).fill(Number.NaN));
    const [query, key, value] = inputs;
    const poisoned = await computed(kernels, { query: poison, key, value });
    assert.ok(Number.isNaN((await poisoned.result.overview({ batch: 0, head: 0 })).maximum[0]));
    poisoned.result.dispose();
    const head = { batch: 0, head: 0 };
    for (const rules of [
      { causal: "topLeft" },
      { window: [50, 700] },
      { causal: "topLeft", window: [900, null] },
    ] as const) {
      const { result, computation } = await computed(kernels, { query, key, value, ...rules });
      await computation.rows(0, 2000, 2100);
      const [some] = await result.summaries();
      const { maximum, mean, blockRows, blockColumns, columns } = await result.overview(head);
      assert.ok(some!.peak.value > 0);
      for (const row of [0, 1, 31, Math.ceil(6000 / blockRows) - 1]) {
        const lines = Array.from(
          { length: Math.min(blockRows, 6000 - row * blockRows) },
          (_, at) => at + row * blockRows,
        );
        const weights = lines.map((line) => result.row(head, line).weights);
        for (let column = 0; column < columns; column++) {
          const cells = weights.flatMap((line) => [
            ...line.subarray(column * blockColumns, (column + 1) * blockColumns),
          ]);
          const [most, average] = [Math.max(...cells), cells.reduce((sum, w) => sum + w, 0) / cells.length];
          const [at, what] = [row * columns + column, `${JSON.stringify(rules)}, block ${row}, ${column}`];
          assert.ok(Math.abs(maximum[at]! - most) <= 1e-4 * most + 1e-30, what);
          assert.ok(Math.abs(mean[at]! - average) <= 1e-4 * average + 1e-30, what);
        }
      }
      result.dispose();
    }
  });

  it("give a tile over very many cells out of the map", async () => {
    const inputs = { query: random([5000, 4], 1, 3), key: random([5000, 4], 2, 3), value: random([5000, 4], 3) };
    const { result, computation } = await computed(kernelsOf("relaxed"), inputs);
    const request = {
      batch: 0,
      head: 0,
      stage: "weights" as const,
      row: 0,
      column: 0,
      rows: 79,
      columns: 79,
      step: 64,
    };
    const coarse = await result.tile(request);
    for (const [row, column] of [
      [0, 0],
      [78, 78],
      [3, 50],
    ] as const) {
      const cells = await result.tile({ ...request, row: row * 64, column: column * 64, rows: 1, columns: 1 });
      assert.ok(Math.abs(cells.values[0]! - coarse.values[row * 79 + column]!) < 1e-6);
    }
    assert.equal(computation.isDone(0, 4999), true);
    const scores = await result.tile({ ...request, stage: "scaled" });
    const middle = await result.tile({
      ...request,
      stage: "scaled",
      row: 32,
      column: 32 + 3 * 64,
      rows: 1,
      columns: 1,
      step: 1,
    });
    assert.equal(scores.sampled, true);
    assert.ok(Math.abs(scores.values[3]! - middle.values[0]!) < 1e-5);
    result.dispose();
  });

  it("answer with drafts out of evenly spread rows, each better than the last, and with all rows in the end", async () => {
    const inputs = { query: random([12000, 32], 1, 3), key: random([12000, 32], 2, 3), value: random([12000, 32], 3) };
    const { result, computation } = await computed(kernelsOf("relaxed"), inputs);
    const head = { batch: 0, head: 0 };
    const whole = { ...head, stage: "weights" as const, row: 0, column: 0, rows: 94, columns: 94, step: 128 };
    const output = { ...whole, stage: "output" as const, columns: 1, step: 128 };
    const draft = await result.tile({ ...whole, beyond: 0 });
    assert.ok(draft.known! > 0.1 && draft.known! < 1);
    const [first, limits] = [
      await result.tile({ ...output, beyond: 0 }),
      await result.limits(head, "weights", { beyond: 0 }),
    ];
    assert.deepEqual([first.known, limits.known, limits.sampled], [draft.known, draft.known, true]);
    assert.deepEqual([computation.isDone(0, 0), computation.isDone(0, 11999)].includes(false), true);
    assert.ok(draft.values.every((w) => w > 0 && w <= limits.maximum) && first.values.every((x) => x !== 0));
    let last = await result.tile({ ...whole, beyond: draft.known });
    let known = draft.known!;
    while (last.known !== undefined) {
      assert.ok(last.known > known);
      known = last.known;
      last = await result.tile({ ...whole, beyond: known });
    }
    sameNumbers((await result.tile(whole)).values, last.values);
    // A draft's block is the maximum of fewer rows, or of a neighbour's.
    const below = draft.values.filter((w, at) => w <= last.values[at]!).length;
    assert.ok(below > 0.7 * draft.values.length && below < draft.values.length + 1);
    const exact = await result.limits(head, "weights");
    assert.equal(exact.known, undefined);
    assert.ok(exact.maximum >= limits.maximum);
    assert.equal(
      exact.maximum,
      last.values.reduce((a, b) => Math.max(a, b)),
    );
    result.dispose();
  });

  it("draw a tile's own rows first, some of them soon and exactly, and end early when that is no longer wanted", async () => {
    const query = random([12000, 32], 1, 3);
    const [key, value] = [2, 3].map((seed) => random([24000, 32], seed, 3)) as [Tensor, Tensor];
    const { result, computation } = await computed(kernelsOf("relaxed"), { query, key, value });
    const tile = {
      batch: 0,
      head: 0,
      stage: "weights",
      row: 5003,
      column: 64,
      rows: 2500,
      columns: 50,
      step: 1,
    } as const;
    const draft = await result.tile({ ...tile, beyond: 0 });
    assert.ok(draft.known! > 0.2 && draft.known! < 0.7, `${draft.known}`);
    // No row that it does not show was computed for it.
    assert.equal(
      [0, 4000, 4960, 7520, 11999].some((row) => computation.hasStatistics(0, row)),
      false,
    );
    const better = await result.tile({ ...tile, beyond: draft.known });
    assert.ok((better.known ?? 1) > draft.known!);
    const whole = await result.tile(tile);
    assert.equal(whole.known, undefined);
    const line = (of: Float32Array, at: number): string => of.subarray(at * 50, (at + 1) * 50).join();
    const places = new Map(Array.from({ length: 2500 }, (_, at) => [line(whole.values, at), at]));
    const shown = Array.from({ length: 2500 }, (_, at) => places.get(line(draft.values, at))! - at);
    assert.ok(
      shown.every((away) => Math.abs(away) < 320),
      "each line is one of the tile, from nearby",
    );
    assert.ok(shown.filter((away) => away === 0).length > 0.2 * 2500);
    const coarse = await result.tile({ ...tile, row: 8000, rows: 250, step: 10, beyond: 0 });
    assert.ok(coarse.known! < 1 && coarse.values.every((w) => w > 0 && w < 1));
    // Nothing but statistics was computed, and of rows that lie apart only their groups of eight.
    await result.prepare?.(tile, "weights", [11000, 11009, 11999]);
    assert.deepEqual(
      [10950, 10999, 11000, 11007, 11008, 11016, 11990, 11992].map((row) => computation.hasStatistics(0, row)),
      [false, false, true, true, true, false, false, true],
    );
    assert.deepEqual(
      [5003, 7500, 11000].map((row) => computation.isDone(0, row)),
      [false, false, false],
    );
    const exact = referenceResult(planned({ query, key, value }));
    for (const row of [5003, 6000, 7502, 11009]) {
      const of = (result: AttentionResult) => result.tile({ ...tile, row, rows: 1 });
      const [got, wanted] = [(await of(result)).values, (await of(exact)).values];
      for (const [at, w] of got.entries()) assert.ok(Math.abs(w - wanted[at]!) < 1e-4 * wanted[at]! + 1e-12);
    }
    // What was known of them before changes nothing of their outputs.
    await result.prepare?.(tile, "output", [11000]);
    const output = await result.tile({ ...tile, stage: "output", row: 11000, rows: 1, column: 0, columns: 32 });
    const row = exact.row(tile, 11000).output;
    assert.ok(output.values.every((x, at) => Math.abs(x - row[at]!) < 1e-4));
    assert.equal(computation.isDone(0, 11000), true);
    const abort = new AbortController();
    const rest = result.tile({ ...tile, row: 100 }, abort.signal);
    abort.abort(new Error("enough"));
    await assert.rejects(rest, /enough/);
    result.dispose();
  });

  it("cannot be read once their memory is given back; a copy of the output can", async () => {
    const kernels = kernelsOf("relaxed");
    const inputs = { query: random([60, 16], 1), key: random([60, 16], 2), value: random([60, 16], 3) };
    const { result } = await computed(kernels, inputs);
    const [head, cells] = [
      { batch: 0, head: 0 },
      { row: 0, column: 0, rows: 60, columns: 16, step: 1 },
    ];
    const output = await result.output();
    const [kept, lent] = [output.slice(), await result.lendOutput((values) => values.slice())];
    await result.tile({ ...head, ...cells, stage: "weights" });
    result.dispose();
    const { result: next } = await computed(kernels, { ...inputs, value: random([60, 16], 9) });
    await next.output();
    sameNumbers(output, kept);
    sameNumbers(lent, kept);
    for (const ask of [
      () => result.output(),
      () => result.lendOutput((values) => values),
      () => result.tile({ ...head, ...cells, stage: "weights" }),
      () => result.tile({ ...head, ...cells, stage: "output" }),
      () => result.tile({ ...head, ...cells, stage: "scores" }),
      () => result.limits(head, "weights"),
      () => result.summaries(),
      () => result.overview(head),
      async () => result.cell(head, 0, 0),
    ])
      await assert.rejects(ask, /RangeError: the result was disposed of/);
    next.dispose();
  });

  it("give their memory back, a thousand times", async () => {
    const kernels = kernelsOf("relaxed");
    const problem = { query: random([60, 16], 1), key: random([60, 16], 2), value: random([60, 16], 3) };
    const sizes: number[] = [];
    for (let run = 0; run < 1000; run++) {
      const { result, computation } = await computed(kernels, problem);
      await result.output();
      result.dispose();
      sizes.push(computation.home.arena.size);
      assert.equal(computation.home.arena.used, 0);
    }
    assert.equal(sizes.at(-1), sizes[0]);
  });

  it("leave to the reference what float32 cannot hold", async () => {
    const kernels = kernelsOf("relaxed");
    const inputs = { query: random([8, 4], 1), key: random([8, 4], 2), value: random([8, 4], 3) };
    const set = (t: Tensor, x: number): Tensor => ({
      ...t,
      data: (t.data as Float32Array).map((y, at) => (at === 5 ? x : y)),
    });
    const huge = tensor("float64", [8, 4], new Float64Array(32).fill(1e39));
    const refused = [
      { ...inputs, value: set(inputs.value, Number.NaN) },
      { ...inputs, key: set(inputs.key, Number.POSITIVE_INFINITY) },
      { ...inputs, query: huge },
    ];
    const home = await kernels.acquire();
    for (const problem of refused) {
      const computation = await computationOf(planned(problem), kernels, null);
      assert.ok(home && computation);
      await assert.rejects(kernelResult(planned(problem), computation).output(), KernelRefusal);
      const result = withFallback(kernelResult(planned(problem), computation), () => referenceResult(planned(problem)));
      assert.deepEqual(await result.output(), await referenceResult(planned(problem)).output());
      assert.equal(home.arena.used, 0);
    }
    const poisoned = { ...inputs, query: set(inputs.query, Number.NaN) };
    const { result } = await computed(kernels, poisoned);
    assert.ok((await result.output()).some(Number.isNaN));
  });

  it("are not there where WebAssembly is refused", async () => {
    const kernels = createKernels(async () => Uint8Array.of(0), false);
    assert.equal(await kernels.acquire(), null);
  });
});
