import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Frame } from "playwright-core";
import type { VscodeWindow } from "../../scripts/vscode/window.ts";
import { eventually } from "./support/eventually.ts";
import { panelOf, type ShownPanel } from "./support/panel.ts";
import { useVscode } from "./support/vscode.ts";

/** Two attention problems of one file, told apart by their names. */
const problem = (shift: number) => ({
  Q: [
    [1, shift],
    [0, 1],
  ],
  K: [
    [1, 0],
    [shift, 1],
  ],
  V: [[1], [shift]],
});
const twoSites = JSON.stringify({ first: problem(2), second: problem(5) });

describe("a window that is opened again", () => {
  const vscode = useVscode();

  it("has its editor panels back, each with its file, problem, cell, zoom, stage and options", async () => {
    const { window, folder } = vscode;
    const { page } = window;
    await window.runCommand("attentionLoupe.view.focus"); // it shows the same files, and must not be taken for one of them
    writeFileSync(join(folder, "two.json"), twoSites);
    const first = await opened("attention.json");
    await first.click({ query: 2, key: 1 });
    await eventually(async () => deepStrictEqual(await first.crosshair(), { query: 2, key: 1 }));
    await tryOutSomething(first.frame);
    await zoomIn(first);
    await pin(first.frame, "editor");
    const before = [await settled(first, /masked$/)];

    await window.runCommand("workbench.action.focusFirstEditorGroup");
    const second = await opened("two.json");
    await chooseSite(second.frame, "second");
    await second.click({ query: 0, key: 1 });
    await eventually(async () => deepStrictEqual(await second.crosshair(), { query: 0, key: 1 }));
    await second.frame.locator("body").press("1");
    await stageIs(second.frame, "Scores");
    await pin(second.frame, "editor");
    before.push(await settled(second, /, 10$/)); // 1·5 + 5·1, which is 4 in the first of the two

    await reopened(window);
    const secondAgain = await panelOf(window, "two.json", "editor");
    await eventually(async () => strictEqual(await shownSite(secondAgain.frame), "second"));
    await stageIs(secondAgain.frame, "Scores");
    await eventually(async () => deepStrictEqual(await spokenAndPlaced(secondAgain), before[1]));
    await pinned(secondAgain.frame);

    await page.locator(".tab", { hasText: "Attention · attention.json" }).click();
    const firstAgain = await panelOf(window, "attention.json", "editor");
    await stageIs(firstAgain.frame, "Scaled");
    await triedOut(firstAgain.frame);
    await eventually(async () => deepStrictEqual(await spokenAndPlaced(firstAgain), before[0]));
    await pinned(firstAgain.frame);
    deepStrictEqual(window.ownErrors, []);

    async function opened(file: string): Promise<ShownPanel> {
      await window.openFile(file);
      await window.runCommand("attentionLoupe.openInEditor");
      return panelOf(window, file, "editor");
    }
  });

  it("has the panel of the side bar back as it was", async () => {
    const { window } = vscode;
    await window.runCommand("workbench.action.closeAllEditors");
    await window.openFile("attention.json");
    await window.runCommand("attentionLoupe.run");
    const panel = await panelOf(window, "attention.json", "auxiliarybar");
    await panel.click({ query: 1, key: 3 });
    await eventually(async () => deepStrictEqual(await panel.crosshair(), { query: 1, key: 3 }));
    await tryOutSomething(panel.frame);
    await zoomIn(panel);
    await pin(panel.frame, "auxiliarybar");
    const before = await settled(panel, /masked$/);

    await reopened(window);
    const again = await panelOf(window, "attention.json", "auxiliarybar");
    await stageIs(again.frame, "Scaled");
    await triedOut(again.frame);
    await eventually(async () => deepStrictEqual(await spokenAndPlaced(again), before));
    await pinned(again.frame);
    deepStrictEqual(window.ownErrors, []);
  });
});

