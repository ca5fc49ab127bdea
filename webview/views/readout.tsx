import type { JSX } from "preact";
import type { Stage } from "../../src/attention/problem.ts";
import type { ResultSummary } from "../../src/protocol/core.ts";
import { numberText } from "../../src/tensor/print.ts";
import { useAnswer, useHead, useSelect, useTranslate } from "../context.ts";
import { useNames } from "../data/names.ts";
import { useCellValue } from "../data/rows.ts";
import { useOther } from "../data/subject.ts";
import { useTogetherValue } from "../data/together.ts";
import { type Place, selected } from "../state.ts";
import { stageName } from "./gridCells.tsx";

/** The exact number of the cell under the pointer, else of the selected one. */
export function Readout({ result }: { readonly result: ResultSummary }): JSX.Element {
  const translate = useTranslate();
  const names = useNames(result);
  const ui = useSelect((state) => state.ui);
  const pointer = useSelect((state) => state.pointer);
  const place = pointer ?? selected(ui);
  const { value: own } = useCellValue(result, ui.stage, place);
  const together = useTogetherValue(place);
  const number = together === null ? own : together;
  const difference = useDifference(ui.stage, place);
  const last = result.sizes.queries - 1;
  const column = ui.stage === "output" ? String(place.key) : names.key(place.key);
  return (
    <p class={names.query(last) === names.shortQuery(last) ? "readout" : "readout tall"}>
      <span class="readout-place">
        <bdi>{names.query(place.query)}</bdi> <i aria-hidden="true">→</i> <bdi>{column}</bdi>
      </span>
      <span class="readout-stage">{stageName(ui.stage, translate)}</span>
      {together !== null && (
        <span class="readout-stage">
          {ui.combine === "mean" ? translate("Mean") : translate("Maximum")}{" "}
          {translate("of {0} heads", { 0: ui.together.length + 1 })}
        </span>
      )}
      {difference !== null && (
        <span class="readout-delta">Δ {difference === undefined ? "…" : numberText(difference, 4)}</span>
      )}
      <output class="readout-number">{number === undefined ? "…" : numberText(number, 6)}</output>
    </p>
  );
}

/** How far this cell is from what it is compared with; null where nothing is compared. */
function useDifference(stage: Stage, { query, key }: Place): number | null | undefined {
  const head = useHead();
  const other = useOther();
  const one = { row: query, column: key, rows: 1, columns: 1, step: 1 };
  const { value, current } = useAnswer<"difference">(
    head && other && { method: "difference", ...head, other, stage, ...one },
  );
  if (!other) return null;
  return current ? value?.values[0] : undefined;
}
