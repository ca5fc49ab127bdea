import type { Tile } from "../../src/attention/result.ts";
import { paintCells } from "../../src/picture/cells.ts";
import type { ColorMap } from "../../src/picture/colorMaps.ts";
import type { Scale } from "../../src/picture/scale.ts";
import type { Subject } from "../data/askTile.ts";
import type { Layout, Visible } from "./geometry.ts";

/** How numbers become colours; a new one paints every tile anew. */
export interface Paint {
  readonly map: ColorMap;
  /** The scale of a row, by its number (in cells). */
  readonly scale: (row: number) => Scale;
}

/** Blocks along a tile's side. */
export const side = 256;

/** A tile by its step and its place among the tiles of that step. */
export interface TileKey {
  readonly step: number;
  readonly row: number;
  readonly column: number;
}

interface Kept {
  readonly tile: Tile;
  /** Masked scores of the same cells, where some are −∞. */
  mask: Tile | null;
  picture: HTMLCanvasElement | null;
  paint: Paint | null;
}

/** Tiles in memory: 0.5 MB each with their picture. */
const mostKept = 160;

/** @param beyond what share of rows a draft must know more than. */
export type AskTile = (subject: Subject, rectangle: Rectangle, signal: AbortSignal, beyond?: number) => Promise<Tile>;
export type Rectangle = Pick<Tile, "row" | "column" | "rows" | "columns" | "step">;

/** What a legend has to explain: forbidden cells, and numbers that have no colour. */
export type Sign = "mask" | "alarm";

/** The tiles of one subject: asks for those that are looked at, keeps them, paints them once a colouring. */
export class Tiles {
  readonly subject: Subject;
  readonly #ask: AskTile;
  readonly #onArrival: () => void;
  readonly #onSeen: (sign: Sign) => void;
  readonly #kept = new Map<string, Kept>();
  readonly #asked = new Map<string, AbortController>();
  readonly #refused = new Set<string>();

  readonly #masks: boolean;

  /** @param masks also ask which cells are masked (for weights that were computed, not given). */
  constructor(subject: Subject, masks: boolean, ask: AskTile, onArrival: () => void, onSeen: (sign: Sign) => void) {
    this.#onSeen = onSeen;
    this.subject = subject;
    this.#masks = masks;
    this.#ask = ask;
    this.#onArrival = onArrival;
  }

