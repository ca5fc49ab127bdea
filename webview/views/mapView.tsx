import type { CSSProperties, JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
import type { ResultSummary } from "../../src/protocol/core.ts";
import { usePanel, useSelect, useTranslate } from "../context.ts";
import { askTile, type Subject } from "../data/askTile.ts";
import { useColoring } from "../data/coloring.ts";
import { leavesOut } from "../data/filters.ts";
import { useSubject } from "../data/subject.ts";
import { cellBox, type Layout, layoutOf, placeAt, plotSize, revealing, unzoomed, type Zoom } from "../map/geometry.ts";
import { MapCanvas } from "../map/mapCanvas.ts";
import { labelRoom } from "../map/paintLabels.ts";
import { themeOf, watchTheme } from "../map/theme.ts";
import { type Rectangle, Tiles } from "../map/tiles.ts";
import { type Place, selected, stageSize } from "../state.ts";
import { Button } from "../ui/controls.ts";
import { useWidth } from "../ui/useWidth.ts";
import { keyName, queryName } from "../words.ts";
import { GridCells } from "./gridCells.tsx";

/** The stage as a map of colours: canvas for the eye, a grid of cells for keyboard and screen reader over it. */
export function MapView({ result }: { readonly result: ResultSummary }): JSX.Element {
  const { store, link } = usePanel();
  const translate = useTranslate();
  const ui = useSelect((state) => state.ui);
  const pointer = useSelect((state) => state.pointer);
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const plot = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const [zoom, setZoom] = useState<Zoom>(unzoomed);
  const [themeTurn, onTheme] = useReducer((n: number) => n + 1, 0);
  useEffect(() => watchTheme(() => onTheme(0)), []);
  const theme = useMemo(() => themeOf(frame.current ?? document.body), [themeTurn, width]);
  const { rows, columns } = stageSize(ui.stage, result);
  const labels = useMemo(() => labelsOf(result, ui.stage), [result, ui.stage]);
  const layout = useMemo(
    () => (width > 0 && canvas.current ? measured(canvas.current, theme.font, labels, rows, columns, width) : null),
    [width, theme.font, labels, rows, columns],
  );
  const map = useRef<MapCanvas>(null);
  useLayoutEffect(() => {
    map.current = new MapCanvas(canvas.current!, plot.current!, setZoom);
    return () => map.current?.close();
  }, []);
  const tiles = useTiles(result, () => map.current?.draw());
  const { paint } = useColoring(ui.stage);
  const place = selected(ui);
  useLayoutEffect(() => {
    if (!layout || !tiles) return;
    map.current?.show({
      layout,
      tiles,
      paint,
      theme,
      pointer,
      selected: place,
      isLeftOut: leavesOut(ui.filter, ui.stage),
      queryLabel: (query) => queryName(result, query),
      columnLabel: (column) => (ui.stage === "output" ? String(column) : keyName(result, column)),
      queryWords: result.queryTokens !== null,
      columnWords: result.keyTokens !== null && ui.stage !== "output",
    });
  });
  useEffect(() => {
    if (layout && map.current) {
      const next = revealing(layout, map.current.zoom, place);
      if (next.x !== map.current.zoom.x || next.y !== map.current.zoom.y) map.current.zoomTo(next);
    }
  }, [layout, place.query, place.key]);

  const at = (event: MouseEvent): Place | null => {
    const box = plot.current!.getBoundingClientRect();
    return layout && placeAt(layout, zoom, event.clientX - box.left, event.clientY - box.top);
  };
  const choose = (event: MouseEvent, kind: "select" | "goTo") => {
    const hit = at(event);
    if (!hit) return;
    store.dispatch({ type: "select", place: hit });
    link.intent({
      kind,
      result: result.result,
      batch: ui.batch,
      head: ui.head,
      query: hit.query,
      key: ui.stage === "output" ? null : hit.key,
    });
  };
  return (
    <div class="map" ref={frame}>
      <canvas ref={canvas} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the grid inside is what the keyboard and screen readers use */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: Enter is handled by the grid */}
      <div
        ref={plot}
        class="map-plot"
        style={layout ? plotStyle(layout) : {}}
        onPointerMove={(event) => store.dispatch({ type: "point", place: at(event) })}
        onPointerLeave={() => store.dispatch({ type: "point", place: null })}
        onClick={(event) => choose(event, "select")}
        onDblClick={(event) => choose(event, "goTo")}
      >
        {layout && <GridCells result={result} boxOf={(cell) => cellBox(layout, zoom, cell)} />}
      </div>
      <fieldset class="map-zoom" aria-label={translate("Zoom")}>
        <Button kind="icon" label={translate("Zoom in (+)")} onPress={() => map.current?.zoomBy(2)}>
          +
        </Button>
        <Button kind="icon" label={translate("Zoom out (−)")} onPress={() => map.current?.zoomBy(0.5)}>
          −
        </Button>
        <Button kind="icon" label={translate("Fit (0)")} onPress={() => map.current?.zoomTo(unzoomed)}>
          ⤢
        </Button>
      </fieldset>
    </div>
  );
}

function plotStyle(layout: Layout): CSSProperties {
  const { width, height } = plotSize(layout);
  return { left: `${layout.left}px`, top: `${layout.top}px`, width: `${width}px`, height: `${height}px` };
}

/** Labels that decide how much room is left for them: long documents are sampled. */
function labelsOf(result: ResultSummary, stage: string): { queries: string[]; columns: string[] } {
  const sample = (count: number) =>
    Array.from({ length: Math.min(count, 200) }, (_, i) => Math.floor((i * count) / Math.min(count, 200)));
  const { queries, keys, valueSize } = result.sizes;
  return {
    queries: [...sample(queries), queries - 1].map((query) => queryName(result, Math.max(0, query))),
    columns:
      stage === "output"
        ? [String(valueSize - 1)]
        : [...sample(keys), keys - 1].map((key) => keyName(result, Math.max(0, key))),
  };
}

function measured(
  canvas: HTMLCanvasElement,
  font: string,
  labels: { queries: string[]; columns: string[] },
  rows: number,
  columns: number,
  width: number,
): Layout {
  const room = labelRoom(canvas.getContext("2d")!, font, labels, width < 480 ? 72 : 110);
  const height = Math.max(240, Math.min(width, window.innerHeight - 220));
  // Slanted words of the last columns reach beyond the map.
  const right = rows > 0 && room.top > 24 ? Math.min(room.top - 14, 60) : 12;
  return layoutOf(rows, columns, { width, height, right, ...room });
}

function useTiles(result: ResultSummary, onArrival: () => void): Tiles | null {
  const { link, store } = usePanel();
  const subject = useSubject();
  const arrived = useRef(onArrival);
  arrived.current = onArrival;
  const [tiles, setTiles] = useState<Tiles | null>(null);
  useEffect(() => {
    if (!subject) return;
    const masks = subject.stage === "weights" && !subject.other && result.stages.includes("masked");
    const ask = (of: Subject, rectangle: Rectangle, signal: AbortSignal) => askTile(link, of, rectangle, signal);
    const made = new Tiles(
      subject,
      masks,
      ask,
      () => arrived.current(),
      () => store.dispatch({ type: "maskSeen" }),
    );
    setTiles(made);
    return () => made.close();
  }, [subject]);
  return tiles;
}
