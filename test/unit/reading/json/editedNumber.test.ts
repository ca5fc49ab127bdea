import assert from "node:assert/strict";
import fc from "fast-check";
import type { Language } from "../../../../src/reading/document.ts";
import { withEditedNumber } from "../../../../src/reading/json/editedNumber.ts";
import { startsIn, valueAt, valuesIn } from "../../../../src/reading/json/leafEdits.ts";
import { jsonReader } from "../../../../src/reading/json/reader.ts";
import { scan } from "../../../../src/reading/json/scanner.ts";
import { stride, type Tape } from "../../../../src/reading/json/tape.ts";
import { PieceText, type TextChange } from "../../../../src/reading/pieceText.ts";
import { json, literal } from "./arbitraries.ts";

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

/** Compares with a new scan where one was spared; says whether it was. */
function spared(text: string, change: TextChange, language: Language = "json"): boolean {
  const after = edited(text, change);
  const tape = withEditedNumber(scan(text, language), change, PieceText.of(after));
  if (tape) assert.deepEqual(plain(tape), plain(scan(after, language)));
  return tape !== null;
}

const numbers = "[[0.5, -1.25, 3e-4],\n [10, -0.0, 1234567890123456]]";

/** The change that writes `to` in place of the only `from`. */
function replacing(text: string, from: string, to: string): TextChange {
  return { offset: text.indexOf(from), length: from.length, text: to };
}

describe("an edit inside a number", () => {
  it("spares scanning the text anew", () => {
    assert.ok(spared(numbers, replacing(numbers, "25", "5")));
    assert.ok(spared(numbers, { offset: numbers.indexOf("0.5") + 3, length: 0, text: "12" }));
    assert.ok(spared(numbers, { offset: numbers.indexOf("10"), length: 0, text: "-4" }));
    assert.ok(spared(numbers, replacing(numbers, "-1.25", "7e12")));
    assert.ok(spared('{"scale": 0.25, "Q": [1, 2]}', { offset: 12, length: 2, text: "125" }));
    assert.ok(spared("[NaN, 1.5]\n[2.5, 1e999]", { offset: 6, length: 1, text: "31" }, "jsonl"));
    assert.ok(spared("[1.5, /* two, three */ 2.5]", { offset: 1, length: 1, text: "31" }, "jsonc"));
  });

  it("is read anew where it changes more than a number", () => {
    for (const [from, to] of [
      ["0.5", ""],
      ["0.5,", "0.5"],
      ["0.5", "0.5, 0.6"],
      ["10", "10."],
      ["10", "010"],
      ["10", "10.5"],
      ["10", "-0"],
      ["10", "1234567890123456"],
      ["10", "true"],
      ["-1.25", "-Infinity"],
      ["-1.25", "1e999"],
      ["3e-4]", "3e-4"],
      ["-1.25", " 1.25"],
    ] as const) {
      assert.equal(spared(numbers, replacing(numbers, from, to)), false, `${from} → ${to}`);
    }
    assert.equal(spared("[1.5, 2.5", { offset: 1, length: 1, text: "3" }), false);
    assert.equal(spared("[1e999, 2.5]", { offset: 1, length: 5, text: "3.5" }), false);
    assert.equal(spared("[true]", { offset: 1, length: 4, text: "1" }), false);
    assert.equal(spared("[]", { offset: 1, length: 0, text: "1" }), false);
    assert.equal(withEditedNumber(scan("[1, 2]", "json"), { offset: 1, length: 1, text: "3" }, "\n[3, 2]"), null);
  });

  it("makes the tape that a new scan makes, whatever is edited", () => {
    const matrix = fc
      .array(fc.array(literal, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 })
      .map((rows) => `{"é": "😀", "Q": [${rows.map((row) => `[${row.join(", ")}]`).join(",\n")}], "scale": 0.5}`);
    const digits = fc.stringMatching(/^[-+.eE0-9]{0,3}$/);
    const inserted = fc.oneof(digits, fc.string({ unit: "binary", maxLength: 3 }), literal);
    fc.assert(
      fc.property(fc.oneof(matrix, json), fc.nat(), fc.nat(4), inserted, (text, place, length, piece) => {
        const offset = place % (text.length + 1);
        spared(text, { offset, length: Math.min(length, text.length - offset), text: piece });
      }),
      { numRuns: 5000 },
    );
  });

  it("makes the same tape after many edits, of one number and of many", () => {
    const start = `[${Array.from({ length: 50 }, (_, at) => `${at}.5`).join(", ")}]`;
    const edit = fc.tuple(fc.nat(49), fc.constantFrom("1", "23", "-4.5", "6e7", "0.25"));
    fc.assert(
      fc.property(fc.array(edit, { minLength: 40, maxLength: 90 }), (all) => {
        let tape = scan(start, "json");
        for (const [at, written] of all) {
          const literal = String(tape.text).split(/[[\], ]+/)[at + 1]!;
          const offset = startsIn(tape, at, at + 1)[0]!;
          const change = { offset, length: literal.length, text: /[.e]/.test(written) ? written : `${written}.0` };
          const after = withEditedNumber(tape, change, PieceText.of(edited(String(tape.text), change)));
          assert.ok(after, `${literal} → ${change.text}`);
          tape = after;
          assert.equal(valueAt(tape, at), Number(change.text));
        }
        assert.deepEqual(plain(tape), plain(scan(String(tape.text), "json")));
      }),
      { numRuns: 100 },
    );
  });

  it("gives, edit after edit, the reading that the text alone gives", () => {
    const reader = jsonReader();
    const edits = fc.array(fc.tuple(fc.nat(), fc.nat(2), fc.stringMatching(/^[.e0-9,]{0,2}$/)), { maxLength: 8 });
    const start = `{"Q": ${numbers}, "K": ${numbers}, "V": ${numbers}, "weights": [[0.5, 0.5], [1.0, 0.0]]}`;
    fc.assert(
      fc.property(edits, (all) => {
        let text = PieceText.of(start);
        let reading = reader.read(text, { language: "json" });
        for (const [place, length, inserted] of all) {
          const change = { offset: place % text.length, length, text: inserted };
          text = text.edited(change);
          reading = reader.read(text, { language: "json", previous: reading, changes: [change] });
        }
        const fresh = reader.read(String(text), { language: "json" });
        assert.deepEqual(
          JSON.stringify([reading.tensors, reading.sites, reading.problems]),
          JSON.stringify([fresh.tensors, fresh.sites, fresh.problems]),
        );
        for (const [at, { values, places }] of reading.tensors.entries()) {
          assert.deepEqual(values?.data, fresh.tensors[at]!.values?.data);
          if (values?.data.length)
            assert.deepEqual(
              places?.range(values.data.length - 1),
              fresh.tensors[at]!.places?.range(values.data.length - 1),
            );
        }
      }),
      { numRuns: 500 },
    );
  });
});
