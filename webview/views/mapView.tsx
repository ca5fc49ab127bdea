import type { CSSProperties, JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { ResultSummary } from "../../src/protocol/core.ts";
import { usePanel, useSelect, useTheme, useTranslate } from "../context.ts";
import { askTile, type Subject } from "../data/askTile.ts";
import { useColoring } from "../data/coloring.ts";
import { leavesOut, specialPlaces } from "../data/filters.ts";
import { type Names, useNames } from "../data/names.ts";
import { useSubject } from "../data/subject.ts";
import { isTyping } from "../keys.ts";
import {
  cellBox,
  type Layout,
  layoutOf,
  placeAt,
  plotSize,
  revealing,
  stepFor,
  unzoomed,
  type Zoom,
} from "../map/geometry.ts";
import { MapCanvas } from "../map/mapCanvas.ts";
import { mapPicture } from "../map/mapPicture.ts";
import { columnSide, labelRoom, rowSide } from "../map/paintLabels.ts";
import { overviewStep, type Rectangle, Tiles } from "../map/tiles.ts";
import { pick } from "../picking.ts";
import { type Place, placed, selected, stageSize } from "../state.ts";
import { Button } from "../ui/controls.ts";
import { useWidth } from "../ui/useWidth.ts";
import { headName } from "../words.ts";
import { GridCells, stageName } from "./gridCells.tsx";
import { Later } from "./later.tsx";
import { useTrial } from "./whatIf.tsx";

/** The stage as a map of colours: canvas for the eye, a grid of cells for keyboard and screen reader over it. */
export function MapView({ result }: { readonly result: ResultSummary }): JSX.Element {
  const panel = usePanel();
  const { store, link, pictures } = panel;
  const translate = useTranslate();
  const trial = useTrial();
  const names = useNames(result);
  const ui = useSelect((state) => state.ui);
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const over = useRef<HTMLCanvasElement>(null);
  const plot = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const [zoom, setZoom] = useState<Zoom>(unzoomed);
  const theme = useTheme();
  const { rows, columns } = stageSize(ui.stage, result);
  const labels = useMemo(() => labelsOf(result, names, ui.stage), [result, names, ui.stage]);
  const layout = useMemo(
    () => (width > 0 && canvas.current ? measured(canvas.current, theme.font, labels, rows, columns, width) : null),
    [width, theme.font, labels, rows, columns],
  );
  const map = useRef<MapCanvas>(null);
  useLayoutEffect(() => {
    const onRest = (zoom: Zoom, { cellWidth, cellHeight }: Layout) => {
      setZoom(zoom);
      const { k, x, y } = zoom;
      store.dispatch({ type: "ui", change: { zoom: { k, query: -y / k / cellHeight, key: -x / k / cellWidth } } });
    };
    const onSeen = () => store.dispatch({ type: "mapSeen" });
    map.current = new MapCanvas(canvas.current!, over.current!, plot.current!, onRest, onSeen);
    return () => map.current?.close();
  }, []);
  const [known, setKnown] = useState(1);
  const tiles = useTiles(result, (share) => {
    setKnown(share);
    map.current?.draw();
  });
  const { paint, domain, limits } = useColoring(ui.stage);
  const place = selected(ui);
  const isLeftOut = useMemo(
    () => leavesOut({ filter: ui.filter, isHidden: ui.hideSpecial ? specialPlaces(result) : null }, ui.stage),
    [ui.filter, ui.hideSpecial, ui.stage, result, tiles],
  );
  useLayoutEffect(() => {
    if (!layout || !tiles) return;
    map.current?.show({
      layout,
      tiles,
      paint,
      largest: limits ? Math.max(Math.abs(limits.minimum), Math.abs(limits.maximum)) : 1,
      theme,
      selected: place,
      isLeftOut,
      queryLabel: names.shortQuery,
      columnLabel: (column) => (ui.stage === "output" ? String(column) : names.shortKey(column)),
    });
  });
  useEffect(() => {
    // The newest wish, not the one of this rendering: quick keys may have zoomed on since.
    const { k, query, key } = store.state.ui.zoom;
    if (layout) map.current?.zoomTo({ k, x: -key * k * layout.cellWidth, y: -query * k * layout.cellHeight });
  }, [layout, ui.zoom]);
  useEffect(() => {
    const title = [result.name, headName(result, ui, translate), stageName(ui.stage, translate)]
      .filter(Boolean)
      .join(" · ");
    pictures.current = async () => {
      const scene = map.current?.scene;
      return scene ? mapPicture(scene, title, domain) : new Uint8Array();
    };
    return () => {
      pictures.current = null;
    };
  });
  useEffect(() => store.subscribe(() => map.current?.point(store.state.pointer)), [store]);
  useEffect(() => {
    if (!layout) return;
    const side = Math.min(stepFor(layout, zoom, window.devicePixelRatio || 1), overviewStep(layout));
    store.dispatch({ type: "blocks", side });
  }, [layout, zoom]);
  useMapKeys(map);
  const revealed = useRef(`${place.query},${place.key}`);
  useEffect(() => {
    // Where the map stood when the page was closed it stands again, wherever the selected cell is.
    const isNew = revealed.current !== `${place.query},${place.key}`;
    revealed.current = `${place.query},${place.key}`;
    if (isNew && layout && map.current) {
      const next = revealing(layout, map.current.zoom, place);
      if (next.x !== map.current.zoom.x || next.y !== map.current.zoom.y) map.current.zoomTo(next);
    }
  }, [layout, place.query, place.key]);

  const at = (event: MouseEvent): Place | null => {
    const box = plot.current!.getBoundingClientRect();
    return layout && placeAt(layout, map.current?.zoom ?? zoom, event.clientX - box.left, event.clientY - box.top);
  };
  const choose = (event: MouseEvent, kind: "select" | "goTo") => {
    const hit = at(event);
    if (!hit) return;
    if (store.state.masking && kind === "select" && ui.stage !== "output")
      return trial.set({ cell: [hit.query, hit.key] });
    if (kind === "select") return pick(panel, placed(ui.stage, hit));
    const key = ui.stage === "output" ? null : hit.key;
    link.intent({ kind, result: result.result, batch: ui.batch, head: ui.head, query: hit.query, key });
  };
  return (
    <div class="map" ref={frame}>
      <canvas ref={canvas} />
      <canvas ref={over} class="over" />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the grid inside is what the keyboard and screen readers use */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: Enter is handled by the grid */}
      <div
        ref={plot}
        class="map-plot"
        style={layout ? plotStyle(layout) : {}}
        onPointerMove={(event) => {
          // While the map is dragged, nobody reads single numbers.
          if (event.buttons === 0) store.dispatch({ type: "point", place: at(event) });
        }}
        onPointerLeave={() => store.dispatch({ type: "point", place: null })}
        onClick={(event) => choose(event, "select")}
        onDblClick={(event) => choose(event, "goTo")}
      >
        {known < 1 && <Progress share={known} />}
        {layout && <GridCells result={result} boxOf={(cell) => cellBox(layout, zoom, cell)} />}
      </div>
      <Later>
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
      </Later>
    </div>
  );
}

