import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Frame } from "playwright-core";
import { root } from "../../scripts/setup/paths.mjs";
import { usePanels } from "./support/panels.ts";

const chinese = JSON.parse(readFileSync(join(root, "l10n/bundle.l10n.zh-cn.json"), "utf8")) as Record<string, string>;

describe("positions that are patches of a picture", () => {
  const { inPanel } = usePanels();

  it("are named by row and column everywhere, and the class token by its name", async () => {
    await inPanel({ scenario: "vision" }, async ({ frame }) => {
      await patches(frame);
      const patch = frame.getByRole("button", { name: /^row 3, column 5, weight / });
      await patch.click();
      await frame.locator(".query h2", { hasText: "row 3, column 5" }).waitFor();
      await patch.and(frame.getByTitle(/^row 3, column 5, weight 0\.\d+$/)).waitFor();
      await frame.getByRole("button", { name: /^row 0, column 13, / }).hover();
      await frame.locator(".readout-place", { hasText: "row 3, column 5 → row 0, column 13" }).waitFor();
      await frame.locator(".bars .bar-name").first().waitFor();
      for (const name of await frame.locator(".bars .bar-name").allInnerTexts())
        assert.match(name, /^(r\d+ c\d+\s+row \d+, column \d+|class token)$/);

      await patch.press("ArrowDown");
      await frame.locator(".query h2", { hasText: "row 4, column 5" }).waitFor();
      await frame.getByRole("button", { name: /^class token, weight / }).click();
      await frame.locator(".query h2", { hasText: "class token" }).waitFor();

      await frame.getByRole("button", { name: "Map", exact: true }).click();
      // Which key is selected by now hangs on when the first row came: its weight may be small.
      const spoken = frame.getByRole("gridcell", {
        name: /^query class token, key (row \d+, column \d+|class token), [\d.e−-]+, rank \d+$/,
      });
      await spoken.and(frame.locator('[aria-selected="true"]')).waitFor({ state: "attached" });
    });
  });

  it("are named so in Chinese", async () => {
    await inPanel({ scenario: "vision", locale: "zh-cn", strings: chinese }, async ({ frame }) => {
      await frame.locator(".switch vscode-button").nth(2).click();
      await frame.getByRole("button", { name: /^第 3 行第 5 列，权重 / }).click();
      await frame.locator(".query h2", { hasText: "第 3 行第 5 列" }).waitFor();
    });
  });

  it("lie over a picture that the user picks, which can be seen under every one of them", async () => {
    await inPanel({ scenario: "vision" }, async ({ frame }) => {
      await patches(frame);
      await frame.getByRole("button", { name: /^row 7, column 7, / }).click();
      await frame.locator('input[type="file"]').setInputFiles(join(root, "media/icon.png"));
      const picture = frame.getByRole("img", { name: "The picture that you picked" });
      await picture.waitFor();
      await picture.evaluate((image: HTMLImageElement) => image.decode());
      const opacities = await frame
        .locator(".patch")
        .evaluateAll((all) => all.map((patch) => Number(getComputedStyle(patch).opacity)));
      assert.ok(Math.max(...opacities) <= 0.6, `${Math.max(...opacities)}`);
      assert.ok(Math.min(...opacities) >= 0.4, `${Math.min(...opacities)}`);
      await frame.getByRole("button", { name: "Without the picture" }).click();
      await picture.waitFor({ state: "detached" });
    });
  });
});

async function patches(frame: Frame): Promise<void> {
  await frame.getByRole("button", { name: "Patches" }).click();
  await frame.locator(".patch").first().waitFor();
}
