import type { JSX } from "preact";
import type { ResultSummary } from "../../src/protocol/core.ts";
import { numberText } from "../../src/tensor/print.ts";
import { useAnswer, useHead, useSelect, useTranslate } from "../context.ts";
import { selected } from "../state.ts";
import { keyName, queryName } from "../words.ts";
import { stageName } from "./gridCells.tsx";

/** The exact number of the cell under the pointer, else of the selected one. */
export function Readout({ result }: { readonly result: ResultSummary }): JSX.Element {
  const translate = useTranslate();
  const ui = useSelect((state) => state.ui);
  const pointer = useSelect((state) => state.pointer);
  const head = useHead();
  const place = pointer ?? selected(ui);
  const { value: row, current } = useAnswer<"row">(head && { method: "row", ...head, query: place.query });
  const number = current && row ? row[ui.stage][place.key] : undefined;
  const column = ui.stage === "output" ? String(place.key) : keyName(result, place.key);
  return (
    <p class="readout">
      <span class="readout-place">
        {queryName(result, place.query)} <i aria-hidden="true">→</i> {column}
      </span>
      <span class="readout-stage">{stageName(ui.stage, translate)}</span>
      <output class="readout-number">{number === undefined ? "…" : numberText(number, 6)}</output>
    </p>
  );
}
