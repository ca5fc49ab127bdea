import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import { hold } from "./support/hold.ts";
import type { OpenPanel, PanelOptions } from "./support/panelPage.ts";
import { usePanels } from "./support/panels.ts";

/** Hands are faster than a busy machine or a remote one: nothing that was done may be lost, or undone by an older answer. */
describe("the panel on a slow wire", () => {
  const panels = usePanels();

  const inPanel = (options: PanelOptions, work: (panel: OpenPanel) => Promise<void>) =>
    panels.inPanel({ latency: 200, ...options }, async (panel) => {
      await panel.frame.locator(".bars li").nth(1).waitFor();
      await work(panel);
    });

  /** Waits until the page has every snapshot that its intents so far have led to. */
  async function answered({ page, frame }: OpenPanel): Promise<void> {
    for (let i = 0; i < 3; i++) {
      await page.waitForTimeout(250);
      await frame.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    }
  }

  it("loses no key that is pressed before the host has answered the one before", async () => {
    await inPanel({ scenario: "tokens6", latency: 200 }, async ({ page, frame }) => {
      await frame.locator(".bars li").nth(5).waitFor();
      for (const key of ["m", "x"]) await page.locator("iframe").press(key);
      await frame.getByText("cells masked by hand: 1").waitFor();
      await frame.getByText("left out: The").waitFor();
      for (const key of ["x", "m"]) await page.locator("iframe").press(key);
      await frame.locator(".bars li").nth(5).waitFor();
      await frame.getByText("left out:").waitFor({ state: "detached" });
    });
  });

  it("steps through the row as it is now, though it had more keys a moment ago", async () => {
    await inPanel({ scenario: "tokens6" }, async ({ page, frame }) => {
      await frame.getByText("Add 0.08273 times the value of mat: the sum is the output for The.").waitFor();
      await page.locator("iframe").press("m");
      await frame.getByText("Add 0.1757 times the value of mat: the sum is the output for The.").waitFor();
    });
  });

  it("keeps a pin as it was pressed last", async () => {
    await inPanel({ scenario: "tokens6" }, async (panel) => {
      const pin = panel.frame.locator(".source-line vscode-button");
      const isPressed = (pressed: boolean) => pin.and(panel.frame.locator(`[aria-pressed="${pressed}"]`)).waitFor();
      for (const pressed of [true, false, true]) {
        await pin.click();
        await isPressed(pressed);
      }
      await answered(panel);
      await isPressed(true);
      const sent = (await panel.intents()).flatMap((intent) => (intent.kind === "setPinned" ? [intent.pinned] : []));
      assert.deepEqual(sent, [true, false, true]);
    });
  });

  it("lets a slider go on from where the last key put it", async () => {
    await inPanel({ scenario: "tokens6" }, async (panel) => {
      const slider = panel.frame.locator(".slider input").first();
      await slider.focus();
      for (let key = 0; key < 10; key++) {
        await slider.press("ArrowRight");
        await panel.page.waitForTimeout(60);
      }
      await answered(panel);
      const usual = 1 / Math.sqrt(8);
      const reached = usual * 10 ** 0.5;
      await panel.frame.locator(`.slider b:text-is("${reached.toPrecision(4)}")`).waitFor();
      assert.ok(Math.abs((await numberOf(slider)) - 0.5) < 0.01);
    });
  });

  it("sends a key on a number as a step from what the text says by then", async () => {
    await inPanel({ scenario: "tokens6" }, async (panel) => {
      const number = firstNumber(panel);
      for (const key of ["ArrowUp", "ArrowUp", "PageUp", "ArrowDown"]) await number.press(key);
      await panel.sent("nudge");
      const sent = (await panel.intents()).flatMap((intent) => (intent.kind === "nudge" ? [intent.steps] : []));
      assert.deepEqual(sent, [1, 1, 10, -1]);
    });
  });

  it("forgets what was tried out when a number is dragged back to where it was", async () => {
    await inPanel({ scenario: "tokens6" }, async (panel) => {
      const held = await hold(panel.page, firstNumber(panel));
      await held.move(45);
      await panel.sent("preview");
      await held.move(5);
      await held.release();
      await panel.page.waitForFunction(
        () => (globalThis as unknown as { intents: { number?: object | null }[] }).intents.at(-1)?.number === null,
      );
      const sent = (await panel.intents()).flatMap((intent) => (intent.kind === "preview" ? [intent.number] : []));
      assert.ok(sent.length > 1);
      assert.equal(sent.at(-1), null);
      assert.ok((await panel.intents()).every(({ kind }) => kind !== "edit"));
    });
  });

  it("shows the number where the hand rests, not the one before it", async () => {
    await inPanel({ scenario: "tokens6" }, async (panel) => {
      const held = await hold(panel.page, firstNumber(panel));
      for (const right of [25, 35, 45]) await held.move(right);
      await panel.page.waitForFunction(() => {
        const { intents } = globalThis as unknown as { intents: { kind: string; number?: { value: number } }[] };
        return intents.at(-1)?.number?.value === 3.073;
      });
      await held.release();
      await panel.sent("edit");
    });
  });

  it("does not let go of a number that is dragged while the result is computed", async () => {
    await inPanel({ scenario: "tokens6" }, async (panel) => {
      const held = await hold(panel.page, firstNumber(panel));
      await held.move(45);
      await panel.tell({ type: "set", status: "running" });
      await panel.frame.locator(".dot.running").first().waitFor();
      await panel.tell({ type: "set", status: "stale" });
      await panel.frame.locator(".dot.stale").waitFor();
      await held.release();
      await panel.sent("edit");
    });
  });

  it("stays at the cell that was clicked, though the caret was told of later", async () => {
    await inPanel({ scenario: "tokens6" }, async (panel) => {
      await panel.tell({ type: "set", cursor: [4, 4] });
      await clickCell(panel, 2, 1);
      await answered(panel);
      await panel.frame.locator('[role="gridcell"][aria-selected="true"][aria-label*="sat, key cat"]').waitFor();
      await panel.tell({ type: "set", cursor: [4, 4] });
      await panel.frame.locator('[role="gridcell"][aria-selected="true"][aria-label*="the, key the"]').waitFor();
    });
  });

  it("stays with the comparison that was chosen after something was kept", async () => {
    await inPanel({ scenario: "heads12", width: 1400 }, async (panel) => {
      await panel.frame.getByRole("button", { name: "Keep this to compare" }).click();
      const choice = panel.frame.locator('.compare vscode-dropdown[title="Compare with"]');
      await choice.evaluate((dropdown: HTMLElement & { value: string }) => {
        dropdown.value = "3";
        dropdown.dispatchEvent(new Event("change"));
      });
      await panel.frame.getByRole("button", { name: "Forget what was kept" }).waitFor();
      await answered(panel);
      const chosen = await choice.evaluate((dropdown: HTMLElement & { value: string }) => dropdown.value);
      assert.equal(chosen, "3");
    });
  });

  it("goes to the next place of a token with every Enter", async () => {
    await inPanel({ scenario: "heads144", width: 1400 }, async (panel) => {
      const selected = (column: number) =>
        panel.frame.locator(`[role="gridcell"][aria-selected="true"][aria-colindex="${column}"]`).waitFor();
      await panel.frame.locator('[role="gridcell"][tabindex="0"]').press("Control+Home");
      await selected(1);
      const field = panel.frame.locator(".find input");
      await field.fill("attention");
      await field.evaluate((input) => {
        for (let i = 0; i < 2; i++)
          input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, composed: true }));
      });
      await selected(41);
    });
  });
});

async function numberOf(slider: Locator): Promise<number> {
  return Number(await slider.inputValue());
}

function firstNumber({ frame }: OpenPanel): Locator {
  return frame.getByRole("spinbutton", { name: "query, dimension 0" });
}

async function clickCell({ frame }: OpenPanel, row: number, column: number): Promise<void> {
  const plot = frame.locator(".map-plot");
  const { width, height } = (await plot.boundingBox())!;
  await plot.click({ position: { x: ((column + 0.5) * width) / 6, y: ((row + 0.5) * height) / 6 } });
}
