import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Reader, TensorDocument } from "../../../../src/reading/document.ts";
import { jsonReader } from "../../../../src/reading/json/reader.ts";
import { builtScanner } from "./buildScanner.ts";

type Packed = string | { readonly repeat: string; readonly times: number; readonly tail: string };
const file = readFileSync(new URL("../../../fixtures/json/jsonTestSuite.json", import.meta.url), "utf8");
const { cases } = JSON.parse(file) as { cases: Record<string, Packed> };

/** Python's json module writes these; they are read, and said to be read so. */
const accepted = new Set(["n_number_NaN", "n_number_infinity", "n_number_minus_infinity"]);

function textOf(packed: Packed): string {
  if (typeof packed !== "string") return packed.repeat.repeat(packed.times) + packed.tail;
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(Buffer.from(packed, "base64"));
}

describe("JSONTestSuite", () => {
  const readers: Reader[] = [jsonReader()];
  before(async function () {
    // The compiler takes seconds, more on a busy machine.
    this.timeout(120_000);
    readers.push(jsonReader(await builtScanner()));
  });

  it("has all its cases", () => assert.equal(Object.keys(cases).length, 318));
  for (const [name, packed] of Object.entries(cases)) {
    it(name, () => {
      const text = textOf(packed);
      const [{ problems }, ...others] = readers.map((reader) => reader.read(text, { language: "json" })) as [
        TensorDocument,
        TensorDocument,
      ];
      assert.deepEqual(
        others.map((other) => other.problems),
        [problems],
      );
      const broken = problems.filter((problem) => problem.broken);
      if (name.startsWith("y_")) assert.deepEqual(broken, []);
      if (accepted.has(name)) {
        assert.deepEqual(broken, []);
        assert.ok(
          problems.some(({ severity, message }) => severity === "information" && message.code === "json.special"),
        );
      } else if (name.startsWith("n_")) {
        assert.equal(broken.length, 1);
        const { start, end } = broken[0]!.range;
        assert.ok(
          start >= 0 && end <= Math.max(text.length, 1) && (end > start || text.length === 0),
          `${start}…${end} of ${text.length}`,
        );
        assert.equal(broken[0]!.severity, "error");
      }
    });
  }
});
