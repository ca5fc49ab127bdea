import { additive } from "../../../src/attention/forms/additive.ts";
import { alibi } from "../../../src/attention/forms/alibi.ts";
import type { AttentionProblem } from "../../../src/attention/problem.ts";
import type { ResultSummary } from "../../../src/protocol/core.ts";
import { type Tensor, tensor } from "../../../src/tensor/tensor.ts";

/** What the fake host shows: problems of every shape that users bring, always the same numbers. */
export interface Scenario {
  readonly name: string;
  readonly problem: AttentionProblem;
  readonly queryTokens: readonly string[] | null;
  readonly keyTokens: readonly string[] | null;
  /** The share of rows that summaries and limits are of, as with very long sequences; absent: all. */
  readonly draft?: number;
  /** What batch entries and heads are; absent: just that. */
  readonly axes?: ResultSummary["axes"];
}

const english = ["The", "cat", "sat", "on", "the", "mat"];

const makers: Readonly<Record<string, () => Scenario>> = {
  drafts: () => ({
    name: "long.npz",
    problem: { query: noise([2, 16, 8], 1), key: noise([2, 16, 8], 2), value: noise([2, 16, 8], 3) },
    queryTokens: null,
    keyTokens: null,
    draft: 0.02,
  }),
  tokens6: () => ({
    name: "attention.json",
    problem: { query: peaked(6, 8, 1), key: peaked(6, 8, 2), value: noise([6, 8], 3) },
    queryTokens: english,
    keyTokens: english,
  }),
  causal6: () => ({ ...make("tokens6"), problem: { ...make("tokens6").problem, causal: "topLeft" } }),
  heads144: () => ({
    name: "gpt2.npz",
    problem: {
      query: noise([12, 12, 64, 16], 4, 1.6),
      key: noise([12, 12, 64, 16], 5, 1.6),
      value: noise([12, 12, 64, 16], 6),
      causal: "topLeft",
    },
    queryTokens: words(64),
    keyTokens: words(64),
    axes: { batch: { meaning: "layer", labels: null } },
  }),
  /** Two layers of a program's own stack, called with a batch of two. */
  layersInBatches: () => ({
    name: "gpt.py",
    problem: { query: noise([4, 2, 6, 8], 4), key: noise([4, 2, 6, 8], 5), value: noise([4, 2, 6, 8], 6) },
    queryTokens: english,
    keyTokens: english,
    axes: { batch: { meaning: "layer", labels: ["0 · b0", "0 · b1", "1 · b0", "1 · b1"] } },
  }),
  heads12: () => ({
    name: "bert.json",
    problem: { query: noise([12, 24, 8], 14, 1.6), key: noise([12, 24, 8], 15, 1.6), value: noise([12, 24, 8], 16) },
    queryTokens: words(24),
    keyTokens: words(24),
  }),
  cross: () => ({
    name: "translation.json",
    problem: { query: noise([40, 16], 7, 1.5), key: noise([7, 16], 8, 1.5), value: noise([7, 12], 9) },
    queryTokens: words(40),
    keyTokens: words(7),
  }),
  maskedRow: () => ({
    ...make("tokens6"),
    problem: {
      ...make("tokens6").problem,
      mask: tensor(
        "bool",
        [6, 6],
        Uint8Array.from({ length: 36 }, (_, i) => (i >= 12 && i < 18 ? 0 : i % 5 ? 1 : 0)),
      ),
    },
  }),
  /** A small network makes the scores of projected rows; a sink takes a share, a bias is added. */
  additive: () => {
    const made = additive(noise([6, 8], 1), noise([6, 4], 2), noise([6, 8], 3), {
      queryWeight: noise([5, 8], 21),
      keyWeight: noise([5, 4], 22),
      vector: noise([5], 23),
      bias: noise([5], 24),
    });
    if (!made.ok) throw new Error(JSON.stringify(made.problem));
    const problem: AttentionProblem = { ...made.value, sinks: [0.5], bias: alibi(1), causal: "topLeft" };
    return { ...make("tokens6"), name: "additive.json", problem };
  },
  nan: () => ({ ...make("tokens6"), problem: { ...make("tokens6").problem, key: poisoned() } }),
  strange: () => ({
    ...make("tokens6"),
    name: "分词.json",
    queryTokens: ["שלום", "注意力", " the", "\n", "<|im_start|>", ""],
    keyTokens: ["مرحبا", "机制", "a very long token that nobody would call a word", "\t", "<s>", "\u202Eevil"],
  }),
  vision: () => ({
    name: "vit.safetensors",
    problem: { query: patches(14, 1), key: patches(14, 2), value: noise([197, 16], 12) },
    queryTokens: null,
    keyTokens: null,
  }),
  one: () => bare("one.json", noise([1, 4], 31), noise([1, 4], 32), noise([1, 1], 33)),
  oneQuery: () => bare("oneQuery.json", noise([1, 4], 31), noise([9, 4], 32), noise([9, 3], 33)),
  oneKey: () => bare("oneKey.json", noise([9, 4], 31), noise([1, 4], 32), noise([1, 3], 33)),
  allNaN: () => filled(Number.NaN),
  equal: () => filled(1),
  infinite: () => filled(Number.POSITIVE_INFINITY),
  tiny: () => filled(1e-45),
  huge: () => filled(1e38),
  overflowing: () => filled(1e200),
  wordy: () => ({
    ...make("tokens6"),
    name: "words.json",
    queryTokens: [
      "x".repeat(10_000),
      "👩‍👩‍👧‍👦",
      "e\u0301\u0323\u0302",
      "النص العربي الطويل",
      "a b\u00a0c",
      "<img src=x onerror=alert(1)>",
    ],
    keyTokens: ["$(x) **bold**", "\u0000", "🏳️‍🌈🏳️‍🌈", "עברית abc 123", "\u200b", "y".repeat(10_000)],
  }),
  long512: () => long(512),
  long4096: () => long(4096),
};

