import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Stage } from "../../src/attention/problem.ts";
import type { AttentionRow } from "../../src/attention/result.ts";
import type { ResultSummary } from "../../src/protocol/core.ts";
import { numberText } from "../../src/tensor/print.ts";
import { type Answered, useHead, usePanel, useSelect, useTranslate } from "../context.ts";
import { type Names, useNames } from "../data/names.ts";
import { useCellValue, useReadRow } from "../data/rows.ts";
import { useTogetherValue } from "../data/together.ts";
import type { Box } from "../map/geometry.ts";
import { pick } from "../picking.ts";
import { type Place, placed, selected, stageSize, type UiState } from "../state.ts";

interface GridCellsProps {
  readonly result: ResultSummary;
  readonly boxOf: (place: Place) => Box;
}

/**
 * A real grid over the canvas, of which only the selected cell and its neighbours exist: arrows move the focus from one
 * element to the next, so that a screen reader reads the new one out.
 */
export function GridCells({ result, boxOf }: GridCellsProps): JSX.Element {
  const translate = useTranslate();
  const ui = useSelect((state) => state.ui);
  const { rows, columns } = stageSize(ui.stage, result);
  const place = selected(ui);
  const grid = useRef<HTMLDivElement>(null);
  useFollowingFocus(grid, place);
  const move = useMoves(rows, columns, result);
  const head = useHead();
  const exact = useCellValue(result, ui.stage, place);
  const together = useTogetherValue(place);
  const near = (at: number, count: number) => [at - 1, at, at + 1].filter((i) => i >= 0 && i < count);
  if (rows * columns === 0 || !head) return <p class="empty-map">{translate("This matrix is empty.")}</p>;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table element cannot hold a canvas's cells
    <div
      ref={grid}
      role="grid"
      class="grid"
      aria-label={translate("{0}, queries: {1}, columns: {2}", {
        0: stageName(ui.stage, translate),
        1: rows,
        2: columns,
      })}
      aria-rowcount={rows}
      aria-colcount={columns}
      onKeyDown={move}
    >
      {near(place.query, rows).map((query) => (
        <GridRow
          key={query}
          query={query}
          columns={near(place.key, columns)}
          exact={exact}
          together={together}
          result={result}
          boxOf={boxOf}
        />
      ))}
    </div>
  );
}

interface GridRowProps extends GridCellsProps {
  /** Of the selected cell. */
  readonly exact: ReturnType<typeof useCellValue>;
  readonly together: ReturnType<typeof useTogetherValue>;
}

function GridRow({ query, columns, ...rest }: GridRowProps & { query: number; columns: number[] }): JSX.Element {
  const ui = useSelect((state) => state.ui);
  const row = useReadRow(rest.result, query);
  const here = selected(ui);
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: cells take the focus, rows do not
    // biome-ignore lint/a11y/useSemanticElements: a table element cannot hold a canvas's cells
    <div role="row" aria-rowindex={query + 1}>
      {columns.map((key) => (
        <GridCell
          key={key}
          place={{ query, key }}
          isHere={here.query === query && here.key === key}
          row={row}
          {...rest}
        />
      ))}
    </div>
  );
}

interface GridCellProps extends GridRowProps {
  readonly place: Place;
  readonly isHere: boolean;
  readonly row: Answered<AttentionRow>;
}

