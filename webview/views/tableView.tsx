import type { JSX } from "preact";
import type { ResultSummary } from "../../src/protocol/core.ts";
import { numberText } from "../../src/tensor/print.ts";
import { useAnswer, useHead, useSelect, useTranslate } from "../context.ts";
import { useNames } from "../data/names.ts";
import { selected, stageSize } from "../state.ts";
import { stageName } from "./gridCells.tsx";
import { Sheet } from "./sheet.tsx";

const mostRows = 64;
const mostColumns = 32;

/** A real table of the stage around the selected cell, for reading line by line and for copying. */
export function TableView({ result }: { readonly result: ResultSummary }): JSX.Element {
  const translate = useTranslate();
  const names = useNames(result);
  const ui = useSelect((state) => state.ui);
  const head = useHead();
  const { rows, columns } = stageSize(ui.stage, result);
  const place = selected(ui);
  const [row, column] = [windowStart(place.query, rows, mostRows), windowStart(place.key, columns, mostColumns)];
  const shape = { rows: Math.min(mostRows, rows), columns: Math.min(mostColumns, columns) };
  const isEmpty = rows * columns === 0;
  const request =
    head && !isEmpty ? ({ method: "tile", ...head, stage: ui.stage, row, column, ...shape, step: 1 } as const) : null;
  const { value: tile } = useAnswer<"tile">(request);
  return (
    <Sheet title={stageName(ui.stage, translate)}>
      {tile && (
        <table class="numbers" data-stage={ui.stage}>
          <caption>
            {translate("Queries {0}–{1} of {2}, columns {3}–{4} of {5}", {
              0: row,
              1: row + shape.rows - 1,
              2: rows,
              3: column,
              4: column + shape.columns - 1,
              5: columns,
            })}
          </caption>
          <thead>
            <tr>
              <td />
              {span(column, shape.columns).map((key) => (
                <th key={key} scope="col" dir="auto">
                  {ui.stage === "output" ? key : names.key(key)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {span(row, shape.rows).map((query) => (
              <tr key={query} data-query={query}>
                <th scope="row" dir="auto">
                  {names.query(query)}
                </th>
                {span(column, shape.columns).map((key) => {
                  const value = tile.values[(query - row) * shape.columns + key - column]!;
                  return (
                    <td
                      key={key}
                      data-value={value}
                      class={query === place.query && key === place.key ? "selected" : ""}
                    >
                      {numberText(value)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Sheet>
  );
}

/** Where a window of at most `most` around `at` begins. */
function windowStart(at: number, count: number, most: number): number {
  return Math.max(0, Math.min(count - most, at - Math.floor(most / 2)));
}

function span(from: number, length: number): number[] {
  return Array.from({ length }, (_, i) => from + i);
}
