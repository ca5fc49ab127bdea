import { shownName } from "../explain/visible.ts";
import { base64, bitmap } from "../picture/bitmap.ts";
import { alarmColor, cellMark, colorIndices } from "../picture/cells.ts";
import { type ColorMap, colorIndex, colorMap, hexColor, inkOn } from "../picture/colorMaps.ts";
import { escapeXml } from "../picture/matrixSvg.ts";
import { balanced, type Domain, finiteDomain, type Scale, type ScaleKind, scaleOver } from "../picture/scale.ts";
import { numberText } from "../tensor/print.ts";
import type { StageTable } from "./stageTable.ts";

export interface FigureOptions {
  readonly colorMap: string;
  readonly scale: ScaleKind;
  /** Default: the table's own limits; from 0 for weights, around 0 for the diverging map. */
  readonly domain?: Domain;
  /** What stands above the picture. */
  readonly title: string;
  /** What rows and columns are: "queries", "keys". */
  readonly rowTitle: string;
  readonly columnTitle: string;
}

/** Cells up to this many a side are drawn one by one, and may carry their number; beyond, blocks in one bitmap. */
const vectorCells = 64;
const bitmapCells = 1024;
const font = 'font-family="Helvetica, Arial, sans-serif"';

/**
 * A stage as a figure for a paper: a complete SVG on white, with labels, a legend and its limits. Up to 64×64 cells are
 * vectors with their numbers where these fit; larger stages are block maxima (of |x| with its sign) in one bitmap.
 */
export function figureSvg(table: StageTable, options: FigureOptions): string {
  const [rows, columns] = table.values.shape as [number, number];
  const cell = cellSize(rows, columns);
  const left = 16 + labelWidth(table.rows, rows, cell);
  const top = 34 + (slants(table, columns, cell) ? labelWidth(table.columns, columns, cell) * 0.71 + 8 : 18);
  const [width, height] = [columns * cell, rows * cell];
  const coloring = coloringOf(table, options);
  const total = {
    width: Math.ceil(left + width + 84 + (slants(table, columns, cell) ? 20 : 0)),
    height: Math.ceil(top + Math.max(height, 120) + 34),
  };
  const parts = [
    `<rect width="100%" height="100%" fill="#fff"/>`,
    text(left, 18, options.title, 'font-size="13" font-weight="bold"'),
    `<g transform="translate(${n(left)} ${n(top)})">`,
    rows <= vectorCells && columns <= vectorCells ? vectors(table, cell, coloring) : raster(table, cell, coloring),
    `<rect width="${n(width)}" height="${n(height)}" fill="none" stroke="#444" stroke-width=".75"/>`,
    rowLabels(table, rows, cell),
    columnLabels(table, columns, cell),
    text(width / 2, height + 22, options.columnTitle, 'font-size="11" fill="#444" text-anchor="middle"'),
    `<g transform="translate(${n(width + 18)} 0)">${legend(coloring, Math.max(120, Math.min(height, 240)))}</g>`,
    `<g transform="translate(${n(-left + 12)} ${n(height / 2)}) rotate(-90)">${text(0, 0, options.rowTitle, 'font-size="11" fill="#444" text-anchor="middle"')}</g>`,
    "</g>",
  ];
  const size = `width="${total.width}" height="${total.height}" viewBox="0 0 ${total.width} ${total.height}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" ${size} ${font}><title>${escapeXml(options.title)}</title>${parts.join("")}</svg>\n`;
}

interface Coloring {
  readonly map: ColorMap;
  readonly scale: Scale;
  readonly domain: Domain;
}

function coloringOf({ values, stage }: StageTable, options: FigureOptions): Coloring {
  const map = colorMap(options.colorMap);
  const limits = finiteDomain(values.data as Float64Array) ?? { minimum: 0, maximum: 1 };
  const own = map.diverging ? balanced(limits) : stage === "weights" ? { ...limits, minimum: 0 } : limits;
  const domain = options.domain ?? own;
  return { map, domain, scale: scaleOver(options.scale, domain) };
}

function cellSize(rows: number, columns: number): number {
  return Math.min(42, Math.max(0.5, 560 / Math.max(rows, columns, 1)));
}

function vectors({ values, forbidden }: StageTable, cell: number, { map, scale }: Coloring): string {
  const [rows, columns] = values.shape as [number, number];
  const data = values.data as Float64Array;
  const parts: string[] = [];
  for (let at = 0; at < rows * columns; at++) {
    const x = data[at]!;
    const [left, top] = [(at % columns) * cell, Math.floor(at / columns) * cell];
    const entry = colorIndex(scale(x));
    const mark = forbidden?.[at] === 1 ? "negativeInfinity" : cellMark(x);
    const fill = mark === "none" ? hexColor(map, entry) : mark === "negativeInfinity" ? "#f2f2f2" : alarmColor;
    parts.push(`<rect x="${n(left)}" y="${n(top)}" width="${n(cell)}" height="${n(cell)}" fill="${fill}"/>`);
    if (mark === "negativeInfinity") parts.push(hatch(left, top, cell));
    else if (cell >= 26) parts.push(cellNumber(x, left, top, cell, mark === "none" ? inkOn(map, entry) : "#ffffff"));
  }
  return parts.join("");
}

