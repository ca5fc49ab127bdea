import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Draw } from "../../../../../src/reading/python/random/draw.ts";
import { filled, filledParameters } from "../../../../../src/reading/python/random/fillParameters.ts";
import * as fillings from "../../../../../src/reading/python/random/initialFilling.ts";
import * as modules from "../../../../../src/reading/python/random/moduleParameters.ts";
import { NumpyGenerator } from "../../../../../src/reading/python/random/numpyGenerator.ts";
import { NumpyLegacy } from "../../../../../src/reading/python/random/numpyLegacy.ts";
import { PythonRandom } from "../../../../../src/reading/python/random/pythonRandom.ts";
import { TorchGenerator } from "../../../../../src/reading/python/random/torchGenerator.ts";
import { type DType, storage, type TensorData } from "../../../../../src/tensor/dtype.ts";

interface Expected {
  readonly dtype: DType;
  readonly count: number;
  readonly data?: readonly (number | string)[];
  readonly near?: readonly number[];
  readonly sha256?: string;
}
type Call = readonly [string, readonly never[], Expected];
interface Entry {
  readonly library: string;
  readonly seed: number | string | readonly number[];
  readonly calls: readonly Call[];
}
type Methods = Record<string, (...args: unknown[]) => unknown>;

const fixture = new URL("../../../../fixtures/rng/more.json", import.meta.url);
const { entries } = JSON.parse(readFileSync(fixture, "utf8")) as { entries: Entry[] };
const lists = new Set(["order", "sample"]);

/** The numbers as the expected dtype holds them. */
function held(result: unknown, dtype: DType): TensorData {
  if (!Array.isArray(result)) return result as TensorData;
  const data = storage(dtype, result.length);
  for (let i = 0; i < data.length; i++) data[i] = (dtype.endsWith("64") ? BigInt(result[i]) : result[i]) as never;
  return data;
}

/** A float64 and its neighbours are told apart by their bits. */
function ulps(a: number, b: number): number {
  const [x, y] = new BigInt64Array(Float64Array.of(Math.abs(a), Math.abs(b)).buffer);
  return Math.sign(a) === Math.sign(b) ? Math.abs(Number(x! - y!)) : Number.POSITIVE_INFINITY;
}

function compare(data: TensorData, expected: Expected, what: string): void {
  assert.equal(data.length, expected.count, what);
  if (expected.sha256) {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    assert.equal(createHash("sha256").update(bytes).digest("hex"), expected.sha256, what);
  } else if (expected.near) {
    expected.near.forEach((x, i) => {
      assert.ok(ulps(Number(data[i]), x) <= 1, `${what}[${i}]: ${data[i]} for ${x}`);
    });
  } else assert.deepEqual([...data].map(Number), expected.data!.map(Number), what);
}

function drawnBy(generator: Methods, [name, args, expected]: Call, draw: Draw): unknown {
  if (lists.has(name)) return generator[name]!(...args);
  if (name === "weightedChoice") return generator[name]!(expected.count, ...args);
  return generator[name]!(draw, ...(name === "integers" ? args.map(BigInt) : args));
}

function check(generator: Methods, { library, seed, calls }: Entry): void {
  for (const call of calls) {
    const [name, args, expected] = call;
    const what = `${library} ${seed} ${name}(${JSON.stringify(args)}) ${expected.dtype}`;
    if (name === "module") checkModule(generator as unknown as TorchGenerator, call, what);
    else if (name === "filling") {
      const [kind, shape, ...rest] = args as readonly unknown[];
      const filling = (fillings as unknown as Methods)[kind as string]!(...rest) as fillings.Filling;
      const draw: Draw = { count: (shape as number[]).reduce((a, b) => a * b), dtype: "float32", keep: true };
      compare(filled(generator as unknown as TorchGenerator, filling, draw)!, expected, what);
    } else {
      const draw: Draw = { count: expected.count, dtype: expected.dtype, keep: true };
      const skipped = (generator as unknown as NumpyLegacy).copy() as unknown as Methods;
      compare(held(drawnBy(generator, call, draw), expected.dtype), expected, what);
      drawnBy(skipped, call, { ...draw, keep: false });
      assert.ok(skipped.equals!(generator), `${what}: state after drawing without keeping`);
    }
  }
}

function checkModule(generator: TorchGenerator, [, [name, ...args], expected]: Call, what: string): void {
  const parameters = (modules as unknown as Methods)[name as unknown as string]!(...args) as modules.InitialParameter[];
  const values = filledParameters(generator, parameters, "float32", () => true);
  const all = expected as unknown as Record<string, Expected & { shape: number[] }>;
  assert.deepEqual([...values.keys()].sort(), Object.keys(all).sort(), what);
  for (const [key, tensor] of Object.entries(all)) {
    assert.deepEqual(parameters.findLast((p) => p.name === key)!.shape, tensor.shape, `${what} ${key}`);
    compare(values.get(key)!, tensor, `${what} ${key}`);
  }
}

describe("random generators", () => {
  for (const entry of entries) {
    const { library } = entry;
    it(`draw as the libraries do: ${library} ${JSON.stringify(entry.seed)}`, () => {
      if (library === "PythonRandom") return checkPython(entry);
      const seed = entry.seed as never;
      if (library === "NumpyLegacy") check(NumpyLegacy.seeded(seed) as unknown as Methods, entry);
      else if (library === "NumpyGenerator") check(NumpyGenerator.seeded(BigInt(seed)) as unknown as Methods, entry);
      else check(TorchGenerator.seeded(BigInt(seed)) as unknown as Methods, entry);
    });
  }
});

function checkPython(entry: Entry): void {
  const generator = PythonRandom.seeded(BigInt(entry.seed as string)) as unknown as Methods;
  for (const [name, args, expected] of entry.calls as unknown as [string, number[], number[]][]) {
    const got = name === "order" ? generator[name]!(...args) : expected.map(() => generator[name]!(...args));
    assert.deepEqual(got, expected, `PythonRandom ${entry.seed} ${name}`);
  }
}
