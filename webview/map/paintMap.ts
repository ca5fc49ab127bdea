import { colorIndex, inkOn } from "../../src/picture/colorMaps.ts";
import { numberText } from "../../src/tensor/print.ts";
import type { LeavesOut } from "../data/filters.ts";
import type { Place } from "../state.ts";
import { type Box, cellBox, type Layout, plotSize, stepFor, visibleCells, type Zoom } from "./geometry.ts";
import { paintLabels, paintPointed } from "./paintLabels.ts";
import type { MapTheme } from "./theme.ts";
import { covering, overviewStep, type Paint, side, type TileKey, type Tiles } from "./tiles.ts";

/** Everything that one frame of the map shows. */
export interface Scene {
  readonly layout: Layout;
  readonly zoom: Zoom;
  readonly tiles: Tiles;
  readonly paint: Paint;
  /** The largest number of the stage, without its sign: beside it some are too small to be written. */
  readonly largest: number;
  readonly theme: MapTheme;
  /** What fills masked cells; see `hatchOf`. */
  readonly hatch: CanvasPattern | string;
  readonly selected: Place | null;
  /** Cells below are faded: the filter left them out. */
  readonly isLeftOut: LeavesOut | null;
  readonly queryLabel: (query: number) => string;
  readonly columnLabel: (column: number) => string;
}

/** Cells from this size on carry their number. */
const numberWidth = 30;
const numberHeight = 14;

export function paintMap(context: CanvasRenderingContext2D, scene: Scene, devicePixels: number): void {
  const { layout } = scene;
  const plot = plotSize(layout);
  context.setTransform(devicePixels, 0, 0, devicePixels, 0, 0);
  context.clearRect(0, 0, layout.width, layout.height);
  context.save();
  context.translate(layout.left, layout.top);
  context.beginPath();
  context.rect(0, 0, plot.width, plot.height);
  context.clip();
  paintHatch(context, scene, plot);
  paintTiles(context, scene, devicePixels);
  paintCellTexts(context, scene);
  paintCrosshair(context, scene, plot);
  context.restore();
  context.strokeStyle = scene.theme.border;
  context.lineWidth = 1;
  context.strokeRect(layout.left - 0.5, layout.top - 0.5, plot.width + 1, plot.height + 1);
  paintLabels(context, scene);
}

/** What moves with the pointer, on a canvas of its own: the map beneath stays as it is. */
export function paintPointer(
  context: CanvasRenderingContext2D,
  scene: Scene,
  pointer: Place | null,
  devicePixels: number,
): void {
  const { layout, theme } = scene;
  const plot = plotSize(layout);
  context.setTransform(devicePixels, 0, 0, devicePixels, 0, 0);
  context.clearRect(0, 0, layout.width, layout.height);
  if (!pointer) return;
  context.save();
  context.translate(layout.left, layout.top);
  context.beginPath();
  context.rect(0, 0, plot.width, plot.height);
  context.clip();
  outline(context, scene, pointer, plot, theme.foreground, 0.35);
  context.restore();
  paintPointed(context, scene, pointer);
}

/** What lies behind the tiles, and shows where cells are masked. */
function paintHatch(
  context: CanvasRenderingContext2D,
  { theme, hatch }: Scene,
  plot: { width: number; height: number },
): void {
  context.fillStyle = theme.background;
  context.fillRect(0, 0, plot.width, plot.height);
  context.fillStyle = hatch;
  context.fillRect(0, 0, plot.width, plot.height);
}

const hatchSide = 7;

