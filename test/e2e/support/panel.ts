// The panel as a person uses it inside VS Code.
import type { Frame, Locator } from "playwright-core";
import type { WantedPanel } from "../../../scripts/vscode/panelFrame.ts";
import { readTable, type ShownRow, waitForNumbers } from "../../../scripts/vscode/panelNumbers.ts";
import type { VscodeWindow } from "../../../scripts/vscode/window.ts";

export interface Cell {
  readonly query: number;
  readonly key: number;
}

/** Waits for the panel that shows this file, in the side bar unless another part is named, and for numbers in it. */
export async function panelOf(
  window: VscodeWindow,
  file: string,
  part: WantedPanel["part"] = "auxiliarybar",
): Promise<ShownPanel> {
  const frame = await window.panelFrame({ file, part });
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

  /** Clicks a cell of the map, as far away from the one with the crosshair as cells are large; both are read at once. */
  async click({ query, key }: Cell, { times = 1 } = {}): Promise<void> {
    const position = await this.#selectedCell.evaluate(
      (cell: HTMLElement, to) => {
        const here = {
          query: Number(cell.parentElement!.getAttribute("aria-rowindex")) - 1,
          key: Number(cell.getAttribute("aria-colindex")) - 1,
        };
        const [box, plot] = [cell.getBoundingClientRect(), cell.closest(".map-plot")!.getBoundingClientRect()];
        return {
          x: box.x - plot.x + box.width * (to.key - here.key + 0.5),
          y: box.y - plot.y + box.height * (to.query - here.query + 0.5),
        };
      },
      { query, key },
    );
    await this.frame.locator(".map-plot").click({ position, clickCount: times });
  }
}
