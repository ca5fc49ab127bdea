import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type AdditiveParameters,
  additive,
  additivePooling,
  type PoolingParameters,
} from "../../../../src/attention/forms/additive.ts";
import { linearAttention } from "../../../../src/attention/forms/linearAttention.ts";
import { type MultiheadParameters, multihead } from "../../../../src/attention/forms/multihead.ts";
import { cosine, dotProduct, general } from "../../../../src/attention/forms/multiplicative.ts";
import { queryKeyNorm } from "../../../../src/attention/forms/queryKeyNorm.ts";
import { type Rotary, rotary } from "../../../../src/attention/forms/rotary.ts";
import { softmaxPlusOne } from "../../../../src/attention/forms/sinks.ts";
import type { AttentionProblem } from "../../../../src/attention/problem.ts";
import { referenceResult } from "../../../../src/attention/reference/result.ts";
import { storage } from "../../../../src/tensor/dtype.ts";
import type { Outcome } from "../../../../src/tensor/message.ts";
import { type Tensor, tensor, valueAt } from "../../../../src/tensor/tensor.ts";
import { planned } from "../support.ts";

interface Written {
  readonly dtype: "float64" | "bool";
  readonly shape: readonly number[];
  readonly data: readonly (number | string)[];
}

interface Case {
  readonly kind: string;
  readonly name: string;
  readonly inputs: Record<string, Written>;
  readonly parameters: Record<string, Written>;
  readonly [more: string]: unknown;
}

const golden = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../../fixtures/torch/golden.json"), "utf8"),
) as Case[];

function read(written: unknown): Tensor {
  const { dtype, shape, data } = written as Written;
  const numbers = storage(dtype, data.length);
  for (const [at, x] of data.entries()) numbers[at] = Number(x);
  return tensor(dtype, shape, numbers);
}

function readAll(written: Record<string, Written>): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(written).map(([name, t]) => [name, read(t)]));
}

function expectOk<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problem));
  return outcome.value;
}

/** PyTorch's NaN, in fully masked rows, is 0 here. */
function assertClose(what: string, actual: ArrayLike<number>, expected: unknown): void {
  const { data } = expected as Written;
  assert.equal(actual.length, data.length, what);
  for (const [at, x] of data.entries()) {
    const wanted = x === "nan" ? 0 : Number(x);
    assert.ok(Math.abs(actual[at]! - wanted) < 1e-10, `${what}[${at}]: ${actual[at]} for ${wanted}`);
  }
}

function weightsOf(problem: AttentionProblem): Float64Array {
  const result = referenceResult(planned(problem));
  const { batch, heads, queries, keys } = result.sizes;
  const all = new Float64Array(batch * heads * queries * keys);
  for (let at = 0; at < batch * heads * queries; at++) {
    const head = { batch: Math.floor(at / (heads * queries)), head: Math.floor(at / queries) % heads };
    all.set(result.row(head, at % queries).weights, at * keys);
  }
  return all;
}

function numbersOf(t: Tensor): number[] {
  return Array.from({ length: t.shape.reduce((a, b) => a * b, 1) }, (_, at) => valueAt(t, at));
}

/** The problem of a case that is a problem and nothing more. */
function problemOf(c: Case): AttentionProblem {
  const { query, key, value } = readAll(c.inputs) as Record<"query" | "key" | "value", Tensor>;
  switch (c.kind) {
    case "additive":
      return expectOk(additive(query, key, value, readAll(c.parameters) as unknown as AdditiveParameters));
    case "pooling":
      return expectOk(additivePooling(read(c.inputs.x), readAll(c.parameters) as unknown as PoolingParameters));
    case "dot":
      return dotProduct(query, key, value);
    case "general":
      return expectOk(general(query, key, value, read(c.weight)));
    case "cosine":
      return expectOk(cosine(query, key, value, 0.1));
    case "layer norm":
      return queryKeyNorm({ query, key, value }, { kind: "layer" });
    case "softmax plus one":
      return softmaxPlusOne({ query, key, value }, 2);
    case "linear":
      return linearAttention({ query, key, value }, "elu+1");
    default:
      return expectOk(rotary({ query, key, value }, c as unknown as Rotary));
  }
}

describe("PyTorch's numbers", () => {
  for (const c of golden.filter(({ kind }) => kind !== "multihead")) {
    it(`${c.name} ${c.pairs ?? ""} ${c.size ?? ""}`.trim(), async () => {
      const problem = problemOf(c);
      assertClose("weights", weightsOf(problem), c.weights);
      assertClose("output", await referenceResult(planned(problem)).output(), c.output);
    });
  }

  for (const c of golden.filter(({ kind }) => kind === "multihead")) {
    it(`nn.MultiheadAttention, ${c.name}`, async () => {
      const parameters = {
        ...readAll(c.parameters),
        ...(c.options as object),
        num_heads: c.heads,
      } as unknown as MultiheadParameters;
      const masks = Object.fromEntries(
        ["attn_mask", "key_padding_mask"].filter((name) => c[name]).map((name) => [name, read(c[name])]),
      );
      const { query, key, value } = readAll(c.inputs) as Record<"query" | "key" | "value", Tensor>;
      const made = expectOk(multihead(parameters, { query, key, value, ...masks }));
      const weights = weightsOf(made.problem);
      const apart = made.weights(weights, false);
      assert.deepEqual(apart.shape, (c.apart as Written).shape);
      assertClose("weights of each head", numbersOf(apart), c.apart);
      assertClose("mean weights", numbersOf(made.weights(weights, true)), c.average);
      const output = made.output(await referenceResult(planned(made.problem)).output());
      assert.deepEqual(output.shape, (c.output as Written).shape);
      const isNaNThere = c.name === "fully masked row";
      assert.deepEqual(
        made.notes.map((note) => note.code),
        isNaNThere ? ["attention.multihead-nan"] : [],
      );
      if (!isNaNThere) assertClose("output", numbersOf(output), c.output);
    });
  }

  it("refuses what the module would refuse", () => {
    const c = golden[0]!;
    const parameters = { ...readAll(c.parameters), num_heads: 3 } as unknown as MultiheadParameters;
    const { query, key, value } = readAll(c.inputs) as Record<"query" | "key" | "value", Tensor>;
    const codeOf = (outcome: Outcome<unknown>): string | null => (outcome.ok ? null : outcome.problem.code);
    assert.equal(
      codeOf(multihead({ ...parameters, num_heads: 4 }, { query, key, value })),
      "attention.multihead-heads",
    );
    const mask = tensor("bool", [2, 2], new Uint8Array(4));
    assert.equal(codeOf(multihead(parameters, { query, key, value, attn_mask: mask })), "attention.multihead-mask");
    assert.equal(codeOf(multihead(parameters, { query, key: mask, value })), "attention.multihead-shape");
  });
});