/** `+`, `−` and `0` zoom wherever the focus is, but not where text is typed. */
function useMapKeys(map: { readonly current: MapCanvas | null }): void {
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
      if (event.key === "+" || event.key === "=") map.current?.zoomBy(2);
      else if (event.key === "-" || event.key === "−") map.current?.zoomBy(0.5);
      else if (event.key === "0") map.current?.zoomTo(unzoomed);
    };
    window.addEventListener("keydown", listener);
    return () => window.removeEventListener("keydown", listener);
  }, []);
}

function plotStyle(layout: Layout): CSSProperties {
  const { width, height } = plotSize(layout);
  return { left: `${layout.left}px`, top: `${layout.top}px`, width: `${width}px`, height: `${height}px` };
}

/** Labels that decide how much room is left for them: long documents are sampled. */
function labelsOf(result: ResultSummary, names: Names, stage: string): { queries: string[]; columns: string[] } {
  const sample = (count: number) =>
    Array.from({ length: Math.min(count, 200) }, (_, i) => Math.floor((i * count) / Math.min(count, 200)));
  const { queries, keys, valueSize } = result.sizes;
  return {
    queries: [...sample(queries), queries - 1].map((query) => names.shortQuery(Math.max(0, query))),
    columns:
      stage === "output"
        ? [String(valueSize - 1)]
        : [...sample(keys), keys - 1].map((key) => names.shortKey(Math.max(0, key))),
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
  const square = Math.max(240, Math.min(width, window.innerHeight - 220));
  // Tall ones may be as tall as their words need.
  const height = rows > 2 * columns ? Math.max(square, Math.min(640, rows * 13 + room.top)) : square;
  const wordy = layoutOf(rows, columns, { width, height, ...room });
  if (wordy.cellHeight >= rowSide && wordy.cellWidth >= columnSide) return wordy;
  // Where only round numbers are written beside the map, words need not have their room.
  const left = wordy.cellHeight >= rowSide ? room.left : Math.min(room.left, 56);
  const right = wordy.cellWidth >= columnSide ? room.right : 12;
  const top = wordy.cellWidth >= columnSide ? room.top : Math.min(room.top, 44);
  return layoutOf(rows, columns, { width, height, left, right, top });
}

/** How much of a very long sequence is computed: until then the map is a draft. */
function Progress({ share }: { readonly share: number }): JSX.Element {
  const translate = useTranslate();
  const percent = Math.floor(share * 100);
  return (
    <div
      class="map-progress"
      role="progressbar"
      aria-valuenow={percent}
      aria-label={translate("Rows computed")}
      style={{ "--share": `${percent}%` }}
    >
      {translate("A draft: {0} % of the rows are computed", { 0: percent })}
    </div>
  );
}

/** @param onArrival hears what share of the rows is computed. */
function useTiles(result: ResultSummary, onArrival: (known: number) => void): Tiles | null {
  const { link, store } = usePanel();
  const subject = useSubject();
  const again = useSelect((state) => state.again);
  const arrived = useRef(onArrival);
  arrived.current = onArrival;
  // Made while drawing, not after: the first picture should not wait for another turn.
  const tiles = useMemo(() => {
    if (!subject) return null;
    // Masked scores say themselves which are masked; their differences do not.
    const isAsked = subject.stage === "weights" || (subject.stage === "masked" && subject.other !== undefined);
    const compared = subject.other?.result === result.result ? result : store.state.snapshot?.baseline;
    const masks =
      isAsked && [result, subject.other && compared].every((each) => each?.stages.includes("masked") ?? true);
    const ask = (of: Subject, rectangle: Rectangle, signal: AbortSignal, beyond?: number) =>
      askTile(link, of, rectangle, signal, beyond);
    const made: Tiles = new Tiles(
      subject,
      masks,
      ask,
      () => arrived.current(made.known),
      (sign) => store.dispatch({ type: sign === "mask" ? "maskSeen" : "alarmSeen" }),
    );
    return made;
  }, [subject, again]);
  useEffect(() => {
    arrived.current(1);
    return () => tiles?.close();
  }, [tiles]);
  return tiles;
}
