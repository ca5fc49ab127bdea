import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Frame } from "playwright-core";
import { usePanels } from "./support/panels.ts";
import type { ThemeName } from "./support/themes.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

async function violations(frame: Frame): Promise<string[]> {
  await frame.evaluate(axe);
  const results = (await frame.evaluate("axe.run()")) as AxeResults;
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}

describe("the panel for everyone", () => {
  const { open } = usePanels();

  for (const theme of ["dark", "light", "highContrast"] as const satisfies readonly ThemeName[]) {
    for (const width of [320, 700, 1400]) {
      it(`has no axe violation in ${theme} at ${width} px`, async () => {
        const panel = await open({ scenario: "causal6", theme, width });
        await panel.frame.locator(".bars li").first().waitFor();
        assert.deepEqual(await violations(panel.frame), []);
        await panel.page.locator("iframe").press("?");
        await panel.frame.locator("dialog[open]").waitFor();
        assert.deepEqual(await violations(panel.frame), []);
        await panel.close();
      });
    }
  }

  it("has no axe violation with heads, lines, patches, what-if, and a comparison", async () => {
    const panel = await open({ scenario: "heads12", width: 1400, theme: "light" });
    await panel.frame.locator(".head").nth(11).waitFor();
    await panel.frame.getByRole("button", { name: "Lines" }).click();
    await panel.frame.locator(".lines-canvas path").first().waitFor({ state: "attached" });
    await panel.frame.getByRole("button", { name: "Keep this to compare" }).click();
    await panel.frame.locator(".apart").waitFor();
    assert.deepEqual(await violations(panel.frame), []);
    await panel.close();
    const vision = await open({ scenario: "vision", theme: "dark" });
    await vision.frame.getByRole("button", { name: "Patches" }).click();
    await vision.frame.locator(".patch").first().waitFor();
    assert.deepEqual(await violations(vision.frame), []);
    await vision.close();
  });

  it("has no axe violation in a table, in long text, while work goes on, and with a number being typed", async () => {
    const panel = await open({ scenario: "long512", width: 700, theme: "dark" });
    await panel.frame.locator(".bars li").first().waitFor();
    await panel.tell({ type: "set", slow: { method: "cell", by: 60_000 } });
    await panel.frame.locator('[role="gridcell"][tabindex="0"]').focus();
    await panel.page.keyboard.press("Control+Home");
    await panel.frame.locator(".busy").waitFor();
    await panel.frame.getByRole("button", { name: /^Colors end at/ }).click();
    assert.deepEqual(await violations(panel.frame), []);
    await panel.page.keyboard.press("Escape");
    await panel.page.locator("iframe").press("t");
    await panel.frame.locator(".numbers").waitFor();
    assert.deepEqual(await violations(panel.frame), []);
    await panel.close();
  });

  it("has no axe violation when there is nothing to show", async () => {
    const panel = await open({ scenario: null });
    assert.deepEqual(await violations(panel.frame), []);
    await panel.close();
  });

  it("reaches every control by Tab and never gets stuck", async () => {
    const panel = await open({ scenario: "tokens6" });
    await panel.frame.locator(".bars li").first().waitFor();
    await panel.frame.locator(".source .link").focus();
    const reached = new Set<string>();
    for (let i = 0; i < 70; i++) {
      const name = await panel.frame.evaluate(() => {
        const at = document.activeElement;
        return at && at !== document.body ? (at.getAttribute("aria-label") ?? at.textContent ?? at.tagName) : "";
      });
      if (name) reached.add(name);
      await panel.page.keyboard.press("Tab");
    }
    const all = [...reached].join("\n");
    for (const control of [
      /Stay with this file/,
      /Which weights are shown/,
      /Find a token/,
      /Keep this to compare/,
      /Play/,
      /Table/,
      /Keys and help/,
      /Weights/,
      /query The, key The/,
    ]) {
      assert.match(all, control);
    }
    await panel.close();
  });
});
