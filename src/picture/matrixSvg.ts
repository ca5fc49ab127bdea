import { base64, bitmap } from "./bitmap.ts";
import { alarmColor, type CellMark, cellMark, colorIndices } from "./cells.ts";
import { colorMap } from "./colorMaps.ts";
import { balanced, type Domain, finiteDomain, type ScaleKind, scaleOver } from "./scale.ts";

export interface MatrixSvgOptions {
  /** A name of `colorMapNames`; viridis otherwise. */
  readonly colorMap?: string;
  readonly scale?: ScaleKind;
  /** Default: least and largest finite number; around 0 for the diverging map. */
  readonly domain?: Domain;
  /** Longest side in pixels; cells stay square and at most 20 px. Default 192. */
  readonly size?: number;
  /** A dark theme: colours of frame and marks. The theme's own sheet does not reach inside an image. */
  readonly dark?: boolean;
  /** A cell to frame, or a whole row where `column` is left out. */
  readonly highlight?: { readonly row: number; readonly column?: number };
  /** What the picture shows, for those who cannot see it. */
  readonly title?: string;
}

/**
 * A small heatmap as a complete SVG document, to be shown as an image: row-major `values`, `rows × columns`. NaN is a
 * cross, +∞ an upright bar, −∞ (masked) a diagonal hatch. About 4 kB for 48 × 48. Empty matrices give an empty frame.
 */
export function matrixSvg(
  values: ArrayLike<number>,
  rows: number,
  columns: number,
  options: MatrixSvgOptions = {},
): string {
  const map = colorMap(options.colorMap ?? "viridis");
  const cell = Math.min(20, (options.size ?? 192) / Math.max(rows, columns, 1));
  const [width, height] = [Math.max(1, columns * cell), Math.max(1, rows * cell)];
  const limits = options.domain ?? finiteDomain(values) ?? { minimum: 0, maximum: 0 };
  const scale = scaleOver(options.scale ?? "linear", map.diverging ? balanced(limits) : limits);
  const ink = options.dark ? "#ccc" : "#333";
  const parts = [
    options.title === undefined ? "" : `<title>${escapeXml(options.title)}</title>`,
    rows * columns === 0 ? "" : image(base64(bitmap(colorIndices(values, scale), rows, columns, map)), width, height),
    marks(values, columns, cell, options.dark ?? false),
    highlight(options, columns, cell),
    `<rect x=".5" y=".5" width="${n(width)}" height="${n(height)}" fill="none" stroke="${ink}" stroke-opacity=".5"/>`,
  ];
  const [w, h] = [n(width + 1), n(height + 1)];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}">${parts.join("")}</svg>`;
}

function image(data: string, width: number, height: number): string {
  const size = `x=".5" y=".5" width="${n(width)}" height="${n(height)}" preserveAspectRatio="none" image-rendering="pixelated"`;
  return `<image ${size} href="data:image/bmp;base64,${data}"/>`;
}

/** One path of all cells that carry the same mark, over a plain background. */
function marks(values: ArrayLike<number>, columns: number, cell: number, dark: boolean): string {
  const places: Record<CellMark, string[]> = { none: [], nan: [], positiveInfinity: [], negativeInfinity: [] };
  for (let i = 0; i < values.length; i++) {
    const mark = cellMark(values[i]!);
    if (mark !== "none")
      places[mark].push(`M${n((i % columns) * cell + 0.5)} ${n(Math.floor(i / columns) * cell + 0.5)}`);
  }
  const [paper, ink] = dark ? ["#2b2b2b", "#888"] : ["#eee", "#888"];
  const c = n(cell);
  const stroke: Record<CellMark, string> = {
    none: "",
    nan: `l${c} ${c}m-${c} 0l${c}-${c}`,
    positiveInfinity: `m${n(cell / 2)} 0v${c}`,
    negativeInfinity: `m0 ${c}l${c}-${c}`,
  };
  return (Object.keys(places) as CellMark[])
    .filter((mark) => places[mark].length > 0)
    .map((mark) => {
      const background = `<path fill="${paper}" d="${places[mark].map((m) => `${m}h${c}v${c}h-${c}z`).join("")}"/>`;
      const sign = places[mark].map((m) => m + stroke[mark]).join("");
      return `${background}<path fill="none" stroke="${mark === "nan" ? alarmColor : ink}" stroke-width="${n(Math.min(1.5, cell / 8))}" d="${sign}"/>`;
    })
    .join("");
}

function highlight({ highlight: cellOrRow }: MatrixSvgOptions, columns: number, cell: number): string {
  if (!cellOrRow) return "";
  const { row, column } = cellOrRow;
  const box = `x="${n((column ?? 0) * cell + 0.5)}" y="${n(row * cell + 0.5)}" width="${n((column === undefined ? columns : 1) * cell)}" height="${n(cell)}"`;
  return `<rect ${box} fill="none" stroke="#fff" stroke-width="3"/><rect ${box} fill="none" stroke="#e5484d" stroke-width="1.5"/>`;
}

/** At most two decimals: the bytes of a hover are counted. */
function n(x: number): string {
  return String(Math.round(x * 100) / 100);
}

/** For text and attribute values; control characters, which XML 1.0 forbids, become U+FFFD. */
export function escapeXml(text: string): string {
  return (
    text
      .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 forbids
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
  );
}
