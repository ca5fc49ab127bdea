import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Draw } from "../../../../../src/reading/python/random/draw.ts";
import { filledParameters } from "../../../../../src/reading/python/random/fillParameters.ts";
import * as modules from "../../../../../src/reading/python/random/moduleParameters.ts";
import { NumpyGenerator } from "../../../../../src/reading/python/random/numpyGenerator.ts";
import { NumpyLegacy } from "../../../../../src/reading/python/random/numpyLegacy.ts";
import { TorchGenerator } from "../../../../../src/reading/python/random/torchGenerator.ts";
import type { DType } from "../../../../../src/tensor/dtype.ts";

interface Expected {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: readonly number[];
}
interface Entry {
  readonly library: string;
  readonly seed: number;
  readonly calls: readonly (readonly [string, Expected])[];
}
type Numbers = ArrayLike<number | bigint> | null;

const fixture = new URL("../../../../fixtures/rng/golden.json", import.meta.url);
const { entries } = JSON.parse(readFileSync(fixture, "utf8")) as { entries: Entry[] };

const legacy: readonly (readonly [RegExp, (g: NumpyLegacy, d: Draw) => Numbers])[] = [
  [/rand\(|random\(|random_sample/, (g, d) => g.uniform(d)],
  [/randn|standard_normal/, (g, d) => g.normal(d)],
  [/randint\(0, 10/, (g, d) => g.integers(d, 0n, 9n)],
  [/randint\(5/, (g, d) => g.integers(d, 0n, 4n)],
  [/uniform\(-2, 3/, (g, d) => g.uniform(d, -2, 3)],
  [/normal\(1\.0, 0\.1/, (g, d) => g.normal(d, 1, 0.1)],
  [/choice\(6/, (g, d) => g.integers(d, 0n, 5n)],
  [/permutation\(8/, (g) => g.order(8)],
];
const modern: readonly (readonly [RegExp, (g: NumpyGenerator, d: Draw) => Numbers])[] = [
  [/standard_normal/, (g, d) => g.normal(d)],
  [/random\(/, (g, d) => g.uniform(d)],
  [/integers\(0, 100/, (g, d) => g.integers(d, 0n, 99n)],
  [/integers\(7/, (g, d) => g.integers(d, 0n, 6n)],
  [/normal\(0, 2/, (g, d) => g.normal(d, 0, 2)],
  [/uniform\(-1, 1/, (g, d) => g.uniform(d, -1, 1)],
];
const torch: readonly (readonly [RegExp, (g: TorchGenerator, d: Draw) => Numbers])[] = [
  [/rand\(/, (g, d) => g.uniform(d)],
  [/randn\(/, (g, d) => g.normal(d)],
  [/randint\(0, 10/, (g, d) => g.integers(d, 0n, 10n)],
  [/randperm\(9/, (g, d) => g.permutation(d)],
  [/uniform_\(-1, 1/, (g, d) => g.uniform(d, -1, 1)],
  [/normal_\(0, 0\.02/, (g, d) => g.normal(d, 0, 0.02)],
  [/Linear\(6, 4\)\.weight/, (g) => parameter(g, modules.linear(6, 4), "weight")],
  [/Linear\(6, 4\)\.bias/, (g) => parameter(g, modules.linear(6, 4), "bias")],
  [/Embedding\(5, 8/, (g) => parameter(g, modules.embedding(5, 8), "weight")],
  [/MultiheadAttention\(8/, (g) => parameter(g, modules.multiheadAttention({ embed: 8 }), "in_proj_weight")],
  [/Linear\(3, 2, bias=False/, (g) => rowSums(parameter(g, modules.linear(3, 2, false), "weight") as Float32Array)],
];

function parameter(generator: TorchGenerator, parameters: modules.InitialParameter[], name: string): Numbers {
  return filledParameters(generator, parameters, "float32", () => true).get(name)!;
}

/** What the layer gives for ones: sums of three float32 numbers, whose order PyTorch does not promise. */
function rowSums(weight: Float32Array): Float32Array {
  return Float32Array.of(weight[0]! + weight[1]! + weight[2]!, weight[3]! + weight[4]! + weight[5]!);
}

function run<G>(
  generator: G,
  table: readonly (readonly [RegExp, (g: G, d: Draw) => Numbers])[],
  { library, seed, calls }: Entry,
): void {
  for (const [call, { dtype, shape, data }] of calls) {
    const draw = { dtype, count: shape.reduce((a, b) => a * b, 1), keep: true };
    const [, from] = table.find(([pattern]) => pattern.test(call)) ?? assert.fail(call);
    const numbers = Array.from(from(generator, draw)!, Number);
    assert.equal(numbers.length, data.length, call);
    const exact = library.includes("default_rng") || dtype !== "float64" || !/randn|normal/.test(call);
    const tolerance = call.includes("(torch.ones") ? 1.2e-7 : exact ? 0 : 2 ** -52;
    data.forEach((x, i) => {
      const off = Math.abs(numbers[i]! - x);
      assert.ok(off <= tolerance * Math.abs(x), `${library} ${seed} ${call}[${i}]: ${numbers[i]} for ${x}`);
    });
  }
}

describe("random numbers of NumPy 1.24 and PyTorch 1.13", () => {
  for (const entry of entries) {
    const { library, seed } = entry;
    it(`come out the same: ${library}, seed ${seed}`, () => {
      if (library.includes("legacy")) run(NumpyLegacy.seeded(seed), legacy, entry);
      else if (library.includes("default_rng")) run(NumpyGenerator.seeded(BigInt(seed)), modern, entry);
      else run(TorchGenerator.seeded(BigInt(seed)), torch, entry);
    });
  }
});