function cellNumber(x: number, left: number, top: number, cell: number, ink: string): string {
  const size = Math.min(11, cell * 0.3);
  return text(
    left + cell / 2,
    top + cell / 2 + size * 0.35,
    numberText(x, 2),
    `font-size="${n(size)}" fill="${ink}" text-anchor="middle"`,
  );
}

function hatch(left: number, top: number, cell: number): string {
  return `<path d="M${n(left)} ${n(top + cell)}l${n(cell)} ${n(-cell)}" stroke="#aaa" stroke-width=".75"/>`;
}

/** Blocks of the largest numbers, as one picture: a million rectangles are no figure. */
function raster({ values }: StageTable, cell: number, { map, scale }: Coloring): string {
  const [rows, columns] = values.shape as [number, number];
  const step = Math.max(1, Math.ceil(Math.max(rows, columns) / bitmapCells));
  const [height, width] = [Math.ceil(rows / step), Math.ceil(columns / step)];
  const blocks = new Float32Array(height * width);
  const data = values.data as Float64Array;
  for (let at = 0; at < data.length; at++) {
    const block = Math.floor(Math.floor(at / columns) / step) * width + Math.floor((at % columns) / step);
    if (!(Math.abs(data[at]!) <= Math.abs(blocks[block]!)) && Number.isFinite(data[at]!)) blocks[block] = data[at]!;
  }
  const picture = base64(bitmap(colorIndices(blocks, scale), height, width, map));
  const size = `width="${n(width * step * cell)}" height="${n(height * step * cell)}" preserveAspectRatio="none" image-rendering="pixelated"`;
  return `<image ${size} href="data:image/bmp;base64,${picture}"/>`;
}

const most = 90;

/** Widths are estimated: a file has no font to measure with. */
function labelWidth(labels: readonly string[] | null, count: number, cell: number): number {
  if (!labels || cell < 9) return 12 + 7 * String(count).length;
  return Math.min(most, Math.max(12, ...labels.map((label) => 6.4 * [...label].length)) + 8);
}

function slants({ columns: labels }: StageTable, count: number, cell: number): boolean {
  return labels !== null && cell >= 9 && labels.slice(0, count).some((label) => 6.4 * [...label].length > cell);
}

function rowLabels({ rows: labels }: StageTable, count: number, cell: number): string {
  return marked(count, cell)
    .map((row) =>
      text(
        -6,
        (row + 0.5) * cell + 4,
        clipped(cell >= 9 ? labels?.[row] : undefined, row),
        'font-size="11" text-anchor="end"',
      ),
    )
    .join("");
}

function columnLabels(table: StageTable, count: number, cell: number): string {
  const slanted = slants(table, count, cell);
  return marked(count, cell)
    .map((column) => {
      const label = clipped(cell >= 9 ? table.columns?.[column] : undefined, column);
      const x = (column + 0.5) * cell;
      if (!slanted) return text(x, -6, label, 'font-size="11" text-anchor="middle"');
      return `<g transform="translate(${n(x)} -5) rotate(-45)">${text(0, 0, label, 'font-size="11"')}</g>`;
    })
    .join("");
}

/** Every row where there is room, else round ones. */
function marked(count: number, cell: number): number[] {
  if (cell >= 9) return Array.from({ length: count }, (_, i) => i);
  const rough = count / Math.max(1, Math.floor((count * cell) / 60));
  const power = 10 ** Math.floor(Math.log10(Math.max(1, rough)));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough) ?? rough;
  return Array.from({ length: Math.ceil(count / step) }, (_, i) => i * step);
}

/** A word as it can stand in a figure: controls visible, at most 16 characters. */
function clipped(label: string | undefined, index: number): string {
  if (label === undefined) return String(index);
  const characters = [...label];
  return shownName(characters.length > 16 ? `${characters.slice(0, 15).join("")}…` : label);
}

function legend({ map, domain, scale }: Coloring, height: number): string {
  const steps = 48;
  const bars = Array.from({ length: steps }, (_, i) => {
    const y = (i * height) / steps;
    return `<rect y="${n(y)}" width="12" height="${n(height / steps + 0.5)}" fill="${hexColor(map, 255 - Math.round((i * 255) / (steps - 1)))}"/>`;
  });
  const ticks = [domain.maximum, (domain.minimum + domain.maximum) / 2, domain.minimum].map((x) =>
    text(
      17,
      height * (1 - scale(x)) + (x === domain.maximum ? 8 : x === domain.minimum ? 0 : 4),
      numberText(x, 3),
      'font-size="10"',
    ),
  );
  return bars.join("") + ticks.join("");
}

function text(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${n(x)}" y="${n(y)}" ${attributes}>${escapeXml(content)}</text>`;
}

function n(x: number): string {
  return String(Math.round(x * 100) / 100);
}
