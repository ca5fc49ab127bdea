import assert from "node:assert/strict";
import type { Frame } from "playwright-core";
import { eventually } from "../e2e/support/eventually.ts";
import type { OpenPanel, PanelOptions } from "./support/panelPage.ts";
import { usePanels } from "./support/panels.ts";

/** What a page of 640 pixels has at 200 % zoom. */
const zoomed = { width: 320, height: 450 };

describe("the panel at 200 % zoom and in every script", () => {
  const panels = usePanels();

  const inPanel = (options: PanelOptions, work: (panel: OpenPanel) => Promise<void>) =>
    panels.inPanel(options, async (panel) => {
      await panel.frame.locator(".bars li, .row-facts").first().waitFor();
      await panel.frame.locator(".tools").waitFor();
      await work(panel);
    });

  for (const scenario of ["tokens6", "heads144", "vision"]) {
    it(`has every control where a hand can reach it, at 200 % (${scenario})`, async () => {
      await inPanel({ scenario, ...zoomed }, async ({ frame }) => {
        await frame.locator(".what-if summary").click();
        // While numbers arrive, what stands below them still moves.
        await eventually(async () => assert.deepEqual(await outOfReach(frame, "main"), []));
        await frame.locator(".menu summary").click();
        await eventually(async () => assert.deepEqual(await outOfReach(frame, ".menu ul"), []));
        await frame.locator(".menu summary").press("Escape");
        for (const [key, sheet] of [
          ["?", "help"],
          ["t", "table"],
        ] as const) {
          await frame.locator("body").press(key);
          await frame.locator("dialog[open]").waitFor();
          const [inside, room] = await frame
            .locator("dialog[open]")
            .evaluate((dialog) => [dialog.getBoundingClientRect().right, document.documentElement.clientWidth]);
          assert.ok(inside! <= room!, `${sheet}: ${inside} px in ${room} px`);
          await frame.locator("body").press("Escape");
          await frame.locator("dialog[open]").waitFor({ state: "detached" });
        }
      });
    });
  }

  it("shows words of any script from their own side, and each as one", async () => {
    await inPanel({ scenario: "strange", width: 700 }, async ({ frame }) => {
      await frame.locator(".strip .token").nth(1).waitFor();
      const directions = await frame
        .locator(".strip .token")
        .evaluateAll((tokens) => tokens.map((token) => [token.textContent, getComputedStyle(token).direction]));
      assert.deepEqual(
        directions.slice(0, 2).map(([word, direction]) => [bare(word!), direction]),
        [
          ["مرحبا", "rtl"],
          ["机制", "ltr"],
        ],
      );
      // The arrow between two words of a right-to-left script still goes from the query to the key.
      const places = frame.locator(".readout-place bdi");
      const [query, key] = await places.evaluateAll((names) => names.map((name) => name.getBoundingClientRect().left));
      assert.ok(query! < key!, `${query} ${key}`);
      const spoken = await frame
        .locator('[role="gridcell"][aria-selected="true"]:not([aria-label*="…"])')
        .getAttribute("aria-label");
      assert.match(bare(spoken!), /^query שלום, key مرحبا, 0\.529, rank 1$/);
    });
  });

  it("shows characters that nobody sees as signs, and lets none of them at the page", async () => {
    await inPanel({ scenario: "strange", width: 700 }, async ({ page, frame }) => {
      const names = await frame.locator(".bars .bar-name").allInnerTexts();
      for (const sign of ["⇥", "⟨U+202E⟩evil"]) assert.ok(names.includes(sign), `${sign} of ${names.join(" ")}`);
      const text = await frame.evaluate(() => document.body.innerText);
      assert.deepEqual(
        [...text].filter(isUnseen).map((sign) => sign.codePointAt(0)),
        [],
      );
      await page.locator("iframe").press("t");
      await frame.locator(".numbers tbody th").nth(5).waitFor();
      const rows = await frame.locator(".numbers tbody th").allInnerTexts();
      assert.deepEqual(rows.map(bare), ["שלום", "注意力", "␣the", "⏎", "<|im_start|>", "''"]);
    });
  });
});

/** Control characters but for tab, line feed and carriage return, and those that turn the direction of what follows. */
function isUnseen(sign: string): boolean {
  const code = sign.codePointAt(0)!;
  return (code < 32 && ![9, 10, 13].includes(code)) || (code >= 0x202a && code <= 0x202e);
}

/** Without the marks that keep a word's direction to itself. */
function bare(text: string): string {
  return text.replace(/[\u2066-\u2069]/g, "");
}

/** Controls that reach beyond the page's sides, or that lie under something else where their middle is. */
function outOfReach(frame: Frame, within: string): Promise<string[]> {
  return frame.locator(within).evaluate(async (place) => {
    const controls = place.querySelectorAll<HTMLElement>(
      "button, summary, input, vscode-button, vscode-dropdown, vscode-text-field, vscode-checkbox",
    );
    const found: string[] = [];
    for (const control of controls) {
      if (!control.checkVisibility() || control.getBoundingClientRect().width < 2) continue;
      control.scrollIntoView({ block: "center" });
      await new Promise(requestAnimationFrame);
      const { left, right, top, bottom } = control.getBoundingClientRect();
      const name = `${control.tagName} ${control.getAttribute("aria-label") ?? control.textContent}`.slice(0, 60);
      if (left < 0 || right > document.documentElement.clientWidth) found.push(`${name}: ${left} … ${right}`);
      const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
      if (!hit || !(control.contains(hit) || hit.contains(control))) found.push(`${name} lies under ${hit?.className}`);
    }
    return found;
  });
}
