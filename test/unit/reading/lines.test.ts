import assert from "node:assert/strict";
import fc from "fast-check";
import { linesOf } from "../../../src/reading/lines.ts";

describe("lines", () => {
  it("end with \\n, \\r\\n or \\r", () => {
    const lines = linesOf("a\nbc\r\n\rd");
    assert.equal(lines.count, 4);
    assert.deepEqual(
      [0, 1, 2, 4, 5, 6, 7, 8].map((offset) => lines.position(offset)),
      [
        { line: 0, character: 0 },
        { line: 0, character: 1 },
        { line: 1, character: 0 },
        { line: 1, character: 2 },
        { line: 1, character: 3 },
        { line: 2, character: 0 },
        { line: 3, character: 0 },
        { line: 3, character: 1 },
      ],
    );
    assert.equal(lines.offset({ line: 1, character: 99 }), 4);
    assert.equal(lines.offset({ line: 99, character: 0 }), 8);
  });

  it("turn every offset into a place and back", () => {
    const text = fc.array(fc.constantFrom("a", "é", "😀", "\n", "\r\n", "\r", "")).map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, (all) => {
        const lines = linesOf(all);
        for (let offset = 0; offset <= all.length; offset++) {
          const inLineBreak = all[offset - 1] === "\r" && all[offset] === "\n";
          if (!inLineBreak) assert.equal(lines.offset(lines.position(offset)), offset);
        }
        assert.equal(lines.count, all.split(/\r\n|\n|\r/).length);
      }),
    );
  });
});