function bare(name: string, query: Tensor, key: Tensor, value: Tensor): Scenario {
  return { name, problem: { query, key, value }, queryTokens: null, keyTokens: null };
}

/** Every number of the query is this one, those of the keys are like it in size. */
function filled(number: number): Scenario {
  const all = (factor: number) => tensor("float64", [5, 4], new Float64Array(20).fill(number * factor));
  return bare("filled.json", all(1), all(1), all(-1));
}

function long(n: number): Scenario {
  return {
    name: `long${n}.npy`,
    problem: { query: noise([n, 8], 21, 2), key: noise([n, 8], 22, 2), value: noise([n, 8], 23), causal: "topLeft" },
    queryTokens: null,
    keyTokens: null,
  };
}

export function make(name: string): Scenario {
  const maker = makers[name];
  if (!maker) throw new Error(`no scenario ${name}; there are ${Object.keys(makers).join(", ")}`);
  return maker();
}

/** Normal numbers from a small generator of our own: the same on every machine. */
function random(seed: number): () => number {
  let state = seed * 2654435761 + 1;
  const uniform = () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) | 0;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform() + 1e-12)) * Math.cos(2 * Math.PI * uniform());
}

function noise(shape: readonly number[], seed: number, spread = 1): Tensor {
  const next = random(seed);
  const count = shape.reduce((a, b) => a * b, 1);
  return tensor(
    "float64",
    shape,
    Float64Array.from({ length: count }, () => Number((next() * spread).toFixed(3))),
  );
}

/** Noise with a strong diagonal, so that the weights have something to say. */
function peaked(rows: number, columns: number, seed: number): Tensor {
  const t = noise([rows, columns], seed, 0.5);
  const data = Float64Array.from(t.data as Float64Array);
  for (let row = 0; row < rows; row++) data[row * columns + (row % columns)]! += 2.5;
  return tensor("float64", [rows, columns], data);
}

/** One class token, then a grid of patches that attend to what is near them. */
function patches(grid: number, seed: number): Tensor {
  const t = noise([grid * grid + 1, 16], seed, 0.3);
  const data = Float64Array.from(t.data as Float64Array);
  for (let patch = 0; patch < grid * grid; patch++) {
    const [x, y] = [(patch % grid) / grid, Math.floor(patch / grid) / grid];
    const at = (patch + 1) * 16;
    for (let k = 0; k < 4; k++) {
      data[at + k * 4]! += 1.6 * Math.cos(Math.PI * x * (k + 1));
      data[at + k * 4 + 1]! += 1.6 * Math.sin(Math.PI * x * (k + 1));
      data[at + k * 4 + 2]! += 1.6 * Math.cos(Math.PI * y * (k + 1));
      data[at + k * 4 + 3]! += 1.6 * Math.sin(Math.PI * y * (k + 1));
    }
  }
  return tensor("float64", [grid * grid + 1, 16], data);
}

function poisoned(): Tensor {
  const key = peaked(6, 8, 2);
  (key.data as Float64Array)[17] = Number.NaN;
  return key;
}

function words(count: number): string[] {
  const list =
    "attention is all you need , said the paper and the model looked at every word that came before it".split(" ");
  return Array.from({ length: count }, (_, i) => list[i % list.length]!);
}
