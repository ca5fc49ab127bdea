// Chromium with the switches that make it start fast and stay quiet.
import { type Browser, chromium } from "playwright-core";

/** `executable` as setup gives it. With `visible`, a window is shown. */
export function launchBrowser(executable: string, { visible = false } = {}): Promise<Browser> {
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : []; // Chromium refuses its sandbox to root
  const switches = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
  return chromium.launch({
    executablePath: executable,
    headless: !visible,
    args: [...sandbox, ...switches, "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"],
  });
}
