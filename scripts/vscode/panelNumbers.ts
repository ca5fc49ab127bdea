// What the panel's page shows, read as a person reads it: from its grid and its table.
import type { Frame } from "playwright-core";
import { patience } from "./patience.ts";

export interface ShownRow {
  /** The name of the query, as the table heads its row. */
  readonly query: string;
  readonly keys: readonly string[];
  /** The numbers as they are printed. */
  readonly texts: readonly string[];
  /** The same numbers in single precision, which is what the page gets for a whole table. */
  readonly values: readonly number[];
}

/** Waits until the map shows numbers, so that a picture of it is worth taking. */
export async function waitForNumbers(panel: Frame): Promise<void> {
  const cell = panel.getByRole("gridcell", { selected: true });
  await cell.waitFor({ state: "attached", timeout: patience });
  await panel.waitForFunction(
    () => !document.querySelector('[role="gridcell"][aria-selected="true"]')?.getAttribute("aria-label")?.includes("…"),
    undefined,
    { timeout: patience },
  );
}

/** Opens the panel's table (T), reads its first rows and closes it again. */
export async function readTable(panel: Frame, { rows = 1 } = {}): Promise<readonly ShownRow[]> {
  await closeSheets(panel);
  await panel.getByRole("gridcell", { selected: true }).press("t");
  const table = panel.locator("table.numbers");
  await table.waitFor();
  const read = await table.evaluate(readRows);
  await closeSheets(panel);
  return read.slice(0, rows);
}

/** Where reading was broken off, the table is still open, and the key would close it. */
async function closeSheets(panel: Frame): Promise<void> {
  const sheet = panel.locator("dialog[open]");
  if ((await sheet.count()) > 0) await sheet.press("Escape");
  await sheet.waitFor({ state: "detached" });
}

function readRows(element: Element): ShownRow[] {
  const textOf = (cell: Element) => cell.textContent?.trim() ?? "";
  const keys = [...element.querySelectorAll("thead th")].map(textOf);
  return [...element.querySelectorAll("tbody tr")].map((row) => {
    const cells = [...row.querySelectorAll("td")];
    const values = cells.map((cell) => Number(cell.dataset.value));
    return { query: textOf(row.querySelector("th") as Element), keys, texts: cells.map(textOf), values };
  });
}
