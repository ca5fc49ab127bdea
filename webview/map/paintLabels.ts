import { ticks } from "d3-array";
import type { Place } from "../state.ts";
import { visibleCells } from "./geometry.ts";
import type { Scene } from "./paintMap.ts";

/**
 * Labels from this size of a cell on, one a row or column (where they are slanted); below it, round numbers and the selected
 * one.
 */
export const [rowSide, columnSide] = [12, 16];
/** A number this near to the selected one's label gives way to it. */
const [clearAbove, clearBeside] = [15, 44];

/** Queries on the left and keys above stay where they are while the map moves beneath. */
export function paintLabels(context: CanvasRenderingContext2D, scene: Scene): void {
  context.font = `12px ${scene.theme.font}`;
  context.textBaseline = "middle";
  paintQueries(context, scene);
  paintColumns(context, scene);
}

function paintQueries(context: CanvasRenderingContext2D, scene: Scene): void {
  const { layout, zoom } = scene;
  const cell = layout.cellHeight * zoom.k;
  const selected = scene.selected?.query;
  context.textAlign = "right";
  context.save();
  context.beginPath();
  context.rect(0, layout.top - 8, layout.left, layout.height - layout.top + 16);
  context.clip();
  for (const { at, isNumber } of labelled(
    visibleCells(layout, zoom).rows,
    cell >= rowSide,
    cell,
    selected,
    clearAbove,
  )) {
    const text = isNumber ? String(at) : scene.queryLabel(at);
    context.fillStyle = at === selected ? scene.theme.accent : scene.theme.faint;
    context.fillText(fitted(context, text, layout.left - 8), layout.left - 6, lineAt(scene, at));
  }
  context.restore();
}

/** The middle of a row's label: that of the row, but never cut off by the canvas's lower edge. */
function lineAt({ layout, zoom }: Scene, row: number): number {
  return Math.min(layout.height - 7, layout.top + zoom.y + (row + 0.5) * layout.cellHeight * zoom.k);
}

function paintColumns(context: CanvasRenderingContext2D, scene: Scene): void {
  const { labels, slanted } = columnLabels(context, scene);
  for (const { at, text } of labels) {
    context.fillStyle = at === scene.selected?.key ? scene.theme.accent : scene.theme.faint;
    columnText(context, scene, at, text, slanted);
  }
}

function columnLabels(
  context: CanvasRenderingContext2D,
  scene: Scene,
): { readonly labels: readonly { readonly at: number; readonly text: string }[]; readonly slanted: boolean } {
  const { layout, zoom } = scene;
  const cell = layout.cellWidth * zoom.k;
  const labels = labelled(
    visibleCells(layout, zoom).columns,
    cell >= columnSide,
    cell,
    scene.selected?.key,
    clearBeside,
  ).map(({ at, isNumber }) => ({
    at,
    text: isNumber ? String(at) : fitted(context, scene.columnLabel(at), longestColumn(scene, cell)),
  }));
  const widest = Math.max(0, ...labels.map(({ text }) => context.measureText(text).width));
  return { labels, slanted: cell >= columnSide && widest > cell - 4 };
}

function longestColumn({ layout }: Scene, cell: number): number {
  return cell < columnSide ? 110 : layout.top * 1.25;
}

function columnText(
  context: CanvasRenderingContext2D,
  { layout, zoom }: Scene,
  at: number,
  text: string,
  slanted: boolean,
): void {
  const x = layout.left + zoom.x + (at + 0.5) * layout.cellWidth * zoom.k;
  context.textAlign = slanted ? "left" : "center";
  if (slanted) slantedText(context, text, x, layout.top - 6);
  else context.fillText(text, inside(context, text, x, layout.width), layout.top - 10);
}