describe("a window that is opened again with a panel in front", () => {
  const vscode = useVscode();

  it("shows the file that can be seen, in a side bar that had shown none", async () => {
    const { window } = vscode;
    await window.runCommand("workbench.action.closeAuxiliaryBar");
    await window.page.locator(".part.auxiliarybar").waitFor({ state: "hidden" });
    await window.openFile("attention.json");
    await window.runCommand("attentionLoupe.openInEditor");
    await panelOf(window, "attention.json", "editor");
    await window.page.locator(".tab.active", { hasText: "Attention · attention.json" }).waitFor();
    await reopened(window);
    await panelOf(window, "attention.json", "editor");
    await window.runCommand("attentionLoupe.view.focus");
    await panelOf(window, "attention.json", "auxiliarybar");
  });
});

/** Another stage, a cell that is masked, a logarithmic scale. */
async function tryOutSomething(frame: Frame): Promise<void> {
  await frame.locator("body").press("2");
  await stageIs(frame, "Scaled");
  await frame.locator("body").press("m");
  await triedOut(frame);
}

async function triedOut(frame: Frame): Promise<void> {
  await frame.getByText("cells masked by hand: 1").waitFor({ state: "attached" });
}

function stageIs(frame: Frame, name: string): Promise<void> {
  return frame.locator('[role="tab"][aria-selected="true"]', { hasText: name }).waitFor();
}

async function zoomIn(panel: ShownPanel): Promise<void> {
  await panel.frame.locator("body").press("+");
  await eventually(async () => strictEqual((await spokenAndPlaced(panel)).place.zoom, 2));
}

interface Placed {
  readonly spoken: string;
  readonly place: Readonly<Record<"zoom" | "left" | "top", number>>;
}

/** What the selected cell says, how far the map is zoomed in, and how many cells lie before and above the selected one. */
async function spokenAndPlaced(panel: ShownPanel): Promise<Placed> {
  const cell = panel.frame.getByRole("gridcell", { selected: true });
  const place = await cell.evaluate((element: HTMLElement) => {
    const [left, top, width, height] = ["left", "top", "width", "height"].map((side) =>
      Number.parseFloat(element.style.getPropertyValue(side)),
    ) as [number, number, number, number];
    const columns = Number(element.closest('[role="grid"]')?.getAttribute("aria-colcount"));
    const plot = element.closest(".map-plot")?.clientWidth ?? 0;
    return {
      zoom: Math.round((width * columns) / plot),
      left: Math.round(left / width),
      top: Math.round(top / height),
    };
  });
  return { spoken: await panel.spoken(), place };
}

/** Also waits until the host knows of it, as VS Code's own button in this part shows. */
async function pin(frame: Frame, part: "editor" | "auxiliarybar"): Promise<void> {
  await frame.getByRole("button", { name: "Stay with this file" }).click();
  await pinned(frame);
  await frame.page().locator(`.part.${part} .action-label[aria-label*="Follow"]`).first().waitFor();
}

function pinned(frame: Frame): Promise<void> {
  return frame.getByRole("button", { name: "Follow the active editor" }).waitFor();
}

/** Where it is for good, once what it says is right. A page writes down what it keeps within 200 ms. */
async function settled(panel: ShownPanel, said: RegExp): Promise<Placed> {
  await eventually(async () => match(await panel.spoken(), said));
  return eventually(async () => {
    const before = await spokenAndPlaced(panel);
    await panel.frame.evaluate(() => new Promise((resolve) => setTimeout(resolve, 500)));
    deepStrictEqual(await spokenAndPlaced(panel), before);
    return before;
  });
}

/** Opens the window anew, as a user does; before that, VS Code writes down what pages keep. */
async function reopened(window: VscodeWindow): Promise<void> {
  const loaded = window.page.waitForEvent("load");
  await window.runCommand("workbench.action.reloadWindow");
  await loaded;
  await window.page.locator(".monaco-workbench .part.editor").waitFor();
}

async function chooseSite(frame: Frame, name: string): Promise<void> {
  const dropdown = frame.locator('vscode-dropdown[title="Attention in this file"]');
  await dropdown.click();
  await dropdown.locator("vscode-option", { hasText: name }).click();
  await eventually(async () => strictEqual(await shownSite(frame), name));
}

function shownSite(frame: Frame): Promise<string> {
  return frame
    .locator('vscode-dropdown[title="Attention in this file"]')
    .evaluate((dropdown: HTMLElement & { selectedOptions: HTMLElement[] }) => {
      return dropdown.selectedOptions[0]?.textContent?.trim() ?? "";
    });
}