/** One stroke of the hatch, to be repeated: hundreds of lines a frame would be the dearest part of it. */
export function hatchOf(
  context: CanvasRenderingContext2D,
  { faint }: MapTheme,
  devicePixels: number,
): CanvasPattern | string {
  const stroke = document.createElement("canvas");
  stroke.width = stroke.height = Math.round(hatchSide * devicePixels);
  const inner = stroke.getContext("2d")!;
  inner.scale(stroke.width / hatchSide, stroke.width / hatchSide);
  inner.strokeStyle = faint;
  inner.globalAlpha = 0.45;
  inner.beginPath();
  // The neighbours' ends, too: what a line leaves in the corners.
  for (const shift of [-hatchSide, 0, hatchSide]) {
    inner.moveTo(shift - 1, hatchSide + 1);
    inner.lineTo(shift + hatchSide + 1, -1);
  }
  inner.stroke();
  const pattern = context.createPattern(stroke, "repeat");
  pattern?.setTransform(new DOMMatrix().scale(hatchSide / stroke.width));
  return pattern ?? "transparent";
}

/** The tiles that a scene would like to have, coarse ones first so that something is there at once. */
export function wantedTiles({ layout, zoom }: Scene, devicePixels: number): TileKey[] {
  const overview = { step: overviewStep(layout), row: 0, column: 0 };
  const step = stepFor(layout, zoom, devicePixels);
  if (step >= overview.step) return [overview];
  return [overview, ...covering(visibleCells(layout, zoom), step)];
}

function paintTiles(context: CanvasRenderingContext2D, scene: Scene, devicePixels: number): void {
  context.imageSmoothingEnabled = false;
  const [overview, ...fine] = wantedTiles(scene, devicePixels);
  const isCovered = fine.length > 0 && fine.every((key) => scene.tiles.get(key));
  if (overview && !isCovered) paintTile(context, scene, overview);
  for (const key of fine) paintTile(context, scene, key);
}

/** The tile, or while it is awaited the finest coarser one of the same place. */
function paintTile(context: CanvasRenderingContext2D, scene: Scene, key: TileKey): void {
  const { tiles, paint, layout } = scene;
  const picture = tiles.picture(key, paint);
  if (picture) {
    drawWhole(context, scene, key, picture);
    return;
  }
  const last = overviewStep(layout);
  for (let step = key.step * 2; step < last; step *= 2) {
    const factor = step / key.step;
    const coarser = { step, row: Math.floor(key.row / factor), column: Math.floor(key.column / factor) };
    const stand = tiles.picture(coarser, paint);
    if (stand) {
      drawPart(context, scene, key, stand, factor);
      return;
    }
  }
}

function drawWhole(
  context: CanvasRenderingContext2D,
  { layout, zoom }: Scene,
  key: TileKey,
  picture: HTMLCanvasElement,
): void {
  const [width, height] = blockSize(layout, zoom, key);
  const x = zoom.x + key.column * side * width;
  const y = zoom.y + key.row * side * height;
  context.drawImage(picture, x, y, picture.width * width, picture.height * height);
}

function drawPart(
  context: CanvasRenderingContext2D,
  { layout, zoom }: Scene,
  key: TileKey,
  picture: HTMLCanvasElement,
  factor: number,
): void {
  const size = side / factor;
  const [sx, sy] = [(key.column % factor) * size, (key.row % factor) * size];
  const [width, height] = [Math.min(size, picture.width - sx), Math.min(size, picture.height - sy)];
  if (width <= 0 || height <= 0) return;
  const [across, down] = blockSize(layout, zoom, key);
  const [x, y] = [zoom.x + key.column * side * across, zoom.y + key.row * side * down];
  context.drawImage(picture, sx, sy, width, height, x, y, width * factor * across, height * factor * down);
}

function blockSize(layout: Layout, zoom: Zoom, { step }: TileKey): [width: number, height: number] {
  return [layout.cellWidth * zoom.k * step, layout.cellHeight * zoom.k * step];
}

/** Numbers where they fit, signs for what is none, a veil over what the filter leaves out. */
function paintCellTexts(context: CanvasRenderingContext2D, scene: Scene): void {
  const [width, height] = [scene.layout.cellWidth * scene.zoom.k, scene.layout.cellHeight * scene.zoom.k];
  const withText = width >= numberWidth && height >= numberHeight;
  if (!withText && !(scene.isLeftOut && Math.min(width, height) >= 2)) return;
  const { rows, columns } = visibleCells(scene.layout, scene.zoom);
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.font = `${Math.min(13, Math.round(width * 0.29), height - 4)}px ${scene.theme.font}`;
  for (let query = rows[0]; query < rows[1]; query++) {
    for (let key = columns[0]; key < columns[1]; key++) paintCellText(context, scene, { query, key }, withText);
  }
}

