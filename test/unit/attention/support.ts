import assert from "node:assert/strict";
import * as fc from "fast-check";
import { type Plan, plan } from "../../../src/attention/plan.ts";
import type { AttentionProblem, SparsePattern } from "../../../src/attention/problem.ts";
import { indexOf, sizeOf, type Tensor, tensor, valueAt } from "../../../src/tensor/tensor.ts";

/** A float64 tensor of these numbers. */
export function numbers(shape: readonly number[], data: readonly number[]): Tensor {
  return tensor("float64", shape, Float64Array.from(data));
}

/** A float32 tensor of a small deterministic generator (mulberry32), uniform in −size … size. */
export function random(shape: readonly number[], seed: number, size = 1): Tensor {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
  };
  return tensor(
    "float32",
    shape,
    Float32Array.from({ length: sizeOf(shape) }, () => (next() * 2 - 1) * size),
  );
}

/** The same numbers of a `[batch, heads, rows, size]` tensor, laid out as `[batch, rows, heads, size]` after three others. */
export function relaid(t: Tensor): Tensor {
  const [batch, heads, rows, size] = t.shape as [number, number, number, number];
  const data = new Float32Array(sizeOf(t.shape) + 3);
  const strides = [rows * heads * size, size, heads * size, 1];
  for (let flat = 0; flat < sizeOf(t.shape); flat++) {
    const [b, h, r, c] = indexOf(t.shape, flat) as [number, number, number, number];
    data[3 + b * strides[0]! + h * size + r * strides[2]! + c] = valueAt(t, flat);
  }
  return { dtype: "float32", shape: [batch, heads, rows, size], strides, offset: 3, data };
}

/** A boolean mask. */
export function mask(shape: readonly number[], allowed: (flat: number) => boolean): Tensor {
  return tensor(
    "bool",
    shape,
    Uint8Array.from({ length: sizeOf(shape) }, (_, flat) => Number(allowed(flat))),
  );
}

/** Asserts that these are the same numbers: says where they are not, since spelling out a long difference takes minutes and gigabytes. */
export function sameNumbers(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  assert.equal(actual.length, expected.length);
  const differs = Array.from({ length: actual.length }, (_, at) => at).find(
    (at) => !Object.is(actual[at], expected[at]),
  );
  if (differs !== undefined) assert.fail(`number ${differs} is ${actual[differs]} instead of ${expected[differs]}`);
}

/** The plan of a problem that fits. */
export function planned(problem: AttentionProblem): Plan {
  const made = plan(problem);
  if (!made.ok) throw new Error(`${made.problem.code} ${JSON.stringify(made.problem.args)}`);
  return made.value;
}

/** Sparse patterns of every kind, alone and together. */
export const sparsePatterns: fc.Arbitrary<SparsePattern> = fc.record(
  {
    dilation: fc.integer({ min: 1, max: 4 }),
    block: fc.integer({ min: 1, max: 6 }),
    globals: fc.uniqueArray(fc.integer({ min: 0, max: 24 }), { maxLength: 3 }),
    prefix: fc.integer({ min: 0, max: 8 }),
  },
  { requiredKeys: [] },
);

/** Problems of every kind of shape and rule, with float32 inputs. */
export const problems: fc.Arbitrary<AttentionProblem> = fc
  .record({
    batch: fc.integer({ min: 1, max: 2 }),
    kvHeads: fc.integer({ min: 1, max: 2 }),
    group: fc.integer({ min: 1, max: 3 }),
    queries: fc.integer({ min: 1, max: 21 }),
    keys: fc.integer({ min: 1, max: 23 }),
    size: fc.integer({ min: 1, max: 19 }),
    valueSize: fc.integer({ min: 1, max: 15 }),
    seed: fc.nat(),
    magnitude: fc.constantFrom(0.01, 1, 3, 30),
    causal: fc.constantFrom("none", "topLeft", "bottomRight" as const),
    softcap: fc.constantFrom(undefined, 2),
    window: fc.constantFrom(undefined, [2, null], [1, 3], [null, 0] as const),
    masking: fc.constantFrom("none", "bool", "float", "rows" as const),
    sparse: fc.option(sparsePatterns, { nil: undefined, freq: 3 }),
    scale: fc.constantFrom("auto", 0.3, -1 as const),
    strided: fc.boolean(),
  })
  .map((r) => problemOf(r as Recipe));

interface Recipe {
  readonly batch: number;
  readonly kvHeads: number;
  readonly group: number;
  readonly queries: number;
  readonly keys: number;
  readonly size: number;
  readonly valueSize: number;
  readonly seed: number;
  readonly magnitude: number;
  readonly causal: "none" | "topLeft" | "bottomRight";
  readonly softcap: number | undefined;
  readonly window: readonly [number | null, number | null] | undefined;
  readonly masking: "none" | "bool" | "float" | "rows";
  readonly sparse: SparsePattern | undefined;
  readonly scale: number | "auto";
  readonly strided: boolean;
}

function problemOf(r: Recipe): AttentionProblem {
  const heads = r.kvHeads * r.group;
  const laid = (t: Tensor): Tensor => (r.strided ? relaid(t) : t);
  return {
    query: laid(random([r.batch, heads, r.queries, r.size], r.seed, r.magnitude)),
    key: laid(random([r.batch, r.kvHeads, r.keys, r.size], r.seed + 1, r.magnitude)),
    value: laid(random([r.batch, r.kvHeads, r.keys, r.valueSize], r.seed + 2, r.magnitude)),
    causal: r.causal,
    scale: r.scale,
    ...(r.softcap ? { softcap: r.softcap } : {}),
    ...(r.window ? { window: r.window } : {}),
    ...(r.sparse ? { sparse: r.sparse } : {}),
    ...(r.masking === "none" ? {} : { mask: maskOf(r, heads) }),
  };
}

function maskOf({ masking, queries, keys, seed }: Recipe, heads: number): Tensor {
  const noise = random([heads, queries, keys], seed + 3, 4);
  const data = noise.data as Float32Array;
  if (masking === "bool") return mask([heads, queries, keys], (flat) => data[flat]! > -1);
  if (masking === "rows") return mask([queries, 1], (flat) => data[flat]! > 0);
  return tensor(
    "float32",
    noise.shape,
    data.map((x) => (x < -2 ? Number.NEGATIVE_INFINITY : x)),
  );
}
