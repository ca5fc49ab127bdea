import assert from "node:assert/strict";
import fc from "fast-check";
import { base64, bitmap } from "../../../src/picture/bitmap.ts";
import { colorMap } from "../../../src/picture/colorMaps.ts";
import { escapeXml, matrixSvg } from "../../../src/picture/matrixSvg.ts";

describe("matrix pictures", () => {
  it("are small enough for a hover at 48 × 48", () => {
    const values = Float32Array.from({ length: 48 * 48 }, (_, i) => Math.sin(i));
    assert.ok(matrixSvg(values, 48, 48).length < 6000);
  });

  it("mark NaN, +∞ and −∞ each by a sign of its own", () => {
    const of = (x: number) => matrixSvg([0, x], 1, 2).match(/<path fill="none"[^>]*>/g);
    assert.equal(of(1), null);
    const signs = [Number.NaN, Infinity, -Infinity].map((x) => of(x)!.join());
    assert.equal(new Set(signs).size, 3);
  });

  it("frame a cell or a row", () => {
    assert.match(matrixSvg([1, 2, 3, 4], 2, 2, { highlight: { row: 1, column: 0 } }), /x="0.5" y="20.5" width="20"/);
    assert.match(matrixSvg([1, 2, 3, 4], 2, 2, { highlight: { row: 1 } }), /x="0.5" y="20.5" width="40"/);
  });

  it("draw an empty frame for an empty matrix", () => {
    assert.doesNotMatch(matrixSvg([], 0, 4), /<image|NaN|Infinity/);
  });

  it("never let a title out of its place", () => {
    assert.match(
      matrixSvg([1], 1, 1, { title: '</title><script a="' }),
      /<title>&#60;\/title&#62;&#60;script a=&#34;<\/title>/,
    );
    assert.equal(escapeXml("a\u0000\u001bb\n"), "a\ufffd\ufffdb\n");
  });

  it("write bitmaps with the size they say, rows padded to four bytes", () => {
    const bytes = bitmap(Uint8Array.from([1, 2, 3, 4, 5, 6]), 2, 3, colorMap("gray"));
    const view = new DataView(bytes.buffer);
    assert.equal(view.getUint32(2, true), bytes.length);
    assert.equal(bytes.length, view.getUint32(10, true) + 8);
    assert.deepEqual([...bytes.subarray(-8)], [1, 2, 3, 0, 4, 5, 6, 0]);
  });

  it("encode base64 as Node does", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => assert.equal(base64(bytes), Buffer.from(bytes).toString("base64"))),
    );
  });
});