  /** The share of rows that is computed, of the tiles that still get better; 1: all are as good as they get. */
  get known(): number {
    const shares = [...this.#asked.keys()].map((name) => this.#kept.get(name)?.tile.known ?? 1);
    return Math.min(1, ...shares);
  }

  get hasSome(): boolean {
    return this.#kept.size > 0;
  }

  get(key: TileKey): Tile | undefined {
    return this.#kept.get(nameOf(key))?.tile;
  }

  /** Whether the block at this place of a tile holds only forbidden cells. */
  isMasked(key: TileKey, at: number): boolean {
    const kept = this.#kept.get(nameOf(key));
    const known = kept?.mask ?? (this.subject.other ? null : kept?.tile);
    return known?.values[at] === Number.NEGATIVE_INFINITY;
  }

  picture(key: TileKey, paint: Paint): HTMLCanvasElement | undefined {
    const kept = this.#kept.get(nameOf(key));
    if (!kept) return undefined;
    if (kept.paint !== paint) {
      kept.picture = painted(kept, paint);
      kept.paint = paint;
    }
    return kept.picture ?? undefined;
  }

  /** Asks for these, first ones first, and gives up what is asked for and not among them. */
  want(keys: readonly TileKey[], layout: Layout): void {
    const wanted = new Map(keys.map((key) => [nameOf(key), key]));
    for (const [name, request] of this.#asked) {
      if (wanted.has(name)) continue;
      request.abort();
      this.#asked.delete(name);
    }
    for (const [name, key] of wanted) {
      const kept = this.#kept.get(name);
      if (kept) {
        this.#kept.delete(name);
        this.#kept.set(name, kept);
      }
      const isDone = kept && kept.tile.known === undefined;
      if (!isDone && !this.#asked.has(name) && !this.#refused.has(name)) void this.#fetch(name, key, layout);
    }
    for (const name of this.#kept.keys()) {
      if (this.#kept.size <= mostKept) break;
      if (!wanted.has(name)) this.#kept.delete(name);
    }
  }

  /** Where there are very many rows, drafts come first: each asks for a better one, as long as the tile is looked at. */
  async #fetch(name: string, key: TileKey, layout: Layout): Promise<void> {
    const giveUp = new AbortController();
    this.#asked.set(name, giveUp);
    try {
      const rectangle = rectangleOf(key, layout);
      let known = this.#kept.get(name)?.tile.known ?? 0;
      while (known < 1) {
        const tile = await this.#ask(this.subject, rectangle, giveUp.signal, known);
        const mask = this.#kept.get(name)?.mask ?? null;
        this.#kept.set(name, { tile, mask, picture: null, paint: null });
        if (!giveUp.signal.aborted) this.#onArrival();
        if (this.subject.stage === "masked" && !this.subject.other && tile.values.includes(Number.NEGATIVE_INFINITY))
          this.#onSeen("mask");
        if (tile.values.includes(Number.NaN) || tile.values.includes(Number.POSITIVE_INFINITY)) this.#onSeen("alarm");
        if (this.#masks && known === 0) await this.#fetchMask(name, rectangle, giveUp.signal);
        known = tile.known ?? 1;
      }
    } catch {
      if (!giveUp.signal.aborted) this.#refused.add(name);
    } finally {
      if (this.#asked.get(name) === giveUp) this.#asked.delete(name);
      if (!giveUp.signal.aborted) this.#onArrival();
    }
  }

  /** A weight of 0 does not say whether the pair was forbidden: the masked scores do. */
  async #fetchMask(name: string, rectangle: Rectangle, signal: AbortSignal): Promise<void> {
    const mask = await this.#ask(maskOf(this.subject), rectangle, signal);
    const kept = this.#kept.get(name);
    if (!kept || !mask.values.includes(Number.NEGATIVE_INFINITY)) return;
    kept.mask = mask;
    kept.paint = null;
    this.#onSeen("mask");
  }

  /** Nothing more will be looked at. */
  close(): void {
    for (const request of this.#asked.values()) request.abort();
    this.#kept.clear();
  }
}

/** A pair is hatched only where every head that is shown, or compared with it, forbids it. */
function maskOf({ result, batch, head, together = [], other }: Subject): Subject {
  return { result, batch, head, stage: "masked", together: other ? [other] : together, combine: "max" };
}

function nameOf({ step, row, column }: TileKey): string {
  return `${step}/${row}/${column}`;
}

export function rectangleOf({ step, row, column }: TileKey, { rows, columns }: Layout): Rectangle {
  const [fromRow, fromColumn] = [row * side * step, column * side * step];
  return {
    step,
    row: fromRow,
    column: fromColumn,
    rows: Math.min(side, Math.ceil((rows - fromRow) / step)),
    columns: Math.min(side, Math.ceil((columns - fromColumn) / step)),
  };
}

/** The step at which the whole stage is one tile. */
export function overviewStep({ rows, columns }: Layout): number {
  return 2 ** Math.max(0, Math.ceil(Math.log2(Math.max(rows, columns, 1) / side)));
}

/** The tiles of `step` that cover what is visible, nearest to its middle first. */
export function covering({ rows, columns }: Visible, step: number): TileKey[] {
  const span = side * step;
  const keys: TileKey[] = [];
  for (let row = Math.floor(rows[0] / span); row * span < rows[1]; row++) {
    for (let column = Math.floor(columns[0] / span); column * span < columns[1]; column++)
      keys.push({ step, row, column });
  }
  const [y, x] = [(rows[0] + rows[1]) / 2 / span - 0.5, (columns[0] + columns[1]) / 2 / span - 0.5];
  return keys.sort((a, b) => Math.hypot(a.row - y, a.column - x) - Math.hypot(b.row - y, b.column - x));
}

function painted({ tile, mask, picture }: Kept, { map, scale }: Paint): HTMLCanvasElement {
  const canvas = picture ?? document.createElement("canvas");
  canvas.width = tile.columns;
  canvas.height = tile.rows;
  const context = canvas.getContext("2d")!;
  const image = context.createImageData(tile.columns, tile.rows);
  for (let row = 0; row < tile.rows; row++) {
    const [from, to] = [row * tile.columns, (row + 1) * tile.columns];
    const pixels = image.data.subarray(from * 4, to * 4);
    paintCells(tile.values.subarray(from, to), map, scale(tile.row + row * tile.step), pixels);
  }
  if (mask) clearMasked(mask.values, image.data);
  context.putImageData(image, 0, 0);
  return canvas;
}

/** Forbidden cells become transparent: the hatch behind the map shows. */
function clearMasked(mask: Float32Array, pixels: Uint8ClampedArray): void {
  for (let i = 0; i < mask.length; i++) if (mask[i] === Number.NEGATIVE_INFINITY) pixels[i * 4 + 3] = 0;
}
