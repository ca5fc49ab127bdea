import type { Place } from "../state.ts";

/** Where the map lies on its canvas, in CSS pixels, before any zoom. */
export interface Layout {
  readonly rows: number;
  readonly columns: number;
  /** Of the whole canvas, labels included. */
  readonly width: number;
  readonly height: number;
  /** Room for the labels of queries (left) and keys (above). */
  readonly left: number;
  readonly top: number;
  /** Size of a cell at zoom 1. Square where it can be; stretched where a few long rows or columns would leave a thread. */
  readonly cellWidth: number;
  readonly cellHeight: number;
}

/** A zoom: a point p of the unzoomed map is drawn at k·p + (x, y), from the map's own corner. */
export interface Zoom {
  readonly k: number;
  readonly x: number;
  readonly y: number;
}

export const unzoomed: Zoom = { k: 1, x: 0, y: 0 };

/** Cells are no larger than this before zooming, stretched at most so much, and zoom up to `zoomedCell`. */
const largestCell = 92;
const mostStretch = 3;
/** Squares that are smaller are stretched where there is room. */
const smallSquare = 24;
export const zoomedCell = 88;

export interface Room {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
  /** For slanted labels that reach beyond the last column. */
  readonly right: number;
}

/** The largest cells with which the whole stage fits the room. */
export function layoutOf(rows: number, columns: number, room: Room): Layout {
  const [width, height] = [
    Math.max(1, room.width - room.left - room.right - 1),
    Math.max(1, room.height - room.top - 1),
  ];
  const [across, down] = [
    Math.min(largestCell, width / Math.max(1, columns)),
    Math.min(largestCell, height / Math.max(1, rows)),
  ];
  const square = Math.min(across, down);
  const stretched = square < smallSquare && Math.max(across, down) / square > 1.5;
  const cellWidth = stretched ? Math.min(across, square * mostStretch) : square;
  const cellHeight = stretched ? Math.min(down, square * mostStretch) : square;
  return {
    rows,
    columns,
    width: room.left + Math.max(1, cellWidth * columns) + 1 + room.right,
    height: room.top + Math.max(1, cellHeight * rows) + 1,
    left: room.left,
    top: room.top,
    cellWidth,
    cellHeight,
  };
}

export function plotSize(layout: Layout): { readonly width: number; readonly height: number } {
  return { width: layout.columns * layout.cellWidth, height: layout.rows * layout.cellHeight };
}

/** The cell at a point, measured from the map's corner (labels left out); null outside. */
export function placeAt(layout: Layout, zoom: Zoom, x: number, y: number): Place | null {
  const query = Math.floor((y - zoom.y) / (layout.cellHeight * zoom.k));
  const key = Math.floor((x - zoom.x) / (layout.cellWidth * zoom.k));
  const { width, height } = plotSize(layout);
  if (x < 0 || y < 0 || x >= width || y >= height) return null;
  return query >= 0 && key >= 0 && query < layout.rows && key < layout.columns ? { query, key } : null;
}

/** A rectangle in CSS pixels, from the map's corner. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function cellBox(layout: Layout, zoom: Zoom, { query, key }: Place): Box {
  const [width, height] = [layout.cellWidth * zoom.k, layout.cellHeight * zoom.k];
  return { x: zoom.x + key * width, y: zoom.y + query * height, width, height };
}

/** Half-open ranges of cells of which something can be seen. */
export interface Visible {
  readonly rows: readonly [number, number];
  readonly columns: readonly [number, number];
}

export function visibleCells(layout: Layout, zoom: Zoom): Visible {
  const { width, height } = plotSize(layout);
  const range = (shift: number, length: number, side: number, count: number): [number, number] => [
    Math.max(0, Math.floor(-shift / side)),
    Math.min(count, Math.ceil((length - shift) / side)),
  ];
  return {
    rows: range(zoom.y, height, layout.cellHeight * zoom.k, layout.rows),
    columns: range(zoom.x, width, layout.cellWidth * zoom.k, layout.columns),
  };
}

/** How many cells one block stands for: the smallest power of two with which a block is at least a device pixel. */
export function stepFor(layout: Layout, zoom: Zoom, devicePixels: number): number {
  const pixels = Math.min(layout.cellWidth, layout.cellHeight) * zoom.k * devicePixels;
  return pixels >= 1 ? 1 : 2 ** Math.ceil(-Math.log2(pixels));
}

/** The zoom that brings a cell into the middle if it is out of sight, else the same one. */
export function revealing(layout: Layout, zoom: Zoom, place: Place): Zoom {
  const box = cellBox(layout, zoom, place);
  const { width, height } = plotSize(layout);
  const shifted = (at: number, side: number, length: number, shift: number) =>
    at >= 0 && at + side <= length + 1e-6 ? shift : clampShift(shift + length / 2 - at - side / 2, length, zoom.k);
  return { k: zoom.k, x: shifted(box.x, box.width, width, zoom.x), y: shifted(box.y, box.height, height, zoom.y) };
}

function clampShift(shift: number, length: number, k: number): number {
  return Math.min(0, Math.max(length - length * k, shift));
}
