import assert from "node:assert/strict";
import fc from "fast-check";
import { PieceText } from "../../../src/reading/pieceText.ts";

/** Of a piece, in code units. */
const piece = 2 ** 14;

/** Longer than two pieces, with a pair of surrogates across the place where the first one ends. */
const long = `${"x".repeat(piece - 1)}😀${"abc\n".repeat(80_000)}`;

const changes = fc.array(
  fc.record({
    offset: fc.nat(600_000),
    length: fc.oneof(fc.nat(5), fc.nat(200_000)),
    text: fc.oneof(
      fc.string({ unit: "binary" }),
      fc.nat(200_000).map((count) => "é".repeat(count)),
    ),
  }),
  { maxLength: 6 },
);

describe("a text in pieces", () => {
  it("is after changes what a string would be", () => {
    fc.assert(
      fc.property(fc.constantFrom("", "a", long), changes, (start, all) => {
        let [plain, pieces] = [start, PieceText.of(start)];
        for (const change of all) {
          const offset = Math.min(change.offset, plain.length);
          plain = plain.slice(0, offset) + change.text + plain.slice(offset + change.length);
          pieces = pieces.edited({ ...change, offset });
        }
        assert.equal(String(pieces), plain);
        assert.equal(pieces.length, plain.length);
      }),
      { numRuns: 300 },
    );
  });

  it("gives parts and characters as a string does", () => {
    const pieces = PieceText.of(long).edited({ offset: 70_000, length: 1, text: "yy" });
    const plain = `${long.slice(0, 70_000)}yy${long.slice(70_001)}`;
    const offset = fc.oneof(
      fc.nat(plain.length + 5),
      fc.constantFrom(piece - 2, piece - 1, piece, piece + 1, 70_000, 70_001, 70_002),
    );
    fc.assert(
      fc.property(offset, offset, (start, end) => {
        assert.equal(pieces.slice(start, end), plain.slice(start, end));
        const within = pieces.within(Math.min(start, plain.length - 1), end);
        assert.ok(plain.slice(Math.min(start, plain.length - 1), end).startsWith(within));
        assert.equal(within === "", end <= Math.min(start, plain.length - 1));
        assert.ok(Object.is(pieces.charCodeAt(start), plain.charCodeAt(start)));
      }),
      { numRuns: 1000 },
    );
    assert.ok(Number.isNaN(pieces.charCodeAt(-1)));
  });

  it("leaves the text before a change as it was", () => {
    const before = PieceText.of("[1, 2]");
    const after = before.edited({ offset: 1, length: 1, text: "30" });
    assert.deepEqual([String(before), String(after)], ["[1, 2]", "[30, 2]"]);
  });

  it("does not fall to pieces while one writes", () => {
    let text = PieceText.of(long);
    for (let at = 0; at < 1000; at++) text = text.edited({ offset: 100, length: 0, text: "1" });
    assert.ok((text as unknown as { pieces: string[] }).pieces.length <= Math.ceil(long.length / piece) + 2);
  });
});
