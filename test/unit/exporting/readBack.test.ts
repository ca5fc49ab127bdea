import assert from "node:assert/strict";
import { attend } from "../../../src/attention/engine.ts";
import type { AttentionProblem, Stage } from "../../../src/attention/problem.ts";
import { type ExportFormat, exported } from "../../../src/exporting/exportStage.ts";
import { tensor } from "../../../src/tensor/tensor.ts";
import { python } from "./support/python.ts";

/** Every format is read by a tool that is not ours: Python's csv and XML parsers, NumPy, MathJax. */

const grid = (rows: number, columns: number, shift: number) =>
  tensor(
    "float64",
    [rows, columns],
    Float64Array.from({ length: rows * columns }, (_, i) => ((i * 7 + shift) % 11) / 3 - 1),
  );

const words = ['say "hi"', "a, b", "line\nbreak", "שלום <&>", "\u0007\t"];
const problem: AttentionProblem = {
  query: grid(5, 4, 1),
  key: grid(5, 4, 3),
  value: grid(5, 3, 5),
  causal: "topLeft",
  softcap: 3,
};
const poisoned: AttentionProblem = { ...problem, query: tensor("float64", [1, 4], Float64Array.of(1, 2, NaN, 0)) };

async function written(of: AttentionProblem, format: ExportFormat, stage: Stage, cell: readonly [number, number]) {
  const computed = await attend(of);
  assert.ok(computed.ok);
  const { value: result } = computed;
  const queries = words.slice(0, result.sizes.queries);
  const made = await exported(
    {
      result,
      problem: of,
      labels: { name: "a <b>.json", queries, keys: words },
      words: { queries: "queries", keys: "keys", dimensions: "dimensions", stage },
    },
    {
      batch: 0,
      head: 0,
      stage,
      format,
      query: cell[0],
      key: cell[1],
      picture: { colorMap: "viridis", scale: "linear" },
    },
  );
  const rows = Array.from({ length: result.sizes.queries }, (_, query) => [...result.row(head0, query)[stage]]);
  return { bytes: made.bytes, text: new TextDecoder().decode(made.bytes), rows };
}
const head0 = { batch: 0, head: 0 };

const readers = `
import base64, csv, io, json, sys, xml.etree.ElementTree as tree
given = json.load(sys.stdin)
table = [row for row in csv.reader(io.StringIO(given["csv"], newline=""))]
numbers = [[repr(float(x)) for x in row[1:]] for row in table[1:]]
root = tree.fromstring(given["svg"])
texts = [t.text for t in root.iter("{http://www.w3.org/2000/svg}text")]
try:
    import numpy
    npy = numpy.load(io.BytesIO(base64.b64decode(given["npy"])), allow_pickle=False)
    array = [[repr(float(x)) for x in row] for row in npy]
except ImportError:
    array = None
print(json.dumps([table[0], [row[0] for row in table[1:]], numbers, root.tag, texts, array]))
`;

/** What is used of MathJax, which brings no types. */
interface Typesetter {
  init(options: object): Promise<{ tex2mmlPromise(tex: string, options: object): Promise<string> }>;
}

type Read = [string[], string[], string[][], string, (string | null)[], string[][] | null];

/** Python writes `inf` and `nan` where JavaScript writes `Infinity` and `NaN`. */
function number(text: string): number {
  if (text.endsWith("inf")) return text.startsWith("-") ? -Infinity : Infinity;
  return Number(text);
}

describe("exports, read back by others", () => {
  for (const [name, of, stage] of [
    ["weights", problem, "weights"],
    ["masked scores with −∞", problem, "masked"],
    ["outputs", problem, "output"],
    ["NaN", poisoned, "weights"],
  ] as const) {
    it(`CSV, .npy and SVG of ${name} hold the same numbers and words for Python`, async () => {
      const [csv, npy, svg] = await Promise.all(
        (["csv", "npy", "svg"] as const).map((format) => written(of, format, stage, [0, 0])),
      );
      const input = { csv: csv!.text, npy: Buffer.from(npy!.bytes).toString("base64"), svg: svg!.text };
      const [columns, rowNames, numbers, tag, texts, array] = python(readers, input) as Read;
      const { rows } = csv!;
      if (stage !== "output") assert.deepEqual(columns.slice(1), words);
      assert.deepEqual(rowNames, words.slice(0, rows.length));
      assert.deepEqual(
        numbers.map((row) => row.map(number)),
        rows,
      );
      // A machine without NumPy has only the CSV to go by.
      if (array)
        assert.deepEqual(
          array.map((row) => row.map(number)),
          rows,
        );
      assert.equal(tag, "{http://www.w3.org/2000/svg}svg");
      assert.ok(texts.some((text) => text?.includes("a, b") || text?.includes('say "hi"')));
    });
  }

  it("LaTeX of plain, masked and poisoned cells is set by MathJax without an error", async function () {
    this.timeout(60_000);
    const { default: typesetter } = (await import("mathjax" as string)) as { default: Typesetter };
    const { tex2mmlPromise } = await typesetter.init({ loader: { load: ["input/tex"] } });
    for (const [of, cell] of [
      [problem, [3, 1]],
      [problem, [1, 3]],
      [poisoned, [0, 0]],
    ] as const) {
      const { text } = await written(of, "latex", "weights", cell);
      const set = await tex2mmlPromise(text.replace(/^%.*$/m, ""), { display: true });
      assert.doesNotMatch(set, /merror/);
      assert.match(set, /<mtr/);
    }
  });
});
