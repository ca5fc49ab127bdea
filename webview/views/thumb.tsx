import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { paintCells } from "../../src/picture/cells.ts";
import { colorMap } from "../../src/picture/colorMaps.ts";
import { balanced, finiteDomain, scaleOver } from "../../src/picture/scale.ts";
import type { InputTile } from "../../src/protocol/core.ts";
import { useTheme } from "../context.ts";

export type ThumbTile = Pick<InputTile, "rows" | "columns" | "step" | "values">;

export interface ThumbProps {
  readonly tile: ThumbTile | undefined;
  /** In cells. */
  readonly rows: number;
  readonly columns: number;
  /** Drawn with rows and columns exchanged. */
  readonly transposed?: boolean;
  readonly colors: string;
  /** Colours start at 0: for weights. */
  readonly fromZero?: boolean;
  /** The row and the column of the crosshair, in cells as drawn. */
  readonly row?: number | null;
  readonly column?: number | null;
  /** Fills the room even where cells then are not square. */
  readonly fill?: boolean;
  /** Room in CSS pixels. */
  readonly width: number;
  readonly height: number;
}

const largestCell = 12;
/** A long thin matrix is drawn at least this thick. */
const thinnest = 12;

/** A small picture of a matrix, with the crosshair that all of them share. */
export function Thumb(props: ThumbProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { accent } = useTheme();
  const [rows, columns] = props.transposed ? [props.columns, props.rows] : [props.rows, props.columns];
  const cell = Math.min(largestCell, props.width / Math.max(1, columns), props.height / Math.max(1, rows));
  const whole = { width: props.width, height: props.height };
  const size = props.fill
    ? whole
    : { width: Math.max(thinnest, columns * cell), height: Math.max(thinnest, rows * cell) };
  useLayoutEffect(
    () => draw(canvas.current!, props, size, { rows, columns }, accent),
    [props.tile, props.colors, props.row, props.column, size.width, size.height, accent],
  );
  return (
    <span class="thumb-box" style={{ height: `${props.height}px` }}>
      <canvas ref={canvas} class="thumb" style={{ width: `${size.width}px`, height: `${size.height}px` }} />
    </span>
  );
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function draw(
  canvas: HTMLCanvasElement,
  props: ThumbProps,
  size: Size,
  cells: { rows: number; columns: number },
  accent: string,
): void {
  const devicePixels = window.devicePixelRatio || 1;
  canvas.width = Math.round(size.width * devicePixels);
  canvas.height = Math.round(size.height * devicePixels);
  const context = canvas.getContext("2d")!;
  context.scale(devicePixels, devicePixels);
  if (props.tile) drawTile(context, props.tile, props, size, cells);
  band(context, props.row ?? null, cells.rows, size, "row", accent);
  band(context, props.column ?? null, cells.columns, size, "column", accent);
}

function drawTile(
  context: CanvasRenderingContext2D,
  tile: ThumbTile,
  props: ThumbProps,
  size: Size,
  cells: { rows: number; columns: number },
): void {
  const picture = document.createElement("canvas");
  picture.width = tile.columns;
  picture.height = tile.rows;
  const inner = picture.getContext("2d")!;
  const image = inner.createImageData(tile.columns, tile.rows);
  const map = colorMap(props.colors);
  const limits = finiteDomain(tile.values) ?? { minimum: 0, maximum: 1 };
  const domain = map.diverging ? balanced(limits) : props.fromZero ? { ...limits, minimum: 0 } : limits;
  paintCells(tile.values, map, scaleOver("linear", domain), image.data);
  inner.putImageData(image, 0, 0);
  context.save();
  context.imageSmoothingEnabled = false;
  const [cellWidth, cellHeight] = [size.width / cells.columns, size.height / cells.rows];
  if (props.transposed) context.transform(0, 1, 1, 0, 0, 0);
  const [width, height] = props.transposed ? [cellHeight, cellWidth] : [cellWidth, cellHeight];
  // Blocks at the edge may stand for fewer cells than the others; what reaches beyond is cut off by the canvas.
  context.drawImage(picture, 0, 0, tile.columns * tile.step * width, tile.rows * tile.step * height);
  context.restore();
}

function band(
  context: CanvasRenderingContext2D,
  at: number | null,
  count: number,
  size: Size,
  along: "row" | "column",
  color: string,
): void {
  if (at === null || count === 0) return;
  const length = along === "row" ? size.height : size.width;
  const thickness = Math.max(2, length / count);
  const start = Math.min(length - thickness, (at * length) / count);
  const box: [number, number, number, number] =
    along === "row"
      ? [0.5, start + 0.5, size.width - 1, thickness - 1]
      : [start + 0.5, 0.5, thickness - 1, size.height - 1];
  context.lineWidth = 2;
  context.strokeStyle = "#fff";
  context.strokeRect(...box);
  context.lineWidth = 1;
  context.strokeStyle = color;
  context.strokeRect(...box);
}
