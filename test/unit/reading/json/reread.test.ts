import assert from "node:assert/strict";
import fc from "fast-check";
import type { Language } from "../../../../src/reading/document.ts";
import { startAt, startsIn, valueAt, valuesIn } from "../../../../src/reading/json/leafRuns.ts";
import { jsonReader } from "../../../../src/reading/json/reader.ts";
import { reread, together } from "../../../../src/reading/json/reread.ts";
import { scan } from "../../../../src/reading/json/scanner.ts";
import { stride, type Tape } from "../../../../src/reading/json/tape.ts";
import type { Text } from "../../../../src/reading/json/text.ts";
import { PieceText, type TextChange } from "../../../../src/reading/pieceText.ts";
import { json, literal } from "./arbitraries.ts";
import { typing, wrongAfterEdits } from "./typing.ts";

/** What must be the same as in a tape that was made anew. */
function plain(tape: Tape) {
  const { text, nodes, nodeCount, leafCount, problems, lines } = tape;
  return {
    text: String(text),
    nodes: [...nodes.subarray(0, nodeCount * stride)],
    starts: [...startsIn(tape, 0, leafCount)],
    values: [...valuesIn(tape, 0, leafCount)],
    problems,
    lines,
  };
}

function edited(text: string, { offset, length, text: inserted }: TextChange): string {
  return text.slice(0, offset) + inserted + text.slice(offset + length);
}

/** The tape after an edit, and the longest text that was scanned for it; null where all had to be read. */
function rereadAfter(tape: Tape, change: TextChange, language: Language): { tape: Tape; most: number } | null {
  let most = 0;
  const scanText = (text: Text) => {
    most = Math.max(most, text.length);
    return scan(String(text), language);
  };
  const after = PieceText.of(edited(String(tape.text), change));
  const made = reread(tape, together(null, change), after, language, scanText);
  return made && { tape: made, most };
}

/** Compares with a new scan where one was spared. How much was scanned; null where one was not spared. */
function scannedFor(text: string, change: TextChange, language: Language = "json"): number | null {
  const made = rereadAfter(scan(text, language), change, language);
  if (made) assert.deepEqual(plain(made.tape), plain(scan(edited(text, change), language)));
  return made?.most ?? null;
}

const numbers = "[[0.5, -1.25, 3e-4],\n [10, -0.0, 1234567890123456]]";

/** The change that writes `to` in place of the first `from`. */
function replacing(text: string, from: string, to: string): TextChange {
  assert.ok(text.includes(from), from);
  return { offset: text.indexOf(from), length: from.length, text: to };
}

const long = `[${Array.from({ length: 400 }, (_, at) => `[${at}.5, ${at + 1}.25, -${at + 1}]`).join(",\n ")}]`;
const site = `{"Q": ${long}, "K": ${long},\n "tokens": ["a", "b\\"c"], "scale": 0.25, "none": null, "V": ${long}}`;

