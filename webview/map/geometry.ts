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
  /** Side of a cell at zoom 1. */
  readonly cell: number;
}

/** A zoom: a point p of the unzoomed map is drawn at k·p + (x, y), from the map's own corner. */
export interface Zoom {
  readonly k: number;
  readonly x: number;
  readonly y: number;
}

export const unzoomed: Zoom = { k: 1, x: 0, y: 0 };

/** Cells are square, no larger than this before zooming, and zoom up to it. */
const largestCell = 56;
export const zoomedCell = 72;

export interface Room {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
}

/** The largest square cells with which the whole stage fits the room. */
export function layoutOf(rows: number, columns: number, room: Room): Layout {
  const [width, height] = [Math.max(1, room.width - room.left - 1), Math.max(1, room.height - room.top - 1)];
  const cell = Math.min(largestCell, width / Math.max(1, columns), height / Math.max(1, rows));
  return {
    rows,
    columns,
    width: room.left + Math.max(1, cell * columns) + 1,
    height: room.top + Math.max(1, cell * rows) + 1,
    left: room.left,
    top: room.top,
    cell,
  };
}

export function plotSize({ rows, columns, cell }: Layout): { readonly width: number; readonly height: number } {
  return { width: columns * cell, height: rows * cell };
}

/** The cell at a point, measured from the map's corner (labels left out); null outside. */
export function placeAt(layout: Layout, zoom: Zoom, x: number, y: number): Place | null {
  const side = layout.cell * zoom.k;
  const [query, key] = [Math.floor((y - zoom.y) / side), Math.floor((x - zoom.x) / side)];
  const { width, height } = plotSize(layout);
  if (x < 0 || y < 0 || x >= width || y >= height) return null;
  return query >= 0 && key >= 0 && query < layout.rows && key < layout.columns ? { query, key } : null;
}

/** A cell's corner and side, from the map's corner. */
export function cellBox(layout: Layout, zoom: Zoom, { query, key }: Place): { x: number; y: number; side: number } {
  const side = layout.cell * zoom.k;
  return { x: zoom.x + key * side, y: zoom.y + query * side, side };
}

/** Half-open ranges of cells of which something can be seen. */
export interface Visible {
  readonly rows: readonly [number, number];
  readonly columns: readonly [number, number];
}

export function visibleCells(layout: Layout, zoom: Zoom): Visible {
  const side = layout.cell * zoom.k;
  const { width, height } = plotSize(layout);
  const range = (shift: number, length: number, count: number): [number, number] => [
    Math.max(0, Math.floor(-shift / side)),
    Math.min(count, Math.ceil((length - shift) / side)),
  ];
  return { rows: range(zoom.y, height, layout.rows), columns: range(zoom.x, width, layout.columns) };
}

/** How many cells one block stands for: the smallest power of two with which a block is at least a device pixel. */
export function stepFor(layout: Layout, zoom: Zoom, devicePixels: number): number {
  const pixels = layout.cell * zoom.k * devicePixels;
  return pixels >= 1 ? 1 : 2 ** Math.ceil(-Math.log2(pixels));
}

/** The zoom that brings a cell into the middle if it is out of sight, else the same one. */
export function revealing(layout: Layout, zoom: Zoom, place: Place): Zoom {
  const { x, y, side } = cellBox(layout, zoom, place);
  const { width, height } = plotSize(layout);
  const shifted = (at: number, length: number, shift: number) =>
    at >= 0 && at + side <= length ? shift : clampShift(shift + length / 2 - at - side / 2, length, zoom.k);
  return { k: zoom.k, x: shifted(x, width, zoom.x), y: shifted(y, height, zoom.y) };
}

function clampShift(shift: number, length: number, k: number): number {
  return Math.min(0, Math.max(length - length * k, shift));
}
