import { assertFits, usePanels } from "./support/panels.ts";

const scenarios = ["one", "oneQuery", "oneKey", "allNaN", "equal", "infinite", "tiny", "huge", "overflowing", "wordy"];

describe("the panel with what nobody hopes for", () => {
  const { inPanel } = usePanels();

  for (const scenario of scenarios) {
    it(`${scenario}: every stage, view, sheet and filter, by the keyboard alone`, async () => {
      await inPanel({ scenario, width: 700 }, async ({ page, frame }) => {
        await frame.locator(".map").waitFor();
        // A frame that has no focus yet would not hear the first key.
        await frame.locator(`[role="tab"][aria-selected="true"]`).first().focus();
        for (const stage of ["1", "2", "3", "4", "5"]) {
          await frame.locator("body").press(stage);
          for (const key of ["ArrowRight", "ArrowDown", "End", "Control+End", "PageUp", "Home"]) {
            await frame.getByRole("gridcell", { selected: true }).press(key);
          }
          await frame.locator("body").press("t");
          await frame.locator("dialog[open]").waitFor();
          await page.keyboard.press("Escape");
          await frame.locator("dialog[open]").waitFor({ state: "detached" });
          for (const key of ["+", "+", "-", "0"]) await frame.locator("body").press(key);
        }
        await frame.locator("body").press("4");
        for (const key of ["m", "m", "x", "x"]) await frame.locator("body").press(key);
        await frame.getByRole("button", { name: "Lines" }).press("Enter");
        await frame.locator(".lines").waitFor();
        await frame.getByRole("button", { name: "Map", exact: true }).press("Enter");
        await frame.locator(".map").waitFor();
        await assertFits(frame);
        await page.waitForTimeout(300);
      });
    });
  }
});