describe("an edit is read again", () => {
  it("where it is, whatever it changes: numbers, elements, rows, brackets, members, strings, white space", () => {
    for (const [from, to] of [
      ["7.5", "7.25"],
      ["[7.5", "[-7.5"],
      ["7.5, 8.25", "7.55, 8.25"],
      ["7.5,", "7.5, 0.125,"],
      ["7.5, ", ""],
      ["[7.5, 8.25, -8],\n ", ""],
      ["[7.5, 8.25, -8]", "[7.5, 8.25, -8], [1.5, 2.5, 3]"],
      ["8.25, -8]", "8.25], [-8]"],
      ["-8],\n [8.5", "-8, 8.5"],
      ["7.5, 8.25, -8", "[7.5, 8.25], -8"],
      ["[7.5, 8.25, -8]", "true"],
      ["[7.5, 8.25, -8]", "[]"],
      ["[7.5, 8.25, -8]", "[1, 2, 3]"],
      ["7.5", "1234567890123456789"],
      ["-8]", "true]"],
      ["7.5", "null"],
      ["7.5", '"NaN"'],
      ["7.5", '{"a": [1]}'],
      ['"a"', '"a", "d"'],
      ['"a"', '"]"'],
      ['"b\\"c"', '"b"'],
      ['"b\\"c"', '"\\u00e9"'],
      ["0.25,", "0.125,"],
      ['"scale"', '"softcap"'],
      ['"scale": 0.25, ', ""],
      ['"none": null', '"none": [1, 2]'],
      ['"none": null', '"W": [[1, 2], [3]], "none": null'],
      ["\n", "\r\n\t"],
    ] as const) {
      const most = scannedFor(site, replacing(site, from, to));
      assert.ok(most !== null && most < 200, `${from} → ${to}: ${most}`);
    }
    const within = (change: TextChange, text = site) => assert.ok(Number(scannedFor(text, change)) > 0);
    within({ offset: site.length - 2, length: 0, text: ", [1, 2, 3]" });
    within({ offset: site.length - 1, length: 0, text: ', "X": [1]' });
    within({ offset: 1, length: 0, text: '"X": [1.5], ' });
    within({ offset: 1, length: 0, text: "1" }, "[]");
    within({ offset: 1, length: 1, text: "" }, "[1]");
    within({ offset: 1, length: 0, text: '"a": 1' }, "{}");
    within({ offset: 5, length: 1, text: "4" }, "[1.5,3, 2]");
    // Directly beside a number or a word, which what is typed becomes part of.
    const beside = (text: string, typed: string, offset: number) =>
      assert.ok(Number(scannedFor(text, { offset, length: 0, text: typed })) < 40, `${typed} in ${text} at ${offset}`);
    const row = `[${"1.5, ".repeat(20)}2.5, 3.5, null, {"a": 0.25, "b": true, "c": [4.5]}]`;
    beside(row, "-", row.indexOf("2.5"));
    beside(row, "5", row.indexOf("2.5") + 3);
    beside(row, ", 6", row.indexOf("null") + 4);
    beside(row, "5", row.indexOf("0.25") + 4);
    beside(row, "1", row.indexOf("0.25"));
    beside(row, ', "d": 0', row.indexOf("true") + 4);
  });

  it("in jsonc with its comments and trailing commas, in jsonl in its line", () => {
    const commented = "[1.5, /* two, three */ 2.5, [3, // four\n 5,],]";
    for (const [from, to] of [
      ["1.5", "31.5"],
      ["two", "2, 3 ]"],
      ["// four", "/* [ */"],
      [" 5,", " 5"],
      [" 5,", " 5, 6,"],
      ["5,],", "5],"],
    ] as const)
      assert.notEqual(scannedFor(commented, replacing(commented, from, to), "jsonc"), null, `${from} → ${to}`);
    assert.notEqual(scannedFor(commented, { offset: commented.length - 2, length: 1, text: "" }, "jsonc"), null);
    const lines = "[NaN, 1.5]\n[2.5, 1e999]\n\n[[4], [5]]";
    for (const [from, to] of [
      ["1.5", "31.5"],
      ["[4]", "[4], [6]"],
      ["2.5", "2.5, 6"],
    ] as const)
      assert.notEqual(scannedFor(lines, replacing(lines, from, to), "jsonl"), null, `${from} → ${to}`);
  });

  it("not where the text is broken, or numbers are worth a note, or it is in no array or object", () => {
    for (const [from, to] of [
      ["0.5,", "0.5"],
      ["0.5,", "0.5,,"],
      ["10", "10."],
      ["10", "010"],
      ["-1.25", "-Infinity"],
      ["-1.25", "1e999"],
      ["3e-4]", "3e-4"],
      ["-1.25", '"'],
      ["-1.25", '"\\'],
      ["-1.25", "] //"],
      ["10", "/*"],
    ] as const) {
      assert.equal(scannedFor(numbers, replacing(numbers, from, to)), null, `${from} → ${to}`);
    }
    assert.equal(scannedFor("[1.5, 2.5", { offset: 1, length: 1, text: "3" }), null);
    assert.equal(scannedFor("[1e999, 2.5]", { offset: 1, length: 5, text: "3.5" }), null);
    assert.equal(scannedFor("[1, 2]", { offset: 0, length: 0, text: " " }), null);
    for (const offset of [2, 5]) assert.equal(scannedFor("[1, 2]", { offset, length: 0, text: "] //" }, "jsonc"), null);
    // What is typed takes the sign that begins the next key for the end of another.
    assert.equal(scannedFor('{"a": [1], "b": [2]}', { offset: 11, length: 0, text: '"\\' }), null);
    assert.equal(scannedFor("[1, 2]\n[3]", { offset: 2, length: 0, text: "]\n[3" }, "jsonl"), null);
    assert.equal(scannedFor("5", { offset: 0, length: 1, text: "6" }), null);
    const other = scan("[1, 2]", "json");
    assert.equal(
      reread(other, { start: 1, end: 2, length: 1 }, "\n[3, 2]", "json", () => other),
      null,
    );
  });

  it("at any depth, without trying every bracket around it", () => {
    const text = `${"[".repeat(50_000)}1, 2${"]".repeat(50_000)}`;
    assert.equal(scannedFor(text, replacing(text, "1", "[1]")), "[[1], []]".length);
    let scans = 0;
    const counting = (all: Text) => {
      scans++;
      return scan(String(all), "json");
    };
    const broken = text.replace("1", "1 ]");
    assert.equal(reread(scan(text, "json"), { start: 50_001, end: 50_001, length: 2 }, broken, "json", counting), null);
    assert.ok(scans < 10, `${scans}`);
  });

  it("makes the tape that a new scan makes, whatever is edited", () => {
    const matrix = fc
      .array(fc.array(literal, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 })
      .map((rows) => `{"é": "😀", "Q": [${rows.map((row) => `[${row.join(", ")}]`).join(",\n")}], "scale": 0.5}`);
    const pieces = fc.constantFrom(
      "",
      "[",
      "]",
      "], [",
      "[1, 2],",
      '"',
      '"\\',
      ',"x": 1',
      ", 5",
      "{}",
      "/**/",
      "//",
      "null",
    );
    const digits = fc.stringMatching(/^[-+.eE0-9]{0,3}$/);
    const inserted = fc.oneof(digits, pieces, json, fc.string({ unit: "binary", maxLength: 3 }), literal);
    const language = fc.constantFrom<Language>("json", "json", "jsonc", "jsonl");
    let spared = 0;
    fc.assert(
      fc.property(fc.oneof(matrix, json), language, fc.nat(), fc.nat(), inserted, (text, of, place, most, piece) => {
        const offset = place % (text.length + 1);
        const length = Math.min(most % 3 === 0 ? most % 40 : most % 4, text.length - offset);
        if (scannedFor(text, { offset, length, text: piece }, of) !== null) spared++;
      }),
      { numRuns: 8000 },
    );
    assert.ok(spared > 300, `${spared} were spared a scan`);
  });

  it("makes the same tape after many edits, of one number and of many", () => {
    const start = `[${Array.from({ length: 500 }, (_, at) => `${at}.5`).join(", ")}]`;
    const edit = fc.tuple(fc.nat(499), fc.constantFrom("1.5", "23.0", "-4.5", "6e7", "0.25"));
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 300 }), (all) => {
        let tape = scan(start, "json");
        for (const [at, written] of all) {
          const offset = startAt(tape, at);
          const length = /[^,\]]*/.exec(String(tape.text).slice(offset))![0].length;
          const made = rereadAfter(tape, { offset, length, text: written }, "json");
          assert.ok(made && made.most < 20, written);
          tape = made.tape;
          assert.equal(valueAt(tape, at), Number(written));
        }
        assert.deepEqual(plain(tape), plain(scan(String(tape.text), "json")));
      }),
      { numRuns: 30 },
    );
  });

  it("gives, edit after edit, the reading that the text alone gives: broken and mended, one edit or several at once", () => {
    const reader = jsonReader();
    const start = `{"Q": ${numbers}, "K": ${numbers}, "V": ${numbers}, "weights": [[0.5, 0.5], [1.0, 0.0]], "tokens": ["a", "b"]}`;
    fc.assert(
      fc.property(typing(fc.constant(start), literal), (session) =>
        assert.equal(wrongAfterEdits(session, reader), null),
      ),
      { numRuns: 1000 },
    );
  });

  it("once what was half-typed is mended, without having read the whole", () => {
    let most = 0;
    const scans: string[] = [];
    const scanText = (text: Text) => {
      scans.push(String(text));
      most = Math.max(most, text.length);
      return scan(String(text), "json");
    };
    const tape = scan(site, "json");
    const at = site.indexOf("7.5,") + 4;
    const typed = [" ", "1", ",", " "].map((text, done) => ({ offset: at + done, length: 0, text }));
    const replaced = typed.reduce(together, null as ReturnType<typeof together> | null)!;
    assert.deepEqual(replaced, { start: at, end: at, length: 4 });
    const text = typed.reduce(edited, site);
    assert.deepEqual(plain(reread(tape, replaced, text, "json", scanText)!), plain(scan(text, "json")));
    assert.ok(most < 100 && scans.length === 2, `${scans}`);
  });
});
