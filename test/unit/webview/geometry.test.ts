import assert from "node:assert/strict";
import fc from "fast-check";
import {
  cellBox,
  layoutOf,
  placeAt,
  plotSize,
  revealing,
  stepFor,
  unzoomed,
  visibleCells,
} from "../../../webview/map/geometry.ts";
import { covering, overviewStep, rectangleOf, side } from "../../../webview/map/tiles.ts";

const room = { width: 600, height: 500, left: 60, top: 40, right: 12 };
const sizes = fc.integer({ min: 1, max: 20_000 });

describe("the map's geometry", () => {
  it("fits every stage into its room", () => {
    fc.assert(
      fc.property(sizes, sizes, (rows, columns) => {
        const layout = layoutOf(rows, columns, room);
        assert.ok(layout.width <= room.width + 1 && layout.height <= room.height + 1);
        assert.ok(layout.cellWidth > 0 && layout.cellWidth <= 92 && layout.cellHeight > 0 && layout.cellHeight <= 92);
        const stretch = layout.cellWidth / layout.cellHeight;
        assert.ok(stretch < 3.001 && stretch > 0.333);
      }),
    );
  });

  it("keeps the cells of a square stage square", () => {
    for (const n of [1, 6, 64, 4096]) assert.equal(layoutOf(n, n, room).cellWidth, layoutOf(n, n, room).cellHeight);
  });

  it("finds the cell in whose box a point lies, at any zoom", () => {
    fc.assert(
      fc.property(
        sizes,
        sizes,
        fc.double({ min: 1, max: 50, noNaN: true }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (rows, columns, k, at) => {
          const layout = layoutOf(rows, columns, room);
          const zoom = { k, x: -at * (k - 1) * plotSize(layout).width, y: -at * (k - 1) * plotSize(layout).height };
          const point = { x: plotSize(layout).width * at, y: plotSize(layout).height * at };
          const place = placeAt(layout, zoom, point.x, point.y);
          if (!place) return;
          const box = cellBox(layout, zoom, place);
          assert.ok(point.x >= box.x - 1e-6 && point.x <= box.x + box.width + 1e-6);
          assert.ok(point.y >= box.y - 1e-6 && point.y <= box.y + box.height + 1e-6);
        },
      ),
    );
  });

  it("asks for blocks of at least a device pixel, and not twice as coarse as that", () => {
    const layout = layoutOf(16_384, 16_384, room);
    const step = stepFor(layout, unzoomed, 2);
    const pixels = Math.min(layout.cellWidth, layout.cellHeight) * 2;
    assert.ok(step * pixels >= 1 && (step / 2) * pixels < 1);
    assert.equal(stepFor(layoutOf(6, 6, room), unzoomed, 1), 1);
  });

  it("covers what is visible with tiles that lie inside the stage", () => {
    fc.assert(
      fc.property(sizes, sizes, (rows, columns) => {
        const layout = layoutOf(rows, columns, room);
        const step = stepFor(layout, unzoomed, 1);
        const tiles = covering(visibleCells(layout, unzoomed), step).map((key) => rectangleOf(key, layout));
        const cells = tiles.reduce((sum, tile) => sum + tile.rows * tile.columns, 0);
        assert.equal(cells, Math.ceil(rows / step) * Math.ceil(columns / step));
        for (const tile of tiles) {
          assert.ok(tile.rows >= 1 && tile.rows <= side && tile.row + (tile.rows - 1) * step < rows);
          assert.ok(tile.columns >= 1 && tile.column + (tile.columns - 1) * step < columns);
        }
        const whole = rectangleOf({ step: overviewStep(layout), row: 0, column: 0 }, layout);
        assert.ok(whole.rows * whole.step >= rows && whole.columns * whole.step >= columns);
      }),
    );
  });

  it("moves the map only when the cell is out of sight", () => {
    const layout = layoutOf(1000, 1000, room);
    const zoom = { k: 40, x: 0, y: 0 };
    assert.deepEqual(revealing(layout, zoom, { query: 2, key: 3 }), zoom);
    const far = revealing(layout, zoom, { query: 900, key: 500 });
    const box = cellBox(layout, far, { query: 900, key: 500 });
    assert.ok(
      box.x >= 0 &&
        box.y >= 0 &&
        box.x + box.width <= plotSize(layout).width &&
        box.y + box.height <= plotSize(layout).height,
    );
  });
});
