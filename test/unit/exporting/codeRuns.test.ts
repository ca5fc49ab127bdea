import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attend } from "../../../src/attention/engine.ts";
import type { Feature } from "../../../src/attention/forms/linearAttention.ts";
import { type Step, withSteps } from "../../../src/attention/forms/steps.ts";
import type { AttentionProblem } from "../../../src/attention/problem.ts";
import type { AttentionResult, Head } from "../../../src/attention/result.ts";
import { attentionProgram, type CodeLanguage, type Program } from "../../../src/exporting/attentionCode.ts";
import { npyBytes } from "../../../src/exporting/npyBytes.ts";
import { type Tensor, tensor } from "../../../src/tensor/tensor.ts";
import { python } from "./support/python.ts";
import { type Ran, ranFolders, ranPrograms } from "./support/ranPrograms.ts";

/** Exported programs are run by Python, and must come to the engine's numbers. */

const infinity = Number.POSITIVE_INFINITY;

function grid(shape: readonly number[], shift: number, kind: "float64" | "float32" = "float64"): Tensor {
  const count = shape.reduce((a, b) => a * b, 1);
  const values = Array.from({ length: count }, (_, i) => ((i * 7 + shift) % 11) / 4 - 1.1);
  return kind === "float32"
    ? tensor(kind, shape, Float32Array.from(values))
    : tensor(kind, shape, Float64Array.from(values));
}

const added = tensor(
  "float64",
  [5, 6],
  Float64Array.from({ length: 30 }, (_, i) => (i % 7 === 0 ? -infinity : (i % 5) / 3)),
);
const plain: AttentionProblem = { query: grid([5, 4], 1), key: grid([6, 4], 3), value: grid([6, 3], 5) };
const square: AttentionProblem = { query: grid([6, 4], 1), key: grid([6, 4], 3), value: grid([6, 3], 5) };
const grouped: AttentionProblem = {
  query: grid([2, 4, 6, 4], 1),
  key: grid([2, 2, 6, 4], 3),
  value: grid([2, 2, 6, 3], 5),
};
const allowed = tensor(
  "bool",
  [5, 6],
  Uint8Array.from({ length: 30 }, (_, i) => (i < 6 ? 0 : i % 4 ? 1 : 0)),
);

