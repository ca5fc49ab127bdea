import assert from "node:assert/strict";
import type { Browser, Frame } from "playwright-core";
import { ensureChromium } from "../../../scripts/setup/chromium.mjs";
import { launchBrowser } from "../../../scripts/vscode/browser.ts";
import { type OpenPanel, openPanel, type PanelOptions, PanelServer } from "./panelPage.ts";

export interface Panels {
  /** Opens a panel; whoever asks for it closes it. */
  open(options: PanelOptions): Promise<OpenPanel>;
  /** Opens, works, and makes sure that nothing went wrong meanwhile: no exception, no breach of the policy, no bad message. */
  inPanel(options: PanelOptions, work: (panel: OpenPanel) => Promise<void>): Promise<void>;
}

/** A browser and the panel's server for all tests of the describe that calls it. */
export function usePanels(): Panels {
  let browser: Browser;
  let server: PanelServer;
  before(async () => {
    browser = await launchBrowser(ensureChromium(console.log));
    server = await PanelServer.start();
  });
  after(async () => {
    await browser.close();
    server.stop();
  });
  const open = (options: PanelOptions) => openPanel(browser, server, options);
  return {
    open,
    async inPanel(options, work) {
      const panel = await open(options);
      try {
        await work(panel);
        assert.deepEqual(await panel.troubles(), []);
      } finally {
        await panel.close();
      }
    },
  };
}

/** Nothing is wider than the view. */
export async function assertFits(frame: Frame): Promise<void> {
  const [inside, view] = await frame.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return [scrollWidth, clientWidth];
  });
  assert.ok(inside! <= view!, `${inside} px in ${view} px`);
}
