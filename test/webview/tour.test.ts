import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import { attend } from "../../src/attention/engine.ts";
import { tourFacts } from "../../src/explain/gather/tour.ts";
import { type TourPage, tourPages } from "../../src/explain/tour/tour.ts";
import type { OpenPanel } from "./support/panelPage.ts";
import { usePanels } from "./support/panels.ts";
import { make } from "./support/scenarios.ts";
import type { ThemeName } from "./support/themes.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const translate = (text: string, args: Readonly<Record<string, string | number>> = {}) =>
  text.replace(/\{(\w+)\}/g, (hole, key) => String(args[key] ?? hole));

describe("the tour in the panel", () => {
  const { open } = usePanels();
  let pages: readonly TourPage[];

  before(async () => {
    const { problem } = make("causal6");
    const result = await attend(problem);
    assert.ok(result.ok);
    pages = tourPages(
      await tourFacts(result.value, problem, { id: "$", name: "", queryTokens: null, keyTokens: null }),
      translate,
    );
  });

  async function opened(theme: ThemeName, width: number): Promise<OpenPanel> {
    const panel = await open({ scenario: null, theme, width });
    const tour = {
      serial: 1,
      title: "Explain the Formula",
      page: 0,
      pages: JSON.parse(JSON.stringify(pages, plainArrays)),
    };
    const overrides = { causal: null, scale: null, softcap: null, window: null, blocked: [], excluded: [] };
    const snapshot = {
      heard: 0,
      locale: "en",
      strings: {},
      source: null,
      result: null,
      sites: [],
      crosshair: { serial: 0, query: null, key: null },
      settings: { colorMap: "viridis" },
      overrides,
      baseline: null,
      notes: [],
      tour,
    };
    await panel.frame.evaluate((message) => window.postMessage(message, "*"), { type: "snapshot", snapshot });
    await panel.frame.locator(".tour h1").focus();
    return panel;
  }

  const shows = (panel: OpenPanel, title: string) =>
    panel.frame.locator(`h1:text-is(${JSON.stringify(title)})`).waitFor();

  for (const [theme, width] of [
    ["dark", 320],
    ["light", 700],
    ["highContrast", 320],
  ] as const) {
    it(`has no axe violation on any page in ${theme} at ${width} px, and draws under the strict policy`, async () => {
      const panel = await opened(theme, width);
      await panel.frame.evaluate(axe);
      for (const { title } of pages) {
        await shows(panel, title);
        const { violations } = (await panel.frame.evaluate("axe.run()")) as AxeResults;
        assert.deepEqual(
          violations.map(({ id, nodes }) => `${title}: ${id} ${nodes[0]?.html}`),
          [],
        );
        assert.ok(await panel.frame.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), title);
        await panel.page.keyboard.press("ArrowRight");
      }
      assert.deepEqual(await panel.troubles(), []);
      await panel.close();
    });
  }

  it("turns with the keyboard, tells the host, and speaks each page from its heading", async () => {
    const panel = await opened("dark", 400);
    await panel.page.keyboard.press("ArrowRight");
    await panel.page.keyboard.press("ArrowRight");
    await panel.page.keyboard.press("ArrowLeft");
    await shows(panel, pages[1]!.title);
    await panel.frame.locator("h1:focus").waitFor();
    await panel.frame.getByRole("button", { name: "Close" }).click();
    const intents = await panel.intents();
    assert.deepEqual(intents.slice(-4), [
      { kind: "turnTour", serial: 1, page: 1 },
      { kind: "turnTour", serial: 1, page: 2 },
      { kind: "turnTour", serial: 1, page: 1 },
      { kind: "closeTour", serial: 1 },
    ]);
    await panel.close();
  });

  it("sets formulas as mathematics and marks the part that is meant", async () => {
    const panel = await opened("dark", 400);
    for (let page = 1; page <= 2; page++) {
      await panel.page.keyboard.press("ArrowRight");
      await shows(panel, pages[page]!.title);
    }
    const formula = panel.frame.locator(".typeset");
    assert.match((await formula.getAttribute("aria-label")) ?? "", /^softmax of/);
    const outline = (part: string) =>
      formula
        .locator(`math .${part}`)
        .first()
        .evaluate((element) => getComputedStyle(element).outlineStyle);
    assert.deepEqual([await outline("scores"), await outline("value")], ["solid", "none"]);
    await panel.close();
  });
});

function plainArrays(_: string, value: unknown): unknown {
  return value instanceof Float32Array ? [...value] : value;
}
