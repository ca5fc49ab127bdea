import type { JSX } from "preact";
import { useLayoutEffect } from "preact/hooks";
import type { ResultSummary } from "../src/protocol/core.ts";
import { usePanel, useResult, useSelect, useTranslate } from "./context.ts";
import { usePatchGrid } from "./data/patches.ts";
import { onKey } from "./keys.ts";
import { BusyLine } from "./views/busyLine.tsx";
import { CellWork } from "./views/cellWork.tsx";
import { CompareBar } from "./views/compareBar.tsx";
import { EmptyState } from "./views/emptyState.tsx";
import { HeadsView } from "./views/headsView.tsx";
import { HelpSheet } from "./views/helpSheet.tsx";
import { Later } from "./views/later.tsx";
import { Legend } from "./views/legend.tsx";
import { LinesView } from "./views/linesView.tsx";
import { MapView } from "./views/mapView.tsx";
import { OptionsBar } from "./views/optionsBar.tsx";
import { PatchView } from "./views/patchView.tsx";
import { QueryView } from "./views/queryView.tsx";
import { Readout } from "./views/readout.tsx";
import { SoftmaxSteps } from "./views/softmaxSteps.tsx";
import { SourceLine } from "./views/sourceLine.tsx";
import { StageStrip } from "./views/stageStrip.tsx";
import { TableView } from "./views/tableView.tsx";
import { Toolbar } from "./views/toolbar.tsx";
import { TourView } from "./views/tourView.tsx";
import { WhatIfView } from "./views/whatIf.tsx";

/** The view that the user chose; a view that this result does not have is the map. */
function Picture({ result }: { readonly result: ResultSummary }): JSX.Element {
  const view = useSelect(({ ui }) => ui.view);
  const grid = usePatchGrid(result);
  if (view === "lines") return <LinesView result={result} />;
  return view === "patches" && grid ? <PatchView result={result} grid={grid} /> : <MapView result={result} />;
}

/** The whole panel: where it comes from, what is shown, what the selected query and cell are made of. */
export function App(): JSX.Element {
  const panel = usePanel();
  const known = useSelect(({ snapshot }) => snapshot !== null);
  const result = useResult();
  const sheet = useSelect((state) => state.sheet);
  const tour = useSelect(({ snapshot }) => snapshot?.tour);
  const hasColors = useSelect(({ ui }) => ui.view !== "lines");
  const translate = useTranslate();
  // Before it is painted: keys may come at once.
  useLayoutEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event, panel);
    window.addEventListener("keydown", listener);
    return () => window.removeEventListener("keydown", listener);
  }, [panel]);
  if (!known) return <main class="panel" aria-busy="true" aria-label={translate("Attention Loupe")} />;
  if (tour) return <TourView key={tour.serial} tour={tour} />;
  if (!result) return <EmptyState />;
  return (
    <main class="panel" aria-label={translate("Attention Loupe")}>
      <h1 class="hidden">{translate("Attention Loupe")}</h1>
      <SourceLine />
      <Toolbar result={result} />
      <StageStrip result={result} />
      <div class={result.sizes.batch * result.sizes.heads > 1 ? "columns with-heads" : "columns"}>
        <HeadsView result={result} />
        <section class="center" aria-label={translate("Map")}>
          <Picture result={result} />
          <Readout result={result} />
          {hasColors && <Legend result={result} />}
        </section>
        <Later>
          <section class="right" aria-label={translate("Selected query")}>
            <div class="right-part">
              <QueryView result={result} />
              <SoftmaxSteps result={result} />
            </div>
            <CellWork result={result} />
          </section>
          <section class="tools" aria-label={translate("Options")}>
            <OptionsBar result={result} />
            <CompareBar result={result} />
            <WhatIfView result={result} />
          </section>
        </Later>
      </div>
      <BusyLine />
      {sheet === "table" && <TableView result={result} />}
      {sheet === "help" && <HelpSheet />}
    </main>
  );
}
