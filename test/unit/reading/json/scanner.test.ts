import assert from "node:assert/strict";
import fc from "fast-check";
import type { Language } from "../../../../src/reading/document.ts";
import { literalEnd } from "../../../../src/reading/json/number.ts";
import { scan } from "../../../../src/reading/json/scanner.ts";
import { rangeOf } from "../../../../src/reading/json/tree.ts";
import { processorTime } from "../../support/processorTime.ts";
import { json, literal, mutated } from "./arbitraries.ts";
import { rebuild } from "./rebuild.ts";

const errors = (text: string, language: Language = "json") =>
  scan(text, language).problems.filter(({ broken }) => broken);

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe("the JSON scanner", () => {
  it("reads what JSON.parse reads, value by value", () => {
    fc.assert(
      fc.property(json, (text) => {
        const tape = scan(text, "json");
        assert.deepEqual(errors(text), []);
        assert.deepEqual(rebuild(tape), JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });

  it("reads every number to the bit, and knows where it stands", () => {
    fc.assert(
      fc.property(fc.array(literal, { minLength: 1 }), (literals) => {
        const tape = scan(`[${literals.join(", ")}]`, "json");
        assert.equal(tape.leafCount, literals.length);
        for (const [at, written] of literals.entries()) {
          assert.ok(Object.is(tape.values[at], Number(written)), written);
          const start = tape.starts[at]!;
          assert.equal(tape.text.slice(start, literalEnd(tape.text, start)), written);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("refuses exactly what JSON.parse refuses, but for NaN and the infinities", () => {
    fc.assert(
      fc.property(mutated, (text) => {
        fc.pre(!/NaN|Infinity/.test(text));
        assert.equal(errors(text).length === 0, parses(text));
      }),
      { numRuns: 2000 },
    );
  });

  it("puts every mistake inside the text", () => {
    fc.assert(
      fc.property(mutated, fc.constantFrom<Language>("json", "jsonc", "jsonl"), (text, language) => {
        for (const { range } of scan(text, language).problems) {
          assert.ok(range.start >= 0 && range.start <= range.end && range.end <= text.length, JSON.stringify(range));
        }
      }),
    );
  });

  it("tolerates comments and trailing commas in jsonc only", () => {
    const text = '/* a */ {"a": [1, // one\n 2,], /**/ "b": 3,} // end';
    assert.deepEqual(rebuild(scan(text, "jsonc")), { a: [1, 2], b: 3 });
    assert.deepEqual(errors(text, "jsonc"), []);
    assert.equal(errors(text)[0]!.message.code, "json.comment");
    assert.equal(errors("[1,]")[0]!.message.code, "json.trailingComma");
    assert.equal(errors("[,]", "jsonc")[0]!.message.code, "json.value");
    assert.equal(errors("[1,,]", "jsonc")[0]!.message.code, "json.value");
    assert.equal(errors("[1] /* never closed", "jsonc")[0]!.message.code, "json.unclosedComment");
  });

  it("reads jsonl line by line, and goes on behind a mistake", () => {
    const tape = scan('[1]\r\n\n{bad\n{"a":2}\r[3', "jsonl");
    assert.deepEqual(
      tape.problems.map(({ message, range }) => [message.code, range.start]),
      [
        ["json.key", 7],
        ["json.end", 20],
      ],
    );
    assert.deepEqual(rangeOf(tape, 0), { start: 0, end: 3 });
    assert.deepEqual([...tape.values.subarray(0, tape.leafCount)], [1, 2, 3]);
  });

  it("accepts NaN, Infinity and -Infinity, and says so", () => {
    const tape = scan("[NaN, Infinity, -Infinity]", "json");
    assert.deepEqual([...tape.values.subarray(0, 3)], [Number.NaN, Infinity, -Infinity]);
    assert.deepEqual(
      tape.problems.map(({ severity, range }) => [severity, range]),
      [
        ["information", { start: 1, end: 4 }],
        ["information", { start: 6, end: 14 }],
        ["information", { start: 16, end: 25 }],
      ],
    );
    for (const text of ["nan", "NaNs", "-NaN", "Infinityy", "-Infinit", "+Infinity", "inf"])
      assert.equal(errors(text).length, 1, text);
  });

  it("lists a hundred of a kind and counts the rest", () => {
    const { problems } = scan(`[${Array(250).fill("NaN").join(",")}]`, "json");
    assert.equal(problems.length, 101);
    assert.deepEqual(problems[100]!.message, { code: "json.specialMore", args: { count: 150 } });
  });

  it("warns of a number too large for a double", () => {
    const { problems, values } = scan("[1e999, -1e999, 1e-999]", "json");
    assert.deepEqual([...values.subarray(0, 3)], [Infinity, -Infinity, 0]);
    assert.deepEqual(
      problems.map(({ severity, message }) => [severity, message.code]),
      [
        ["warning", "json.overflow"],
        ["warning", "json.overflow"],
      ],
    );
  });

  it("skips a byte order mark and keeps offsets in UTF-16", () => {
    const text = '\ufeff{"é😀": [1, 22]}';
    const tape = scan(text, "json");
    assert.deepEqual(rebuild(tape), { "é😀": [1, 22] });
    assert.equal(text.slice(tape.starts[1], tape.starts[1]! + 2), "22");
  });

  it("neither crashes nor hangs on 100,000 levels", () => {
    for (const text of ["[".repeat(100_000), "[".repeat(100_000) + "]".repeat(100_000), '{"a":'.repeat(100_000)]) {
      const started = processorTime();
      scan(text, "json");
      assert.ok(processorTime() - started < 2000);
    }
  });
});
