// The panel as a person uses it inside VS Code.
import { ok } from "node:assert/strict";
import type { Frame, Locator } from "playwright-core";
import { readTable, type ShownRow, waitForNumbers } from "../../../scripts/vscode/panelNumbers.ts";
import type { VscodeWindow } from "../../../scripts/vscode/window.ts";

export interface Cell {
  readonly query: number;
  readonly key: number;
}

/** Waits for the panel and for numbers in it. */
export async function panelOf(window: VscodeWindow): Promise<ShownPanel> {
  const frame = await window.panelFrame();
  await waitForNumbers(frame);
  return new ShownPanel(frame);
}

export class ShownPanel {
  readonly frame: Frame;

  constructor(frame: Frame) {
    this.frame = frame;
  }

  rows(count: number): Promise<readonly ShownRow[]> {
    return readTable(this.frame, { rows: count });
  }

  get #selectedCell(): Locator {
    return this.frame.getByRole("gridcell", { selected: true });
  }

  /** Where the crosshair is, counted from 0. */
  async crosshair(): Promise<Cell> {
    return this.#selectedCell.evaluate((cell) => ({
      query: Number(cell.parentElement?.getAttribute("aria-rowindex")) - 1,
      key: Number(cell.getAttribute("aria-colindex")) - 1,
    }));
  }

  /** What a screen reader says of the cell with the crosshair. */
  async spoken(): Promise<string> {
    return (await this.#selectedCell.getAttribute("aria-label")) ?? "";
  }

  /** Clicks a cell of the map, as far away from the one with the crosshair as cells are large. */
  async click({ query, key }: Cell, { times = 1 } = {}): Promise<void> {
    const here = await this.crosshair();
    const box = await this.#selectedCell.boundingBox();
    ok(box, "the cell with the crosshair is not on the screen");
    const x = box.x + box.width * (key - here.key + 0.5);
    const y = box.y + box.height * (query - here.query + 0.5);
    await this.frame.page().mouse.click(x, y, { clickCount: times });
  }
}