function paintCellText(context: CanvasRenderingContext2D, scene: Scene, place: Place, withText: boolean): void {
  const key = { step: 1, row: Math.floor(place.query / side), column: Math.floor(place.key / side) };
  const tile = scene.tiles.get(key);
  if (!tile) return;
  const at = (place.query - tile.row) * tile.columns + place.key - tile.column;
  const value = tile.values[at]!;
  const box = cellBox(scene.layout, scene.zoom, place);
  const masked = scene.tiles.isMasked(key, at);
  const leftOut = scene.isLeftOut?.(place, value, (query) => wholeRow(scene, query)) ?? false;
  if (leftOut) veil(context, scene.theme, box);
  if (leftOut || masked || !withText) return;
  const { map, scale } = scene.paint;
  context.fillStyle = Number.isFinite(value) ? inkOn(map, colorIndex(scale(place.query)(value))) : "#ffffff";
  const text = cellText(value, scene.largest);
  context.globalAlpha = text === ".00" || text === "0" ? 0.6 : 1;
  context.fillText(text, box.x + box.width / 2, box.y + box.height / 2 + 0.5, box.width - 2);
  context.globalAlpha = 1;
}

/** A row of which every cell is in one tile that is there. */
function wholeRow({ tiles, layout }: Scene, query: number): Float32Array | null {
  if (layout.columns > side) return null;
  const tile = tiles.get({ step: 1, row: Math.floor(query / side), column: 0 });
  const at = tile ? (query - tile.row) * tile.columns : 0;
  return tile?.values.subarray(at, at + tile.columns) ?? null;
}

/** Two or three digits: the exact number stands beside the map. What is too small beside `largest` for two is `.00`. */
export function cellText(value: number, largest: number): string {
  if (!Number.isFinite(value)) return numberText(value);
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 10000 || (size < 0.005 && largest < 0.1))
    return value.toExponential(0).replace("e+", "e").replaceAll("-", "−");
  const text = value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
  return text.replace("-", "−").replace(/^(−?)0\./, "$1.");
}

function veil(context: CanvasRenderingContext2D, theme: MapTheme, { x, y, width, height }: Box): void {
  context.globalAlpha = 0.86;
  context.fillStyle = theme.background;
  context.fillRect(x, y, width, height);
  context.globalAlpha = 1;
}

function paintCrosshair(
  context: CanvasRenderingContext2D,
  scene: Scene,
  plot: { width: number; height: number },
): void {
  const { selected, theme } = scene;
  if (selected) outline(context, scene, selected, plot, theme.accent, 0.9);
}

/** The row and the column as thin bands of light around the cell; the cell itself twice outlined, to show on any colour. */
function outline(
  context: CanvasRenderingContext2D,
  { layout, zoom }: Scene,
  place: Place,
  plot: { width: number; height: number },
  color: string,
  alpha: number,
): void {
  const { x, y, ...exact } = cellBox(layout, zoom, place);
  const [width, height] = [Math.max(exact.width, 3), Math.max(exact.height, 3)];
  context.globalAlpha = alpha;
  context.strokeStyle = color;
  context.lineWidth = 1;
  context.beginPath();
  for (const edge of [y, y + height]) line(context, 0, Math.round(edge) + 0.5, plot.width, Math.round(edge) + 0.5);
  for (const edge of [x, x + width]) line(context, Math.round(edge) + 0.5, 0, Math.round(edge) + 0.5, plot.height);
  context.stroke();
  context.globalAlpha = 1;
  context.lineWidth = 3;
  context.strokeStyle = "#000";
  context.strokeRect(x, y, width, height);
  context.lineWidth = 1.5;
  context.strokeStyle = "#fff";
  context.strokeRect(x, y, width, height);
}

function line(context: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
}
