import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Frame, Page } from "playwright-core";
import { waitForNumbers } from "../../scripts/vscode/panelNumbers.ts";
import { patience } from "../../scripts/vscode/patience.ts";
import { eventually } from "./support/eventually.ts";
import { ShownPanel } from "./support/panel.ts";
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

  it("has its editor panels back, each with its file, problem, cell, stage and what was tried out", async () => {
    const { window, folder } = vscode;
    const { page } = window;
    writeFileSync(join(folder, "two.json"), twoSites);
    const first = await opened("attention.json");
    await first.click({ query: 2, key: 1 });
    await first.frame.locator("body").press("2");
    await first.frame.locator("body").press("m");
    await first.frame.getByText("cells masked by hand: 1").waitFor({ state: "attached" });
    await pinned(first.frame);
    await window.runCommand("workbench.action.focusFirstEditorGroup");
    const second = await opened("two.json");
    await pinned(second.frame);
    await chooseSite(second.frame, "second");
    await second.click({ query: 1, key: 0 });
    const before = [await first.spoken(), await second.spoken()];
    // What the page keeps is on its way to VS Code at once, and there when the next message is.
    await page.waitForTimeout(500);

    await page.reload();
    await page.locator(".monaco-workbench .part.editor").waitFor();
    const again = await panelAbout(page, "two.json");
    await eventually(async () => strictEqual(await again.spoken(), before[1]));
    await eventually(async () => strictEqual(await shownSite(again.frame), "second"));
    await again.frame.locator('[aria-label="Follow the active editor"]').waitFor();

    await page.locator('.tab[aria-label*="attention.json"]', { hasText: "Attention" }).click();
    const back = await panelAbout(page, "attention.json");
    await back.frame.locator('[role="tab"][aria-selected="true"]', { hasText: "Scaled" }).waitFor();
    await eventually(async () => strictEqual(await back.spoken(), before[0]));
    await back.frame.getByText("cells masked by hand: 1").waitFor({ state: "attached" });
    await back.frame.locator('[aria-label="Follow the active editor"]').waitFor();
    deepStrictEqual(window.ownErrors, []);

    async function opened(file: string): Promise<ShownPanel> {
      await window.openFile(file);
      await window.runCommand("attentionLoupe.openInEditor");
      return panelAbout(page, file);
    }
  });
});

async function pinned(frame: Frame): Promise<void> {
  await frame.locator('[aria-label="Stay with this file"]').click();
  await frame.locator('[aria-label="Follow the active editor"]').waitFor();
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

/** The panel that shows this file, once it has numbers. */
async function panelAbout(page: Page, file: string): Promise<ShownPanel> {
  let found: Frame | undefined;
  await eventually(async () => {
    for (const frame of page.frames()) {
      const source = frame.locator(".source-name .link").first();
      const name = await source.innerText({ timeout: 500 }).catch(() => "");
      if (name === file && (await isShown(frame))) found = frame;
    }
    ok(found, `no panel shows ${file}`);
  }, patience);
  await waitForNumbers(found!);
  return new ShownPanel(found!);
}

/** Panels behind other tabs keep their frames for a moment. */
async function isShown(frame: Frame): Promise<boolean> {
  const outer = frame.parentFrame();
  return (await outer?.frameElement().then((element) => element.isVisible())) ?? false;
}
