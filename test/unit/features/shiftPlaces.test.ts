import assert from "node:assert/strict";
import fc from "fast-check";
import { shiftPlaces } from "../../../src/features/shiftPlaces.ts";

const edit = (offset: number, length: number, text: string) => ({ offset, length, text });

describe("places that are kept through edits", () => {
  it("move with what is typed before them, and stay before what is typed behind", () => {
    const places = [{ start: 4, end: 8 }];
    assert.deepEqual(shiftPlaces(places, [edit(0, 0, "ab")]), [{ start: 6, end: 10 }]);
    assert.deepEqual(shiftPlaces(places, [edit(4, 0, "a")]), [{ start: 5, end: 9 }]);
    assert.deepEqual(shiftPlaces(places, [edit(8, 2, "")]), places);
    assert.deepEqual(shiftPlaces([{ start: 4, end: 4 }], [edit(4, 0, "x")]), [{ start: 5, end: 5 }]);
  });

  it("grow by what is typed inside, and go where their border is overwritten", () => {
    assert.deepEqual(shiftPlaces([{ start: 4, end: 8 }], [edit(5, 1, "abc")]), [{ start: 4, end: 10 }]);
    assert.deepEqual(shiftPlaces([{ start: 4, end: 8 }], [edit(2, 4, "")]), []);
    assert.deepEqual(shiftPlaces([{ start: 4, end: 8 }], [edit(6, 4, "")]), []);
  });

  it("still stand for the same text after any edits that leave it alone", () => {
    const text = "one(two)three";
    const inserted = fc.record({ offset: fc.constantFrom(0, 1, 3, 8, 9, 13), text: fc.string({ maxLength: 5 }) });
    fc.assert(
      fc.property(fc.uniqueArray(inserted, { selector: ({ offset }) => offset }), (inserts) => {
        const changes = inserts.map(({ offset, text }) => edit(offset, 0, text)).sort((a, b) => b.offset - a.offset);
        const after = changes.reduce((t, c) => t.slice(0, c.offset) + c.text + t.slice(c.offset), text);
        const [place] = shiftPlaces([{ start: 3, end: 8 }], changes);
        assert.equal(after.slice(place!.start, place!.end), "(two)");
      }),
    );
  });
});