/** The names of the row and the column under the pointer, over the others. */
export function paintPointed(context: CanvasRenderingContext2D, scene: Scene, { query, key }: Place): void {
  const { layout, theme } = scene;
  context.font = `12px ${theme.font}`;
  context.textBaseline = "middle";
  context.textAlign = "right";
  const text = fitted(context, scene.queryLabel(query), layout.left - 8);
  const y = lineAt(scene, query);
  const width = context.measureText(text).width;
  context.fillStyle = theme.background;
  context.fillRect(layout.left - 8 - width, y - 7, width + 4, 14);
  context.fillStyle = theme.foreground;
  context.fillText(text, layout.left - 6, y);
  paintPointedColumn(context, scene, key);
}

function paintPointedColumn(context: CanvasRenderingContext2D, scene: Scene, key: number): void {
  const { layout, zoom, theme } = scene;
  const cell = layout.cellWidth * zoom.k;
  const { slanted } = columnLabels(context, scene);
  const text = fitted(context, scene.columnLabel(key), longestColumn(scene, cell));
  const width = context.measureText(text).width;
  if (!slanted) {
    const middle = inside(context, text, layout.left + zoom.x + (key + 0.5) * cell, layout.width);
    context.fillStyle = theme.background;
    context.fillRect(middle - width / 2 - 3, layout.top - 18, width + 6, 16);
  }
  context.fillStyle = theme.foreground;
  columnText(context, scene, key, text, slanted);
}

/** The middle of a text that is to stay on the canvas. */
function inside(context: CanvasRenderingContext2D, text: string, x: number, width: number): number {
  const half = context.measureText(text).width / 2;
  return Math.max(half, Math.min(width - half, x));
}

function slantedText(context: CanvasRenderingContext2D, text: string, x: number, y: number): void {
  context.save();
  context.translate(x, y);
  context.rotate(-Math.PI / 4);
  context.fillText(text, 0, 0);
  context.restore();
}

interface Label {
  readonly at: number;
  /** A place on the way, by its number; else the row or column by its name. */
  readonly isNumber: boolean;
}

/** Every row or column by name where there is room; else the selected one, and round numbers that do not touch it. */
function labelled(
  [from, to]: readonly [number, number],
  hasAll: boolean,
  cell: number,
  selected: number | undefined,
  clear: number,
): Label[] {
  if (hasAll) return Array.from({ length: to - from }, (_, i) => ({ at: from + i, isNumber: false }));
  const named = selected !== undefined && selected >= from && selected < to ? [selected] : [];
  const room = Math.max(1, Math.floor(((to - from) * cell) / 60));
  const round = ticks(from, to - 1, room).filter(
    (tick) =>
      Number.isInteger(tick) && tick >= from && tick < to && named.every((at) => Math.abs(tick - at) * cell >= clear),
  );
  return [...round.map((at) => ({ at, isNumber: true })), ...named.map((at) => ({ at, isNumber: false }))];
}

/** Cut with an ellipsis where it would be wider than `width`. */
export function fitted(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  const characters = [...text];
  while (characters.length > 1 && context.measureText(`${characters.join("")}…`).width > width) characters.pop();
  return `${characters.join("")}…`;
}

/** Room that the labels need, measured: at most `most` on the left, slanted words above and beyond the last column. */
export function labelRoom(
  context: CanvasRenderingContext2D,
  font: string,
  labels: { readonly queries: readonly string[]; readonly columns: readonly string[] },
  most: number,
): { readonly left: number; readonly top: number; readonly right: number } {
  context.font = `12px ${font}`;
  const width = (text: string) => context.measureText(text).width;
  const widest = (texts: readonly string[]) => Math.max(8, ...texts.map(width));
  const left = Math.min(most, Math.ceil(widest(labels.queries)) + 14);
  const longest = Math.min(most, widest(labels.columns));
  const last = Math.min(longest, width(labels.columns.at(-1) ?? ""));
  return {
    left,
    top: Math.ceil(Math.max(24, longest * 0.71 + 14)),
    right: longest > 24 ? Math.ceil(Math.max(12, Math.min(60, last * 0.71 - 4))) : 12,
  };
}
