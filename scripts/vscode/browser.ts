// Chromium with the switches that make it start fast and stay quiet.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium } from "playwright-core";

/** `executable` as setup gives it. With `visible`, a window is shown. */
export function launchBrowser(executable: string, { visible = false } = {}): Promise<Browser> {
  return chromium.launch({ executablePath: executable, headless: !visible, args: switches() });
}

/**
 * With a profile of its own in `folder`, in which a page may embed pages of other origins that store things: VS Code for
 * the web shows webviews from such origins and keeps a service worker there.
 */
export function launchWithProfile(executable: string, folder: string): Promise<BrowserContext> {
  mkdirSync(join(folder, "Default"), { recursive: true });
  const profile = { block_third_party_cookies: false, cookie_controls_mode: 0 };
  writeFileSync(join(folder, "Default", "Preferences"), JSON.stringify({ profile }));
  return chromium.launchPersistentContext(folder, {
    executablePath: executable,
    headless: true,
    viewport: { width: 1300, height: 850 },
    args: switches(),
  });
}

function switches(): string[] {
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : []; // Chromium refuses its sandbox to root
  const quiet = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
  return [...sandbox, ...quiet, "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"];
}
