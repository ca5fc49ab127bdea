import assert from "node:assert/strict";
import fc from "fast-check";
import type { Language } from "../../../../src/reading/document.ts";
import type { Begun } from "../../../../src/reading/json/begun.ts";
import { scan } from "../../../../src/reading/json/scanner.ts";
import { stride, type Tape } from "../../../../src/reading/json/tape.ts";
import { type FastScan, wasmScanner } from "../../../../src/reading/json/wasmScanner.ts";
import { PieceText } from "../../../../src/reading/pieceText.ts";
import { json, literal, mutated } from "./arbitraries.ts";
import { builtScanner } from "./buildScanner.ts";

/** What must be the same: nodes, leaves, problems. */
function plain({ nodes, nodeCount, starts, values, leafCount, problems, lines }: Tape) {
  return {
    nodes: [...nodes.subarray(0, nodeCount * stride)],
    starts: [...starts.subarray(0, leafCount)],
    values: [...values.subarray(0, leafCount)],
    problems,
    lines,
  };
}

describe("the JSON scanner in WebAssembly", () => {
  let fast: FastScan;
  /** Where the other scanner had to go on, last of all; null: nowhere. */
  let left: Begun | null = null;
  before(async function () {
    // The compiler takes seconds, more on a busy machine.
    this.timeout(120_000);
    fast = wasmScanner(await builtScanner(), (text, language, begun) => {
      left = { ...begun };
      return scan(String(text), language, begun);
    });
  });

  /** Also that the other scanner was asked only where it had to be. */
  function assertSame(text: string, language: Language = "json"): void {
    left = null;
    const tape = fast(text, language);
    const reference = scan(text, language);
    const isBroken = reference.problems.some(({ broken }) => broken);
    assert.deepEqual(plain(tape), plain(reference));
    if (isBroken) assert.ok(left, `took ${text.slice(0, 200)} for good`);
    else assert.ok(!left, `gave up on ${text.slice(0, 200)}`);
  }

  it("makes the tape that the readable scanner makes", () => {
    fc.assert(
      fc.property(json, (text) => assertSame(text)),
      { numRuns: 1000 },
    );
  });

  it("says of a broken text what the readable scanner says", () => {
    const any = fc.constantFrom<Language>("json", "jsonc", "jsonl");
    fc.assert(
      fc.property(mutated, any, (text, language) => assertSame(text, language)),
      { numRuns: 3000 },
    );
  });

  it("leaves nothing but the mistake to the readable scanner", () => {
    const rows = `[[${Array(1000).fill("1.5, -2").join("],\n[")}]]`;
    const before = `{"Q": ${rows}, "K": ${rows}`;
    const places: readonly (readonly [string, number])[] = [
      [", }", before.length],
      [', "V" 1}', before.length],
      [', "V": x}', before.length],
      [', "V": "half', before.length],
      [', "V": [1, 2 3]}', before.length + 12],
      [', "V": [true, ]}', before.length + 12],
      [', "V": [[1, 2], 3, [4]5]}', before.length + 22],
      [', "V": [true+]}', before.length + 12],
      [', "V": [-Infinity-1]}', before.length + 17],
      [', "V": ["a", "\\x"]}', before.length + 11],
      [', "V": [[1.]]}', before.length + 9],
      [', "V\\n', before.length],
      ["} 5", before.length + 1],
    ];
    for (const [rest, at] of places) {
      assertSame(before + rest);
      assert.equal(left?.at, at, rest);
    }
  });

  it("notes each NaN and Infinity once, wherever its pieces and the mistake are", () => {
    for (let padding = 2 ** 18 - 40; padding < 2 ** 18 + 4; padding++)
      assertSame(`${" ".repeat(padding)}[1, -Infinity, NaN, Infinity, 1e999, -1e999, x]`);
    assertSame(`[${"NaN, 1e999, ".repeat(150)}1.]`);
    assertSame('[NaN]\n[NaN, -Infinity\n{"a": NaN, "b\n[NaN] -Infinity\n[1e999]', "jsonl");
  });

  it("gives up, and does not wait for ever, where no room is left behind a number", () => {
    for (let digits = 2 ** 18 - 6; digits <= 2 ** 18 + 1; digits++)
      for (const text of [`[${"1".repeat(digits)}é]`, `[${"1".repeat(digits)}😀]`]) assertSame(text);
  });

  it("reads a text in pieces as it reads a string", () => {
    const row = `{"é😀": [${Array.from({ length: 50_000 }, (_, at) => `${Math.sin(at)}`).join(", ")}], "😀": "${"😀".repeat(2 ** 17)}"}`;
    for (const offset of [0, 10, 2 ** 14 - 1, 2 ** 17, 2 ** 18 - 4097, 2 ** 18]) {
      const change = { offset: row.indexOf(",", offset) + 1, length: 0, text: " 1.5, 2.5," };
      const pieces = PieceText.of(row).edited(change);
      const [one, other] = [fast(pieces, "json"), fast(String(pieces), "json")];
      assert.deepEqual(plain(one), plain(other));
    }
  });

  it("reads jsonc: comments in every place, and trailing commas", () => {
    const comment = fc.oneof(
      fc.string({ unit: "binary" }).map((text) => `/*${text.replaceAll("*/", "* /")}*/`),
      fc.string({ unit: "binary" }).map((text) => `//${text.replaceAll(/[\r\n]/g, " ")}\n`),
      fc.constantFrom("/**/", "/***/", "/*/*/", "/* *", "//", "/", "/*/", ",", " "),
    );
    const inserted = fc.array(fc.tuple(comment, fc.nat()), { maxLength: 4 });
    fc.assert(
      fc.property(json, inserted, (text, comments) => {
        const gaps = [...text.matchAll(/(?<=[[\]{},:])|$|^/g)].map(({ index }) => index);
        const all = comments.map(([piece, at]) => ({ piece, at: gaps[at % gaps.length]! })).sort((a, b) => b.at - a.at);
        assertSame(
          all.reduce((whole, { piece, at }) => whole.slice(0, at) + piece + whole.slice(at), text),
          "jsonc",
        );
      }),
      { numRuns: 3000 },
    );
    for (let padding = 2 ** 18 - 20; padding < 2 ** 18 + 2; padding++)
      assertSame(`[${" ".repeat(padding)}1, /* é😀 * **/ 2, // é😀 */\r\n 3, /*/ 4, */ ] // 5`, "jsonc");
    for (const text of ["1 //", "1 /* 2", "1 / 2", "// 1", "/**/", "1 /*/"]) assertSame(text, "jsonc");
    assertSame("[1, /* 2 */ 3]", "json");
    assertSame("[1] // 2", "jsonl");
  });

  it("reads jsonl", () => {
    const line = fc.oneof(
      json.map((text) => text.replaceAll(/[\r\n]/g, " ")),
      fc.constant(""),
    );
    fc.assert(
      fc.property(fc.array(line), fc.constantFrom("\n", "\r\n", "\r"), (lines, end) =>
        assertSame(lines.join(end), "jsonl"),
      ),
    );
  });

  it("rounds every number as Number() does", () => {
    const decimals = fc
      .tuple(fc.stringMatching(/^[1-9][0-9]{0,20}$/), fc.integer({ min: -360, max: 320 }))
      .map(([digits, power]) => `${digits}e${power}`);
    const halfway = fc
      .tuple(fc.double({ noNaN: true, noDefaultInfinity: true, min: 1e-5, max: 1e20 }), fc.constantFrom(17, 18, 19))
      .map(([x, digits]) => {
        const bits = new BigUint64Array(new Float64Array([x]).buffer);
        const next = new Float64Array(new BigUint64Array([bits[0]! + 1n]).buffer)[0]!;
        return (x / 2 + next / 2).toPrecision(digits);
      });
    fc.assert(
      fc.property(fc.array(fc.oneof(literal, decimals, halfway), { minLength: 1, maxLength: 50 }), (literals) => {
        const tape = fast(`[${literals.join(",")}]`, "json");
        for (const [at, written] of literals.entries())
          assert.ok(Object.is(tape.values[at], Number(written)), `${written}: ${tape.values[at]}`);
      }),
      { numRuns: 3000 },
    );
  });

  it("reads across the borders of its pieces", () => {
    const row = `[${Array.from({ length: 300 }, (_, at) => Math.sin(at) * 10 ** (at % 9)).join(", ")}, true, null, NaN]`;
    const long = `{"é😀": ${JSON.stringify("x😀é\\\u0001".repeat(60_000))}, "rows": [${Array(400).fill(row).join(",\n")}], "${"k".repeat(300_000)}": 1}`;
    for (const padding of [0, 1, 2, 3, 5, 7, 11, 13]) assertSame(" ".repeat(padding) + long);
    assertSame(`\ufeff${long}`);
    assertSame(Array(300).fill(row).join("\r\n"), "jsonl");
  });

  it("makes room for as many numbers as its first piece promises, not for more", () => {
    const long = `[${Array.from({ length: 100_000 }, (_, at) => Math.sin(at)).join()}]`;
    const { starts, values, leafCount } = fast(long, "json");
    assert.ok(starts.length < 1.4 * leafCount && values.length === starts.length, `${starts.length} for ${leafCount}`);
    const late = `{"text": "${"x".repeat(2 ** 20)}", "numbers": ${long}}`;
    assertSame(late);
    assert.ok(fast(late, "json").starts.length < 5 * leafCount);
  });

  it("survives depth, and memory that grows", () => {
    assertSame(`${"[".repeat(300_000)}1${"]".repeat(300_000)}`);
    assertSame(`[${Array(200_000).fill("[1]").join()}]`);
    assertSame(`[${Array(300).fill("NaN, 1e999, 1e-999").join()}]`);
    assertSame("[".repeat(100_000));
  });
});
