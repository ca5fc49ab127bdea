import { colorIndex, inkOn } from "../../src/picture/colorMaps.ts";
import { numberText } from "../../src/tensor/print.ts";
import type { LeavesOut } from "../data/filters.ts";
import type { Place } from "../state.ts";
import { type Box, cellBox, type Layout, plotSize, stepFor, visibleCells, type Zoom } from "./geometry.ts";
import { paintLabels } from "./paintLabels.ts";
import type { MapTheme } from "./theme.ts";
import { covering, overviewStep, type Paint, side, type TileKey, type Tiles } from "./tiles.ts";

/** Everything that one frame of the map shows. */
export interface Scene {
  readonly layout: Layout;
  readonly zoom: Zoom;
  readonly tiles: Tiles;
  readonly paint: Paint;
  readonly theme: MapTheme;
  readonly selected: Place | null;
  readonly pointer: Place | null;
  /** Cells below are faded: the filter left them out. */
  readonly isLeftOut: LeavesOut | null;
  readonly queryLabel: (query: number) => string;
  readonly columnLabel: (column: number) => string;
  readonly queryWords: boolean;
  readonly columnWords: boolean;
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

/** What lies behind the tiles, and shows where cells are masked. */
function paintHatch(
  context: CanvasRenderingContext2D,
  { theme }: Scene,
  plot: { width: number; height: number },
): void {
  context.fillStyle = theme.background;
  context.fillRect(0, 0, plot.width, plot.height);
  context.strokeStyle = theme.faint;
  context.globalAlpha = 0.45;
  context.lineWidth = 1;
  context.beginPath();
  for (let x = -plot.height; x < plot.width; x += 7) {
    context.moveTo(x, plot.height);
    context.lineTo(x + plot.height, 0);
  }
  context.stroke();
  context.globalAlpha = 1;
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
  for (const key of wantedTiles(scene, devicePixels)) paintTile(context, scene, key);
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
  context.fillText(cellText(value), box.x + box.width / 2, box.y + box.height / 2 + 0.5, box.width - 2);
}

/** A row of which every cell is in one tile that is there. */
function wholeRow({ tiles, layout }: Scene, query: number): Float32Array | null {
  if (layout.columns > side) return null;
  const tile = tiles.get({ step: 1, row: Math.floor(query / side), column: 0 });
  const at = tile ? (query - tile.row) * tile.columns : 0;
  return tile?.values.subarray(at, at + tile.columns) ?? null;
}

/** Two or three digits: the exact number stands beside the map. */
export function cellText(value: number): string {
  if (!Number.isFinite(value)) return numberText(value);
  const digits = 2;
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.5 * 10 ** -digits || size >= 10000))
    return value.toExponential(0).replace("e+", "e").replaceAll("-", "−");
  const text = value.toFixed(size >= 100 ? 0 : size >= 10 ? Math.min(1, digits) : digits);
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
  const { selected, pointer, theme } = scene;
  if (pointer) outline(context, scene, pointer, plot, theme.foreground, 0.35);
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