const cases: Readonly<Record<string, readonly [problem: AttentionProblem, head?: Head]>> = {
  plain: [plain],
  "single precision": [
    { query: grid([5, 4], 1, "float32"), key: grid([6, 4], 3, "float32"), value: grid([6, 3], 5, "float32") },
  ],
  "single precision with a mask of doubles": [
    {
      query: grid([5, 4], 1, "float32"),
      key: grid([6, 4], 3, "float32"),
      value: grid([6, 3], 5, "float32"),
      mask: added,
    },
  ],
  "two precisions": [{ query: grid([5, 4], 1), key: grid([6, 4], 3, "float32"), value: grid([6, 3], 5, "float32") }],
  integers: [{ ...plain, query: tensor("int64", [1, 4], BigInt64Array.of(1n, -2n, 0n, 3n)) }],
  "a scale": [{ ...plain, scale: 0.7 }],
  "a softcap": [{ ...plain, softcap: 1.5 }],
  causal: [{ ...square, causal: "topLeft" }],
  "causal, aligned to the last key": [{ ...plain, causal: "bottomRight" }],
  "causal behind a past": [{ ...plain, causal: "topLeft", offset: 2 }],
  "a window": [{ ...square, window: [2, 1] }],
  "a causal window": [{ ...square, causal: "topLeft", window: [1, null] }],
  "a mask, one row of which allows nothing": [{ ...plain, mask: allowed }],
  "a mask of numbers": [{ ...plain, mask: added }],
  "a mask, the causal rule and a softcap together": [{ ...plain, mask: added, causal: "bottomRight", softcap: 2 }],
  padding: [
    { ...grouped, keyLengths: [4, 6] },
    { batch: 0, head: 3 },
  ],
  "packed sequences": [{ ...square, segments: { queries: [0, 2, 6], keys: [0, 2, 6] }, causal: "topLeft" }],
  "grouped queries": [grouped, { batch: 1, head: 3 }],
  ALiBi: [{ ...square, causal: "topLeft", bias: { kind: "alibi", slopes: [0.25] } }],
  "relative positions": [{ ...square, bias: { kind: "relative", table: grid([1, 11], 2), zero: 5 } }],
  "an additive score": [{ ...plain, score: { kind: "additive", vector: grid([4], 4), bias: grid([4], 6) } }],
  "a linear score": [
    { ...plain, query: positive([5, 4], 1), key: positive([6, 4], 3), score: { kind: "linear" }, scale: 1 },
  ],
  "a sink": [{ ...square, sinks: [0.4] }],
  "a sink that takes nothing": [{ ...square, sinks: [-infinity] }],
  "a projected additive score": [
    stepped({ ...plain, score: { kind: "additive", vector: grid([3], 4), bias: grid([3], 6) }, scale: 1 }, [
      { kind: "project", queryWeight: grid([3, 4], 2), keyWeight: grid([3, 4], 7) },
    ]),
  ],
  "an additive score of single precision": [
    stepped(
      {
        query: grid([5, 4], 1, "float32"),
        key: grid([6, 4], 3, "float32"),
        value: grid([6, 3], 5, "float32"),
        score: { kind: "additive", vector: grid([1, 3], 4) },
        scale: 1,
      },
      [{ kind: "project", queryWeight: grid([3, 4], 2), keyWeight: grid([3, 4], 7) }],
    ),
  ],
  "a general score": [
    stepped({ ...plain, query: grid([5, 3], 1), scale: 1 }, [{ kind: "general", weight: grid([3, 4], 2) }]),
  ],
  "a cosine over a temperature": [stepped({ ...plain, scale: 1 / 0.3 }, [{ kind: "norm", norm: { kind: "l2" } }])],
  "RMS norm with gains, then rotary": [
    stepped({ ...square, causal: "topLeft" }, [
      { kind: "norm", norm: { kind: "rms", queryGain: grid([4], 3), keyGain: grid([4], 8) } },
      { kind: "rotary", rotary: { pairs: "half", base: 500 } },
    ]),
  ],
  "layer norm": [stepped(plain, [{ kind: "norm", norm: { kind: "layer", epsilon: 1e-3 } }])],
  "interleaved, partial rotary of single precision": [
    stepped({ query: grid([5, 6], 1, "float32"), key: grid([6, 6], 3, "float32"), value: grid([6, 3], 5, "float32") }, [
      { kind: "rotary", rotary: { pairs: "interleaved", size: 4, queryStart: 2 } },
    ]),
  ],
  "rotary of whole numbers": [
    stepped({ ...plain, query: tensor("int64", [1, 4], BigInt64Array.of(1n, -2n, 0n, 3n)) }, [
      { kind: "rotary", rotary: { pairs: "half" } },
    ]),
  ],
  "linear attention, elu": [linear("elu+1")],
  "linear attention, exp": [linear("exp")],
  NaN: [{ ...plain, query: tensor("float64", [1, 4], Float64Array.of(1, Number.NaN, 0, 2)) }],
};

function stepped(problem: AttentionProblem, steps: readonly Step[]): AttentionProblem {
  const made = withSteps(problem, steps);
  assert.ok(made.ok);
  return made.value;
}

function linear(feature: Feature): AttentionProblem {
  return stepped({ ...square, score: { kind: "linear" } }, [{ kind: "features", feature }]);
}

function positive(shape: readonly number[], shift: number): Tensor {
  const t = grid(shape, shift);
  return { ...t, data: Float64Array.from(t.data as Float64Array, (x) => Math.abs(x) + 0.1) };
}

interface Made {
  readonly name: string;
  readonly code: string;
  readonly head: Head;
  readonly result: AttentionResult;
}

async function programs(language: CodeLanguage): Promise<Made[]> {
  const made: Made[] = [];
  for (const [name, [problem, head = { batch: 0, head: 0 }]] of Object.entries(cases)) {
    const computed = await attend(problem);
    assert.ok(computed.ok, `${name}: ${JSON.stringify(computed)}`);
    made.push({
      name,
      code: attentionProgram(problem, computed.value, head, { language, title: name, filePrefix: "x" }).text,
      head,
      result: computed.value,
    });
  }
  return made;
}

