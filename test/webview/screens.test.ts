import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { outputFolder, root } from "../../scripts/setup/paths.mjs";
import { usePanels } from "./support/panels.ts";
import type { ThemeName } from "./support/themes.ts";

const folder = join(outputFolder, "screens");
const chinese = JSON.parse(readFileSync(join(root, "l10n/bundle.l10n.zh-cn.json"), "utf8")) as Record<string, string>;

const scenarios = [
  "tokens6",
  "causal6",
  "heads144",
  "cross",
  "maskedRow",
  "nan",
  "strange",
  "vision",
  "long512",
  "long4096",
];
const widths = [320, 700, 1400];
const looks: readonly { readonly theme: ThemeName; readonly locale: string }[] = [
  { theme: "dark", locale: "en" },
  { theme: "light", locale: "zh-cn" },
  { theme: "highContrast", locale: "en" },
];

/** Pictures to look at, kept in test/output/screens; what a machine can see in them is checked. */
describe("the panel's looks", () => {
  const { inPanel } = usePanels();
  before(() => mkdirSync(folder, { recursive: true }));

  scenarios.forEach((scenario, i) => {
    widths.forEach((width, j) => {
      const { theme, locale } = looks[(i + j) % looks.length]!;
      it(`${scenario} at ${width} px, ${theme}, ${locale}: nothing is wider than the view`, async () => {
        const strings = locale === "en" ? {} : chinese;
        await inPanel({ scenario, width, height: 1000, theme, locale, strings }, async ({ page, frame }) => {
          await frame.locator(".bars li, .row-facts").first().waitFor();
          if (scenario === "vision") await frame.locator(".switch vscode-button").nth(2).click();
          await page.waitForTimeout(300);
          await page.screenshot({ path: join(folder, `panel-${scenario}-${width}-${theme}.png`) });
          const [inside, view] = await frame.evaluate(() => {
            const { scrollWidth, clientWidth } = document.documentElement;
            return [scrollWidth, clientWidth];
          });
          assert.ok(inside! <= view!, `${inside} px in ${view} px`);
        });
      });
    });
  });
});
