import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Tile } from "../../src/attention/result.ts";
import type { ResultSummary } from "../../src/protocol/core.ts";
import { numberText } from "../../src/tensor/print.ts";
import { useAnswer, useHead, usePanel, useSelect, useTranslate } from "../context.ts";
import { shownKeys, specialPlaces } from "../data/filters.ts";
import { type Names, useNames } from "../data/names.ts";
import { pick } from "../picking.ts";
import { listed } from "../words.ts";

/** Tokens on each side; of longer documents those around the selected cell. */
const most = 40;
const line = 22;
const gap = 260;
/** What is drawn where the user has not asked for more or less. */
const usual = { kind: "top", count: 3 } as const;
/** Lines that a token of the shorter side may take. */
const mostSpread = 3;

/** Queries on the left, keys on the right, lines between them as strong as the weight: the largest of each query only. */
export function LinesView({ result }: { readonly result: ResultSummary }): JSX.Element {
  const translate = useTranslate();
  const names = useNames(result);
  const panel = usePanel();
  const head = useHead();
  const ui = useSelect((state) => state.ui);
  const [near, setNear] = useState<number | null>(null);
  const { queries, keys } = result.sizes;
  const [row, rows] = span(ui.query, queries);
  const [column, columns] = span(ui.key, keys);
  const request =
    head && rows * columns > 0
      ? ({ method: "tile", ...head, stage: "weights", row, column, rows, columns, step: 1 } as const)
      : null;
  const { value: tile, current } = useAnswer<"tile">(request);
  const filter = ui.filter.kind === "all" ? usual : ui.filter;
  const isSpecial = ui.hideSpecial ? specialPlaces(result) : () => false;
  const shown = (weights: Float32Array, query: number) =>
    shownKeys(weights, filter, (at) => isSpecial({ query, key: column + at })).keys;
  const lines = tile && current ? linesOf(tile, shown) : [];
  const lit = near ?? ui.query - row;
  const height = Math.max(rows, columns) * line;
  const [left, right] = [sideOf(rows, height), sideOf(columns, height)];
  return (
    <div class="lines">
      <p class="hint">
        {filter.kind === "threshold"
          ? translate("The weights from {0} on; the selected query stands out.", { 0: numberText(filter.least) })
          : translate("The {0} largest weights of each query; the selected query stands out.", { 0: filter.count })}
        {(rows < queries || columns < keys) &&
          ` ${translate("Queries {0}–{1}, keys {2}–{3}.", { 0: row, 1: row + rows - 1, 2: column, 3: column + columns - 1 })}`}
      </p>
      <div class="lines-picture">
        <ol class="lines-side" style={{ paddingTop: `${left.from}px` }}>
          {Array.from({ length: rows }, (_, i) => (
            <li key={row + i} style={{ height: `${left.step}px` }}>
              <button
                type="button"
                class={i === ui.query - row ? "token selected" : "token"}
                aria-pressed={i === ui.query - row}
                onClick={() => pick(panel, { query: row + i })}
                onPointerEnter={() => setNear(i)}
                onPointerLeave={() => setNear(null)}
              >
                {names.query(row + i)}
              </button>
            </li>
          ))}
        </ol>
        <svg
          class="lines-canvas"
          viewBox={`0 0 ${gap} ${height}`}
          preserveAspectRatio="none"
          height={height}
          role="img"
          aria-label={described(lines, lit, names, row, column, translate)}
        >
          {lines.map(({ query, key, weight }) => (
            <path
              key={`${query}/${key}`}
              class={query === lit ? "lit" : ""}
              d={curve(middleOf(query, left), middleOf(key, right))}
              stroke-width={0.6 + 5 * weight}
              stroke-opacity={query === lit ? 0.35 + 0.65 * weight : 0.05 + 0.25 * weight}
            />
          ))}
        </svg>
        <ol class="lines-side" style={{ paddingTop: `${right.from}px` }}>
          {Array.from({ length: columns }, (_, i) => (
            <li key={column + i} style={{ height: `${right.step}px` }}>
              <button
                type="button"
                class={i === ui.key - column ? "token selected" : "token"}
                aria-pressed={i === ui.key - column}
                onClick={() => pick(panel, { key: column + i })}
              >
                {names.key(column + i)}
              </button>
            </li>
          ))}
        </ol>
      </div>
    </div>
  );
}

/** Where the tokens of one side stand, in pixels from the top: the shorter side is spread out, in the middle of the longer. */
interface Side {
  readonly from: number;
  readonly step: number;
}

function sideOf(count: number, height: number): Side {
  const step = Math.min(mostSpread * line, height / Math.max(1, count));
  return { from: (height - step * count) / 2, step };
}

function middleOf(at: number, { from, step }: Side): number {
  return from + (at + 0.5) * step;
}

function curve(y1: number, y2: number): string {
  return `M0 ${y1}C${gap * 0.4} ${y1} ${gap * 0.6} ${y2} ${gap} ${y2}`;
}

function span(at: number, count: number): [from: number, length: number] {
  const length = Math.min(most, count);
  return [Math.max(0, Math.min(count - length, at - length / 2)) | 0, length];
}

interface Line {
  readonly query: number;
  readonly key: number;
  readonly weight: number;
}

/** Weights that nobody would see as lines. */
const faintest = 0.002;

/** Of each row the weights that are to be shown, weakest first so that strong lines lie on top. */
function linesOf(
  { values, row, rows, columns }: Tile,
  shown: (weights: Float32Array, query: number) => number[],
): Line[] {
  const lines: Line[] = [];
  for (let query = 0; query < rows; query++) {
    const weights = values.subarray(query * columns, (query + 1) * columns);
    for (const key of shown(weights, row + query))
      if (weights[key]! >= faintest) lines.push({ query, key, weight: weights[key]! });
  }
  return lines.sort((a, b) => a.weight - b.weight);
}

function described(
  lines: readonly Line[],
  query: number,
  names: Names,
  row: number,
  column: number,
  translate: ReturnType<typeof useTranslate>,
): string {
  const own = lines.filter((each) => each.query === query).reverse();
  const list = listed(
    own.map(({ key, weight }) => `${names.key(column + key)} ${numberText(weight, 3)}`),
    translate,
  );
  return translate("{0} attends to: {1}", { 0: names.query(row + query), 1: list });
}
