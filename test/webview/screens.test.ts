import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Frame } from "playwright-core";
import { outputFolder, root } from "../../scripts/setup/paths.mjs";
import { makeSheets } from "./support/contactSheets.ts";
import type { OpenPanel } from "./support/panelPage.ts";
import { assertFits, usePanels } from "./support/panels.ts";
import { type ThemeName, themes } from "./support/themes.ts";

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
  "additive",
  "vision",
  "long512",
  "long4096",
];
const widths = [320, 700, 1400];
const everyLook = (Object.keys(themes) as ThemeName[]).flatMap((theme) =>
  ["en", "zh-cn"].map((locale) => ({ theme, locale })),
);
type Look = (typeof everyLook)[number];
const fewLooks: readonly Look[] = [
  { theme: "dark", locale: "en" },
  { theme: "light", locale: "zh-cn" },
  { theme: "highContrast", locale: "en" },
];

/** `npm run screens` takes every scenario at every width in every look, and what opens over the panel; else some of each. */
const isWhole = process.env.SCREENS === "all";

/** In ms, for all of them. */
const sheetsTake = 300_000;

/** What can be done with the panel before its picture is taken. */
const acts: Readonly<Record<string, { readonly scenario: string; readonly act: (frame: Frame) => Promise<void> }>> = {
  help: { scenario: "tokens6", act: (frame) => key(frame, "?") },
  table: { scenario: "strange", act: (frame) => key(frame, "t") },
  export: { scenario: "tokens6", act: (frame) => frame.locator(".menu summary").click() },
  whatIf: { scenario: "tokens6", act: whatIfOpened },
  compare: { scenario: "heads144", act: comparedWithHead },
  lines: { scenario: "cross", act: (frame) => view(frame, 1) },
  output: { scenario: "tokens6", act: (frame) => key(frame, "5") },
  first: { scenario: "long512", act: (frame) => key(frame, "1") },
  zoomed: { scenario: "vision", act: zoomedIn },
};

/** Pictures to look at, kept in test/output/screens; what a machine can see in them is checked. */
describe("the panel's looks", () => {
  const { inPanel } = usePanels();
  before(() => mkdirSync(folder, { recursive: true }));
  after(async function () {
    this.timeout(sheetsTake);
    if (isWhole) await makeSheets(folder, widths);
  });

  scenarios.forEach((scenario, i) => {
    widths.forEach((width, j) => {
      const looks = isWhole ? everyLook : [fewLooks[(i + j) % fewLooks.length]!];
      for (const look of looks) {
        it(`${scenario} at ${width} px, ${look.theme}, ${look.locale}: nothing is wider than the view`, async () => {
          await taken(scenario, scenario, width, look, async (frame) => {
            if (scenario === "vision") await view(frame, 2);
          });
        });
      }
    });
  });

  if (isWhole) {
    for (const [name, { scenario, act }] of Object.entries(acts)) {
      for (const width of [320, 1400]) {
        for (const look of everyLook) {
          it(`${name} at ${width} px, ${look.theme}, ${look.locale}: nothing is wider than the view`, async () => {
            await taken(name, scenario, width, look, act);
          });
        }
      }
    }
  }

  async function taken(
    name: string,
    scenario: string,
    width: number,
    { theme, locale }: Look,
    act: (frame: Frame) => Promise<void>,
  ): Promise<void> {
    const strings = locale === "en" ? {} : chinese;
    await inPanel({ scenario, width, height: 1000, theme, locale, strings }, async ({ page, frame }: OpenPanel) => {
      await frame.locator(".bars li, .row-facts").first().waitFor();
      await act(frame);
      // All is there when nothing is said to go on.
      await page.waitForTimeout(300);
      if (isWhole) await frame.locator(".busy").waitFor({ state: "detached" });
      if (isWhole) await page.waitForTimeout(1500);
      await page.screenshot({ path: join(folder, `panel-${name}-${width}-${theme}-${locale}.png`) });
      await assertFits(frame);
    });
  }
});

async function key(frame: Frame, name: string): Promise<void> {
  await frame.getByRole("gridcell", { selected: true }).press(name);
}

async function view(frame: Frame, number: number): Promise<void> {
  await frame.locator(".switch vscode-button").nth(number).click();
}

async function whatIfOpened(frame: Frame): Promise<void> {
  const part = frame.locator(".what-if");
  if ((await part.getAttribute("open")) === null) await part.locator("summary").click();
  await part.evaluate((element) => element.scrollIntoView());
}

async function comparedWithHead(frame: Frame): Promise<void> {
  const choice = frame.locator(".compare vscode-dropdown");
  await choice.press("ArrowDown");
  await choice.press("ArrowDown");
  await frame.locator(".compare").evaluate((element) => element.scrollIntoView({ block: "end" }));
}

async function zoomedIn(frame: Frame): Promise<void> {
  for (let i = 0; i < 4; i++) await key(frame, "+");
}