/** Too many numbers to be written out; of kinds that a matrix product of PyTorch would refuse as they are. */
const large: Readonly<Record<string, AttentionProblem>> = {
  "doubles of a view": { query: grid([70, 64], 1), key: grid([80, 64], 3), value: grid([80, 60], 5) },
  "single precision": {
    query: grid([70, 64], 1, "float32"),
    key: grid([80, 64], 3, "float32"),
    value: grid([80, 60], 5, "float32"),
    causal: "bottomRight",
  },
  "integers, and half the numbers' precision": {
    query: tensor(
      "int64",
      [70, 64],
      BigInt64Array.from({ length: 70 * 64 }, (_, i) => BigInt((i % 5) - 2)),
    ),
    key: { ...grid([80, 64], 3, "float32"), dtype: "float16" },
    value: grid([80, 60], 5),
  },
  "a mask of numbers": {
    query: grid([70, 64], 1),
    key: grid([80, 64], 3),
    value: grid([80, 60], 5),
    mask: tensor(
      "float64",
      [70, 80],
      Float64Array.from({ length: 5600 }, (_, i) => (i % 7 === 0 ? -infinity : (i % 5) / 3)),
    ),
  },
};

/** A program's folder, with all that it loads. */
function saved(folder: string, { text, files }: Program): string {
  mkdirSync(folder);
  writeFileSync(join(folder, "program.py"), text);
  for (const { name, values } of files) writeFileSync(join(folder, name), npyBytes(values));
  return folder;
}

const checker = "import ast, json, sys\nfor code in json.load(sys.stdin): ast.parse(code)\nprint('true')";

function close(ours: ArrayLike<number>, theirs: readonly string[], what: string): void {
  assert.equal(theirs.length, ours.length, what);
  for (const [i, text] of theirs.entries()) {
    const [a, b] = [ours[i]!, Number(text)];
    const same = Number.isNaN(a) ? Number.isNaN(b) : Math.abs(a - b) <= 1e-6;
    assert.ok(same, `${what}, number ${i}: we have ${a}, the exported code ${text}`);
  }
}

function closeRows(name: string, result: AttentionResult, head: Head, [weights, output]: Ran): void {
  const rows = Array.from({ length: result.sizes.queries }, (_, query) => result.row(head, query));
  close(
    rows.flatMap((row) => [...row.weights]),
    weights,
    `${name}, weights`,
  );
  close(
    rows.flatMap((row) => [...row.output]),
    output,
    `${name}, output`,
  );
}

describe("exported code", function () {
  this.timeout(120_000);
  for (const [language, library] of [
    ["numpy", "numpy"],
    ["pytorch", "torch"],
  ] as const) {
    it(`comes to the engine's numbers when ${library} runs it`, async () => {
      const made = await programs(language);
      const codes = made.map(({ code }) => code);
      assert.equal(python(checker, codes), true);
      const all = ranPrograms(codes, library);
      // A machine without the library has only the grammar to go by.
      for (const [i, ran] of (all ?? []).entries()) {
        const { name, head, result } = made[i]!;
        closeRows(name, result, head, ran);
      }
    });

    it(`comes to them from files beside it, when ${library} runs it in their folder`, async () => {
      const root = mkdtempSync(join(tmpdir(), "programs-"));
      const head = { batch: 0, head: 0 };
      try {
        const made: { name: string; result: AttentionResult; folder: string }[] = [];
        for (const [name, problem] of Object.entries(large)) {
          const computed = await attend(problem);
          assert.ok(computed.ok, name);
          const program = attentionProgram(problem, computed.value, head, { language, title: name, filePrefix: "a b" });
          assert.ok(program.files.length >= 3, name);
          made.push({ name, result: computed.value, folder: saved(join(root, String(made.length)), program) });
        }
        const all = ranFolders(
          made.map(({ folder }) => folder),
          library,
        );
        for (const [i, ran] of (all ?? []).entries()) {
          const { name, result } = made[i]!;
          closeRows(name, result, head, ran);
        }
      } finally {
        rmSync(root, { recursive: true });
      }
    });
  }

  it("names the causal rule of any length without writing its pairs down", async () => {
    const computed = await attend({ ...square, causal: "topLeft" });
    assert.ok(computed.ok);
    const n = 2 ** 20;
    const result = { ...computed.value, sizes: { ...computed.value.sizes, queries: n, keys: n } };
    const options = { language: "numpy", title: "", filePrefix: "x" } as const;
    const { text } = attentionProgram({ ...square, causal: "topLeft" }, result, { batch: 0, head: 0 }, options);
    assert.match(text, /np\.tril\(np\.ones\(\(1048576, 1048576\), dtype=bool\), 0\)/);
  });
});
