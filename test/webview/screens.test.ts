import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { ensureChromium } from "../../scripts/setup/chromium.mjs";
import { outputFolder, root } from "../../scripts/setup/paths.mjs";
import { launchBrowser } from "../../scripts/vscode/browser.ts";
import { openPanel, PanelServer } from "./support/panelPage.ts";
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
  let browser: Browser;
  let server: PanelServer;
  before(async () => {
    mkdirSync(folder, { recursive: true });
    browser = await launchBrowser(ensureChromium(console.log));
    server = await PanelServer.start();
  });
  after(async () => {
    await browser.close();
    server.stop();
  });

  scenarios.forEach((scenario, i) => {
    widths.forEach((width, j) => {
      const { theme, locale } = looks[(i + j) % looks.length]!;
      it(`${scenario} at ${width} px, ${theme}, ${locale}: nothing is wider than the view`, async () => {
        const strings = locale === "en" ? {} : chinese;
        const panel = await openPanel(browser, server, { scenario, width, height: 1000, theme, locale, strings });
        await panel.frame.locator(".bars li, .row-facts").first().waitFor();
        if (scenario === "vision") await panel.frame.locator(".switch vscode-button").nth(2).click();
        await panel.page.waitForTimeout(300);
        await panel.page.screenshot({ path: join(folder, `panel-${scenario}-${width}-${theme}.png`) });
        const [inside, view] = await panel.frame.evaluate(() => {
          const { scrollWidth, clientWidth } = document.documentElement;
          return [scrollWidth, clientWidth];
        });
        assert.ok(inside! <= view!, `${inside} px in ${view} px`);
        assert.deepEqual(await panel.troubles(), []);
        await panel.close();
      });
    });
  });
});