function GridCell({ place, isHere, row, exact, together, result, boxOf }: GridCellProps): JSX.Element {
  const translate = useTranslate();
  const names = useNames(result);
  const ui = useSelect((state) => state.ui);
  const { x, y, width, height } = boxOf(place);
  const own = row.value && row.current ? row.value[ui.stage][place.key] : isHere ? exact.value : undefined;
  const value = together === null ? own : isHere ? together : undefined;
  const rank = row.value && row.current ? rankOf(row.value.weights, place.key) : (exact.rank ?? 0) + 1;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table element cannot hold a canvas's cells
    <div
      role="gridcell"
      class="gridcell"
      tabIndex={isHere ? 0 : -1}
      aria-colindex={place.key + 1}
      aria-selected={isHere}
      aria-label={spoken(
        place,
        value,
        { rank: together === null ? rank : null, isMasked: isMasked(row.value, place.key) && hasNone(together) },
        names,
        ui,
        translate,
      )}
      style={{ left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` }}
    />
  );
}

type Say = ReturnType<typeof useTranslate>;

/** "query cat, key sat, 0.42, rank 1": what the focused cell says of itself. */
function spoken(
  { query, key }: Place,
  value: number | undefined,
  { rank, isMasked }: { readonly rank: number | null; readonly isMasked: boolean },
  names: Names,
  { stage }: UiState,
  translate: Say,
): string {
  const number = value === undefined ? "…" : numberText(value);
  if (stage === "output")
    return translate("query {0}, dimension {1}, {2}", { 0: names.query(query), 1: key, 2: number });
  const said = { 0: names.query(query), 1: names.key(key), 2: number };
  if (isMasked) return translate("query {0}, key {1}, {2}, masked", said);
  if (stage !== "weights" || value === undefined || rank === null) return translate("query {0}, key {1}, {2}", said);
  return translate("query {0}, key {1}, {2}, rank {3}", { ...said, 3: rank });
}

function isMasked(row: AttentionRow | undefined, key: number): boolean {
  return row?.masked[key] === Number.NEGATIVE_INFINITY;
}

/** Heads together forbid what each of them forbids. */
function hasNone(together: number | null | undefined): boolean {
  return !together || together === Number.NEGATIVE_INFINITY;
}

function rankOf(weights: Float64Array, key: number): number {
  let rank = 1;
  for (let other = 0; other < weights.length; other++) {
    if (weights[other]! > weights[key]! || (weights[other] === weights[key] && other < key)) rank++;
  }
  return rank;
}

export function stageName(stage: Stage, translate: Say): string {
  switch (stage) {
    case "scores":
      return translate("Scores");
    case "scaled":
      return translate("Scaled");
    case "masked":
      return translate("Masked");
    case "weights":
      return translate("Weights");
    case "output":
      return translate("Output");
  }
}

/** When the selection moves while the grid has the focus, the focus moves to the new cell. */
function useFollowingFocus(grid: { readonly current: HTMLElement | null }, { query, key }: Place): void {
  const had = useRef(false);
  useLayoutEffect(() => {
    const element = grid.current;
    const note = () => {
      had.current = element?.contains(document.activeElement) ?? false;
    };
    // An element that is taken out loses the focus without telling where it went.
    const lost = ({ relatedTarget }: FocusEvent) => {
      if (relatedTarget) had.current = element?.contains(relatedTarget as Node) ?? false;
    };
    element?.addEventListener("focusin", note);
    element?.addEventListener("focusout", lost);
    return () => {
      element?.removeEventListener("focusin", note);
      element?.removeEventListener("focusout", lost);
    };
  }, [grid]);
  useLayoutEffect(() => {
    if (had.current) grid.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus({ preventScroll: true });
  }, [query, key]);
}

/** Arrow keys, Home, End, Page Up and Down, with Ctrl to the corners; Enter goes to the editor. */
function useMoves(rows: number, columns: number, result: ResultSummary): (event: KeyboardEvent) => void {
  const panel = usePanel();
  const { store, link } = panel;
  return (event) => {
    const { ui } = store.state;
    const at = selected(ui);
    const target = { result: result.result, batch: ui.batch, head: ui.head };
    if (event.key === "Enter") {
      link.intent({ kind: "goTo", ...target, query: at.query, key: ui.stage === "output" ? null : at.key });
      return event.preventDefault();
    }
    const next = moved(at, event, rows, columns);
    if (!next) return;
    event.preventDefault();
    pick(panel, placed(ui.stage, next));
  };
}

function moved({ query, key }: Place, event: KeyboardEvent, rows: number, columns: number): Place | null {
  const jump = event.ctrlKey || event.metaKey;
  switch (event.key) {
    case "ArrowUp":
      return { query: jump ? 0 : query - 1, key };
    case "ArrowDown":
      return { query: jump ? rows - 1 : query + 1, key };
    case "ArrowLeft":
      return { query, key: jump ? 0 : key - 1 };
    case "ArrowRight":
      return { query, key: jump ? columns - 1 : key + 1 };
    case "Home":
      return { query: jump ? 0 : query, key: 0 };
    case "End":
      return { query: jump ? rows - 1 : query, key: columns - 1 };
    case "PageUp":
      return { query: query - 10, key };
    case "PageDown":
      return { query: query + 10, key };
    default:
      return null;
  }
}
