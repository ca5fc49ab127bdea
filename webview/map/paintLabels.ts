import { ticks } from "d3-array";
import { visibleCells } from "./geometry.ts";
import type { Scene } from "./paintMap.ts";

/** Labels from this size of a cell on, one a row or column; below it, some numbers on round places. */
const labelSide = 12;

/** Queries on the left and keys above stay where they are while the map moves beneath. */
export function paintLabels(context: CanvasRenderingContext2D, scene: Scene): void {
  context.fillStyle = scene.theme.foreground;
  context.font = `12px ${scene.theme.font}`;
  context.textBaseline = "middle";
  paintQueries(context, scene);
  paintColumns(context, scene);
}

function paintQueries(context: CanvasRenderingContext2D, scene: Scene): void {
  const { layout, zoom } = scene;
  const cell = layout.cellHeight * zoom.k;
  context.textAlign = "right";
  context.save();
  context.beginPath();
  context.rect(0, layout.top - 6, layout.left, layout.height - layout.top + 12);
  context.clip();
  for (const query of marked(visibleCells(layout, zoom).rows, cell, layout.rows)) {
    const text = scene.queryLabel(query);
    emphasise(context, scene, query === scene.selected?.query, query === scene.pointer?.query);
    context.fillText(
      fitted(context, text, layout.left - 12),
      layout.left - 6,
      layout.top + zoom.y + (query + 0.5) * cell,
    );
  }
  context.restore();
}

function paintColumns(context: CanvasRenderingContext2D, scene: Scene): void {
  const { layout, zoom } = scene;
  const cell = layout.cellWidth * zoom.k;
  const columns = marked(visibleCells(layout, zoom).columns, cell, layout.columns);
  const texts = columns.map((column) => fitted(context, scene.columnLabel(column), layout.top * 1.25));
  const widest = Math.max(0, ...texts.map((text) => context.measureText(text).width));
  const step = columns.length > 1 ? (columns[1]! - columns[0]!) * cell : cell;
  const slanted = widest > step - 4;
  context.textAlign = slanted ? "left" : "center";
  columns.forEach((column, i) => {
    emphasise(context, scene, column === scene.selected?.key, column === scene.pointer?.key);
    const x = layout.left + zoom.x + (column + 0.5) * cell;
    if (slanted) slantedText(context, texts[i]!, x, layout.top - 6);
    else context.fillText(texts[i]!, x, layout.top - 10);
  });
}

function slantedText(context: CanvasRenderingContext2D, text: string, x: number, y: number): void {
  context.save();
  context.translate(x, y);
  context.rotate(-Math.PI / 4);
  context.fillText(text, 0, 0);
  context.restore();
}

function emphasise(context: CanvasRenderingContext2D, { theme }: Scene, selected: boolean, pointed: boolean): void {
  context.fillStyle = selected ? theme.accent : pointed ? theme.foreground : theme.faint;
}

/** Every row or column where there is room, else those on round numbers. */
function marked([from, to]: readonly [number, number], cell: number, count: number): number[] {
  if (cell >= labelSide) return Array.from({ length: to - from }, (_, i) => from + i);
  const room = Math.max(1, Math.floor(((to - from) * cell) / 60));
  return ticks(from, to - 1, room).filter(
    (tick) => Number.isInteger(tick) && tick >= from && tick < Math.min(to, count),
  );
}

/** Cut with an ellipsis where it would be wider than `width`. */
export function fitted(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  const characters = [...text];
  while (characters.length > 1 && context.measureText(`${characters.join("")}…`).width > width) characters.pop();
  return `${characters.join("")}…`;
}

/** Room that the labels need, measured: at most `most` on the left, and slanted words above. */
export function labelRoom(
  context: CanvasRenderingContext2D,
  font: string,
  labels: { readonly queries: readonly string[]; readonly columns: readonly string[] },
  most: number,
): { readonly left: number; readonly top: number } {
  context.font = `12px ${font}`;
  const widest = (texts: readonly string[]) => Math.max(8, ...texts.map((text) => context.measureText(text).width));
  const left = Math.min(most, Math.ceil(widest(labels.queries)) + 14);
  const longest = Math.min(most, widest(labels.columns));
  return { left, top: Math.ceil(Math.max(24, longest * 0.71 + 14)) };
}
