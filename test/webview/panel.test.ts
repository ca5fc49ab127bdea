import assert from "node:assert/strict";
import type { Frame } from "playwright-core";
import { attend } from "../../src/attention/engine.ts";
import { exported } from "../../src/exporting/exportStage.ts";
import { hold } from "./support/hold.ts";
import { assertFits, usePanels } from "./support/panels.ts";
import { make } from "./support/scenarios.ts";

describe("the panel in a browser", () => {
  const { inPanel } = usePanels();

  it("says what to do when there is nothing to show, and opens the example", async () => {
    await inPanel({ scenario: null }, async (panel) => {
      await panel.frame.getByRole("button", { name: "Open Example" }).click();
      assert.deepEqual(await panel.intents(), [{ kind: "command", command: "openExample" }]);
    });
  });

  it("shows the weights of the selected query, which sum to 1", async () => {
    await inPanel({ scenario: "tokens6" }, async ({ frame }) => {
      const bars = frame.locator(".bars li");
      await bars.first().waitFor();
      const weights = await bars.evaluateAll((all) => all.map((bar) => Number((bar as HTMLElement).dataset.value)));
      assert.equal(weights.length, 6);
      assert.ok(Math.abs(weights.reduce((a, b) => a + b) - 1) < 1e-12);
      assert.deepEqual(
        weights,
        [...weights].sort((a, b) => b - a),
      );
      await frame.locator(".row-facts", { hasText: "sum = 1.000" }).waitFor();
    });
  });

  it("walks ten cells by arrow keys, each a real cell that says its name", async () => {
    await inPanel({ scenario: "tokens6" }, async ({ page, frame }) => {
      await frame.locator('[role="gridcell"][tabindex="0"]').focus();
      const said: string[] = [];
      for (const [key, query, column] of [
        ["ArrowRight", 1, 2],
        ["ArrowRight", 1, 3],
        ["ArrowDown", 2, 3],
        ["ArrowDown", 3, 3],
        ["ArrowLeft", 3, 2],
        ["ArrowUp", 2, 2],
        ["End", 2, 6],
        ["ArrowDown", 3, 6],
        ["Home", 3, 1],
        ["Control+End", 6, 6],
      ] as const) {
        await page.keyboard.press(key);
        const cell = frame.locator(
          `[aria-rowindex="${query}"] > [role="gridcell"][aria-colindex="${column}"]:focus:not([aria-label*="…"])`,
        );
        await cell.waitFor({ state: "attached" });
        said.push((await cell.getAttribute("aria-label"))!);
      }
      assert.match(said[0]!, /^query The, key cat, 0\.\d+, rank 2$/);
      assert.match(said[2]!, /^query cat, key sat/);
      assert.match(said[9]!, /^query mat, key mat/);
      const grid = frame.getByRole("grid");
      assert.deepEqual(
        [await grid.getAttribute("aria-rowcount"), await grid.getAttribute("aria-colcount")],
        ["6", "6"],
      );
    });
  });

  it("tells the host which cell was clicked, and goes there on Enter", async () => {
    await inPanel({ scenario: "tokens6" }, async (panel) => {
      await panel.frame.locator(".map-plot").click({ position: await inPlot(panel.frame, 0.4, 0.6) });
      const cell = panel.frame.locator(
        '[aria-rowindex="4"] > [role="gridcell"][aria-colindex="3"][aria-selected="true"]',
      );
      await cell.press("Enter");
      await panel.sent("goTo");
      const target = { result: 1, batch: 0, head: 0, query: 3, key: 2 };
      assert.deepEqual(await panel.intents(), [
        { kind: "select", ...target },
        { kind: "goTo", ...target },
      ]);
    });
  });

  it("shows the exact number of the cell under the pointer", async () => {
    await inPanel({ scenario: "tokens6" }, async ({ frame }) => {
      await frame.locator(".map-plot").hover({ position: await inPlot(frame, 0.25, 0.25) });
      await frame.locator(".readout-place", { hasText: /^cat/ }).waitFor();
      await frame.locator(".readout-number", { hasText: /^0\.\d{4,}/ }).waitFor();
    });
  });

  it("goes through the five stages by digits and by arrows", async () => {
    await inPanel({ scenario: "causal6" }, async ({ page, frame }) => {
      const isShown = (stage: string) =>
        frame.locator('[role="tab"][aria-selected="true"] .stage-name', { hasText: stage }).waitFor();
      for (const [key, stage] of [
        ["1", "Scores"],
        ["2", "Scaled"],
        ["3", "Masked"],
        ["4", "Weights"],
        ["5", "Output"],
      ] as const) {
        await page.locator("iframe").press(key);
        await isShown(stage);
      }
      await frame.locator('[role="tab"][aria-selected="true"]').focus();
      await page.keyboard.press("ArrowRight");
      await isShown("Scores");
      await frame.locator(".legend", { hasText: /least −?\d.*largest \d/ }).waitFor();
    });
  });

  it("puts the numbers into a real table on T", async () => {
    await inPanel({ scenario: "tokens6" }, async ({ page, frame }) => {
      await page.locator("iframe").press("t");
      const row = frame.locator('.numbers tr[data-query="0"] td');
      await row.first().waitFor();
      const weights = await row.evaluateAll((all) => all.map((cell) => Number((cell as HTMLElement).dataset.value)));
      assert.equal(weights.length, 6);
      assert.ok(Math.abs(weights.reduce((a, b) => a + b) - 1) < 1e-6);
      await page.keyboard.press("Escape");
      await row.first().waitFor({ state: "detached" });
    });
  });

  it("filters bars, lines and the share that is shown alike", async () => {
    await inPanel({ scenario: "strange" }, async ({ frame }) => {
      const { problem, queryTokens, keyTokens } = make("strange");
      const computed = await attend(problem);
      assert.ok(computed.ok);
      const rows = queryTokens!.map((_, query) => [...computed.value.row({ batch: 0, head: 0 }, query).weights]);
      const isPlain = (token: string) => !["<s>", "<|im_start|>"].includes(token);
      await frame.getByRole("button", { name: "Lines" }).click();
      const lines = (count: number) =>
        frame.waitForFunction((all) => document.querySelectorAll(".lines-canvas path").length === all, count);
      await lines(
        rows.flatMap((row) =>
          row
            .toSorted((a, b) => b - a)
            .slice(0, 3)
            .filter((weight) => weight >= 0.002),
        ).length,
      );

      await choose(frame, "Which weights are shown", "At least");
      await lines(rows.flat().filter((weight) => weight >= 0.05).length);
      await frame.getByText("Hide special tokens").click();
      const kept = rows.map((row, query) =>
        row.filter((weight, key) => weight >= 0.05 && isPlain(keyTokens![key]!) && isPlain(queryTokens![query]!)),
      );
      await lines(kept.flat().length);
      const share = kept[0]!.reduce((sum, weight) => sum + weight) * 100;
      assert.ok(share < 99);
      await frame.locator(".mass", { hasText: `showing ${share.toPrecision(3)} %` }).waitFor();
      await frame.waitForFunction((count) => document.querySelectorAll(".bars li").length === count, kept[0]!.length);
    });
  });

  it("says why the result is stale, and keeps it", async () => {
    await inPanel({ scenario: "tokens6" }, async (panel) => {
      await panel.tell({ type: "set", stale: "Line 3: expected a number." });
      await panel.frame.getByText("Line 3: expected a number.").waitFor();
      await panel.frame.locator(".bars li").nth(5).waitFor();
      assert.equal(await panel.frame.locator(".bars li").count(), 6);
    });
  });

  it("follows the editor's cursor, and tells the host nothing about it", async () => {
    await inPanel({ scenario: "tokens6" }, async (panel) => {
      await panel.tell({ type: "set", cursor: [4, 2] });
      await panel.frame.locator('.bars[data-query="4"]').waitFor();
      assert.deepEqual(await panel.intents(), []);
    });
  });

  it("shows NaN as NaN, and a query that may attend to nothing as that", async () => {
    await inPanel({ scenario: "nan" }, async ({ frame }) => {
      await frame.getByText("The score of sat is NaN: with it, softmax makes NaN of every weight").waitFor();
    });
    await inPanel({ scenario: "maskedRow" }, async ({ frame }) => {
      await frame.getByText("Queries that may attend to no key: 1.").waitFor();
      for (const row of [1, 2]) {
        await frame.locator(`[aria-rowindex="${row}"] > [role="gridcell"][aria-selected="true"]`).press("ArrowDown");
      }
      await frame.getByText("Every key is masked").waitFor();
    });
  });

  it("sends what is tried out step by step, and takes it back", async () => {
    await inPanel({ scenario: "tokens6" }, async (panel) => {
      await panel.frame.locator("input[type=range]").first().fill("0.5");
      await panel.frame.locator('.slider b:text-is("1.118")').waitFor();
      await panel.frame.getByRole("button", { name: "Undo" }).click();
      await panel.frame.locator('.slider b:text-is("0.3536")').waitFor();
      const [first, second, ...more] = await panel.intents();
      assert.deepEqual(first?.kind === "tryOut" && Object.keys(first.change), ["scale"]);
      assert.deepEqual([second, more], [{ kind: "takeBack" }, []]);
    });
  });

  it("forbids a cell by a click, and allows it again", async () => {
    await inPanel({ scenario: "tokens6" }, async ({ frame }) => {
      await frame.getByText("A click on a cell masks it").click();
      const click = async () => frame.locator(".map-plot").click({ position: await inPlot(frame, 0.4, 0.1) });
      await click();
      await frame.getByText("cells masked by hand: 1").waitFor();
      await frame.locator(".bars").getByText("sat").waitFor({ state: "detached" });
      await click();
      await frame.locator(".bars").getByText("sat").waitFor();
    });
  });

  it("shows how a kept result differs from what is tried out", async () => {
    await inPanel({ scenario: "tokens6" }, async ({ frame }) => {
      await frame.getByRole("button", { name: "Keep this to compare" }).click();
      await frame.locator(".apart").getByText("largest |Δ| 0 ").waitFor();
      await frame.locator("input[type=range]").first().fill("0.5");
      await frame
        .locator(".apart")
        .getByText(/largest \|Δ\| 0\.\d+ at/)
        .waitFor();
      await frame.locator(".readout-delta").waitFor();
    });
  });

  it("tries a number out while it is dragged, writes it on release, and undoes in the document", async () => {
    await inPanel({ scenario: "tokens6" }, async (panel) => {
      const number = panel.frame.getByRole("spinbutton", { name: "query, dimension 0" });
      const held = await hold(panel.page, number);
      await held.move(45);
      await panel.sent("preview");
      await held.release();
      await number.press("Enter");
      const field = panel.frame.getByRole("textbox", { name: "query, dimension 0" });
      await field.fill("1.25e1");
      await field.press("Enter");
      await field.waitFor({ state: "detached" });
      await panel.page.locator("iframe").press("Control+z");
      await panel.sent("undo");
      const place = { result: 1, batch: 0, head: 0, role: "query", row: 0, column: 0 };
      const sent = (await panel.intents()).filter(({ kind }) => kind !== "preview");
      assert.deepEqual(sent, [
        { kind: "edit", number: { ...place, value: 3.073 }, precision: "drag" },
        { kind: "edit", number: { ...place, value: 12.5 }, precision: "exact" },
        { kind: "undo" },
      ]);
      assert.ok((await panel.intents()).some((intent) => intent.kind === "preview" && intent.number?.role === "query"));
    });
  });

  it("plays a row's softmax step by step, to its output", async () => {
    await inPanel({ scenario: "tokens6", reducedMotion: true }, async ({ frame }) => {
      const step = frame.getByRole("button", { name: "Step forward" });
      await frame.getByRole("button", { name: "Back to the start" }).click();
      await frame.getByText("one number for each key").waitFor();
      for (let i = 0; i < 5; i++) await step.click();
      await frame.getByText("Divide each by the sum").waitFor();
      for (let i = 0; i < 6; i++) await step.click();
      await frame.getByText("the sum is the output for The").waitFor();
    });
  });

  it("offers every export, and makes a PNG itself", async () => {
    await inPanel({ scenario: "causal6" }, async (panel) => {
      for (const [item, expected] of [
        ["Numbers as CSV…", "export csv file"],
        ["Copy this cell as LaTeX", "export latex clipboard"],
        ["Picture as PNG…", "save attention-weights.png"],
      ] as const) {
        await panel.frame.locator(".menu summary").click();
        await panel.frame.getByRole("button", { name: item }).click();
        await panel.frame.locator(".menu:not([open])").waitFor();
        await panel.page.waitForFunction((text) => {
          const last = (
            globalThis as unknown as { intents: { kind: string; format?: string; to?: string; name?: string }[] }
          ).intents.at(-1);
          return last && [last.kind, last.format ?? last.name, last.to].filter(Boolean).join(" ") === text;
        }, expected);
      }
      const start = await panel.page.evaluate(() =>
        Array.from((globalThis as unknown as { intents: { bytes: Uint8Array }[] }).intents.at(-1)!.bytes.slice(0, 8)),
      );
      assert.deepEqual(start, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    });
  });

  it("says which layer and which entry of the batch is shown where both are one axis", async () => {
    await inPanel({ scenario: "layersInBatches", width: 320 }, async ({ frame }) => {
      const layer = frame.locator(".stepper", { hasText: "Layer" });
      await layer.filter({ hasText: /Layer 0 · b0\s*›/ }).waitFor();
      await layer.locator("button, [role=button], vscode-button").last().click();
      await layer.filter({ hasText: /Layer 0 · b1\s*›/ }).waitFor();
    });
  });

  it("sorts heads, shows several together, and steps through them by keys", async () => {
    await inPanel({ scenario: "heads144", width: 1400 }, async ({ page, frame }) => {
      await frame.locator(".head").nth(143).waitFor();
      await frame
        .locator(".head")
        .nth(7)
        .click({ modifiers: ["Shift"] });
      await frame.locator(".heads").getByText("of 2 heads").waitFor();
      await page.locator("iframe").press("]");
      await frame.locator(".head-facts").getByText("layer 0, head").waitFor();
      await frame.locator(".stepper b").nth(1).filter({ hasText: /^1$/ }).waitFor();
    });
  });

  it("walks from head to head by arrow keys, adds one with Shift, and shows all of a layer together", async () => {
    await inPanel({ scenario: "heads144", width: 1400 }, async ({ frame }) => {
      const head = (at: number) => frame.locator(".head").nth(at);
      await head(143).waitFor();
      assert.equal(await frame.locator('.head[tabindex="0"]').count(), 1);
      await head(0).press("ArrowDown");
      await head(12).and(frame.locator(":focus")).press("ArrowRight");
      await head(13).and(frame.locator(":focus")).press("Enter");
      await frame.locator(".head-facts").getByText("layer 1, head 1").waitFor();
      await head(13).press("End");
      await head(143).and(frame.locator(":focus")).press("Shift+Enter");
      await frame.locator(".heads").getByText("of 2 heads").waitFor();
      await head(143).and(frame.locator('[aria-pressed="true"]')).waitFor();
      await frame.getByRole("button", { name: "One alone" }).press("Enter");
      await frame.getByRole("button", { name: "All heads of this layer" }).press("Enter");
      await frame.locator(".heads").getByText("of 12 heads").waitFor();
    });
  });

  for (const width of [320, 700]) {
    it(`shows the mean and the largest of all heads of a layer where heads are steppers (${width} px)`, async () => {
      await inPanel({ scenario: "heads144", width }, async ({ frame }) => {
        await frame.locator(".bar.selected").waitFor(); // the first cell is chosen by then
        await frame.getByRole("button", { name: "Layer: next" }).click();
        await frame.getByRole("button", { name: "All heads of this layer" }).press("Enter");
        await frame.locator(".narrow-only").getByText("of 12 heads").waitFor();
        await assertFits(frame);
        const weights = await weightsOfLayer(frame, 1);
        const mean = weights.reduce((sum, weight) => sum + weight) / 12;
        await numbersAre(frame, "Mean of 12 heads", mean);
        await choose(frame, "How heads are combined", "Maximum");
        await numbersAre(frame, "Maximum of 12 heads", Math.max(...weights));
        await frame.getByRole("button", { name: "One alone" }).filter({ visible: true }).click();
        await frame.getByRole("button", { name: "All heads of this layer" }).waitFor();
      });
    });
  }

  it("says where heads and limits are told of some rows only", async () => {
    await inPanel({ scenario: "drafts", width: 1400 }, async ({ frame }) => {
      await frame.locator(".head-facts").getByText("2 % of the rows are computed").waitFor();
      await frame.locator(".legend").getByText("of evenly chosen rows").waitFor();
    });
    await inPanel({ scenario: "heads144", width: 1400 }, async ({ frame }) => {
      await frame.locator(".head-facts").getByText("mean entropy").waitFor();
      await frame.locator(".legend").getByText("least").waitFor();
      assert.equal(await frame.getByText("of the rows are computed").count(), 0);
      assert.equal(await frame.getByText("of evenly chosen rows").count(), 0);
    });
  });

  it("draws figures that a browser reads as SVG", async () => {
    const { result, problem, queryTokens, keyTokens } = await (async () => {
      const made = make("strange");
      const computed = await attend(made.problem);
      assert.ok(computed.ok);
      return { ...made, result: computed.value };
    })();
    const source = {
      result,
      problem,
      labels: { name: "<x>&", queries: queryTokens, keys: keyTokens },
      words: { queries: "q", keys: "k", dimensions: "d", stage: "w" },
    };
    const { bytes } = await exported(source, {
      batch: 0,
      head: 0,
      stage: "weights",
      format: "svg",
      query: null,
      key: null,
      picture: { colorMap: "magma", scale: "log" },
    });
    await inPanel({ scenario: null }, async ({ frame }) => {
      const read = await frame.evaluate((text) => {
        const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
        return [parsed.querySelector("parsererror")?.textContent ?? null, parsed.querySelectorAll("rect").length >= 36];
      }, new TextDecoder().decode(bytes));
      assert.deepEqual(read, [null, true]);
    });
  });

  it("says what takes long, stops it, and has it after all", async () => {
    await inPanel({ scenario: "tokens6" }, async (panel) => {
      await panel.frame.locator(".bars li").first().waitFor();
      await panel.tell({ type: "set", slow: { method: "row", by: 60_000 } });
      await panel.frame.locator('[role="gridcell"][tabindex="0"]').press("Control+End");
      const progress = panel.frame.getByRole("progressbar", { name: "The selected query…" });
      await progress.waitFor();
      await panel.frame.waitForFunction(() => document.querySelector("progress")?.value === 42);
      await panel.frame.getByRole("button", { name: "Stop: The selected query…" }).click();
      await panel.frame.locator('.query[aria-busy="true"]').waitFor();
      await panel.tell({ type: "set", slow: { method: "row", by: 0 } });
      await panel.frame.getByRole("button", { name: "Compute it" }).click();
      await panel.frame.locator('.bars[data-query="5"]').waitFor();
      await panel.frame.locator(".busy").waitFor({ state: "detached" });
    });
  });

  it("masks a cell and leaves a key out by keys, and takes both back", async () => {
    await inPanel({ scenario: "tokens6" }, async ({ page, frame }) => {
      await frame.locator(".bars li").nth(5).waitFor();
      await page.locator("iframe").press("m");
      await frame.getByText("cells masked by hand: 1").waitFor();
      await page.locator("iframe").press("x");
      await frame.getByText("left out: The").waitFor();
      await frame.locator(".token.left-out").waitFor();
      await page.locator("iframe").press("m");
      await frame.getByText("cells masked by hand").waitFor({ state: "detached" });
      await page.locator("iframe").press("x");
      await frame.locator(".bars li").nth(5).waitFor();
      await frame.getByText("left out:").waitFor({ state: "detached" });
    });
  });

  it("takes the ends of the colours from the legend, and gives them back", async () => {
    await inPanel({ scenario: "tokens6" }, async ({ frame }) => {
      await frame.getByRole("button", { name: /^Colors end at 0\.701/ }).click();
      await frame.getByRole("textbox", { name: /^Colors end at/ }).fill("0.5");
      await frame.getByRole("textbox", { name: /^Colors end at/ }).press("Enter");
      await frame.getByRole("button", { name: "Colors end at 0.5" }).waitFor();
      await frame.getByRole("button", { name: "As the numbers are" }).click();
      await frame.getByRole("button", { name: /^Colors end at 0\.701/ }).waitFor();
    });
  });

  it("never gets a message of more than a megabyte, and says what a point of a large map is", async () => {
    await inPanel({ scenario: "long4096" }, async (panel) => {
      await panel.frame.getByText(/each point: the largest of a block of \d+ × \d+/).waitFor();
      const anyTile = () => (globalThis as unknown as { largest: number }).largest > 100_000;
      await panel.page.waitForFunction(anyTile);
      for (let i = 0; i < 6; i++) await panel.page.locator("iframe").press("+");
      await panel.frame.getByText("each point:").waitFor({ state: "detached" });
      const largest = await panel.largestMessage();
      assert.ok(largest <= 2 ** 20, `${largest} bytes`);
    });
  });

  it("shows a part of a long text by its first and last token, and the whole again", async () => {
    await inPanel({ scenario: "long512" }, async ({ page, frame }) => {
      const last = frame.getByRole("textbox", { name: "Last token that is shown" });
      await last.fill("31");
      await last.press("Enter");
      // 32 keys side by side.
      await frame.waitForFunction(() => {
        const width = (selector: string) => document.querySelector(selector)?.getBoundingClientRect().width ?? 0;
        return Math.abs(width('[role="gridcell"][tabindex="0"]') - width(".map-plot") / 32) < 1;
      });
      await page.locator("iframe").press("0");
      await frame.waitForFunction(() =>
        [...document.querySelectorAll("vscode-text-field")].some(
          (field) => (field as HTMLInputElement).value === "511",
        ),
      );
    });
  });

  it("keeps what of the map is seen over a reload, and when the panel is made wider", async () => {
    await inPanel({ scenario: "long512", width: 700 }, async (panel) => {
      const { page, frame } = panel;
      const kept = () => frame.evaluate(() => JSON.parse(sessionStorage.getItem("state") ?? "null")?.ui.zoom);
      const isNear = async (to: { k: number; query: number; key: number }) => {
        const now = await kept();
        return Math.abs(now.k / to.k - 1) < 1e-6 && Math.abs(now.query - to.query) + Math.abs(now.key - to.key) < 0.1;
      };
      // The first cell is chosen by then: zooming goes around it.
      await frame.locator(".bar.selected").waitFor();
      for (const key of ["+", "+", "+"]) await page.locator("iframe").press(key);
      await frame.waitForFunction(() => JSON.parse(sessionStorage.getItem("state") ?? "null")?.ui.zoom.k > 7.9);
      const before = await kept();
      // Away from the corner: around the middle, or around the first cell where that was chosen before the first key.
      assert.ok(before.query > 50 && before.key > 50, JSON.stringify(before));
      const isAsWide = (least: number, most: number) =>
        frame.waitForFunction(
          ([from, to]) => {
            const selected = document.querySelector<HTMLElement>('[role="gridcell"][aria-selected="true"]');
            const width = Number.parseFloat(selected?.style.width ?? "0");
            return width >= from! && width <= to!;
          },
          [least, most],
        );
      const cell = frame.locator('[role="gridcell"][aria-selected="true"]');
      const width = Number.parseFloat(await cell.evaluate((each) => (each as HTMLElement).style.width));
      await panel.reload();
      await isAsWide(0.99 * width, 1.01 * width);
      assert.ok(await isNear(before), JSON.stringify([before, await kept()]));
      await page.setViewportSize({ width: 1200, height: 900 });
      await isAsWide(1.1 * width, 4 * width);
      assert.ok(await isNear(before), JSON.stringify([before, await kept()]));
    });
  });

  it("speaks of 1/√d beside the scale only where scores are divided by it", async () => {
    const told = (frame: Frame) => frame.locator(".slider").first();
    await inPanel({ scenario: "tokens6", width: 700 }, async ({ frame }) => {
      await told(frame).locator("small", { hasText: "1/√d = 0.3536, temperature 1" }).waitFor();
      await told(frame).locator('i:text-is("1/√d")').waitFor();
    });
    await inPanel({ scenario: "additive", width: 700 }, async ({ frame }) => {
      await told(frame)
        .locator("small", { hasText: /^\s*temperature 1$/ })
        .waitFor();
      await told(frame).locator('i:text-is("1")').waitFor();
    });
  });

  it("keeps place and stage over a reload", async () => {
    await inPanel({ scenario: "tokens6" }, async (panel) => {
      const { page, frame } = panel;
      await page.locator("iframe").press("2");
      await frame.locator('[role="tab"][aria-selected="true"]', { hasText: "Scaled" }).waitFor();
      await frame.locator('[role="gridcell"][tabindex="0"]').press("ArrowDown");
      await frame.waitForFunction(() => JSON.parse(sessionStorage.getItem("state") ?? "null")?.ui.query === 1);
      await panel.reload();
      await frame.locator('.bars[data-query="1"]').waitFor();
      await frame.locator('[role="tab"][aria-selected="true"]', { hasText: "Scaled" }).waitFor();
    });
  });
});

/** The weights of the selected cell in every head of a layer of `heads144`. */
async function weightsOfLayer(frame: Frame, layer: number): Promise<number[]> {
  const cell = frame.getByRole("gridcell", { selected: true });
  const [query, key] = await cell.evaluate((element) => [
    Number(element.parentElement!.getAttribute("aria-rowindex")) - 1,
    Number(element.getAttribute("aria-colindex")) - 1,
  ]);
  const computed = await attend(make("heads144").problem);
  assert.ok(computed.ok);
  return Array.from({ length: 12 }, (_, head) => computed.value.row({ batch: layer, head }, query!).weights[key!]!);
}

/** What the readout says, and the selected cell, in the digits that they have room for. */
async function numbersAre(frame: Frame, what: string, expected: number): Promise<void> {
  await frame.locator(".readout-stage", { hasText: what }).waitFor();
  await frame.waitForFunction((number) => {
    const shown = document.querySelector(".readout-number")?.textContent;
    const said = document.querySelector('[role="gridcell"][aria-selected="true"]')?.getAttribute("aria-label");
    const near = (text?: string | null) => Math.abs(Number(text) - number) <= 5e-4 * number;
    return near(shown) && near(said?.match(/, ([\d.e−-]+)$/)?.[1]);
  }, expected);
}

async function choose(frame: Frame, dropdown: string, option: string): Promise<void> {
  const control = frame.locator(`vscode-dropdown[title="${dropdown}"]`).filter({ visible: true });
  await control.click();
  await control.locator("vscode-option", { hasText: option }).click();
}

/** A point of the map, by its share of the width and of the height. */
async function inPlot(frame: Frame, x: number, y: number): Promise<{ x: number; y: number }> {
  const { width, height } = (await frame.locator(".map-plot").boundingBox())!;
  return { x: width * x, y: height * y };
}
